from odoo import fields, models


class BillingInsurancePlan(models.Model):
    """Whose services a plan counts as inside its network."""

    _inherit = "billing.insurance.plan"

    network_provider_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="billing_plan_network_provider_rel",
        column1="plan_id",
        column2="provider_id",
        string="Network providers",
        domain="[('is_provider', '=', True)]",
        check_company=True,
        help="Providers who have a contract with this plan. Empty: all of them. Estimates say when somebody else is "
             "going to render the service.",
    )

    def _is_in_network(self, provider):
        """Whether the plan counts this provider as its own; one nobody has named yet is not doubted."""
        self.ensure_one()
        return not (provider and self.network_provider_ids) or provider in self.network_provider_ids
