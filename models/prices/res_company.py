from odoo import fields, models


class ResCompany(models.Model):
    """The company's usual price list."""

    _inherit = "res.company"

    billing_pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Usual price list",
        ondelete="restrict",
        check_company=True,
        help="Prices of visits and estimates that no plan, contract or patient has a price list for. Empty: the "
             "prices of the services themselves.",
    )
