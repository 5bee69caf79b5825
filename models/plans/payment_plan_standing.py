from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.instalment_filling import fill, get_standing
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

# States in which what was paid still counts; afterwards it stays as it was at the end.
COUNTING = ("accepted", "active", "completed")


class BillingPaymentPlan(models.Model):
    """How a plan stands: what its bills have lost since it began, however that happened, fills its instalments."""

    _inherit = "billing.payment.plan"

    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amount_paid",
        store=True,
        compute_sudo=True,
        help="What the bills of the plan have lost since it began: payments of any kind, credit notes, discounts.",
    )
    amount_open = fields.Monetary(
        string="Still to pay",
        compute="_compute_amount_open",
        store=True,
    )
    progress = fields.Float(
        string="Paid (%)",
        compute="_compute_amount_open",
        store=True,
        aggregator="avg",
    )
    date_next = fields.Date(
        string="Next instalment",
        compute="_compute_date_next",
        store=True,
        index=True,
        help="The first day on which something is still to be paid.",
    )
    amount_due = fields.Monetary(
        string="Due now",
        compute="_compute_standing",
        help="What has fallen due and is not paid.",
    )
    amount_next = fields.Monetary(
        string="To pay next",
        compute="_compute_standing",
        help="What is late, and the next instalment.",
    )
    date_coming = fields.Date(
        string="Coming instalment",
        compute="_compute_standing",
        help="The next day from today on which something is to be paid; the last one where all of them have passed.",
    )
    missed_count = fields.Integer(
        string="Missed",
        compute="_compute_standing",
        help="Instalments that are past their days of grace.",
    )
    missed_told = fields.Integer(
        readonly=True,
        copy=False,
        help="How many missed instalments somebody was told of.",
    )
    days_late = fields.Integer(
        compute="_compute_standing",
    )
    standing = fields.Char(
        string="How it stands",
        compute="_compute_standing",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state", "item_ids.amount_start", "item_ids.move_line_id.amount_residual_currency",
        "instalment_ids.charge_id.amount_residual", "instalment_ids.charge_id.state",
    )
    def _compute_amount_paid(self):
        for plan in self:
            if plan.state in COUNTING:
                lost = sum(item.amount_start - item.move_line_id.amount_residual_currency for item in plan.item_ids)
                charges = plan.instalment_ids.charge_id.filtered(lambda move: move.state == "posted")
                lost += sum(move.amount_total - move.amount_residual for move in charges)
                plan.amount_paid = plan.currency_id.round(lost)
            elif plan.state in (False, "draft", "proposed", "expired"):
                plan.amount_paid = 0.0
            else:
                plan.amount_paid = plan.amount_paid

    @api.depends("amount_paid", "amount_to_pay")
    def _compute_amount_open(self):
        for plan in self:
            plan.amount_open = (plan.currency_id or self.env.company.currency_id).round(
                plan.amount_to_pay - plan.amount_paid
            )
            plan.progress = 100 * plan.amount_paid / plan.amount_to_pay if plan.amount_to_pay else 0.0

    @api.depends("instalment_ids.amount_open", "instalment_ids.date", "state")
    def _compute_date_next(self):
        for plan in self:
            waiting = plan.instalment_ids.filtered(lambda row: row.amount_open > 0)
            plan.date_next = min((row.date for row in waiting if row.date), default=False)

    @api.depends("amount_paid", "instalment_ids.amount", "instalment_ids.date", "policy_id", "state")
    @api.depends_context("lang", "tz")
    def _compute_standing(self):
        today = fields.Date.context_today(self)
        for plan in self:
            standing = plan._get_standing(today)
            plan.amount_due = float(standing.due)
            plan.amount_next = float(standing.next_due)
            plan.date_coming = standing.coming_day
            plan.missed_count = standing.missed
            plan.days_late = standing.late
            plan.standing = plan._say_standing(standing) if plan.state in ("accepted", "active") else False

    # === BUSINESS METHODS === #

    def _get_rows(self):
        """(day, amount) of the instalments in the order of their days."""
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)
        rows = self.instalment_ids.filtered("date").sorted("date")
        return [(row.date, to_decimal(row.amount, unit)) for row in rows]

    def _get_filled(self):
        """{instalment: how much of it is paid}, in the order of their days."""
        if not self:
            return {}
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding or 0.01)
        rows = self.instalment_ids.filtered("date").sorted("date")
        filled = fill([to_decimal(row.amount, unit) for row in rows], to_decimal(self.amount_paid, unit))
        return dict(zip(rows, map(float, filled), strict=True))

    def _get_standing(self, today):
        """How the plan stands on a day: :class:`tools.instalment_filling.Standing`."""
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding or 0.01)
        return get_standing(
            self._get_rows(), to_decimal(self.amount_paid, unit), today, self.policy_id._get_tolerance(),
        ) if self.policy_id else get_standing(self._get_rows(), to_decimal(self.amount_paid, unit), today)

    def _say_proposed(self):
        """That the plan waits for the person's answer."""
        return self.env._(
            "proposed, %(amount)s; holds until %(date)s.",
            amount=format_amount(self.env, self.amount_to_pay, self.currency_id),
            date=format_date(self.env, self.expires_on) if self.expires_on else "",
        )

    def _say_standing(self, standing):
        """How the plan stands, as somebody says it on the phone."""
        if standing.is_done:
            return self.env._("Everything is paid.")
        amount = format_amount(self.env, float(standing.next_due), self.currency_id)
        if standing.missed:
            return self.env._(
                "%(count)s missed: %(due)s late since %(date)s.",
                count=standing.missed,
                due=format_amount(self.env, float(standing.due), self.currency_id),
                date=format_date(self.env, standing.next_day),
            )
        if standing.due:
            return self.env._(
                "%(due)s due since %(date)s.",
                due=format_amount(self.env, float(standing.due), self.currency_id),
                date=format_date(self.env, standing.next_day),
            )
        return self.env._(
            "On time. Next: %(amount)s on %(date)s.", amount=amount, date=format_date(self.env, standing.next_day),
        )
