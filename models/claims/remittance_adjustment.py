from odoo import api, fields, models


class BillingRemittanceAdjustment(models.Model):
    """An amount that a payer did not pay of one service, and its reason (X12 835: one CAS triplet)."""

    _name = "billing.remittance.adjustment"
    _description = "Remittance adjustment"
    _order = "line_id, id"

    line_id = fields.Many2one(
        comodel_name="billing.remittance.line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="line_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="line_id.currency_id",
    )
    reason_id = fields.Many2one(
        comodel_name="billing.adjustment.reason",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('group', '!=', 'OFFICE')]",
    )
    effect = fields.Selection(
        related="reason_id.effect",
        string="What happens",
    )
    amount = fields.Monetary(
        required=True,
        help="What was not paid of the service. Below zero: what was paid on top of it.",
    )

    _amount_not_zero = models.Constraint(
        "CHECK (amount != 0)",
        "An adjustment is an amount that was not paid or, below zero, paid on top. Remove it if it is nothing.",
    )

    @api.depends("reason_id", "amount", "currency_id")
    def _compute_display_name(self):
        for adjustment in self:
            reason = adjustment.reason_id
            amount = adjustment.currency_id.format(adjustment.amount) if adjustment.currency_id else adjustment.amount
            adjustment.display_name = f"{reason.group}-{reason.code} {amount}"

    def write(self, vals):
        self.line_id.remittance_id._check_editable({"line_ids": True})
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        adjustments = super().create(vals_list)
        adjustments.line_id.remittance_id._check_editable({"line_ids": True})
        return adjustments

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.line_id.remittance_id._check_editable({"line_ids": True})
