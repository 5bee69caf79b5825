from collections import defaultdict
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.money import to_decimal


class Settled(NamedTuple):
    """An amount by which what is asked on ``invoice`` shrinks or moves on, for one service and one reason.

    Below zero it grows again; what undoes an earlier amount has the ``date`` of that one, whose exchange rate it had.
    """

    invoice: models.Model
    line: models.Model
    reason: models.Model
    amount: float
    date: object = None


class TakenBackTooEarlyError(Exception):
    """Why something is refused: it would be taken back on a day before it was posted.

    :param document: what would be taken back
    """

    def __init__(self, document):
        super().__init__(document)
        self.document = document


class BillingSettlement(models.AbstractModel):
    """What a payer's answer and an office decision have in common: the entry that takes a debt off its debtor.

    The entry credits the debtor's receivable and debits, for each service and reason, the account that the reason
    names or the company's responsibility transfer account; what is transferred is asked of the next debtor by an
    invoice that credits the transfer account again. See "How money moves", rules 2 and 3, of the README.
    """

    _name = "billing.settlement"
    _description = "Settlement of a debt"
    _inherit = ["billing.document"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    entry_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal entry",
        readonly=True,
        copy=False,
        check_company=True,
    )

    # === ACTIONS === #

    def action_view_moves(self):
        """The entries and invoices that this document caused."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of %(name)s", name=self.name),
            "res_model": "account.move",
            "views": [(self.env.ref("account.view_move_tree").id, "list"), (False, "form")],
            "domain": [("id", "in", self._get_caused_moves().ids)],
            "context": {"create": False},
        }

    # === HOOKS === #

    def _get_link_vals(self):
        """Values that link a journal entry or invoice to this document."""
        raise NotImplementedError

    def _get_caused_moves(self):
        """Every entry and invoice that this document caused."""
        raise NotImplementedError

    def _get_settled_of(self, claim):
        """What this document takes off a claim and off the invoices that follow from it; zero: it does not say."""
        return 0.0

    def _get_journals(self):
        """The journals in which this document posts."""
        return self.company_id.billing_adjustment_journal_id | self.company_id.billing_transfer_journal_id

    # === CHECKS === #

    def _check_date(self, date, since=None):
        """Refuse to post on a day that is still to come or closed, and to take back before what is taken back.

        :param date: accounting date wanted
        :param since: the date of what is taken back
        """
        self.ensure_one()
        if not since and date > fields.Date.context_today(self):
            raise UserError(self.env._(
                "%(document)s cannot be posted on %(date)s, which is still to come. Type the day on which it happened.",
                document=self.display_name,
                date=format_date(self.env, date),
            ))
        if since and date < since:
            raise UserError(self.env._(
                "%(document)s of %(since)s cannot be taken back on %(date)s, before it was posted. Choose a later day.",
                document=self.display_name,
                since=format_date(self.env, since),
                date=format_date(self.env, date),
            )) from TakenBackTooEarlyError(self)
        for journal in self._get_journals():
            journal._billing_check_date(date, self.display_name)

    # === THE ENTRY === #

    def _post_entry(self, settled, date, items=()):
        """Post the entry of this settlement.

        :param list settled: :class:`Settled` records
        :param date: accounting date
        :param items: values of further items that balance among themselves: money that moves from debt to debt
        :return: the posted entry, or an empty recordset when there is nothing to post
        """
        self.ensure_one()
        items = [*self._prepare_settled_items(settled, date), *items]
        if not items:
            return self.env["account.move"]
        # Analytic lines come when it is posted: looking for old ones of each new item would cost a query an item.
        entry = self.env["account.move"].with_context(skip_analytic_sync=True)._billing_create([{
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id.billing_adjustment_journal_id.id,
            "date": date,
            "ref": self.display_name,
            "currency_id": self.currency_id.id,
            "line_ids": [Command.create(vals) for vals in items],
            **self._get_link_vals(),
        }]).with_env(self.env)
        entry._post(soft=False)
        return entry

    def _prepare_settled_items(self, settled, date):
        items = []
        by_invoice = defaultdict(list)
        for part in settled:
            # What undoes an earlier amount stands by itself.
            by_invoice[part.invoice, part.date].append(part)
        for (invoice, _date), parts in by_invoice.items():
            debits = [self._prepare_reason_item(part, date) for part in parts]
            receivable = invoice._get_billing_receivable_item()
            items += debits
            items.append({
                "name": self.display_name,
                "account_id": receivable.account_id.id,
                "partner_id": receivable.partner_id.id,
                "currency_id": self.currency_id.id,
                "amount_currency": -sum(vals["amount_currency"] for vals in debits),
                "balance": -sum(vals["balance"] for vals in debits),
                "billing_invoice_id": invoice.id,
                "billing_patient_id": invoice.billing_patient_id.id,
            })
        return items

    def _prepare_reason_item(self, part, date):
        company = self.company_id
        if part.reason.effect == "transfer":
            account = company.billing_transfer_account_id
        else:
            account = part.reason._get_account(company)
        trace = part.line._prepare_trace_vals() if part.line else {"name": self.display_name}
        return {
            **trace,
            "account_id": account.id,
            "partner_id": part.invoice.commercial_partner_id.id,
            "currency_id": self.currency_id.id,
            "amount_currency": part.amount,
            "balance": self._to_company_currency(part.amount, part.date or date),
            "adjustment_reason_id": part.reason.id,
            "billing_coverage_id": part.invoice.billing_coverage_id.id,
            "billing_invoice_id": part.invoice.id,
            "billing_patient_id": part.invoice.billing_patient_id.id,
        }

    def _to_company_currency(self, amount, date):
        return self.currency_id._convert(amount, self.company_id.currency_id, self.company_id, date)

    def _to_decimal(self, amount):
        return to_decimal(amount, to_decimal(self.currency_id.rounding))

    # === REVERSAL === #

    def _reverse_settlement(self, date, reason):
        """Take everything back that this document did to debts; money is another question.

        Transfer invoices are credited (what was paid on them stays as unapplied credit of who paid), the entry is
        reversed and its receivable items are open again; what hangs on the transfers is undone first.

        :param date: date of the reversal
        :param str reason: shown on reversal and credit notes
        :return: the entries and credit notes posted
        """
        self.ensure_one()
        transfers = self._get_standing_transfers()
        undone = self._undo_transfers(transfers, date, reason)
        if self.entry_id:
            reversal = self.entry_id._billing_reverse_entry(date, reason, **self._get_link_vals())
            reversal._post(soft=False)
            undone |= reversal
        self._reconcile_transfers(undone)
        transfers._reconcile_billing_receivables()
        return undone
