from odoo import api, fields, models
from odoo.fields import Command


class BillingEstimate(models.Model):
    """An estimate becomes a visit: what was planned is recorded without being typed again."""

    _inherit = "billing.estimate"

    encounter_ids = fields.One2many(
        comodel_name="billing.encounter",
        inverse_name="estimate_id",
        string="Visits",
        help="What the estimate has become: one visit for each provider.",
    )
    encounter_count = fields.Integer(
        string="Number of visits",
        compute="_compute_encounter_count",
    )

    @api.depends("encounter_ids")
    def _compute_encounter_count(self):
        for estimate in self:
            estimate.encounter_count = len(estimate.encounter_ids)

    # === ACTIONS === #

    def action_make_visit(self):
        """Record the visit that was planned, and show it."""
        return self._make_visits()._get_records_action(name=self.env._("Visits"))

    def action_view_visits(self):
        """The visits that came out of this estimate."""
        return self.encounter_ids._get_records_action(name=self.env._("Visits"))

    # === BUSINESS METHODS === #

    def _make_visits(self):
        """Turn estimates into draft visits, one for each provider; each estimate once.

        :return: the ``billing.encounter`` records
        :raise UserError: when an estimate is not sent or accepted, or somebody else is at it
        """
        self._lock_or_refuse()
        self._check_patients_open()
        self._set_state("done")
        return self.env["billing.encounter"].create([
            estimate._prepare_visit_vals(provider, lines)
            for estimate in self
            for provider, lines in estimate.line_ids.grouped(lambda line: line._get_provider()).items()
        ])

    def _prepare_visit_vals(self, provider, lines):
        self.ensure_one()
        return {
            "estimate_id": self.id,
            "patient_id": self.patient_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "date": self.date,
            "provider_id": provider.id,
            "place_id": self.place_id.id,
            "is_self_pay": self.is_self_pay,
            "diagnosis_ids": [
                Command.create({"code_id": code.id, "sequence": number})
                for number, code in enumerate(self.diagnosis_code_ids, start=1)
            ],
            "line_ids": [Command.create(line._prepare_visit_line_vals()) for line in lines],
        }

    def _reopen_without_visits(self):
        """The visits were deleted: the estimate can become one again."""
        for estimate in self.filtered(lambda estimate: estimate.state == "done" and not estimate.encounter_ids):
            estimate._set_state(
                "accepted" if estimate.date_accepted else "sent", self.env._("The visit made of it was deleted."),
            )

    def _get_expected_of(self, encounter):
        """What the patient was told to expect of one visit: the services of its provider, or all of them."""
        self.ensure_one()
        lines = self.line_ids
        if len(self.encounter_ids) > 1:
            lines = lines.filtered(lambda line: line._get_provider() == encounter.provider_id)
        return sum(lines.mapped("amount_patient"))
