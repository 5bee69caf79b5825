from collections import defaultdict

from odoo import models
from odoo.fields import Command

from odoo.addons.billing_coordinator.tools.remittance_money import (
    ANSWER,
    CHEQUE,
    CREDIT,
    TAKEN,
    WAITS,
    Side,
    divide_money,
)


class BillingRemittance(models.Model):
    """The money of an answer: which of it pays what, the payment that brings it in, the items that move the rest.

    Money that comes stands on the payment; what else pays a claim, earlier credit or what is taken back of another
    claim, is moved by the entry: Dr where it comes from / Cr what it pays, both on the payer's receivable.
    """

    _inherit = "billing.remittance"

    # === WHO PAYS WHAT === #

    def _get_money_flows(self):
        """:class:`Flow` records: how everything that there is goes to everything that is to be paid."""
        self.ensure_one()
        return divide_money(self._get_money_sources(), self._get_money_uses())

    def _get_money_sources(self):
        """What there is: the cheque, items of the payer's credit from the oldest on, what is taken back by claim."""
        sources = [Side(CHEQUE, None, self._to_decimal(self.amount))]
        sources += [Side(CREDIT, item, amount) for item, amount in self._draw_on_credits()]
        return sources + self._get_paid_sides(TAKEN, self.line_ids._get_reversals())

    def _draw_on_credits(self, apart_from=()):
        """(item, how much of it) for each item of the payer's credit that this answer uses.

        :param apart_from: entries of which nothing is used
        """
        left = self._to_decimal(self.credit_amount)
        for item in self._get_payer_credits().sudo(False) if left else ():
            if left and item.move_id not in apart_from:
                amount = min(left, self._to_decimal(-item.amount_residual_currency))
                yield item, amount
                left -= amount

    def _get_money_uses(self):
        """What is to be paid: the answers by claim, and what waits."""
        return [
            *self._get_paid_sides(ANSWER, self.line_ids._get_answers()),
            Side(WAITS, None, self._to_decimal(self.amount_unapplied)),
        ]

    def _get_paid_sides(self, kind, lines):
        paid = defaultdict(int)
        for line in lines:
            paid[line.claim_id.invoice_id] += self._to_decimal(line.amount_paid)
        return [Side(kind, invoice, amount) for invoice, amount in paid.items() if amount]

    # === THE PAYMENT === #

    def _create_payment(self, flows):
        """One payment over the money received; its entry credits the payer's receivable once for each claim.

        What waits is credited without a claim: it is the payer's unapplied credit.

        :param list flows: of :meth:`_get_money_flows`
        """
        paid = [flow for flow in flows if flow.source.kind == CHEQUE]
        payment = self.env["account.payment"]
        if not paid:
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
        for position, flow in enumerate(paid, start=1):
            balance = balance_left
            if position < len(paid):
                balance = -self._to_company_currency(float(flow.amount), self.date)
            balance_left -= balance
            items.append({
                **{key: value for key, value in receivable.items() if key not in ("debit", "credit")},
                **self._prepare_paid_vals(flow.use),
                "amount_currency": -float(flow.amount),
                "balance": balance,
            })
        by_billing = payment.with_env(payment.move_id._as_billing().with_context(skip_analytic_sync=True).env)
        by_billing._generate_journal_entry(line_ids=[Command.create(vals) for vals in (liquidity, *items)])
        payment.move_id._as_billing().write(self._get_link_vals())
        payment.action_post()
        return payment

    # === THE ITEMS === #

    def _prepare_money_items(self, flows):
        """Items of the entry: what the cheque does not pay comes off where it was, and pays what it is for."""
        items = {}
        for flow in flows:
            for sign, key, vals in self._prepare_moved_sides(flow):
                empty = {**vals, "currency_id": self.currency_id.id, "amount_currency": 0.0}
                items.setdefault((sign, key), empty)["amount_currency"] += sign * float(flow.amount)
        return self._value_money_items(list(items.values()))

    def _prepare_moved_sides(self, flow):
        """(sign, key, values) of the items of the entry that make this flow; none where the payment makes it."""
        if flow.source.kind == CHEQUE:
            return []
        return [
            (sign, (side.kind, side.key), self._prepare_side_vals(side))
            for sign, side in ((1, flow.source), (-1, flow.use))
        ]

    def _prepare_paid_vals(self, use):
        """Account, partner and words of the payment's item for what it pays."""
        return self._prepare_side_vals(use)

    def _value_money_items(self, items):
        """Give each item its amount in the company's currency; the last one takes what rounding leaves."""
        for item in items:
            item["amount_currency"] = self.currency_id.round(item["amount_currency"])
            item["balance"] = self._to_company_currency(item["amount_currency"], self.date)
        if items:
            items[-1]["balance"] -= sum(item["balance"] for item in items)
        return items

    def _prepare_side_vals(self, side):
        """Account, partner and words of the item at which money stands."""
        if side.kind in (ANSWER, TAKEN):
            debt = side.key._get_billing_receivable_item()
            return {
                "name": self.display_name,
                "account_id": debt.account_id.id,
                "partner_id": debt.partner_id.id,
                "billing_invoice_id": side.key.id,
                "billing_patient_id": side.key.billing_patient_id.id,
            }
        if side.kind == CREDIT:
            return {
                "name": self.env._("%(name)s: unapplied credit", name=self.display_name),
                "account_id": side.key.account_id.id,
                "partner_id": side.key.partner_id.id,
            }
        return self._prepare_own_vals(self.env._("%(name)s: not applied yet", name=self.display_name))

    def _prepare_own_vals(self, name):
        """An item on the payer's own account: nothing of a claim."""
        payer = self.payer_id.commercial_partner_id.with_company(self.company_id)
        return {"name": name, "account_id": payer.property_account_receivable_id.id, "partner_id": payer.id}

    # === MATCHING === #

    def _reconcile_money(self, payment, entry):
        """Match the credit that this answer uses with the money on which it draws, the oldest that was not applied.

        :param payment: with which the money came, if any; later rooms match what stands on it
        """
        if not self.credit_amount:
            return
        used = entry.line_ids.filtered(lambda item: self._is_own_item(item) and item.amount_currency > 0)
        drawn = self._draw_on_credits(apart_from=entry | payment.move_id)
        credits = self.env["account.move.line"].union(*(item for item, _amount in drawn)).grouped("account_id")
        used.with_env(entry._as_billing().env)._reconcile_plan([
            items | credits.get(account, items.browse()) for account, items in used.grouped("account_id").items()
        ])

    def _is_own_item(self, item):
        """Whether an item stands on the payer's own account and is nothing but money."""
        return item.account_id.account_type == "asset_receivable" and not item.billing_invoice_id
