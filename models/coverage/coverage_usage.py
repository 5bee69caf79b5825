from collections import defaultdict
from datetime import date as Date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.benefit_split import Limit
from odoo.addons.billing_coordinator.tools.money import to_decimal

from .insurance_plan_rules import RuleBook


class Use(NamedTuple):
    """A service that a payer has taken up: its units, and what the payer pays of it in the coverage's currency."""

    coverage: models.Model
    product: models.Model
    code: models.Model
    date: Date
    units: Decimal
    amount: Decimal


class Usage:
    """What is used up of coverages, read at once for many services.

    ``used`` holds deductible and out-of-pocket by month of service, as benefit years begin with a month:
    {(year, month): {coverage: figures}}, ``uses`` the services that count
    towards limits: {coverage: [Use]}, ``openings`` what was used of limits before: {coverage: records}. Which rule a
    service falls under is asked of the plan once for each kind.
    """

    def __init__(self, used, uses, openings):
        self.used, self.uses, self.openings = used, uses, openings
        self._rules, self._allowed, self._book = {}, {}, RuleBook()

    def get_used(self, date):
        """What counts towards deductible and maximum of a service on ``date``: {coverage: figures}."""
        return self.used[date.year, date.month]

    def find_rule(self, plan, product, code, date):
        """The rule that counts, as ``plan._find_rule`` says, asked once."""
        key = plan.id, product._origin.id, code.id, date
        if key not in self._rules:
            self._rules[key] = plan._find_rule(product, code, date, self._book)
        return self._rules[key]

    def get_allowed(self, plan, product, quantity, date, currency):
        """What the payer recognises, as ``plan._get_allowed`` says, asked once."""
        key = plan.id, product._origin.id, quantity, date, currency.id
        if key not in self._allowed:
            self._allowed[key] = plan._get_allowed(product, quantity, date, currency)
        return self._allowed[key]


class BillingCoverage(models.Model):
    """What is used up of a coverage: deductible, out-of-pocket maximum and the limits of its plan's rules."""

    _inherit = "billing.coverage"

    limit_ids = fields.One2many(
        comodel_name="billing.coverage.limit",
        inverse_name="coverage_id",
        string="Limits used before",
        copy=True,
    )
    has_limits = fields.Boolean(
        compute="_compute_has_limits",
    )
    usage_year = fields.Char(
        compute="_compute_usage",
        help="The year that what is used and left is counted in.",
    )
    deductible_used = fields.Monetary(
        string="Deductible met",
        compute="_compute_usage",
        help="What the patient has paid towards the deductible this year, before and since visits are recorded here.",
    )
    deductible_left = fields.Monetary(
        compute="_compute_usage",
    )
    oop_used = fields.Monetary(
        string="Paid out of pocket",
        compute="_compute_usage",
        help="What counts towards the out-of-pocket maximum of this year.",
    )
    oop_left = fields.Monetary(
        string="Out of pocket left",
        compute="_compute_usage",
    )
    limits_html = fields.Html(
        string="Limits",
        compute="_compute_limits_html",
        sanitize=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("plan_id.rule_ids.limit_kind", "plan_id.rule_ids.limit_period")
    def _compute_has_limits(self):
        for coverage in self:
            coverage.has_limits = bool(coverage._get_limited_rules())

    @api.depends(
        "plan_id", "date_from", "date_to", "deductible", "oop_max", "deductible_opening", "oop_opening", "opening_date",
    )
    def _compute_usage(self):
        """As of today; a coverage that has ended, or has not begun, as of its last, or first, day."""
        saved = self.filtered(lambda coverage: coverage._origin and coverage.date_from and coverage.currency_id)
        (self - saved).update(dict.fromkeys(
            ("usage_year", "deductible_used", "deductible_left", "oop_used", "oop_left"), False,
        ))
        for date, coverages in saved.grouped(lambda coverage: coverage._get_usage_date()).items():
            used = coverages._origin._get_used(date)
            for coverage in coverages:
                deductible, oop = (float(used[coverage._origin][name]) for name in ("deductible", "oop"))
                coverage.usage_year = coverage.plan_id._name_benefit_year(date)
                coverage.deductible_used = deductible
                coverage.deductible_left = max(coverage.deductible - deductible, 0.0)
                coverage.oop_used = oop
                coverage.oop_left = max(coverage.oop_max - oop, 0.0) if coverage.oop_max else 0.0

    @api.depends("plan_id.rule_ids", "limit_ids.rule_id", "limit_ids.units", "limit_ids.amount", "limit_ids.date")
    def _compute_limits_html(self):
        saved = self.filtered(lambda coverage: coverage._origin and coverage.date_from and coverage.currency_id)
        (self - saved).limits_html = False
        for date, coverages in saved.grouped(lambda coverage: coverage._get_usage_date()).items():
            usage = coverages._origin._read_usage([date])
            for coverage in coverages:
                rows = coverage._get_limit_rows(date, usage)
                coverage.limits_html = self.env["ir.qweb"]._render(
                    "billing_coordinator.coverage_limits", {"rows": rows},
                ) if rows else False

    def _get_limit_rows(self, date, usage):
        """One row for each limit of the plan on ``date``: the rule, and its figures in words."""
        periods = dict(self.env["billing.coverage.rule"]._fields["limit_period"]._description_selection(self.env))
        rows = []
        for rule in self._get_limited_rules().filtered(lambda rule: rule._is_in_force(date)):
            limit = rule._get_limit()
            used = float(self._get_limit_used(rule, date, usage))
            rows.append({
                "name": rule.display_name,
                "limit": rule._format_limit(limit),
                "period": periods[rule.limit_period],
                "used": rule._format_limit(used),
                "left": rule._format_limit(max(limit - used, 0.0)),
                "percent": min(100, round(100 * used / limit)) if limit else 100,
            })
        return rows

    def _get_limited_rules(self):
        """The rules of the plan whose count goes on from one visit to the next."""
        self.ensure_one()
        return self.plan_id.rule_ids.filtered(lambda rule: rule.limit_kind != "none" and rule.limit_period != "visit")

    def _get_usage_date(self):
        self.ensure_one()
        date = fields.Date.context_today(self)
        if self.date_to:
            date = min(date, self.date_to)
        return max(date, self.date_from or date)

    # === CONSTRAINT METHODS === #

    @api.constrains("plan_id")
    def _check_limits_of_plan(self):
        for coverage in self:
            strangers = coverage.limit_ids - coverage.limit_ids.filtered_domain(
                [("rule_id.plan_id", "=", coverage.plan_id.id)]
            )
            if strangers:
                raise ValidationError(self.env._(
                    "%(patient)s moves to %(plan)s, which has no limit for “%(rule)s”. Remove what was used of it "
                    "before.",
                    patient=coverage.patient_id.name,
                    plan=coverage.plan_id.name,
                    rule=strangers[0].rule_id.display_name,
                ))

    # === BUSINESS METHODS === #

    def _read_usage(self, dates):
        """What is used up of these coverages for services on these dates, in a number of queries that does not grow
        with coverages or services.

        :param dates: days of service
        :return: :class:`Usage`
        """
        # Months whose services fall into the same benefit years are read once.
        by_years, used = {}, {}
        for date in dates:
            years = tuple(plan._get_benefit_year(date) for plan in self.plan_id)
            if years not in by_years:
                by_years[years] = self._get_used(date)
            used[date.year, date.month] = by_years[years]
        limited = self.filtered(lambda coverage: coverage._get_limited_rules())
        uses = defaultdict(list)
        if limited and dates:
            for use in limited._read_uses(*limited._get_counted_days(dates)):
                uses[use.coverage].append(use)
        return Usage(used, uses, dict(limited.limit_ids.grouped("coverage_id")))

    def _get_counted_days(self, dates):
        """The first and the last day of all periods that limits count for services on these dates."""
        rules = self.plan_id.rule_ids.filtered(lambda rule: rule.limit_kind != "none")
        periods = [
            period for rule in rules for date in (min(dates), max(dates)) if (period := rule._get_limit_period(date))
        ]
        return min(first for first, _last in periods), max(last for _first, last in periods)

    def _read_uses(self, date_from, date_to):
        """The services from ``date_from`` to ``date_to`` that the payers of these coverages have taken up.

        Hook: this room knows of none; the room of claims reads posted invoices and answers.

        :return: list of :class:`Use`
        """
        return []

    def _get_limit(self, rule, date, currency, usage):
        """What is left of the limit of a rule for a service on ``date``, in the currency of the split."""
        self.ensure_one()
        if rule.limit_kind == "none":
            return Limit()
        left = max(to_decimal(rule._get_limit()) - self._get_limit_used(rule, date, usage), Decimal(0))
        if rule.limit_kind == "units":
            return Limit(units_left=left)
        return Limit(amount_left=self._to_currency(left, currency, date))

    def _get_limit_used(self, rule, date, usage):
        """What is used of a limit in the period of ``date``: the opening figure and the services taken up since.

        Of the services of the period those count that the rule speaks of on ``date``: when a plan replaces a rule in
        the middle of a year, the new limit begins with what is used already.
        """
        self.ensure_one()
        period = rule._get_limit_period(date)
        if not period:
            return Decimal(0)
        first, last = period
        used = sum(
            (
                to_decimal(opening._get_figure()) for opening in usage.openings.get(self._origin, ())
                if opening.rule_id._origin == rule._origin and first <= opening.date <= last
            ),
            Decimal(0),
        )
        for use in usage.uses.get(self._origin, ()):
            if first <= use.date <= last and usage.find_rule(self.plan_id, use.product, use.code, date) == rule._origin:
                used += use.amount if rule.limit_kind == "amount" else use.units
        return used
