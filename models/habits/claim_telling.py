from odoo import models

from odoo.addons.billing_coordinator.tools.payer_habits import change_modifiers


class BillingClaim(models.Model):
    """Telling the payer: the codes, modifiers and values of a visit, turned as its habits want them."""

    _inherit = "billing.claim"

    def _tell(self):
        """Write down what the payers of new claims are told.

        One search for habits and a few for codes, however many claims.
        """
        habits = self.env["billing.payer.habit"]._get_habits(self.payer_id, self.company_id)
        choices = [choice for claim in self for choice in claim._get_choices(habits)]
        translations = self._translate_codes(choices)
        vals_list = []
        for claim, line, diagnosis, chosen in choices:
            vals = claim._prepare_told_vals(line, diagnosis, chosen, translations)
            vals_list.append({**vals, "claim_id": claim.id})
        for claim in self:
            vals_list += claim._prepare_told_values(habits)
        self.env["billing.claim.told"].sudo().create([
            {**vals, "sequence": number} for number, vals in enumerate(vals_list)
        ])

    def _get_choices(self, habits):
        """(claim, service, diagnosis, {topic: habit}) for each service and each diagnosis of the claim."""
        self.ensure_one()
        encounter, plan = self.encounter_id, self.coverage_id.plan_id
        lines = self.invoice_id.invoice_line_ids.encounter_line_id or encounter.line_ids
        for line in lines.sorted(lambda line: (line.sequence, line.id)):
            yield self, line, None, habits._choose(plan, "procedure", encounter, line.code_id, line.product_id)
        for diagnosis in encounter.diagnosis_ids.sorted(lambda diagnosis: (diagnosis.sequence, diagnosis.id)):
            yield self, None, diagnosis, habits._choose(plan, "diagnosis", encounter, diagnosis.code_id)

    def _translate_codes(self, choices):
        """What codes are called in the lists that habits ask for, by crosswalk: {(code, list): codes}."""
        codes, systems = self.env["billing.code"], self.env["billing.code.system"]
        for _claim, line, diagnosis, chosen in choices:
            habit = chosen.get(("system", "procedure")) or chosen.get(("system", "diagnosis"))
            code = (line or diagnosis).code_id
            if habit and code and code.system_id != habit.use_system_id:
                codes |= code
                systems |= habit.use_system_id
        return codes._translate(systems) if codes else {}

    def _prepare_told_vals(self, line, diagnosis, chosen, translations):
        """What the payer is told of one service or diagnosis."""
        subject = "procedure" if line else "diagnosis"
        code = (line or diagnosis).code_id
        modifiers = tuple((line.modifier_codes or "").split()) if line else ()
        told_code, reasons = self._choose_code(code, line, subject, chosen, translations)
        told_modifiers = modifiers
        for (kind, _modifier), habit in chosen.items():
            if kind != "modifier":
                continue
            changed = change_modifiers(
                told_modifiers, habit.modifier_action, habit.modifier_id.code or "", habit.use_modifier_id.code or "",
            )
            if changed is not None:
                told_modifiers = changed
                reasons.append(habit._get_reason())
        letter = diagnosis.letter if diagnosis else False
        return {
            "kind": "service" if line else "diagnosis",
            "label": line.name if line else self.env._("Diagnosis %s", letter),
            "encounter_line_id": line.id if line else False,
            "letter": letter,
            "said": " ".join((code.code or "", *modifiers)).strip() or False,
            "code_id": told_code.id,
            "modifiers": " ".join(told_modifiers) or False,
            "is_changed": (told_code, told_modifiers) != (code, modifiers),
            "why": "; ".join(reasons) or False,
        }

    def _choose_code(self, code, line, subject, chosen, translations):
        """The code to tell, and why: the one a habit names, else the one in the list that the payer wants.

        :return: (``billing.code``, reasons)
        """
        if habit := chosen.get(("code", subject)):
            # A code that has ended is not told, whatever the habit says.
            if habit.use_code_id._is_valid_on(self.service_date):
                return habit.use_code_id, [habit._get_reason()] if habit.use_code_id != code else []
            return code, [self.env._(
                "%(code)s, which the payer wants instead, was not valid on the day of service",
                code=habit.use_code_id.code,
            )]
        own = line.product_id.product_tmpl_id._get_billing_codes() if line else code.browse()
        if habit := chosen.get(("system", subject)):
            system = habit.use_system_id
            if not code or code.system_id == system:
                return code, []
            known = own.filtered(lambda other: other.system_id == system)
            for candidates in (known, translations.get((code, system), code.browse())):
                valid = candidates.filtered(lambda candidate: candidate._is_valid_on(self.service_date))
                if len(valid) == 1:
                    return valid, [habit._get_reason()]
            return code, [self.env._(
                "%(reason)s, but no single code of that list is known for %(code)s",
                reason=habit._get_reason(),
                code=code.code,
            )]
        return self._choose_understood_code(code, own)

    def _choose_understood_code(self, code, own):
        """The code of a service in a list that the plan understands, where its usual one is of another list."""
        plan = self.coverage_id.plan_id
        systems = plan.code_system_ids
        understood = own.filtered(
            lambda other: other.system_id in systems and other._is_valid_on(self.service_date)
        )
        if not systems or not code or code.system_id in systems or len(understood) != 1:
            return code, []
        return understood, [self.env._(
            "%(plan)s understands codes of %(lists)s", plan=plan.name, lists=", ".join(systems.mapped("name")),
        )]

    def _prepare_told_values(self, habits):
        """What else the payer asks for, with what the visit says of it."""
        self.ensure_one()
        known = {
            value.label.casefold(): value
            for value in self.encounter_id.value_ids if value.payer_id == self.payer_id
        }
        wanted = self.encounter_id._get_wanted_values(habits.filtered(lambda habit: habit.kind == "value"))
        labels = dict.fromkeys([label for payer_id, label in wanted if payer_id == self.payer_id.id] + list(known))
        vals_list = []
        for label in labels:
            value, habit = known.get(label), wanted.get((self.payer_id.id, label))
            text = value.value if value else False
            vals_list.append({
                "claim_id": self.id,
                "kind": "value",
                "label": value.label if value else habit.value_label,
                "said": text,
                "value": text,
                "is_required": habit.value_missing == "stop" if habit else value.is_required,
                "why": value.reason if value else habit._get_reason(),
            })
        return vals_list
