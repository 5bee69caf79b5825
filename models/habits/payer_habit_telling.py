from typing import Any, NamedTuple

from odoo import models

from odoo.addons.billing_coordinator.tools.payer_habits import MAX_MODIFIERS, change_modifiers

from ..charges.service_line import MODIFIER_FIELDS


class Asked(NamedTuple):
    """One service or diagnosis of a document, and the plan that is told of it.

    What is equal here is told equally, so that many documents are told of in a few steps.
    """

    plan: Any
    company: Any
    day: Any
    place: Any
    subject: str
    code: Any
    product: Any = None
    modifiers: tuple[str, ...] = ()


class Told(NamedTuple):
    """What the payer is told instead: a code, modifiers in their order, and why it is not what the document says."""

    code: Any
    modifiers: tuple[str, ...]
    reasons: tuple[str, ...]


class BillingPayerHabit(models.Model):
    """What these habits, and the lists that a plan understands, make of codes and modifiers."""

    _inherit = "billing.payer.habit"

    def _tell(self, asked):
        """What payers are told, by these habits; a few searches for codes, however much is asked.

        :param asked: :class:`Asked`, many
        :return: {Asked: :class:`Told`}
        """
        prepared = {habit: habit._to_habit() for habit in self}
        chosen = {one: self._choose(one, prepared) for one in dict.fromkeys(asked)}
        translations = self._translate_codes(chosen)
        return {one: self._make_told(one, habits, translations) for one, habits in chosen.items()}

    def _make_told(self, asked, chosen, translations):
        """What one payer is told by the habits that count."""
        code, reasons = self._choose_code(asked, chosen, translations)
        modifiers = asked.modifiers
        for (kind, _modifier), habit in chosen.items():
            if kind != "modifier":
                continue
            changed = change_modifiers(
                modifiers, habit.modifier_action, habit.modifier_id.code or "", habit.use_modifier_id.code or "",
            )
            if changed is None:
                continue
            if len(changed) > MAX_MODIFIERS:
                reasons.append(self.env._(
                    "%(reason)s, but a claim has no room for a fifth modifier: %(modifier)s is left out",
                    reason=habit._get_reason(),
                    modifier=habit.use_modifier_id.code,
                ))
                continue
            modifiers = changed
            reasons.append(habit._get_reason())
        return Told(code, modifiers, tuple(reasons))

    def _translate_codes(self, chosen):
        """What codes are called in the lists that habits ask for, by crosswalk: {(code, list): codes}."""
        codes, systems = self.env["billing.code"], self.env["billing.code.system"]
        for asked, habits in chosen.items():
            habit = habits.get(("system", asked.subject))
            if habit and asked.code and asked.code.system_id != habit.use_system_id:
                codes |= asked.code
                systems |= habit.use_system_id
        return codes._translate(systems) if codes else {}

    def _choose_code(self, asked, chosen, translations):
        """The code to tell, and why: the one a habit names, else the one in the list that the payer wants.

        :return: (``billing.code``, reasons)
        """
        code = asked.code
        if habit := chosen.get(("code", asked.subject)):
            # A code that has ended is not told, whatever the habit says.
            if habit.use_code_id._is_valid_on(asked.day):
                return habit.use_code_id, [habit._get_reason()] if habit.use_code_id != code else []
            return code, [self.env._(
                "%(code)s, which the payer wants instead, was not valid on the day of service",
                code=habit.use_code_id.code,
            )]
        own = asked.product.product_tmpl_id._get_billing_codes() if asked.product else code.browse()
        if habit := chosen.get(("system", asked.subject)):
            system = habit.use_system_id
            if not code or code.system_id == system:
                return code, []
            known = own.filtered(lambda other: other.system_id == system)
            for candidates in (known, translations.get((code, system), code.browse())):
                valid = candidates.filtered(lambda candidate: candidate._is_valid_on(asked.day))
                if len(valid) == 1:
                    return valid, [habit._get_reason()]
            return code, [self.env._(
                "%(reason)s, but no single code of that list is known for %(code)s",
                reason=habit._get_reason(),
                code=code.code,
            )]
        return self._choose_understood_code(asked, own)

    def _choose_understood_code(self, asked, own):
        """The code of a service in a list that the plan understands, where its usual one is of another list."""
        code, systems = asked.code, asked.plan.code_system_ids
        understood = own.filtered(lambda other: other.system_id in systems and other._is_valid_on(asked.day))
        if not systems or not code or code.system_id in systems or len(understood) != 1:
            return code, []
        return understood, [self.env._(
            "%(plan)s understands codes of %(lists)s", plan=asked.plan.name, lists=", ".join(systems.mapped("name")),
        )]


class BillingServiceLine(models.AbstractModel):
    """A service of a visit or an estimate, as a payer is asked to pay it."""

    _inherit = "billing.service.line"

    def _get_asked(self, plan):
        """What a plan is told of, for :meth:`billing.payer.habit._tell`."""
        self.ensure_one()
        document = self._get_document()
        return Asked(
            plan, document.company_id, document.date, document.place_id, "procedure", self.code_id, self.product_id,
            tuple(self[name].code for name in MODIFIER_FIELDS if self[name]),
        )
