from odoo import api, fields, models
from odoo.tools import SQL

from .claim_figure import BillingClaimFigure
from .payer_rates import BillingPayerRates

# How a denial ended that was fought: what was passed on or withdrawn says nothing about the payer.
WON, DECIDED = ("overturned",), ("overturned", "upheld", "written_off")


class BillingPayerScorecard(models.Model):
    """How each payer behaves, month by month: how many claims it answers, how fast and how fully, and what is fought.

    One row for each payer and month of the first answer, company and currency. Rates and days of several rows are those
    of all their claims together. Amounts are in the currency of the company at the rate of each claim's invoice.
    """

    _name = "billing.payer.scorecard"
    _description = "Payer scorecard"
    _inherit = ["billing.payer.rates"]
    _auto = False
    _rates = {
        **BillingPayerRates._rates,
        "overturn_rate": ("overturned_count", "decided_count"),
        "paid_rate": ("amount_paid", "amount_expected"),
        "contract_rate": ("amount_honoured", "amount_expected"),
    }
    _depends = {
        **BillingClaimFigure._depends,
        "billing.claim.figure": ["claim_id"],
        "billing.denial": ["claim_id", "state", "kind", "amount"],
    }
    _order = "date desc, amount_at_stake desc, id"
    _rec_name = "payer_id"

    date = fields.Date(
        string="Month",
        readonly=True,
        help="In which the claims were answered for the first time.",
    )
    answered_count = fields.Integer(string="Claims answered", readonly=True)
    decided_count = fields.Integer(
        string="Denials decided",
        readonly=True,
        help="Paid after all, upheld or given up.",
    )
    overturned_count = fields.Integer(string="Denials overturned", readonly=True)
    paid_count = fields.Integer(string="Claims paid", readonly=True)
    days_paid = fields.Float(string="Days to pay, all claims", readonly=True)
    overturn_rate = fields.Float(
        string="Overturned (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the denials that were decided, those that the payer has paid after all, be it in part.",
    )
    amount_expected = fields.Monetary(string="Expected", readonly=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_underpaid = fields.Monetary(
        string="Underpaid",
        readonly=True,
        help="What the payer took off beyond the contract, as found when it answered, whatever became of it.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT card.*, card.days_paid / NULLIF(card.paid_count, 0) AS days_to_pay, %(rates)s
              FROM (
            SELECT MIN(figure.id) AS id,
                   figure.payer_id,
                   figure.payer_type,
                   figure.company_id,
                   figure.currency_id,
                   DATE_TRUNC('month', figure.date_answered)::date AS date,
                   SUM(figure.answered_count)::int AS answered_count,
                   SUM(figure.first_pass_count)::int AS first_pass_count,
                   SUM(figure.denied_count)::int AS denied_count,
                   SUM(COALESCE(fought.decided, 0))::int AS decided_count,
                   SUM(COALESCE(fought.won, 0))::int AS overturned_count,
                   COUNT(figure.days_to_pay)::int AS paid_count,
                   SUM(COALESCE(figure.days_to_pay, 0)) AS days_paid,
                   SUM(figure.amount_answered_expected) AS amount_expected,
                   SUM(figure.amount_answered_paid) AS amount_paid,
                   SUM(figure.amount_honoured) AS amount_honoured,
                   SUM(COALESCE(fought.underpaid, 0)) AS amount_underpaid,
                   SUM(figure.amount_at_stake) AS amount_at_stake
              FROM (%(figures)s) figure
         LEFT JOIN (%(fought)s) fought ON fought.claim_id = figure.claim_id
             WHERE figure.answered_count > 0
          GROUP BY figure.payer_id, figure.payer_type, figure.company_id, figure.currency_id,
                   DATE_TRUNC('month', figure.date_answered)
                   ) card
            """,
            rates=self._select_rates("card"),
            figures=self.env["billing.claim.figure"]._table_query,
            fought=self._select_fought(),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _select_fought(self):
        """What became of the denials of each claim, and what it was paid short, in the currency of the company."""
        return SQL(
            """
            SELECT denial.claim_id,
                   COUNT(*) FILTER (WHERE denial.state = ANY(%(decided)s)) AS decided,
                   COUNT(*) FILTER (WHERE denial.state = ANY(%(won)s)) AS won,
                   SUM(%(underpaid)s) FILTER (WHERE denial.kind = 'short' AND denial.state != 'withdrawn') AS underpaid
              FROM billing_denial denial
              JOIN billing_claim claim ON claim.id = denial.claim_id
              JOIN account_move invoice ON invoice.id = claim.invoice_id
              JOIN res_company company ON company.id = invoice.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
          GROUP BY denial.claim_id
            """,
            decided=list(DECIDED), won=list(WON),
            underpaid=self.env["billing.claim.figure"]._at_rate(SQL("denial.amount")),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "days_to_pay:avg":
            return SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, "days_paid", query),
                self._field_to_sql(self._table, "paid_count", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def action_view_source(self):
        """The claims of the row."""
        self.ensure_one()
        following = fields.Date.add(self.date, months=1)
        return {
            **self.env["ir.actions.actions"]._for_xml_id("billing_coordinator.billing_claim_figure_action"),
            "domain": [
                ("payer_id", "=", self.payer_id.id), ("company_id", "=", self.company_id.id),
                ("date_answered", ">=", self.date), ("date_answered", "<", following), ("answered_count", ">", 0),
            ],
            "context": {},
        }
