from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What the figures of the office are made of."""

    _inherit = "res.config.settings"

    billing_cost_account_ids = fields.Many2many(
        related="company_id.billing_cost_account_ids",
        readonly=False,
    )
