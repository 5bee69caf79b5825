from odoo import api, fields, models


class BillingInsurancePlan(models.Model):
    """Where the prices of a plan's members come from."""

    _inherit = "billing.insurance.plan"

    payer_pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Payer's contract prices",
        compute="_compute_payer_pricelist_id",
        help="What counts where the plan's own price list does not name a service.",
    )

    @api.depends("payer_id.billing_pricelist_id", "company_id")
    def _compute_payer_pricelist_id(self):
        for plan in self:
            plan.payer_pricelist_id = plan.payer_id.with_company(plan.company_id).sudo().billing_pricelist_id

    def _get_price_lists(self):
        """(source, price list) pairs, the one that is asked first in front; see ``billing.price``."""
        return [("plan", self.pricelist_id), ("payer", self.payer_pricelist_id)] if self else []
