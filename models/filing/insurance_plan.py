from odoo import fields, models


class BillingInsurancePlan(models.Model):
    """How the claims of this plan reach its payer, where another way than the payer's."""

    _inherit = "billing.insurance.plan"

    route_id = fields.Many2one(
        comodel_name="billing.filing.route",
        string="Claims go by",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Only where claims of this plan go another way than those of its payer.",
    )

    def _get_filing_routes(self):
        """{plan: the way of its claims}; nothing where neither plan nor payer has one."""
        routes = {}
        for company, plans in self.grouped("company_id").items():
            for plan in plans.with_company(company):
                routes[plan] = (plan.route_id or plan.payer_id.billing_route_id).filtered(
                    lambda way, company=company: way.active and way.company_id == company
                )
        return routes
