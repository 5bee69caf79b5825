from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.models.groups import HEALTH_GROUP

from .open_items import open_items


class BillingCreditItem(models.Model):
    """Credits: money and credit notes on receivable accounts that no bill had used at the end of a day.

    Where the same debtor owes something in the same company, that much can be applied; the rest is due back: to a
    payer what it paid too much (take-backs and overpayments), to a patient what is nobody's any more.

    Amounts are in the currency of the company, credits as positive figures.
    """

    _name = "billing.credit.item"
    _description = "Unapplied credits"
    _inherit = ["billing.analysis"]
    _auto = False
    _order = "date, id"
    _depends = {
        "account.move.line": [
            "move_id", "move_name", "account_id", "partner_id", "company_id", "currency_id", "company_currency_id",
            "date", "matching_number", "parent_state", "reconciled", "amount_residual", "amount_residual_currency",
            "billing_invoice_id",
        ],
        "account.move": [
            "billing_patient_id", "origin_payment_id", "statement_line_id", "remittance_id", "move_type",
        ],
        "account.partial.reconcile": [
            "max_date", "debit_move_id", "credit_move_id", "amount", "debit_amount_currency",
            "credit_amount_currency",
        ],
        "account.account": ["account_type"],
        "res.partner": ["is_payer", "is_company"],
    }

    move_line_id = fields.Many2one(comodel_name="account.move.line", string="Journal item", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Came with", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Whose money", readonly=True)
    debtor_class = fields.Selection(
        selection=lambda self: self.env["billing.collection.case"]._select_debtor_class(),
        string="Kind",
        readonly=True,
    )
    patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        readonly=True,
        groups=HEALTH_GROUP,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    kind = fields.Selection(
        selection=[
            ("payment", "Payment"),
            ("answer", "Payer’s answer"),
            ("credit_note", "Credit note"),
            ("other", "Entry"),
        ],
        string="Came as",
        readonly=True,
    )
    date = fields.Date(string="Since", readonly=True)
    days = fields.Integer(string="Days", readonly=True, aggregator="max")
    amount = fields.Monetary(string="Credit", readonly=True)
    amount_usable = fields.Monetary(
        string="Bills can use",
        readonly=True,
        help="What the same debtor owes this company and the credit can pay: apply it. The oldest credits first.",
    )
    amount_due_back = fields.Monetary(
        string="Due back",
        readonly=True,
        help="What no open bill of the same debtor can use: to be given back, or kept for the next bill if they agree.",
    )

    @property
    def _table_query(self):
        day = self._get_as_of()
        items, amount, _foreign, is_open = open_items(self.env, day)
        return SQL(
            """
            SELECT credit.*, credit.amount - credit.amount_usable AS amount_due_back
              FROM (
            SELECT line.id,
                   line.id AS move_line_id,
                   line.move_id,
                   line.move_name AS name,
                   line.partner_id,
                   %(debtor_class)s AS debtor_class,
                   COALESCE(bill.billing_patient_id, move.billing_patient_id) AS patient_id,
                   line.company_id,
                   line.company_currency_id AS currency_id,
                   CASE WHEN move.remittance_id IS NOT NULL THEN 'answer'
                        WHEN move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL THEN 'payment'
                        WHEN move.move_type = 'out_refund' THEN 'credit_note' ELSE 'other' END AS kind,
                   line.date,
                   %(day)s - line.date AS days,
                   -%(amount)s AS amount,
                   GREATEST(LEAST(
                       -%(amount)s,
                       COALESCE(SUM(%(amount)s) FILTER (WHERE %(amount)s > 0) OVER whose, 0)
                       + COALESCE(SUM(%(amount)s) FILTER (WHERE %(amount)s < 0) OVER earlier, 0)
                   ), 0) AS amount_usable
              FROM %(items)s
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN account_move bill ON bill.id = line.billing_invoice_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
             WHERE %(is_open)s
            WINDOW whose AS (PARTITION BY line.company_id, line.partner_id, line.account_id, line.currency_id),
                   earlier AS (PARTITION BY line.company_id, line.partner_id, line.account_id, line.currency_id
                               ORDER BY line.date, line.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                   ) credit
             WHERE credit.amount > 0
            """,
            day=day,
            debtor_class=self.env["res.partner"]._debtor_class_of("partner"),
            items=items,
            amount=amount,
            is_open=is_open,
        )

    def _get_source(self):
        return self.partner_id

    def action_view_account(self):
        """Where the credit is applied or given back: the account page; for a payer, a new answer."""
        self.ensure_one()
        return self.move_line_id.action_view_billing_account()
