from odoo import api, fields, models


class BillingEstimate(models.Model):
    """Estimate and truth side by side: what was billed, paid and left, read from the ledger."""

    _inherit = "billing.estimate"

    is_billed = fields.Boolean(
        compute="_compute_actual",
        help="A visit of this estimate is billed: the figures beside the expected ones are what became of it.",
    )
    actual_total = fields.Monetary(
        string="Charged",
        compute="_compute_actual",
    )
    actual_payer = fields.Monetary(
        string="Insurance has paid",
        compute="_compute_actual",
    )
    actual_waiting = fields.Monetary(
        string="Waiting for insurance",
        compute="_compute_actual",
        help="What payers have not answered yet; a part of it may still come to the patient.",
    )
    actual_discount = fields.Monetary(
        string="Given up",
        compute="_compute_actual",
        help="Discounts by contract, and what the office has written off since.",
    )
    actual_patient = fields.Monetary(
        string="Patient's bills",
        compute="_compute_actual",
        help="What the patient has been asked for: paid or still open.",
    )
    difference_patient = fields.Monetary(
        string="More than estimated",
        compute="_compute_actual",
        help="The patient's bills less what the patient was told; negative when they pay less.",
    )

    @api.depends("encounter_ids.state", "amount_patient")
    def _compute_actual(self):
        billed = self.encounter_ids.filtered(lambda visit: visit.state == "billed")
        ledger = billed._get_ledger_amounts()
        for estimate in self:
            visits = estimate.encounter_ids & billed
            figures = {
                name: sum(estimate._to_own_currency(ledger[visit][name], visit) for visit in visits)
                for name in ("payer", "waiting", "adjusted", "patient")
            }
            estimate.is_billed = bool(visits)
            estimate.actual_payer = figures["payer"]
            estimate.actual_waiting = figures["waiting"]
            estimate.actual_discount = figures["adjusted"]
            estimate.actual_patient = figures["patient"]
            estimate.actual_total = sum(figures.values())
            estimate.difference_patient = figures["patient"] - estimate.amount_patient if visits else 0.0

    def _to_own_currency(self, amount, visit):
        """An amount of a visit in the currency of the estimate, as of the day of the visit."""
        return visit.currency_id._convert(amount, self.currency_id, visit.company_id, visit.date)
