from odoo import models

from .payer_habit_telling import Asked


class BillingClaim(models.Model):
    """Telling the payer: the codes, modifiers and values of a visit, turned as its habits want them."""

    _inherit = "billing.claim"

    def _tell(self):
        """Write down what the payers of new claims are told.

        One search for habits and a few for codes, however many claims.
        """
        habits = self.env["billing.payer.habit"]._get_habits(self.payer_id, self.company_id)
        asked = {claim: claim._get_asked() for claim in self}
        told = habits._tell([one for asked_of_claim in asked.values() for one in asked_of_claim.values()])
        vals_list = []
        for claim in self:
            for said, one in asked[claim].items():
                vals_list.append({**claim._prepare_told_vals(said, one, told[one]), "claim_id": claim.id})
        for claim in self:
            vals_list += claim._prepare_told_values(habits)
        self.env["billing.claim.told"].sudo().create([
            {**vals, "sequence": number} for number, vals in enumerate(vals_list)
        ])

    def _get_asked(self):
        """{service or diagnosis of the claim: what its plan is told of}, in their order."""
        self.ensure_one()
        encounter, plan = self.encounter_id, self.coverage_id.plan_id
        lines = self.invoice_id.invoice_line_ids.encounter_line_id or encounter.line_ids
        diagnoses = encounter.diagnosis_ids.sorted(lambda diagnosis: (diagnosis.sequence, diagnosis.id))
        return {
            **{line: line._get_asked(plan) for line in lines.sorted(lambda line: (line.sequence, line.id))},
            **{
                diagnosis: Asked(
                    plan, encounter.company_id, encounter.date, encounter.place_id, "diagnosis", diagnosis.code_id,
                )
                for diagnosis in diagnoses
            },
        }

    def _prepare_told_vals(self, said, asked, told):
        """What the payer is told of one service or diagnosis.

        :param said: the service or diagnosis of the visit
        """
        is_service = asked.subject == "procedure"
        return {
            "kind": "service" if is_service else "diagnosis",
            "label": said.name if is_service else self.env._("Diagnosis %s", said.letter),
            "encounter_line_id": said.id if is_service else False,
            "letter": False if is_service else said.letter,
            "said": " ".join((asked.code.code or "", *asked.modifiers)).strip() or False,
            "code_id": told.code.id,
            "modifiers": " ".join(told.modifiers) or False,
            "is_changed": (told.code, told.modifiers) != (asked.code, asked.modifiers),
            "why": "; ".join(told.reasons) or False,
        }

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
