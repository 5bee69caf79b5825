from odoo import api, fields, models

from ..coverage.insurance_plan_rules import RuleBook


class BillingEncounter(models.Model):
    """Whether the plan that is billed first says anything of single services."""

    _inherit = "billing.encounter"

    has_plan_rules = fields.Boolean(
        compute="_compute_has_plan_rules",
    )

    @api.depends("date", "patient_id", "company_id", "is_self_pay")
    def _compute_has_plan_rules(self):
        for encounter in self:
            encounter.has_plan_rules = bool(encounter.primary_coverage_id.plan_id.sudo().rule_ids)


class BillingEncounterLine(models.Model):
    """What the plan that is billed first says of a service."""

    _inherit = "billing.encounter.line"

    rule_id = fields.Many2one(
        comodel_name="billing.coverage.rule",
        string="Rule of the plan",
        compute="_compute_rule",
        help="The coverage rule of the plan billed first that counts for this service. Empty: its usual benefits.",
    )
    rule_note = fields.Char(
        string="Plan says",
        compute="_compute_rule",
        help="What the plan that is billed first pays of this service, where that is not as usual.",
    )
    rule_why = fields.Char(
        string="Why this rule",
        compute="_compute_rule",
    )

    @api.depends(
        "product_id", "code_id", "encounter_id.date", "encounter_id.patient_id", "encounter_id.company_id",
        "encounter_id.is_self_pay",
    )
    def _compute_rule(self):
        book = RuleBook()
        for line in self:
            encounter = line.encounter_id
            # Rules are looked up in memory: a list of services costs no query more than one of them.
            plan = encounter.primary_coverage_id.plan_id.sudo()
            rules = plan.rule_ids.browse()
            if plan and line.product_id and encounter.date:
                rules = plan._find_rules(line.product_id, line.code_id, encounter.date, book)
            rule = rules[:1]
            line.rule_id = rule.sudo(False)
            line.rule_note = f"{rule.summary} ({rule.display_name})" if rule else False
            line.rule_why = rule._why(rules[1:]) if rule else False
