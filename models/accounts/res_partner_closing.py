from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount


class ResPartner(models.Model):
    """What has to be finished before an account may be closed. Later rooms add what they know of."""

    _inherit = "res.partner"

    def _get_open_business(self):
        """Hook: everything that is still open on this account, in all companies, read as superuser.

        :return: list of (sentence that names it, its record)
        """
        self.ensure_one()
        return [*self._get_open_invoices(), *self._get_open_credits()]

    def _get_open_invoices(self):
        """Bills that this account still has to pay, whatever address they went to, and those for its visits that
        somebody else pays."""
        mine = Domain.OR(
            Domain(name, "=", self.id) for name in ("partner_id", "commercial_partner_id", "billing_patient_id")
        )
        reopened = self._get_reopened_amounts(mine)
        invoices = self.env["account.move"].sudo().search(mine & Domain([
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("state", "in", ("draft", "posted")),
        ]) & (
            Domain("payment_state", "not in", ("paid", "in_payment", "reversed", "invoicing_legacy"))
            | Domain("id", "in", [invoice.id for invoice in reopened])
        ), order="invoice_date, id")
        return [
            (
                self.env._(
                    "Invoice %(invoice)s to %(debtor)s: %(amount)s open",
                    invoice=move.name or self.env._("(draft)"),
                    debtor=move.partner_id.name,
                    amount=format_amount(
                        self.env,
                        move.amount_residual + reopened[move] if move.state == "posted" else move.amount_total,
                        move.currency_id,
                    ),
                ),
                move,
            )
            for move in invoices
        ]

    def _get_reopened_amounts(self, mine):
        """What entries ask anew of bills that were settled before: a write-off that was taken back, for instance.

        :param mine: domain of the bills
        :return: {bill: amount in its currency}, 0 for all others
        """
        amounts = defaultdict(float)
        for bill, amount in self.env["account.move.line"].sudo()._read_group(
            [
                ("billing_invoice_id", "any", mine),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
            ],
            ["billing_invoice_id"], ["amount_residual_currency:sum"],
        ):
            amounts[bill] = amount
        return amounts

    def _get_open_credits(self):
        """Money of this account that no bill has used."""
        items = self.env["account.move.line"].sudo().search([
            ("partner_id", "=", self.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
        ], order="date, id")
        return [
            (
                self.env._(
                    "Credit of %(amount)s from %(document)s: apply or refund it",
                    amount=format_amount(self.env, -item.amount_residual_currency, item.currency_id),
                    document=item.move_id.name,
                ),
                item.move_id,
            )
            for item in items
        ]

    def _check_nothing_open(self):
        """Refuse to close these accounts, or to make them ordinary contacts, while anything is open on them.

        :raise UserError: naming each account and everything open
        """
        for account in self:
            if business := account._describe_open_business():
                raise UserError(self.env._(
                    "%(account)s cannot be closed while this is open:\n%(business)s\nFinish it first, or put the "
                    "account on hold: that stops new billing.",
                    account=account.display_name,
                    business="\n".join(f"- {sentence}" for sentence, _record in business),
                ))

    def _describe_open_business(self):
        """The open business as this user may know it: of companies that are not theirs, only that there is some.

        :return: list of (sentence, record or None)
        """
        self.ensure_one()
        companies = self.env.user.company_ids
        known, elsewhere = [], self.env["res.company"].sudo()
        for sentence, record in self._get_open_business():
            if self.env.su or record.company_id in companies:
                known.append((sentence, record))
            else:
                elsewhere |= record.company_id
        return known + [
            (self.env._("Something in %(company)s: ask there", company=company.name), None) for company in elsewhere
        ]
