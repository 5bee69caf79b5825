from odoo import fields, models


class BillingCoverageRule(models.Model):
    """Modifiers that a plan wants on some services."""

    _inherit = "billing.coverage.rule"

    modifier_needed_ids = fields.Many2many(
        comodel_name="billing.code",
        relation="billing_coverage_rule_modifier_rel",
        column1="rule_id",
        column2="code_id",
        string="Modifier needed",
        domain="[('kind', '=', 'modifier')]",
        help="The payer wants one of these modifiers on the service: it is pointed out where none of them stands.",
    )
