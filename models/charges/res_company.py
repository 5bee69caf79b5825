from odoo import fields, models


class ResCompany(models.Model):
    """The company as it stands on its claims: the billing provider."""

    _inherit = "res.company"

    billing_npi = fields.Char(
        related="partner_id.npi",
        readonly=False,
        string="Company NPI",
        help="The National Provider Identifier under which the company bills (CMS-1500 box 33a).",
    )
    billing_tax_kind = fields.Selection(
        related="partner_id.claim_tax_kind",
        readonly=False,
        string="Company tax ID is",
    )
    billing_taxonomy = fields.Char(
        related="partner_id.claim_taxonomy",
        readonly=False,
        string="Company taxonomy",
    )
    billing_pay_to_id = fields.Many2one(
        comodel_name="res.partner",
        string="Payers pay to",
        check_company=True,
        help="An address of yours to which payers send money, if not the company's: a post office box, a bank's "
             "lockbox.",
    )
