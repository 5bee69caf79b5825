from odoo import fields, models
from odoo.tools import SQL

from .money import IS_MONEY
from .plan_figure import OWED, PLAN_RATES


class BillingPlanPromise(models.Model):
    """What was promised in payment plans and what came, month by month.

    A promise stands on the day of its instalment, as long as the plan ran that far; money stands on the day on which it
    came, for the plan that ran then. Amounts are in the currency of the company, as the bills stand in its books, and
    in that of the plan.
    """

    _name = "billing.plan.promise"
    _description = "Promised and received"
    _inherit = ["billing.analysis"]
    _auto = False
    _depends = {
        "billing.payment.plan": [
            "state", "policy_id", "partner_id", "company_id", "currency_id", "accepted_on", "started_on", "ended_on",
            "broken_on",
        ],
        "billing.payment.plan.item": ["plan_id", "move_line_id"],
        "billing.payment.plan.instalment": ["plan_id", "date", "amount"],
        "account.move": [
            "state", "billing_payment_plan_id", "date", "origin_payment_id", "statement_line_id", "billing_recovery_id",
        ],
        "account.move.line": ["account_id", "balance", "amount_currency", "date", "move_id"],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "debit_amount_currency", "amount"],
        "account.account": ["account_type"],
        "res.company": ["currency_id"],
        "res.currency": ["decimal_places"],
    }
    _order = "date desc, id"

    kind = fields.Selection(
        selection=[
            ("promised", "Promised"),
            ("received", "Received"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True)
    plan_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        string="Payment plan",
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Who pays",
        readonly=True,
    )
    policy_id = fields.Many2one(
        comodel_name="billing.plan.policy",
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        readonly=True,
    )
    plan_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the plan",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)
    amount_plan = fields.Monetary(
        string="In its currency",
        readonly=True,
        currency_field="plan_currency_id",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH told AS (
                SELECT 'promised' AS kind, row.date, row.plan_id, row.amount AS amount_plan, NULL AS amount,
                       2 * row.id AS id
                  FROM billing_payment_plan_instalment row
                 UNION ALL
                SELECT 'received', credit.date, owed.plan_id, part.debit_amount_currency, part.amount, 2 * part.id + 1
                  FROM %(owed)s owed
                  JOIN account_partial_reconcile part ON part.debit_move_id = owed.id
                  JOIN account_move_line credit ON credit.id = part.credit_move_id
                  JOIN account_move outside ON outside.id = credit.move_id
                 WHERE %(is_money)s
            )
            SELECT told.id, told.kind, told.date, told.amount_plan, plan.id AS plan_id, plan.partner_id, plan.policy_id,
                   plan.company_id, plan.currency_id AS plan_currency_id, company.currency_id,
                   COALESCE(
                       told.amount,
                       ROUND((told.amount_plan * COALESCE(rate.rate, 1))::numeric, currency.decimal_places)
                   ) AS amount
              FROM told
              JOIN billing_payment_plan plan ON plan.id = told.plan_id
              JOIN res_company company ON company.id = plan.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN %(rates)s rate ON rate.plan_id = plan.id
             WHERE plan.started_on IS NOT NULL
               AND (told.kind = 'promised' OR told.date >= plan.accepted_on)
               AND (plan.ended_on IS NULL OR plan.state = 'completed'
                    OR told.date < COALESCE(plan.broken_on, plan.ended_on))
            """,
            owed=OWED, is_money=IS_MONEY, rates=PLAN_RATES,
        )

    def _get_source(self):
        return self.plan_id
