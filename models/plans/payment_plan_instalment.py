from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

AGREED = frozenset({"plan_id", "date", "principal", "interest", "fee"})
TRACES = frozenset({"amount", "amount_paid", "amount_open", "charge_id", "reminded_on", "principal_ahead"})

# Colours of Odoo's palette.
RED, YELLOW, BLUE, GREEN = 1, 3, 4, 10


class BillingPaymentPlanInstalment(models.Model):
    """What a person promised to pay on a day: a part of the debt, and the interest and fee that are due with it."""

    _name = "billing.payment.plan.instalment"
    _description = "Instalment"
    _order = "date, id"

    plan_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="plan_id.partner_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="plan_id.currency_id",
        store=True,
    )
    plan_state = fields.Selection(
        related="plan_id.state",
        store=True,
        string="State of the plan",
    )
    date = fields.Date(
        string="Due on",
        required=True,
        index=True,
    )
    number = fields.Integer(
        compute="_compute_number",
        help="The down payment is not counted.",
    )
    principal = fields.Monetary(
        string="Of the debt",
        aggregator="sum",
    )
    interest = fields.Monetary()
    fee = fields.Monetary()
    principal_ahead = fields.Monetary(
        string="Paid ahead",
        readonly=True,
        copy=False,
        help="The part of it that later instalments were to pay, had nobody paid it before; taken back, it is theirs "
             "again.",
    )
    amount = fields.Monetary(
        string="To pay",
        compute="_compute_amount",
        store=True,
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amount_paid",
        store=True,
        help="What has been paid fills the instalments in the order of their days.",
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amount_open",
        store=True,
    )
    remark = fields.Char(
        string="How it stands",
        compute="_compute_remark",
    )
    color = fields.Integer(
        compute="_compute_remark",
        help="In the calendar: green is paid, red is late, yellow falls due today, blue is to come.",
    )
    charge_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice of fee and interest",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    reminded_on = fields.Date(
        readonly=True,
        copy=False,
    )

    _date_once = models.UniqueIndex(
        "(plan_id, date)",
        "Two instalments of one plan cannot be due on the same day. Choose another day for one of them.",
    )

    # === COMPUTE METHODS === #

    @api.depends("principal", "interest", "fee")
    def _compute_amount(self):
        for row in self:
            row.amount = row.principal + row.interest + row.fee

    @api.depends("plan_id.amount_paid", "plan_id.instalment_ids.amount", "plan_id.instalment_ids.date")
    def _compute_amount_paid(self):
        for plan, rows in self.grouped("plan_id").items():
            filled = plan._get_filled()
            for row in rows:
                row.amount_paid = filled.get(row, 0.0)

    @api.depends("amount", "amount_paid")
    def _compute_amount_open(self):
        for row in self:
            row.amount_open = row.currency_id.round(row.amount - row.amount_paid) if row.currency_id else 0.0

    @api.depends("plan_id.instalment_ids.date", "plan_id.down_payment", "plan_id.date")
    def _compute_number(self):
        for plan, rows in self.grouped("plan_id").items():
            counted = plan.instalment_ids.filtered(lambda row: not row._is_down_payment()).sorted("date")
            positions = {row: number for number, row in enumerate(counted, start=1)}
            for row in rows:
                row.number = positions.get(row, 0)

    @api.depends("date", "amount", "amount_paid", "plan_state", "plan_id.down_payment", "plan_id.date")
    @api.depends_context("lang", "tz")
    def _compute_remark(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.remark, row.color = row._say_remark(today)

    @api.depends("partner_id", "amount")
    @api.depends_context("lang")
    def _compute_display_name(self):
        # In a calendar the day is clear and the room is scarce.
        for row in self:
            row.display_name = ", ".join(filter(None, [
                row.partner_id.name, row.currency_id and format_amount(self.env, row.amount, row.currency_id),
            ]))

    # === ACTIONS === #

    def action_open_plan(self):
        """The plan of this instalment: there is nothing to do about an instalment alone."""
        return self.plan_id._get_records_action(name=self.env._("Payment Plan"))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_agreed()
        if rows.charge_id or any(row.reminded_on or row.principal_ahead for row in rows):
            rows._refuse_traces()
        return rows

    def write(self, vals):
        if AGREED & vals.keys():
            self._check_agreed()
        if TRACES & vals.keys():
            self._refuse_traces()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_agreed()

    # === BUSINESS METHODS === #

    def _say_remark(self, today):
        """(how the instalment stands in a word or two, its colour in the calendar)."""
        self.ensure_one()
        if self.amount > 0 and self.amount_open <= 0:
            return self.env._("Paid"), GREEN
        if self.plan_state == "active" and self.date and self.date < today:
            days = (today - self.date).days
            return self.env._("%(days)s days late", days=days) if days > 1 else self.env._("1 day late"), RED
        if self.plan_state == "active" and self.date == today:
            return self.env._("Due today"), YELLOW
        if self.amount_paid:
            return self.env._("Partly paid"), BLUE
        return self.env._("Down payment") if self._is_down_payment() else False, BLUE

    def _is_down_payment(self):
        """Whether this is paid at once, on the day on which the plan begins."""
        self.ensure_one()
        return bool(self.plan_id.down_payment and self.date == self.plan_id.date)

    def _check_agreed(self):
        """Refuse to change what a person was told; what a changed debt makes of it the system writes.

        :raise UserError: naming the plan and the way out
        """
        if not self.env.su:
            self.plan_id._check_draft()
            self.plan_id._withdraw_approval()

    def _refuse_traces(self):
        """Refuse what somebody types over what became of instalments.

        :raise UserError: naming the plan
        """
        if not self.env.su:
            raise UserError(self.env._(
                "What became of the instalments of %(plan)s is written down by the system, never typed.",
                plan=self.plan_id[:1].display_name,
            ))
