from odoo import fields, models


class BillingPlanPolicy(models.Model):
    """Where collections go on once a plan is broken."""

    _inherit = "billing.plan.policy"

    collection_stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        string="Collections go on with",
        domain="[('company_id', '=', company_id), ('days', '>', 0)]",
        check_company=True,
        ondelete="set null",
        tracking=True,
        help="The step that comes next for bills of a broken plan that had not come so far before. Empty: they go on "
             "where they had stopped.",
    )
