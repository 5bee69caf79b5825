from odoo import fields, models
from odoo.tools import format_date, format_list


class BillingAccuracyFinding(models.Model):
    """What a finding says: one sentence that names record and value, and one that says the way out.

    A check with the key ``code_missing`` is put into words by ``_say_code_missing``. This file: codes and services.
    """

    _inherit = "billing.accuracy.finding"

    def _get_sentence(self):
        """What is wrong and what to do about it, in the reader's language."""
        self.ensure_one()
        rule = self.rule_id.sudo()
        document = self._get_document().sudo()
        if not rule.key:
            return f"{document.display_name}: {rule.message or rule.name}"
        say = getattr(self, f"_say_{rule.key}", None)
        return say({**self._get_words(), "document": document.display_name}) if say else rule.name

    def _get_words(self):
        """The facts as people write them: ``date…`` are dates, ``amount…`` money of the document."""
        words = {}
        for name, value in (self.facts or {}).items():
            if name.startswith("date") and value:
                words[name] = format_date(self.env, fields.Date.to_date(value))
            elif name.startswith("amount") and value is not None:
                words[name] = self.currency_id.format(float(value))
            else:
                words[name] = format_list(self.env, value) if isinstance(value, list) else value or ""
        return words

    # === CODES === #

    def _say_code_missing(self, words):
        return self.env._(
            "“%(service)s” of %(document)s has no procedure code, and %(plan)s pays by codes. Choose the code on the "
            "service.", **words,
        )

    def _say_code_unknown(self, words):
        kinds = dict(self.env["billing.code"]._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(code)s of %(document)s stands where this belongs: %(kind)s. In its list it is this: %(is_kind)s. Choose "
            "another code.", **{**words, "kind": kinds[words["kind"]], "is_kind": kinds[words["is_kind"]]},
        )

    def _say_code_archived(self, words):
        return self.env._(
            "%(code)s of %(document)s is archived in its list. Choose the code that is in use, or restore this one.",
            **words,
        )

    def _say_code_system(self, words):
        return self.env._(
            "%(plan)s does not know the list %(system)s, so it cannot read %(code)s on “%(service)s” of %(document)s. "
            "Choose a code of %(systems)s.", **words,
        )

    def _say_code_date(self, words):
        if "service" not in words:
            return self.env._(
                "%(code)s of %(document)s was not valid on %(date)s. Choose the code that was in use on that day.",
                **words,
            )
        return self.env._(
            "%(code)s on “%(service)s” of %(document)s was not valid on %(date)s. Choose the code that was in use on "
            "that day.", **words,
        )

    def _say_code_header(self, words):
        return self.env._(
            "%(code)s of %(document)s is a heading, under which the codes stand that claims may carry. Choose one of "
            "those.", **words,
        )

    def _say_diagnosis_missing(self, words):
        return self.env._(
            "%(document)s has no diagnosis, and %(payer)s wants to know why something was done. Add the diagnosis.",
            **words,
        )

    def _say_pointer_missing(self, words):
        return self.env._(
            "“%(service)s” of %(document)s points to none of its diagnoses, so the first one, %(code)s, counts. Choose "
            "the one that explains it.", **words,
        )

    def _say_pointer_many(self, words):
        return self.env._(
            "“%(service)s” of %(document)s points to %(count)s diagnoses; a claim has room for %(max)s. Keep the ones "
            "that explain it best.", **words,
        )

    def _say_modifier_gap(self, words):
        return self.env._(
            "The modifiers of “%(service)s” of %(document)s leave an empty place between them. Move them to the front: "
            "payers read up to the first empty one.", **words,
        )

    def _say_modifier_needed(self, words):
        return self.env._(
            "%(plan)s wants one of the modifiers %(modifiers)s on “%(service)s” of %(document)s. Choose the one that "
            "is true.", **words,
        )

    # === SERVICES AMONG ONE ANOTHER === #

    def _say_twice(self, words):
        return self.env._(
            "“%(service)s” (%(what)s) stands twice on %(document)s. Raise the units of one and remove the other, or "
            "add the modifier that tells them apart.", **words,
        )

    def _say_twice_elsewhere(self, words):
        return self.env._(
            "“%(service)s” (%(what)s) of %(document)s stands on %(other)s of %(date)s, too. Cancel the one that was "
            "recorded twice, or add the modifier that tells them apart.", **words,
        )

    def _say_pair(self, words):
        return self._say_pair_start(words) + " " + self.env._("No modifier changes that: remove %(second)s.", **words)

    def _say_pair_modifier(self, words):
        return self._say_pair_start(words) + " " + self.env._(
            "If they were apart, add the modifier that says so, such as 59 or XS; else remove %(second)s.", **words,
        )

    def _say_pair_start(self, words):
        if words.get("other"):
            return self.env._(
                "%(first)s and %(second)s on one day exclude each other, and %(document)s and %(other)s have both: the "
                "payer pays %(first)s only.", **words,
            )
        return self.env._(
            "%(first)s and %(second)s of %(document)s exclude each other: the payer pays %(first)s only.", **words,
        )

    def _say_units_line(self, words):
        return self.env._(
            "“%(service)s” of %(document)s has %(units)s units of %(code)s; payers accept %(max)s in a line. Correct "
            "the units.", **words,
        )

    def _say_units_day(self, words):
        return self.env._(
            "%(units)s units of %(code)s were rendered on the day of %(document)s; payers accept %(max)s on a day. "
            "Correct the units of “%(service)s”.", **words,
        )
