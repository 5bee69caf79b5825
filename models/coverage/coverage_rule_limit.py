from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.periods import get_period

from ..written_numbers import format_number


class BillingCoverageRule(models.Model):
    """How much of its services a rule allows: units, or money of the payer, in a period."""

    _inherit = "billing.coverage.rule"

    limit_kind = fields.Selection(
        selection=[
            ("none", "No limit"),
            ("units", "Units"),
            ("amount", "Money paid by the payer"),
        ],
        string="Limit",
        required=True,
        default="none",
        help="What goes beyond the limit is asked of the next coverage and at last of the patient.",
    )
    limit_units = fields.Float(
        string="Units at most",
        digits="Product Unit",
    )
    limit_amount = fields.Monetary(
        string="Money at most",
        help="The most the payer pays for all services under this rule.",
    )
    limit_period = fields.Selection(
        selection=[
            ("visit", "a visit"),
            ("month", "a calendar month"),
            ("year", "a calendar year"),
            ("benefit_year", "a benefit year"),
            ("coverage", "the whole coverage"),
        ],
        string="In",
        required=True,
        default="year",
        help="When the count begins anew.",
    )

    @api.constrains("limit_kind", "limit_units", "limit_amount")
    def _check_limit(self):
        for rule in self:
            rule._check_not_negative("limit_units", "limit_amount")
            if rule.limit_kind != "none" and not rule._get_limit():
                raise ValidationError(self.env._(
                    "The rule of %(plan)s for “%(services)s” has a limit of nothing. Type how much is allowed, or say "
                    "that these services are not covered.",
                    plan=rule.plan_id.name,
                    services=rule._get_scope_label(),
                ))

    def _get_limit(self):
        """The limit itself: units, or an amount in the currency of the plan; 0 without one."""
        self.ensure_one()
        return {"units": self.limit_units, "amount": self.limit_amount}.get(self.limit_kind, 0.0)

    def _get_limit_period(self, date):
        """The days whose services count together with one on ``date``: (first, last), None where there is no end.

        A limit per visit counts nothing but the visit itself: None.
        """
        self.ensure_one()
        return get_period(self.limit_period, date, int(self.plan_id.benefit_year_month))

    def _format_limit(self, value):
        """A figure of the limit as people say it: an amount, or a number of units."""
        self.ensure_one()
        if self.limit_kind == "amount":
            return self.currency_id.format(value)
        return format_number(self.env, value)
