from odoo import api, fields, models


class BillingRemittance(models.Model):
    """Money that a payer keeps or adds apart from any claim is part of what an answer must add up to."""

    _inherit = "billing.remittance"

    provider_adjustment_ids = fields.One2many(
        comodel_name="billing.remittance.provider.adjustment",
        inverse_name="remittance_id",
        string="Apart from claims",
        copy=False,
    )
    amount_provider = fields.Monetary(
        string="Kept apart from claims",
        compute="_compute_amount_provider",
        help="What the payer kept (positive) or added (negative) apart from any claim.",
    )

    # === COMPUTE METHODS === #

    @api.depends("provider_adjustment_ids.amount")
    def _compute_amount_provider(self):
        for remittance in self:
            remittance.amount_provider = sum(remittance.provider_adjustment_ids.mapped("amount"))

    @api.depends("provider_adjustment_ids.amount")
    def _compute_balance(self):
        super()._compute_balance()

    # === BUSINESS METHODS === #

    def _get_money_in(self):
        return super()._get_money_in() + sum(self.provider_adjustment_ids.mapped("amount"))

    def _has_content(self):
        return super()._has_content() or bool(self.provider_adjustment_ids)
