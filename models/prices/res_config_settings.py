from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of prices."""

    _inherit = "res.config.settings"

    billing_pricelist_id = fields.Many2one(
        related="company_id.billing_pricelist_id",
        readonly=False,
    )
