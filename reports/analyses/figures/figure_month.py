from odoo import api, fields, models
from odoo.tools import SQL, format_date

from . import ledger_day

# What happened in a month is added up; what stood at its end is taken from the last month of a group.
OF_A_YEAR = ("charged", "allowance", "paid", "bad_debt", "cost")
SO_FAR = ("charged", "paid")
FLOWS = (
    *(f"amount_{name}" for name in ledger_day.FLOWS), "amount_other", *(f"amount_{name}_so_far" for name in SO_FAR),
)
STOCKS = (
    *(f"amount_{name}" for name in ledger_day.STOCKS), "amount_charged_90",
    *(f"amount_{name}_year" for name in OF_A_YEAR),
)
# {ratio: (times, what is divided, by what, less what)}; it is shown where something is left to divide by.
RATIOS = {
    "days_receivable": (90, "amount_receivable", "amount_charged_90", None),
    "rate_over_90": (100, "amount_over_90", "amount_asked", None),
    "rate_net": (100, "amount_paid", "amount_charged", "amount_allowance"),
    "rate_net_year": (100, "amount_paid_year", "amount_charged_year", "amount_allowance_year"),
    "rate_bad_debt": (100, "amount_bad_debt", "amount_charged", None),
    "rate_bad_debt_year": (100, "amount_bad_debt_year", "amount_charged_year", None),
    "rate_cost": (100, "amount_cost", "amount_paid", None),
    "rate_cost_year": (100, "amount_cost_year", "amount_paid_year", None),
}


class BillingFigureMonth(models.Model):
    """How the office does, month by month: what stood in the books at the end of each, what came and went in it, and
    the ratios by which billing offices are measured.

    Everything is read from journal items and their reconciliations as of the last day of the month; the running month
    ends today. Amounts are in the currency of the company. Over several months what happened is added up, what stood in
    the books is that of the last one, and ratios are those of the sums. Currencies are never added up.
    """

    _name = "billing.figure.month"
    _description = "Figures by month"
    _inherit = ["billing.analysis"]
    _auto = False
    _order = "month desc, company_id, id"
    _rec_name = "month"
    _stocks = STOCKS
    _depends = {
        "account.move": [
            "move_type", "state", "billing_kind", "reversed_entry_id", "origin_payment_id", "statement_line_id",
            "remittance_id", "billing_recovery_id",
        ],
        "account.move.line": [
            "move_id", "company_id", "account_id", "parent_state", "date", "date_maturity", "balance",
            "amount_residual", "reconciled", "adjustment_reason_id",
        ],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "amount", "max_date"],
        "account.account": ["account_type"],
        "billing.adjustment.reason": ["effect", "account_kind"],
        "billing.payment.plan": ["accepted_on", "started_on", "ended_on"],
        "billing.payment.plan.item": ["plan_id", "move_line_id", "date_maturity_before", "date_maturity_plan"],
        "res.company": ["currency_id", "billing_commission_account_id", "billing_cost_account_ids"],
    }

    # === FIELDS === #

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    month = fields.Date(readonly=True)
    date = fields.Date(string="Up to", readonly=True, help="The last day of the month; of the running one, today.")
    amount_receivable = fields.Monetary(
        string="Receivables",
        readonly=True,
        help="Balance of the receivable accounts at the end of the month. Over several months: that of the last one.",
    )
    amount_asked = fields.Monetary(
        string="Asked for",
        readonly=True,
        help="What debtors owed at the end of the month, their credits not taken off. Over several months: that of the "
             "last one.",
    )
    amount_over_90 = fields.Monetary(
        string="Over 90 days",
        readonly=True,
        help="What debtors owed and was more than 90 days past due at the end of the month, as it was reconciled then. "
             "Over several months: that of the last one.",
    )
    amount_charged = fields.Monetary(
        string="Charges",
        readonly=True,
        help="Customers' bills less credit notes, taxes included. What is only passed on to the next payer or the "
             "patient was charged before and is left out.",
    )
    amount_paid = fields.Monetary(
        string="Money received",
        readonly=True,
        help="Payments and lines of bank statements, and what agencies kept of what they collected, less what was "
             "given back.",
    )
    amount_allowance = fields.Monetary(string="Contractual allowances", readonly=True)
    amount_charity = fields.Monetary(string="Charity", readonly=True)
    amount_discount = fields.Monetary(string="Discounts", readonly=True)
    amount_writeoff = fields.Monetary(string="Write-offs", readonly=True)
    amount_bad_debt = fields.Monetary(
        string="Bad debt",
        readonly=True,
        help="Written off as not collectable, less what was asked for again.",
    )
    amount_cost = fields.Monetary(
        string="Cost of collecting",
        readonly=True,
        help="Commissions of collection agencies, and the accounts chosen in Settings > Billing as cost of the billing "
             "office.",
    )
    amount_other = fields.Monetary(
        string="Other movements",
        readonly=True,
        help="What else moved the receivable accounts: entries by hand, differences of exchange rates.",
    )
    amount_charged_90 = fields.Monetary(string="Charges of 90 days", readonly=True)
    amount_charged_year = fields.Monetary(string="Charges of twelve months", readonly=True)
    amount_allowance_year = fields.Monetary(string="Contractual allowances of twelve months", readonly=True)
    amount_paid_year = fields.Monetary(string="Money received in twelve months", readonly=True)
    amount_bad_debt_year = fields.Monetary(string="Bad debt of twelve months", readonly=True)
    amount_cost_year = fields.Monetary(string="Cost of collecting in twelve months", readonly=True)
    amount_charged_so_far = fields.Monetary(
        string="Charges up to the same day",
        readonly=True,
        help="Charges of the month up to the day of the month that it is today: what the running month compares with.",
    )
    amount_paid_so_far = fields.Monetary(
        string="Money received up to the same day",
        readonly=True,
        help="Money received in the month up to the day of the month that it is today: what the running month compares "
             "with.",
    )
    days_receivable = fields.Float(
        string="Days in receivables",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="How many days of charges are still open: receivables at the end of the month, divided by the charges of "
             "an average day of its last 90 days.",
    )
    rate_over_90 = fields.Float(
        string="Over 90 days (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="More than 90 days past due at the end of the month, divided by all that was asked for. "
             "Credits are not taken off.",
    )
    rate_net = fields.Float(
        string="Net collection rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Money received in the month, divided by the charges less the contractual allowances of the month. Money "
             "comes later than charges: look at the rate of twelve months first.",
    )
    rate_net_year = fields.Float(
        string="Net collection rate, twelve months (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Money received in the twelve months up to the end of the month, divided by the charges less the "
             "contractual allowances of the same twelve months.",
    )
    rate_bad_debt = fields.Float(
        string="Bad debt rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Bad debt of the month, divided by the charges of the month.",
    )
    rate_bad_debt_year = fields.Float(
        string="Bad debt rate, twelve months (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Bad debt of the twelve months up to the end of the month, divided by the charges of the same twelve "
             "months.",
    )
    rate_cost = fields.Float(
        string="Cost to collect (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Commissions of agencies and the cost of the billing office, divided by the money received.",
    )
    rate_cost_year = fields.Float(
        string="Cost to collect, twelve months (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 2),
        help="Commissions of agencies and the cost of the billing office in the twelve months up to the end of the "
             "month, divided by the money received in the same twelve months.",
    )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for figure in self:
            figure.display_name = format_date(self.env, figure.month, date_format="LLLL yyyy")

    # === RATIOS === #

    def _divide(self, ratio, column):
        """A ratio (SQL), NULL where nothing is left to divide by.

        :param column: gives the SQL of an amount by its name
        """
        times, amount, by, less = RATIOS[ratio]
        by = SQL("%s - %s", column(by), column(less)) if less else column(by)
        return SQL("CASE WHEN %s > 0 THEN %s * %s / (%s) END", by, times, column(amount), by)

    # === GROUPS === #

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Ratios of groups are those of their sums, and no amount is added to one in another currency."""
        name, _colon, aggregate = aggregate_spec.partition(":")
        if name in RATIOS and aggregate in ("avg", "sum"):
            return self._divide(name, lambda fname: self._aggregate(fname, query))
        if name in (*FLOWS, *STOCKS) and aggregate in ("sum", "sum_currency"):
            return self._aggregate(name, query)
        return super()._read_group_select(aggregate_spec, query)

    def _aggregate(self, name, query):
        """An amount of many months and companies of one currency (SQL): all of them, or that of the last month."""
        amount, month, currency = (
            self._field_to_sql(self._table, fname, query) for fname in (name, "month", "currency_id")
        )
        if name in FLOWS:
            total = SQL("SUM(%s)", amount)
        else:
            total = SQL(
                """
                (SELECT SUM(last.amount)
                   FROM UNNEST(ARRAY_AGG(%(amount)s), ARRAY_AGG(%(month)s)) AS last (amount, month)
                  WHERE last.month = MAX(%(month)s))
                """,
                amount=amount, month=month,
            )
        return SQL("CASE WHEN MIN(%s) = MAX(%s) THEN %s END", currency, currency, total)

    # === ACTIONS === #

    def action_view_source(self):
        """The journal items that moved receivables in this month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_moves_all")
        return {
            **action,
            "name": self.env._("Receivables moved in %(month)s", month=self.display_name),
            "domain": [
                ("account_type", "=", "asset_receivable"), ("parent_state", "=", "posted"),
                ("company_id", "=", self.company_id.id), ("date", ">=", self.month), ("date", "<=", self.date),
            ],
            "context": {"search_default_group_by_partner": 0},
        }
