from odoo import api, fields, models
from odoo.tools import SQL

from .money import IS_MONEY


class BillingPlanFigure(models.Model):
    """Payment plans as figures: how many begin, are paid, are broken; what was promised and what came.

    One row for each plan that has begun. A plan that was broken stays broken, though another one took its place since.
    Amounts are in the currency of the company, at the rates of the bills that the plan covers.
    """

    _name = "billing.plan.figure"
    _description = "How payment plans end"
    _inherit = ["billing.rated.analysis"]
    _auto = False
    _rates = {
        "completed_rate": ("completed_count", "begun_count"),
        "broken_rate": ("broken_count", "begun_count"),
        "received_rate": ("amount_received", "amount_promised"),
    }
    _depends = {
        "billing.payment.plan": [
            "state", "kind", "policy_id", "partner_id", "user_id", "company_id", "currency_id", "accepted_on",
            "started_on", "ended_on", "broken_on", "amount_open",
        ],
        "billing.payment.plan.item": ["plan_id", "move_line_id"],
        "billing.payment.plan.instalment": ["plan_id", "amount"],
        "account.move": [
            "state", "billing_payment_plan_id", "origin_payment_id", "statement_line_id", "billing_recovery_id",
        ],
        "account.move.line": ["account_id", "balance", "amount_currency", "date", "move_id"],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "amount"],
        "account.account": ["account_type"],
        "res.company": ["currency_id"],
        "res.currency": ["decimal_places"],
    }
    _order = "date desc, id desc"
    _rec_name = "plan_id"

    plan_id = fields.Many2one(comodel_name="billing.payment.plan", string="Payment plan", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Who pays", readonly=True)
    policy_id = fields.Many2one(comodel_name="billing.plan.policy", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Responsible", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["billing.payment.plan"]._fields["kind"]._description_selection(self.env),
        readonly=True,
    )
    date = fields.Date(string="Begun on", readonly=True)
    date_end = fields.Date(string="Ended on", readonly=True)
    outcome = fields.Selection(
        selection=[
            ("1_running", "Running"),
            ("2_completed", "Paid"),
            ("3_broken", "Broken"),
            ("4_renegotiated", "Replaced by another plan"),
            ("5_cancelled", "Cancelled"),
        ],
        readonly=True,
    )
    begun_count = fields.Integer(string="Begun", readonly=True)
    running_count = fields.Integer(string="Running", readonly=True)
    completed_count = fields.Integer(string="Paid", readonly=True)
    broken_count = fields.Integer(string="Broken", readonly=True)
    renegotiated_count = fields.Integer(
        string="Replaced",
        readonly=True,
        help="Renegotiated, or new bills were added, without having been broken.",
    )
    cancelled_count = fields.Integer(string="Cancelled", readonly=True)
    amount_promised = fields.Monetary(string="Promised", readonly=True, help="All instalments of the plan.")
    amount_received = fields.Monetary(
        string="Received",
        readonly=True,
        help="Money for its bills while it ran.",
    )
    amount_given_up = fields.Monetary(
        string="Written off",
        readonly=True,
        help="What credit notes, discounts, write-offs and corrections have taken off its bills since it was signed, "
             "until another plan took its place.",
    )
    completed_rate = fields.Float(
        string="Paid (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the plans that have begun, those that were paid to the end.",
    )
    broken_rate = fields.Float(
        string="Broken (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of the plans that have begun, those that were broken.",
    )
    received_rate = fields.Float(
        string="Received (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of all that was promised, what has come.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT figure.*, %(rates)s
              FROM (
            SELECT plan.*,
                   1 AS begun_count,
                   CASE plan.outcome WHEN '1_running' THEN 1 ELSE 0 END AS running_count,
                   CASE plan.outcome WHEN '2_completed' THEN 1 ELSE 0 END AS completed_count,
                   CASE plan.outcome WHEN '3_broken' THEN 1 ELSE 0 END AS broken_count,
                   CASE plan.outcome WHEN '4_renegotiated' THEN 1 ELSE 0 END AS renegotiated_count,
                   CASE plan.outcome WHEN '5_cancelled' THEN 1 ELSE 0 END AS cancelled_count
              FROM (
            SELECT plan.id, plan.id AS plan_id, plan.partner_id, plan.policy_id, plan.user_id, plan.company_id,
                   company.currency_id, plan.kind, plan.started_on AS date,
                   COALESCE(plan.broken_on, plan.ended_on) AS date_end,
                   CASE WHEN plan.state = 'defaulted' OR plan.broken_on IS NOT NULL THEN '3_broken'
                        WHEN plan.state = 'completed' THEN '2_completed'
                        WHEN plan.state = 'replaced' THEN '4_renegotiated'
                        WHEN plan.state = 'cancelled' THEN '5_cancelled'
                        ELSE '1_running' END AS outcome,
                   ROUND((COALESCE(promised.amount, 0) * COALESCE(rate.rate, 1))::numeric, currency.decimal_places)
                       AS amount_promised,
                   COALESCE(came.received, 0) AS amount_received,
                   COALESCE(came.given_up, 0) AS amount_given_up
              FROM billing_payment_plan plan
              JOIN res_company company ON company.id = plan.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN (SELECT plan_id, SUM(amount) AS amount
                      FROM billing_payment_plan_instalment
                  GROUP BY plan_id) promised ON promised.plan_id = plan.id
         LEFT JOIN %(plan_rates)s rate ON rate.plan_id = plan.id
         LEFT JOIN %(came)s came ON came.plan_id = plan.id
             WHERE plan.started_on IS NOT NULL
                   ) plan
                   ) figure
            """,
            rates=self._select_rates("figure"),
            plan_rates=PLAN_RATES,
            came=self._select_what_came(),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _select_what_came(self):
        """What the bills of each plan have lost: by money while it ran, and otherwise."""
        return SQL(
            """
            (SELECT owed.plan_id,
                    SUM(part.amount) FILTER (
                        WHERE %(is_money)s AND (plan.ended_on IS NULL OR plan.state = 'completed'
                                                OR credit.date < COALESCE(plan.broken_on, plan.ended_on)))
                        AS received,
                    SUM(part.amount) FILTER (
                        WHERE NOT %(is_money)s AND (plan.state != 'replaced' OR credit.date < plan.ended_on))
                        AS given_up
               FROM %(owed)s owed
               JOIN billing_payment_plan plan ON plan.id = owed.plan_id
               JOIN account_partial_reconcile part ON part.debit_move_id = owed.id
               JOIN account_move_line credit ON credit.id = part.credit_move_id
               JOIN account_move outside ON outside.id = credit.move_id
              WHERE credit.date >= plan.accepted_on
           GROUP BY owed.plan_id)
            """,
            is_money=IS_MONEY, owed=OWED,
        )

    def _get_source(self):
        return self.plan_id


# The receivable items of each plan: those it covers, and its own fees and interest.
OWED = SQL(
    """
    (SELECT item.plan_id, item.move_line_id AS id
       FROM billing_payment_plan_item item
      UNION
     SELECT move.billing_payment_plan_id, line.id
       FROM account_move move
       JOIN account_move_line line ON line.move_id = move.id
       JOIN account_account account ON account.id = line.account_id
                                   AND account.account_type = 'asset_receivable'
      WHERE move.billing_payment_plan_id IS NOT NULL)
    """,
)
# What a unit of its currency is worth in that of the company, for each plan: as its bills stand in the books.
PLAN_RATES = SQL(
    """
    (SELECT item.plan_id, SUM(ABS(line.balance)) / NULLIF(SUM(ABS(line.amount_currency)), 0) AS rate
       FROM billing_payment_plan_item item
       JOIN account_move_line line ON line.id = item.move_line_id
   GROUP BY item.plan_id)
    """,
)
