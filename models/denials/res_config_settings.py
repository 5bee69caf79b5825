from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """From when on a difference from the contract is worth asking for."""

    _inherit = "res.config.settings"

    billing_underpaid_amount = fields.Monetary(
        related="company_id.billing_underpaid_amount",
        readonly=False,
    )
    billing_underpaid_percent = fields.Float(
        related="company_id.billing_underpaid_percent",
        readonly=False,
    )
