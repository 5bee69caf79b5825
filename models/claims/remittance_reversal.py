from odoo import models
from odoo.exceptions import UserError


class BillingRemittance(models.Model):
    """Taking a whole answer back; what it had taken back itself is in force again."""

    _inherit = "billing.remittance"

    def _reverse(self, date, reason, money="take_back"):
        """Take the whole answer back: claims open again, patient invoices and later claims credited.

        :param date: date of the reversal
        :param str reason: why, for chatter and entries
        :param str money: "take_back" reverses the payment too (typed in error, cheque bounced); "keep" leaves it as
            the payer's unapplied credit
        :raise UserError: when the payment is to be taken back but the bank statement confirms it or a later answer
            has used it; when later answers have taken back a part of this one, or have settled since what it took back
        """
        self.ensure_one()
        self._lock_or_refuse()
        claims = self.line_ids.claim_id
        self._check_date(date, since=self.date)
        self._check_not_taken_back()
        self._check_money_not_used(self._get_freed_items())
        undone = self._reverse_settlement(date, reason)
        self._reconcile_transfers(undone | self._restore_taken_back(date))
        if self.payment_id:
            if money == "keep":
                self._keep_money(date)
            else:
                self._take_back_money(date, reason)
        claims.invoice_id._reconcile_billing_receivables()
        self._reconcile_reversed()
        self._check_restored()
        self._set_state("reversed", reason)
        claims._follow_ledger(reason=reason)
        self._after_reversal()

    def _get_paying_items(self):
        """The receivable items of the payment."""
        return self.payment_id.move_id.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )

    def _is_claimed_item(self, item):
        """Whether an item of the payment is money for something; else it is the payer's credit already."""
        return bool(item.billing_invoice_id)

    def _keep_money(self, date):
        """The claims are open again, the money is the payer's unapplied credit."""
        own = self._prepare_own_vals(self.env._("%(name)s: unapplied credit", name=self.display_name))
        items = []
        for paid in self._get_paying_items().filtered(self._is_claimed_item):
            amount = -paid.amount_currency
            balance = self._to_company_currency(amount, date)
            items += [
                {
                    **self._prepare_same_place(paid),
                    "currency_id": self.currency_id.id, "amount_currency": amount, "balance": balance,
                },
                {**own, "currency_id": self.currency_id.id, "amount_currency": -amount, "balance": -balance},
            ]
        return self._post_entry([], date, items=items)

    def _prepare_same_place(self, item):
        """Values of an item that stands where this one does."""
        return {
            "name": self.env._("%(name)s: unapplied credit", name=self.display_name),
            "account_id": item.account_id.id,
            "partner_id": item.partner_id.id,
            "billing_invoice_id": item.billing_invoice_id.id,
        }

    def _get_freed_items(self):
        """What taking back has set free on the payer's account."""
        return self.entry_id.line_ids.filtered(lambda item: self._is_own_item(item) and item.amount_currency < 0)

    def _reconcile_reversed(self):
        """Match what the reversal has opened on the payer's own account with the credit that is there.

        That is the credit which an answer, reversed before, had used and given back.
        """
        opened = self.caused_move_ids.line_ids.filtered(
            lambda item: self._is_own_item(item) and not item.reconciled and item.parent_state == "posted"
            and item.amount_residual_currency > 0 and item.partner_id == self.payer_id.commercial_partner_id
            and not item.move_id.billing_kind
        )
        if opened:
            credits = self._get_payer_credits().sudo(False).grouped("account_id")
            opened.with_env(self.entry_id._as_billing().env)._reconcile_plan([
                items | credits.get(account, items.browse())
                for account, items in opened.grouped("account_id").items()
            ])

    def _check_money_not_used(self, items):
        """
        :param items: of this answer, with money that waits for a later one
        :raise UserError: a later answer has used it
        """
        for item in items:
            users = item.matched_debit_ids.debit_move_id.move_id.remittance_id - self
            for user in users.filtered(lambda remittance: remittance.state == "posted"):
                raise UserError(self.env._(
                    "%(later)s has used what was not applied of %(remittance)s. Reverse that one first; money that is "
                    "in the bank can be kept as credit of %(payer)s instead of being taken back.",
                    later=user.display_name,
                    remittance=self.display_name,
                    payer=self.payer_id.display_name,
                ))

    def _take_back_money(self, date, reason):
        payment_entry = self.payment_id.move_id
        if self.payment_id.is_matched and self.payment_id.reconciled_statement_line_ids:
            raise UserError(self.env._(
                "The payment of %(remittance)s is matched with a bank statement, so the money is really there. Reverse "
                "it and keep the money as credit of %(payer)s.",
                remittance=self.display_name,
                payer=self.payer_id.display_name,
            ))
        self._check_money_not_used(self._get_paying_items().filtered(lambda item: not self._is_claimed_item(item)))
        reversal = payment_entry._billing_reverse_entry(date, reason, **self._get_link_vals())
        reversal._post(soft=False)
        self.payment_id.state = "canceled"
        self.payment_id.message_post(body=self.env._(
            "Taken back with %(remittance)s: %(reason)s", remittance=self.name, reason=reason,
        ))
