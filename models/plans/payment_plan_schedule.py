from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.instalment_interest import get_annual_rate
from odoo.addons.billing_coordinator.tools.instalments import (
    BadScheduleError,
    Terms,
    get_total,
    make_schedule,
)
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

# What is shown side by side.
ALTERNATIVES = (3, 6, 12, 18, 24)
# 12 CFR 1026.2(a)(17): a written agreement in more instalments, or any finance charge, makes a creditor of the office.
MOST_WITHOUT_DISCLOSURE = 4


class BillingPaymentPlan(models.Model):
    """The schedule: on which days how much, shown while the terms are typed, with other terms beside it."""

    _inherit = "billing.payment.plan"

    instalment_ids = fields.One2many(
        comodel_name="billing.payment.plan.instalment",
        inverse_name="plan_id",
        compute="_compute_instalment_ids",
        store=True,
        readonly=False,
        copy=False,
    )
    schedule_problem = fields.Text(
        compute="_compute_schedule_problem",
        help="Why no schedule can be made of these terms.",
    )
    amount_charges = fields.Monetary(
        string="Fee and interest",
        compute="_compute_schedule_figures",
        store=True,
    )
    amount_to_pay = fields.Monetary(
        string="To pay in all",
        compute="_compute_schedule_figures",
        store=True,
    )
    date_last = fields.Date(
        string="Last instalment on",
        compute="_compute_schedule_figures",
        store=True,
    )
    annual_rate = fields.Float(
        string="Annual percentage rate",
        digits=(7, 2),
        compute="_compute_annual_rate",
        help="What the plan costs a year, fee and interest together (12 CFR 1026.22).",
    )
    needs_disclosure = fields.Boolean(
        compute="_compute_schedule_figures",
        store=True,
        help="More than four instalments, or a charge: US law asks for more on the agreement when an office does this "
             "more than 25 times a year (12 CFR 1026.2(a)(17)).",
    )
    alternatives = fields.Html(
        compute="_compute_alternatives",
        sanitize=False,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "item_ids.amount_start", "frequency", "mode", "instalment_count", "instalment_amount", "date_first", "date",
        "down_payment", "fee", "rate", "skip_closed",
    )
    def _compute_instalment_ids(self):
        for plan in self:
            # What was agreed on stays; own dates are typed, with their amounts.
            if plan.state not in (False, "draft") or plan.frequency == "dates":
                plan.instalment_ids = plan.instalment_ids
                continue
            try:
                rows = make_schedule(plan._get_terms())
            except BadScheduleError:
                rows = []
            plan.instalment_ids = [Command.clear(), *(Command.create(plan._prepare_instalment(row)) for row in rows)]

    @api.depends(
        "item_ids.amount_start", "frequency", "mode", "instalment_count", "instalment_amount", "date_first", "date",
        "down_payment", "fee", "rate", "skip_closed", "state", "instalment_ids.principal", "instalment_ids.date",
        "instalment_ids.interest", "instalment_ids.fee",
    )
    @api.depends_context("lang")
    def _compute_schedule_problem(self):
        for plan in self:
            plan.schedule_problem = False
            if plan.state in (False, "draft") and plan.partner_id and plan.date and plan.date_first:
                try:
                    make_schedule(plan._get_terms())
                except BadScheduleError as error:
                    plan.schedule_problem = plan._explain_problem(error)
                else:
                    plan.schedule_problem = plan._find_wrong_sum() or plan._find_wrong_row()

    @api.depends("instalment_ids.amount", "instalment_ids.principal", "instalment_ids.date")
    def _compute_schedule_figures(self):
        for plan in self:
            rows = plan.instalment_ids
            plan.amount_to_pay = sum(rows.mapped("amount"))
            plan.amount_charges = plan.amount_to_pay - sum(rows.mapped("principal"))
            plan.date_last = max((row.date for row in rows if row.date), default=False)
            plan.needs_disclosure = len(rows) > MOST_WITHOUT_DISCLOSURE or plan.amount_charges > 0

    @api.depends("instalment_ids.amount", "instalment_ids.date", "date", "frequency", "amount_total")
    def _compute_annual_rate(self):
        for plan in self:
            rows = plan.instalment_ids.filtered("date").sorted("date")
            plan.annual_rate = plan.date and rows and float(get_annual_rate(
                to_decimal(sum(rows.mapped("principal"))), plan.date,
                [(row.date, to_decimal(row.amount)) for row in rows], plan.frequency,
            ))

    @api.depends(
        "amount_total", "frequency", "date_first", "date", "down_payment", "fee", "rate", "skip_closed", "state",
    )
    @api.depends_context("lang")
    def _compute_alternatives(self):
        for plan in self:
            plan.alternatives = False
            if plan.state in (False, "draft") and plan.frequency != "dates" and plan.amount_total:
                plan.alternatives = plan._render_alternatives()

    # === BUSINESS METHODS === #

    def _get_terms(self, **changes):
        """The terms as :class:`tools.instalments.Terms`, with changes."""
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)

        def money(amount):
            return to_decimal(amount, unit)

        by_count = self.mode == "count"
        return Terms(**{
            "total": money(sum(self.item_ids.mapped("amount_start"))),
            "unit": unit,
            "start": self.date,
            "first": self.date_first,
            "frequency": self.frequency,
            "count": self.instalment_count if by_count or self.frequency == "dates" else None,
            "amount": None if by_count else money(self.instalment_amount),
            "down": money(self.down_payment),
            "fee": money(self.fee),
            "rate": to_decimal(self.rate),
            "skip_closed": self.skip_closed,
            "holidays": self._get_holidays(),
            **({"count": None, "dates": self._get_own_dates()} if self.frequency == "dates" else {}),
            **changes,
        })

    def _find_wrong_sum(self):
        """That typed instalments do not pay the debt exactly; False when they do."""
        typed = sum(self.instalment_ids.mapped("principal"))
        if not self.currency_id.compare_amounts(typed, self.amount_total):
            return False
        return self.env._(
            "The instalments pay %(typed)s of the debt, which is %(total)s. Correct an amount, or divide it anew.",
            typed=format_amount(self.env, typed, self.currency_id),
            total=format_amount(self.env, self.amount_total, self.currency_id),
        )

    def _find_wrong_row(self):
        """That a typed instalment asks for less than nothing, or that the fee is lost; False when all is well."""
        for row in self.instalment_ids.sorted("date"):
            least = min(row.principal, row.interest, row.fee)
            if self.currency_id.compare_amounts(least, 0.0) < 0:
                return self.env._(
                    "The instalment of %(date)s asks for %(amount)s. Type what is paid on that day, or divide the debt "
                    "anew.",
                    date=format_date(self.env, row.date),
                    amount=format_amount(self.env, least, self.currency_id),
                )
        fees = sum(self.instalment_ids.mapped("fee"))
        if self.currency_id.compare_amounts(fees, self.fee):
            return self.env._(
                "The instalments ask for %(typed)s of the set-up fee, which is %(fee)s. Type it into one of them, or "
                "divide the debt anew.",
                typed=format_amount(self.env, fees, self.currency_id),
                fee=format_amount(self.env, self.fee, self.currency_id),
            )
        return False

    def action_divide(self):
        """Divide the debt among the days that were typed."""
        self.ensure_one()
        self._check_draft()
        try:
            rows = make_schedule(self._get_terms())
        except BadScheduleError as error:
            raise UserError(self._explain_problem(error)) from error
        self.instalment_ids = [Command.clear(), *(Command.create(self._prepare_instalment(row)) for row in rows)]

    def _get_own_dates(self):
        """The days that somebody typed, the down payment's left out."""
        days = {row.date for row in self.instalment_ids if row.date}
        return tuple(sorted(days - ({self.date} if self.down_payment else set())))

    def _get_holidays(self):
        """Days on which the office is closed: the time off of the company's working hours."""
        return self.company_id._get_billing_holidays() if self.skip_closed else frozenset()

    @api.model
    def _prepare_instalment(self, row):
        return {
            "date": row.day, "principal": float(row.principal), "interest": float(row.interest), "fee": float(row.fee),
        }

    def _render_alternatives(self):
        """Other numbers of instalments side by side: how much each, until when, what it costs."""
        rows = Markup()
        for count in ALTERNATIVES:
            try:
                schedule = make_schedule(self._get_terms(count=count, amount=None))
            except BadScheduleError:
                continue
            reason = self._find_limits_passed(schedule)[:1]
            rows += Markup("<tr class='%s'><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>") % (
                "text-muted" if reason else "",
                count,
                format_amount(self.env, float(schedule[-2 if len(schedule) > 1 else -1].amount), self.currency_id),
                format_date(self.env, schedule[-1].day),
                format_amount(self.env, float(get_total(schedule)), self.currency_id),
                reason[0] if reason else "",
            )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th><th></th></tr>") % (
            self.env._("Instalments"), self.env._("Each"), self.env._("Until"), self.env._("In all"),
        )
        return Markup("<table class='table table-sm mb-0'><thead>%s</thead><tbody>%s</tbody></table>") % (head, rows)

    def _explain_problem(self, error):
        """Why no schedule can be made of the terms, and the way out."""
        def money(name):
            return format_amount(self.env, float(error.facts[name]), self.currency_id)

        sentences = {
            "nothing": lambda: self.env._("There is no bill in it yet. Press “Cover open bills”."),
            "unit": lambda: self.env._(
                "%(amount)s cannot be paid in %(currency)s. Round it.",
                amount=error.facts["amount"], currency=self.currency_id.name,
            ),
            "down": lambda: self.env._(
                "The down payment (%(amount)s) must be less than the debt (%(total)s).",
                amount=money("amount"), total=money("total"),
            ),
            "rate": lambda: self.env._("Fee and interest cannot be less than nothing."),
            "count": lambda: self.env._(
                "Say how many instalments: 1 to %(most)s.", most=error.facts["most"],
            ) if self.frequency != "dates" else self.env._("Type the days of the instalments."),
            "too_many": lambda: self.env._(
                "%(amount)s cannot be divided into %(count)s instalments. Take fewer.",
                amount=money("amount"), count=error.facts["count"],
            ),
            "amount": lambda: self.env._("Say how much is paid each time."),
            "too_long": lambda: self.env._(
                "With %(amount)s each time the plan would take too long. Raise the amount.",
                amount=format_amount(self.env, self.instalment_amount, self.currency_id),
            ),
            "never": lambda: self.env._(
                "%(amount)s each time does not even pay the interest (%(interest)s). Raise the amount.",
                amount=money("amount"), interest=money("interest"),
            ),
            "past": lambda: self.env._(
                "The first instalment (%(day)s) must come after the day on which the plan begins (%(start)s).",
                day=format_date(self.env, error.facts["day"]), start=format_date(self.env, error.facts["start"]),
            ),
            "far": lambda: self.env._(
                "%(day)s lies too far ahead. Correct the day of the first instalment.",
                day=format_date(self.env, error.facts["day"]),
            ),
            "order": lambda: self.env._("Two instalments cannot be due on the same day."),
        }
        return sentences[error.reason]()

    def _check_schedule(self):
        """Refuse terms of which no schedule can be made."""
        for plan in self:
            if plan.schedule_problem:
                raise UserError(plan.schedule_problem)
