from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The part of Settings that says how claims are printed."""

    _inherit = "res.config.settings"

    billing_cms1500_right = fields.Float(
        related="company_id.billing_cms1500_right",
        readonly=False,
    )
    billing_cms1500_down = fields.Float(
        related="company_id.billing_cms1500_down",
        readonly=False,
    )
