from odoo import api, fields, models
from odoo.tools import SQL

from .money import IS_MONEY

# So many days after a step money still counts as prompt.
PROMPT_DAYS = 30


class BillingCollectionFigure(models.Model):
    """What steps of collection bring: how much was asked for, and how much money came before the next step.

    One row for each step that was done. Money for a bill belongs to the latest step that asked for it, on its day or
    later; money that came before the first step, credit notes and write-offs belong to none. Amounts are in the
    currency of the company. The same debt is asked for at one stage after the other: add up within a stage.
    """

    _name = "billing.collection.figure"
    _description = "Recovery by stage"
    _inherit = ["billing.rated.analysis"]
    _auto = False
    _rates = {
        "prompt_rate": ("amount_prompt", "amount_asked"),
        "recovery_rate": ("amount_received", "amount_asked"),
    }
    _depends = {
        "billing.collection.step": [
            "state", "case_id", "stage_id", "date", "channel", "amount", "user_id", "company_id",
        ],
        "billing.collection.step.line": ["step_id", "item_id"],
        "billing.collection.item": ["move_line_id"],
        "billing.collection.case": ["partner_id", "debtor_class", "user_id"],
        "account.move": [
            "state", "origin_payment_id", "statement_line_id", "billing_recovery_id",
        ],
        "account.move.line": ["move_id", "date"],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "amount"],
        "res.company": ["currency_id"],
    }
    _order = "date desc, id desc"
    _rec_name = "stage_id"

    step_id = fields.Many2one(comodel_name="billing.collection.step", readonly=True)
    case_id = fields.Many2one(comodel_name="billing.collection.case", readonly=True)
    stage_id = fields.Many2one(comodel_name="billing.collection.stage", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Who owes", readonly=True)
    debtor_class = fields.Selection(
        selection=lambda self: self.env["billing.collection.case"]._select_debtor_class(),
        string="Kind of debtor",
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        readonly=True,
        help="Who looks after the case; else who approved the step.",
    )
    channel = fields.Selection(
        selection=lambda self: self.env["billing.collection.step"]._fields["channel"]._description_selection(self.env),
        string="Written by",
        readonly=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    date = fields.Date(string="Done on", readonly=True)
    paid_count = fields.Integer(
        string="Followed by money",
        readonly=True,
        help="Steps after which something was paid before the next one.",
    )
    days = fields.Float(
        string="Days until money",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the step to the first money that came for what it asked.",
    )
    amount_asked = fields.Monetary(string="Asked for", readonly=True)
    amount_prompt = fields.Monetary(
        string="Within 30 days",
        readonly=True,
        help="Of the money that came, that of the first 30 days.",
    )
    amount_received = fields.Monetary(
        string="Received",
        readonly=True,
        help="Money that came for what it asked, until the next step asked for it again.",
    )
    prompt_rate = fields.Float(
        string="Within 30 days (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
    )
    recovery_rate = fields.Float(
        string="Received (%)",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Of what was asked for, what came before the next step.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT figure.*, %(rates)s
              FROM (
            SELECT step.id,
                   step.id AS step_id,
                   step.case_id,
                   step.stage_id,
                   files.partner_id,
                   files.debtor_class,
                   COALESCE(files.user_id, step.user_id) AS user_id,
                   step.channel,
                   step.company_id,
                   company.currency_id,
                   step.date,
                   CASE WHEN came.amount > 0 THEN 1 ELSE 0 END AS paid_count,
                   (came.first_day - step.date)::float8 AS days,
                   COALESCE(step.amount, 0) AS amount_asked,
                   COALESCE(came.prompt, 0) AS amount_prompt,
                   COALESCE(came.amount, 0) AS amount_received
              FROM billing_collection_step step
              JOIN res_company company ON company.id = step.company_id
         LEFT JOIN billing_collection_case files ON files.id = step.case_id
         LEFT JOIN %(money)s came ON came.step_id = step.id
             WHERE step.state = 'done'
                   ) figure
            """,
            rates=self._select_rates("figure"),
            money=self._select_money(),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _select_money(self):
        """What came for the bills of each step before the next one asked for them."""
        return SQL(
            """
            (SELECT asked.step_id,
                    SUM(part.amount) AS amount,
                    SUM(part.amount) FILTER (WHERE credit.date <= asked.date + %(prompt)s) AS prompt,
                    MIN(credit.date) AS first_day
               FROM (SELECT line.step_id, item.move_line_id, step.date,
                            LEAD(step.date) OVER (PARTITION BY item.move_line_id ORDER BY step.date, step.id)
                                AS next_date
                       FROM billing_collection_step_line line
                       JOIN billing_collection_step step ON step.id = line.step_id AND step.state = 'done'
                       JOIN billing_collection_item item ON item.id = line.item_id) asked
               JOIN account_partial_reconcile part ON part.debit_move_id = asked.move_line_id
               JOIN account_move_line credit ON credit.id = part.credit_move_id
               JOIN account_move outside ON outside.id = credit.move_id
              WHERE credit.date >= asked.date
                AND (asked.next_date IS NULL OR credit.date < asked.next_date)
                AND %(is_money)s
           GROUP BY asked.step_id)
            """,
            prompt=PROMPT_DAYS,
            is_money=IS_MONEY,
        )

    def _get_source(self):
        return self.case_id
