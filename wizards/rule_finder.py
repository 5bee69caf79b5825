from odoo import api, fields, models


class BillingRuleFinder(models.TransientModel):
    """Which of a plan's rules counts for a service on a day, why, and which others speak of it."""

    _name = "billing.rule.finder"
    _description = "Which rule counts"

    plan_id = fields.Many2one(
        comodel_name="billing.insurance.plan",
        required=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Service",
        domain="[('sale_ok', '=', True), ('type', '=', 'service')]",
    )
    code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure",
        compute="_compute_code_id",
        store=True,
        readonly=False,
        domain="[('kind', '=', 'procedure')]",
    )
    date = fields.Date(
        string="Rendered on",
        required=True,
        default=fields.Date.context_today,
    )
    rule_id = fields.Many2one(
        comodel_name="billing.coverage.rule",
        string="The rule that counts",
        compute="_compute_rule_id",
    )
    summary = fields.Char(
        string="It says",
        related="rule_id.summary",
    )
    why = fields.Char(
        compute="_compute_rule_id",
    )
    other_ids = fields.Many2many(
        comodel_name="billing.coverage.rule",
        string="Would speak of it, too",
        compute="_compute_rule_id",
    )

    @api.depends("product_id")
    def _compute_code_id(self):
        for finder in self:
            finder.code_id = finder.product_id.billing_code_id

    @api.depends("plan_id", "product_id", "code_id", "date")
    def _compute_rule_id(self):
        for finder in self:
            rules = finder.plan_id.rule_ids.browse()
            if (finder.product_id or finder.code_id) and finder.date:
                rules = finder.plan_id._origin._find_rules(finder.product_id, finder.code_id, finder.date)
            finder.rule_id, finder.other_ids = rules[:1], rules[1:]
            finder.why = rules[:1]._why(rules[1:]) if rules else self.env._("No rule: the plan's usual benefits count.")
