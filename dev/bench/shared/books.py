"""Books of any size, made by the database itself from one bill."""

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from .copies import Copies

PAYMENT_DAYS = 20


class Books(Copies):
    """An office with debtors whose bills fell due over the last half year."""

    def __init__(self, env):
        super().__init__(env)
        self.today = fields.Date.context_today(env["account.move"])
        self.made = 0
        self.partner = env["res.partner"].create({
            "name": "Nora Neu", "is_billing_account": True, "email": "nora@example.com",
        })
        self.bill = env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.partner.id, "invoice_date": self.today,
            "invoice_line_ids": [Command.create({"name": "Visit", "price_unit": 60.0, "tax_ids": [Command.clear()]})],
        })
        self.bill.action_post()
        env.flush_all()

    @property
    def receivable(self):
        """The journal item with which the first bill asks."""
        return self.bill.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def create_debtors(self, count, bills, spread_days=180):
        """So many debtors with so many bills each, due on as many days; gives the ids of their receivable items."""
        cr = self.env.cr
        partners = self.copy("res_partner", self.partner.id, count, self.made + 1, {
            "billing_account_number": "'COPY' || copy.number", "email": "'nora' || copy.number || '@example.com'",
            "name": "'Nora ' || copy.number", "complete_name": "'Nora ' || copy.number",
        })
        cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [partners])
        owners = [partner for partner in partners for _bill in range(bills)]
        late = SQL("(copy.number %% %s)::int", spread_days)
        moves = self.copy("account_move", self.bill.id, len(owners), self.made + 1, {
            "name": "'COPY/' || copy.number", "sequence_number": "copy.number + 1000000", "partner_id": "copy.owner",
            "commercial_partner_id": "copy.owner", "payment_reference": "'COPY/' || copy.number",
            "date": SQL("source.date - %s - %s", late, PAYMENT_DAYS),
            "invoice_date": SQL("source.invoice_date - %s - %s", late, PAYMENT_DAYS),
        }, owner=owners)
        items = self.copy("account_move_line", self.receivable.id, len(owners), self.made + 1, {
            "move_id": "copy.move", "partner_id": "copy.owner", "reconciled": "FALSE",
            "amount_residual": "source.balance", "amount_residual_currency": "source.amount_currency",
            "date": SQL("source.date - %s - %s", late, PAYMENT_DAYS),
            "date_maturity": SQL("source.date_maturity - %s", late),
        }, owner=owners, move=moves)
        self.made += len(owners)
        self.env.invalidate_all()
        return items

    def pay(self, items):
        """Money of today for these receivable items, each by itself."""
        cr = self.env.cr
        source = self.receivable
        money = self.copy("account_move_line", source.id, len(items), self.made + 1, {
            "balance": "-source.balance", "amount_currency": "-source.amount_currency", "credit": "source.debit",
            "debit": "0", "reconciled": "TRUE", "amount_residual": "0", "amount_residual_currency": "0",
            "partner_id": "(SELECT partner_id FROM account_move_line WHERE id = copy.item)",
        }, item=items)
        cr.execute(
            "UPDATE account_move_line SET reconciled = TRUE, amount_residual = 0, amount_residual_currency = 0 "
            "WHERE id = ANY(%s)", [items],
        )
        cr.execute(
            "INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount, debit_amount_currency, "
            "credit_amount_currency, debit_currency_id, credit_currency_id, max_date, company_id) "
            "SELECT debit.id, pair.money, debit.balance, debit.amount_currency, debit.amount_currency, "
            "debit.currency_id, debit.currency_id, %s, debit.company_id "
            "FROM unnest(%s, %s) AS pair (item, money) JOIN account_move_line debit ON debit.id = pair.item",
            [self.today, items, money],
        )
        self.env.invalidate_all()
