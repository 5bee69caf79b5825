from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.money import draw, to_decimal

from .settlement import Settled


class BillingRemittance(models.Model):
    """Posting a payer's answer, and taking it back."""

    _inherit = "billing.remittance"

    # === POSTING === #

    def action_post(self):
        """Post the answer: one payment, one entry, the invoices to whoever is next; the claims follow.

        :raise UserError: when it does not balance, asks for more than is open, or names something unusable
        """
        for remittance in self:
            remittance._apart_from_screen()._post_answer()

    def _post_answer(self):
        self.ensure_one()
        self._lock_or_refuse()
        self.line_ids.claim_id._lock_or_refuse()
        self._check_postable()
        claims = self.line_ids.claim_id
        settled = self._get_settled()
        payment = self._create_payment()
        entry = self._post_entry(settled, self.date, moved=self._get_moved_credit())
        invoices = self._post_transfers([part for part in settled if part.reason.effect == "transfer"], self.date)
        claims.invoice_id._reconcile_billing_receivables()
        self._reconcile_used_credit(entry)
        self._reconcile_transfers(entry | invoices)
        self._set_state("posted", payment_id=payment.id, entry_id=entry.id)
        denied = self.line_ids.filtered(
            lambda line: any(adjustment.reason_id.effect == "hold" for adjustment in line.adjustment_ids)
        ).claim_id
        claims._follow_ledger(denied, self.env._("Answered in %(remittance)s", remittance=self.display_name))

    def _get_settled(self):
        """What this answer takes off the claims: reductions and transfers; denials stay open."""
        return [
            Settled(line.claim_id.invoice_id, line.move_line_id.encounter_line_id, adjustment.reason_id,
                    adjustment.amount)
            for line in self.line_ids
            for adjustment in line.adjustment_ids
            if adjustment.reason_id.effect != "hold"
        ]

    def _get_paid_by_invoice(self):
        """{claim invoice: amount paid by this answer}, claims without payment left out."""
        paid = {}
        for line in self.line_ids:
            if not self.currency_id.is_zero(line.amount_paid):
                invoice = line.claim_id.invoice_id
                paid[invoice] = self.currency_id.round(paid.get(invoice, 0.0) + line.amount_paid)
        return paid

    def _share_money(self):
        """Divide what was paid between the cheque, used up first, and earlier credit.

        :return: ({invoice: from the cheque}, {invoice: from credit})
        """
        cheque, credit, left = {}, {}, self.amount
        for invoice, paid in self._get_paid_by_invoice().items():
            now = min(paid, left)
            left = self.currency_id.round(left - now)
            if now:
                cheque[invoice] = now
            if rest := self.currency_id.round(paid - now):
                credit[invoice] = rest
        return cheque, credit

    def _get_moved_credit(self):
        """[(invoice, amount, item of the payer's credit)]: what earlier money pays, the oldest used up first."""
        _cheque, wanted = self._share_money()
        if not wanted:
            return []
        invoices, credits = list(wanted), self._get_payer_credits().sudo(False)
        drawn = draw(
            [to_decimal(amount) for amount in wanted.values()],
            [to_decimal(-item.amount_residual_currency) for item in credits],
        )
        return [(invoices[position], float(amount), credits[source]) for position, source, amount in drawn]

    def _create_payment(self):
        """One payment over the money received; its entry credits the payer's receivable once for each claim."""
        cheque, _credit = self._share_money()
        payment = self.env["account.payment"]
        if not cheque:
            return payment
        payment = payment.with_context(force_payment_move=True).create({
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.payer_id.id,
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "memo": self.reference,
        }).with_env(self.env)
        liquidity, receivable = payment._prepare_move_line_default_vals()
        balance_left = receivable["debit"] - receivable["credit"]
        items = []
        for position, (invoice, amount) in enumerate(cheque.items(), start=1):
            balance = -self._to_company_currency(amount, self.date) if position < len(cheque) else balance_left
            balance_left -= balance
            debt = invoice._get_billing_receivable_item()
            items.append({
                **{key: value for key, value in receivable.items() if key not in ("debit", "credit")},
                "account_id": debt.account_id.id,
                "partner_id": debt.partner_id.id,
                "amount_currency": -amount,
                "balance": balance,
                "billing_invoice_id": invoice.id,
                "billing_patient_id": invoice.billing_patient_id.id,
            })
        by_billing = payment.with_env(payment.move_id._as_billing().env)
        by_billing._generate_journal_entry(line_ids=[Command.create(vals) for vals in (liquidity, *items)])
        payment.move_id._as_billing().write(self._get_link_vals())
        payment.action_post()
        return payment

    def _reconcile_used_credit(self, entry):
        """Match the credit that this answer uses with the payer's oldest unapplied money."""
        used = entry.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and not item.billing_invoice_id
        )
        if used:
            credits = self._get_payer_credits().sudo(False).grouped("account_id")
            used.with_env(entry._as_billing().env)._reconcile_plan([
                items | credits.get(account, items.browse()) for account, items in used.grouped("account_id").items()
            ])

    # === CHECKS === #

    def _check_postable(self):
        self.ensure_one()
        self.company_id._billing_check_setup()
        if self.state != "draft":
            raise UserError(self.env._("%(remittance)s is posted already.", remittance=self.display_name))
        if not self.line_ids:
            raise UserError(self.env._(
                "%(remittance)s answers no claim yet. Add the claims that the payer's paper names.",
                remittance=self.display_name,
            ))
        self._check_balance()
        for line in self.line_ids:
            line._check_claim_fits()
        self.line_ids.claim_id._check_answerable()
        self._check_not_larger()
        self._check_credit()
        self._check_date(self.date)
        self._check_not_too_early()
        if self.amount and not self.journal_id:
            raise UserError(self.env._(
                "%(remittance)s brings money but does not say where it was received. Choose the bank journal.",
                remittance=self.display_name,
            ))

    def _get_journals(self):
        return super()._get_journals() | self.journal_id

    def _check_balance(self):
        """Charge less adjustments is what was paid: for each service, and in total."""
        for line in self.line_ids:
            if not self.currency_id.is_zero(line.difference):
                raise UserError(self.env._(
                    "%(claim)s, “%(service)s” does not balance: %(asked)s to answer − %(adjusted)s not paid − %(paid)s "
                    "paid leaves %(difference)s. Correct what was paid or add the reason that is missing.",
                    claim=line.claim_id.name,
                    service=line.move_line_id.name,
                    asked=self._format(line.amount_asked),
                    adjusted=self._format(line.amount_adjusted),
                    paid=self._format(line.amount_paid),
                    difference=self._format(line.difference),
                ))
        if not self.currency_id.is_zero(self.difference):
            raise UserError(self.env._(
                "%(remittance)s does not balance: %(money)s came in, the services say %(paid)s was paid. The "
                "difference is %(difference)s.",
                remittance=self.display_name,
                money=self._format(self.amount + self.credit_amount),
                paid=self._format(self.amount_paid_lines),
                difference=self._format(self.difference),
            ))

    def _check_not_larger(self):
        """An answer cannot settle more than is open with this payer for that claim."""
        claims = self.line_ids.claim_id
        claims.invalidate_recordset(["amount_open"])
        for claim in claims:
            lines = self.line_ids.filtered(lambda line, claim=claim: line.claim_id == claim)
            settled = sum(lines.mapped("amount_paid")) + sum(
                adjustment.amount for adjustment in lines.adjustment_ids if adjustment.reason_id.effect != "hold"
            )
            if self.currency_id.compare_amounts(settled, claim.amount_open) > 0:
                raise UserError(self.env._(
                    "%(remittance)s would settle %(settled)s of %(claim)s, but only %(open)s is open. Was it answered "
                    "before? Look at its answers, or register money beyond the claim as a payment from %(payer)s.",
                    remittance=self.display_name,
                    settled=self._format(settled),
                    claim=claim.display_name,
                    open=self._format(claim.amount_open),
                    payer=self.payer_id.display_name,
                ))

    def _check_not_too_early(self):
        """Nobody pays for a service before it is rendered: a year typed wrongly would move money into it."""
        for claim in self.line_ids.claim_id:
            if self.date < claim.service_date:
                raise UserError(self.env._(
                    "%(remittance)s is dated %(date)s, before the service of %(claim)s (%(service_date)s). Type the "
                    "day on which the payer paid.",
                    remittance=self.display_name,
                    date=format_date(self.env, self.date),
                    claim=claim.name,
                    service_date=format_date(self.env, claim.service_date),
                ))

    def _check_credit(self):
        if self.currency_id.compare_amounts(self.credit_amount, self.payer_credit) > 0:
            raise UserError(self.env._(
                "%(remittance)s uses %(used)s of earlier credit, but %(payer)s has only %(available)s unapplied.",
                remittance=self.display_name,
                used=self._format(self.credit_amount),
                payer=self.payer_id.display_name,
                available=self._format(self.payer_credit),
            ))

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    # === REVERSAL === #

    def _reverse(self, date, reason, money="take_back"):
        """Take the whole answer back: claims open again, patient invoices and later claims credited.

        :param date: date of the reversal
        :param str reason: why, for chatter and entries
        :param str money: "take_back" reverses the payment too (typed in error, cheque bounced); "keep" leaves it as
            the payer's unapplied credit
        :raise UserError: when the payment is to be taken back but the bank statement confirms it
        """
        self.ensure_one()
        self._lock_or_refuse()
        claims = self.line_ids.claim_id
        self._check_date(date, since=self.date)
        self._reverse_settlement(date, reason)
        if self.payment_id:
            if money == "keep":
                self._keep_money(date)
            else:
                self._take_back_money(date, reason)
        claims.invoice_id._reconcile_billing_receivables()
        self._set_state("reversed", reason)
        claims._follow_ledger(reason=reason)

    def _keep_money(self, date):
        """The claims are open again, the money is the payer's unapplied credit."""
        cheque, _credit = self._share_money()
        self._post_entry([], date, moved=[
            (invoice, -amount, invoice._get_billing_receivable_item()) for invoice, amount in cheque.items()
        ])

    def _take_back_money(self, date, reason):
        payment_entry = self.payment_id.move_id
        if self.payment_id.is_matched and self.payment_id.reconciled_statement_line_ids:
            raise UserError(self.env._(
                "The payment of %(remittance)s is matched with a bank statement, so the money is really there. Reverse "
                "it and keep the money as credit of %(payer)s.",
                remittance=self.display_name,
                payer=self.payer_id.display_name,
            ))
        reversal = payment_entry._billing_reverse_entry(date, reason, **self._get_link_vals())
        reversal._post(soft=False)
        self.payment_id.state = "canceled"
        self.payment_id.message_post(body=self.env._(
            "Taken back with %(remittance)s: %(reason)s", remittance=self.name, reason=reason,
        ))
