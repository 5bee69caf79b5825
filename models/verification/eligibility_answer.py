from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.eligibility import (
    ACTIVE,
    INACTIVE,
    OTHER_PLAN,
    BadAnswerError,
    opening_for,
    read_answer,
)
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from ..written_numbers import format_number
from .eligibility_findings import COVERAGE_FIELDS, FIGURES, MET


class BillingEligibilityCheck(models.Model):
    """The answer arrives, typed, read from a file or sent by a service, and the coverage is brought up to date."""

    _inherit = "billing.eligibility.check"

    def _answer(self, answer):
        """The payer's answer: the one way in, whoever brings it.

        Everything happens or nothing: a sentence that refuses the answer leaves check and coverage as they were.

        :param dict answer: see :class:`tools.eligibility.Answer`; ``result`` is one of active, inactive, other_plan,
            unclear; what the payer said nothing about is missing or None; amounts in the coverage's currency
        :raise UserError: the answer cannot be meant, contradicts what is on file, or was applied before
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_or_refuse()
        if self.state != "open":
            self._set_state("applied")  # which refuses: an answer is applied once
        try:
            read = read_answer(answer, to_unit(self.currency_id.rounding))
        except BadAnswerError as error:
            raise UserError(self._explain_refusal(error)) from error
        with self.env.cr.savepoint():
            self.write(self._prepare_answer_vals(read))
            self._check_answer(read)
            self._set_state("applied")
            self._apply(read)
            self._post_outcome()

    def _apply(self, read):
        appliers = {INACTIVE: self._apply_end, OTHER_PLAN: self._apply_other_plan, ACTIVE: self._apply_findings}
        if read.result in appliers:
            appliers[read.result](read)

    def _prepare_answer_vals(self, read):
        """The answer as values of the check."""
        vals = {name: float(value) if name in (*FIGURES, *MET) else value for name, value in read.told.items()}
        plan_name = vals.pop("plan", None)
        if plan_name and self.plan_id.name != plan_name:
            # A payer speaks of its own plans; another payer's plan of that name is another plan.
            plans = self.env["billing.insurance.plan"].search([
                ("company_id", "=", self.company_id.id), ("payer_id", "=", self.payer_id.id),
            ])
            named = plans.filtered(lambda plan: plan.name.strip().casefold() == plan_name.strip().casefold())
            # Written first: naming another plan starts the figures anew.
            self.write({"result": read.result, "plan_id": named[:1].id, "plan_name": plan_name})
        return {"result": read.result, **vals}

    # === WHAT IT CHANGES === #

    def _apply_findings(self, read):
        """The person is insured: the coverage takes over what the payer says differently."""
        vals = {name: self[name] for name in COVERAGE_FIELDS if name in read.told}
        openings, notes = self._prepare_openings(read)
        self._change_coverage({**vals, **openings}, notes)

    def _prepare_openings(self, read):
        """The coverage's opening figures with which our count reaches the payer's "met so far".

        The payer's figure includes the visits that we have posted in that benefit year. The opening figure is what it
        says less what our ledger counts already (:func:`tools.eligibility.opening_for`), so that both together give the
        payer's figure, and every later visit adds to it. Both openings share one year: when it changes, a figure that
        the payer did not mention starts at zero. Visits that the payer has worked through and we have not posted yet
        count a second time when they are posted: ask again afterwards.

        :return: ({field: amount}, {field: why})
        """
        told = {name: value for name, value in read.told.items() if name in MET}
        if not told:
            return {}, {}
        coverage, unit = self.coverage_id, to_unit(self.currency_id.rounding)
        used = coverage._get_used(self.date)[coverage]
        same_year = coverage._counts_openings(self.date)
        vals, notes = {"opening_date": self.date}, {}
        for (met, opening), kind in zip(MET.items(), ("deductible", "oop"), strict=True):
            present = to_decimal(coverage[opening] if same_year else 0.0, unit)
            counted = used[kind] - present
            amount = opening_for(told[met], counted) if met in told else present
            vals[opening] = float(amount)
            if met in told and counted:
                notes[opening] = self.env._(
                    "The payer says %(said)s; %(counted)s are visits posted here.",
                    said=self.currency_id.format(float(told[met])),
                    counted=self.currency_id.format(float(counted)),
                )
        return vals, notes

    def _apply_end(self, read):
        """The person is not insured any more: the coverage ends, unless claims stand on later days."""
        coverage = self.coverage_id
        if coverage._has_postings(outside=(coverage.date_from, read.date_to)):
            coverage._announce_claims_after_end(self)
        else:
            self._change_coverage({"date_to": read.date_to})

    def _apply_other_plan(self, read):
        """The person is insured under another plan: one coverage ends, the next one begins on the day after."""
        old = self.coverage_id
        self._change_coverage({"date_to": fields.Date.subtract(read.date_from, days=1)})
        # The database compares the two periods as soon as the next one is saved.
        old.flush_recordset(["date_to"])
        if not self.plan_id:
            old._announce_unknown_plan(self)
            return
        met = {opening: float(read.told[met]) for met, opening in MET.items() if read.told.get(met)}
        new = old.create({
            "patient_id": old.patient_id.id,
            "plan_id": self.plan_id.id,
            "rank": old.rank,
            "relationship": old.relationship,
            "subscriber_id": old.subscriber_id.id,
            "member_number": old.member_number,
            **{name: self[name] for name in COVERAGE_FIELDS if name in read.told},
            # No visit was posted under it yet: what the payer counts was all met elsewhere.
            **({**met, "opening_date": self.date} if met else {}),
        })
        self._log_changes(new, [(self.env._("Plan"), old.plan_id.name, new.plan_id.name, None)])
        self._confirm_new_coverage(new)
        new._announce_plan_change(self)

    def _confirm_new_coverage(self, coverage):
        """A payer that names another plan of its own has answered for that one, too; another payer is still to ask."""
        if coverage.payer_id != self.payer_id:
            return
        check = self.create({
            "coverage_id": coverage.id,
            "service_date": max(self.service_date, coverage.date_from),
            "result": ACTIVE,
            **{name: self[name] for name in ("how", "responder", "reference", "date", "valid_until")},
            "user_id": self.user_id.id,
        })
        check._set_state("applied", self.env._("Answered along with %(number)s.", number=self.name))

    def _change_coverage(self, vals, notes=None):
        """Write what differs on the coverage and keep what it was."""
        coverage = self.coverage_id
        changed = {name: value for name, value in vals.items() if (coverage[name] or False) != (value or False)}
        before = {name: self._describe_value(coverage, name) for name in changed}
        # The message with the whole list replaces the tracking of single fields.
        coverage.with_context(mail_notrack=True).write(changed)
        self._log_changes(coverage, [
            (
                coverage._fields[name]._description_string(self.env),
                before[name],
                self._describe_value(coverage, name),
                (notes or {}).get(name),
            )
            for name in changed
        ])

    def _describe_value(self, coverage, name):
        field, value = coverage._fields[name], coverage[name]
        if field.type == "monetary":
            return coverage.currency_id.format(value)
        if field.type == "date":
            return format_date(self.env, value) if value else ""
        return f"{format_number(self.env, value)} %" if field.type == "float" else value or ""

    def _log_changes(self, coverage, changes):
        """Keep (what, was, is now, why) on the check; nobody writes these lines by hand, so not even their rights."""
        self.env["billing.eligibility.change"].sudo().create([
            {
                "check_id": self.id,
                "coverage_id": coverage.id,
                "name": what,
                "old_value": old,
                "new_value": new,
                "note": why,
            }
            for what, old, new, why in changes
        ])

    def _post_outcome(self):
        """Say in the history of each coverage what the payer said and what changed."""
        for coverage in self.coverage_id | self.change_ids.coverage_id:
            lines = self.change_ids.filtered(lambda line, coverage=coverage: line.coverage_id == coverage)
            items = Markup().join(
                Markup("<li>%s: %s → %s</li>") % (line.name, line.old_value or "–", line.new_value or "–")
                for line in lines
            )
            coverage.message_post(body=Markup("<p>%s</p>%s") % (
                self._get_outcome_sentence(), Markup("<ul>%s</ul>") % items if items else "",
            ))

    def _get_outcome_sentence(self):
        self.ensure_one()
        labels = dict(self._fields["result"]._description_selection(self.env))
        return self.env._(
            "%(payer)s answered on %(date)s (%(who)s): %(result)s. Check %(number)s.",
            payer=self.payer_id.display_name,
            date=format_date(self.env, self.date),
            who=", ".join(filter(None, (self.responder, self.reference)))
            or dict(self._fields["how"]._description_selection(self.env))[self.how],
            result=labels[self.result],
            number=self.name,
        )
