from odoo import fields, models
from odoo.tools import SQL


class BillingPlanPromise(models.Model):
    """What was promised in payment plans and what came, month by month.

    A promise stands on the day of its instalment, as long as the plan ran that far; money stands on the day on which it
    came, for the plan that ran then.
    """

    _name = "billing.plan.promise"
    _description = "Promised and received"
    _auto = False
    _depends = {
        "billing.payment.plan": ["state", "accepted_on", "started_on", "ended_on", "policy_id"],
        "billing.payment.plan.item": ["plan_id", "move_line_id"],
        "billing.payment.plan.instalment": ["plan_id", "date", "amount"],
        "account.move": ["billing_payment_plan_id", "date", "origin_payment_id", "statement_line_id"],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "debit_amount_currency"],
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
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH owed AS (
                SELECT item.plan_id, item.move_line_id AS id
                  FROM billing_payment_plan_item item
                 UNION
                SELECT move.billing_payment_plan_id, line.id
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id
                  JOIN account_account account ON account.id = line.account_id
                                              AND account.account_type = 'asset_receivable'
                 WHERE move.billing_payment_plan_id IS NOT NULL
            ), told AS (
                SELECT 'promised' AS kind, row.date, row.plan_id, row.amount, 2 * row.id AS id
                  FROM billing_payment_plan_instalment row
                 UNION ALL
                SELECT 'received', credit.date, owed.plan_id, part.debit_amount_currency, 2 * part.id + 1
                  FROM owed
                  JOIN account_partial_reconcile part ON part.debit_move_id = owed.id
                  JOIN account_move_line line ON line.id = part.credit_move_id
                  JOIN account_move credit ON credit.id = line.move_id
                 WHERE credit.origin_payment_id IS NOT NULL OR credit.statement_line_id IS NOT NULL
            )
            SELECT told.id, told.kind, told.date, told.amount, plan.id AS plan_id, plan.partner_id, plan.policy_id,
                   plan.company_id, plan.currency_id
              FROM told
              JOIN billing_payment_plan plan ON plan.id = told.plan_id
             WHERE plan.started_on IS NOT NULL
               AND (told.kind = 'promised' OR told.date >= plan.accepted_on)
               AND (plan.ended_on IS NULL OR plan.state = 'completed' OR told.date < plan.ended_on)
            """,
        )
