from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the company as billing provider."""

    _inherit = "res.config.settings"

    billing_npi = fields.Char(
        related="company_id.billing_npi",
        readonly=False,
    )
    billing_vat = fields.Char(
        related="company_id.vat",
        string="Company tax ID",
        readonly=False,
    )
    billing_tax_kind = fields.Selection(
        related="company_id.billing_tax_kind",
        readonly=False,
    )
    billing_taxonomy = fields.Char(
        related="company_id.billing_taxonomy",
        readonly=False,
    )
    billing_pay_to_id = fields.Many2one(
        related="company_id.billing_pay_to_id",
        readonly=False,
    )
