from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The part of Settings that says when and how statements go out."""

    _inherit = "res.config.settings"

    billing_statement_day = fields.Integer(
        related="company_id.billing_statement_day",
        readonly=False,
    )
    billing_statement_min = fields.Monetary(
        related="company_id.billing_statement_min",
        readonly=False,
    )
    billing_statement_recent_days = fields.Integer(
        related="company_id.billing_statement_recent_days",
        readonly=False,
    )
    billing_statement_channel = fields.Selection(
        related="company_id.billing_statement_channel",
        readonly=False,
    )
    billing_statement_order = fields.Selection(
        related="company_id.billing_statement_order",
        readonly=False,
    )
    billing_idle_months = fields.Integer(
        related="company_id.billing_idle_months",
        readonly=False,
    )
