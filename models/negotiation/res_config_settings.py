from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How much people may give up when they negotiate."""

    _inherit = "res.config.settings"

    billing_settlement_limit = fields.Monetary(
        related="company_id.billing_settlement_limit",
        readonly=False,
    )
    billing_settlement_percent = fields.Float(
        related="company_id.billing_settlement_percent",
        readonly=False,
    )
    billing_manager_settlement_limit = fields.Monetary(
        related="company_id.billing_manager_settlement_limit",
        readonly=False,
    )
    billing_manager_settlement_percent = fields.Float(
        related="company_id.billing_manager_settlement_percent",
        readonly=False,
    )
