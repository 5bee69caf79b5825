from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang


class BillingCoverageLimit(models.Model):
    """What a person had used up of a limit before visits were recorded here.

    What is used since is never typed: it is read from posted invoices and answers.
    """

    _name = "billing.coverage.limit"
    _description = "Limit used before"
    _order = "coverage_id, id"
    _check_company_auto = True

    coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="coverage_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    plan_id = fields.Many2one(
        related="coverage_id.plan_id",
    )
    currency_id = fields.Many2one(
        related="coverage_id.currency_id",
    )
    rule_id = fields.Many2one(
        comodel_name="billing.coverage.rule",
        string="Limit of",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('plan_id', '=', plan_id), ('limit_kind', '!=', 'none'), ('limit_period', '!=', 'visit')]",
        check_company=True,
    )
    limit_kind = fields.Selection(
        related="rule_id.limit_kind",
    )
    units = fields.Float(
        string="Units used before",
        digits="Product Unit",
    )
    amount = fields.Monetary(
        string="Money used before",
    )
    date = fields.Date(
        string="As of",
        required=True,
        default=fields.Date.context_today,
        help="It counts in the month, year or coverage that this day lies in.",
    )

    _rule_once = models.UniqueIndex(
        "(coverage_id, rule_id)",
        "What was used of a limit before stands here twice for one rule. Keep one line with the sum.",
    )

    @api.constrains("rule_id", "coverage_id")
    def _check_rule(self):
        for limit in self:
            rule = limit.rule_id
            if rule.plan_id != limit.coverage_id.plan_id:
                raise ValidationError(self.env._(
                    "“%(rule)s” is a rule of %(other)s, but %(patient)s is insured with %(plan)s. Choose one of the "
                    "limits of %(plan)s.",
                    rule=rule.display_name,
                    other=rule.plan_id.name,
                    plan=limit.coverage_id.plan_id.name,
                    patient=limit.coverage_id.patient_id.name,
                ))
            if rule.limit_kind == "none" or rule.limit_period == "visit":
                raise ValidationError(self.env._(
                    "“%(rule)s” of %(plan)s has no limit that goes on from one visit to the next: nothing of it can be "
                    "used up. Remove the line.",
                    rule=rule.display_name,
                    plan=rule.plan_id.name,
                ))

    @api.constrains("units", "amount")
    def _check_figures(self):
        for limit in self:
            for value in (limit.units, limit.amount):
                if value < 0:
                    raise ValidationError(self.env._(
                        "%(patient)s cannot have used less than nothing (%(value)s) of the limit for “%(rule)s”. Type "
                        "what was used as a positive figure.",
                        patient=limit.coverage_id.patient_id.name,
                        value=formatLang(self.env, value),
                        rule=limit.rule_id.display_name,
                    ))

    def _get_figure(self):
        """What was used, in the units or the currency of the limit."""
        self.ensure_one()
        return self.amount if self.limit_kind == "amount" else self.units
