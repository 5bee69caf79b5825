from odoo import fields, models


class ResPartner(models.Model):
    """The contract with a payer: the prices of all its plans that have none of their own."""

    _inherit = "res.partner"

    billing_pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Contract prices",
        company_dependent=True,
        check_company=True,
        groups="billing_coordinator.group_readonly",
        help="The price list agreed with this payer. It counts for what the price list of a plan does not name.",
    )

    def _get_own_pricelist(self, company):
        """The price list that somebody has chosen for this patient, where Odoo's price lists are switched on.

        Odoo itself would fall back on any list without a country, be it the contract of an insurer.
        """
        if not self or not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return self.env["product.pricelist"]
        return self.with_company(company).specific_property_product_pricelist.filtered("active")
