from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal

from .settlement import Settled


class BillingAdjustment(models.Model):
    """What a decision does to the books: an entry with its reason, taken back by its reversal."""

    _inherit = "billing.adjustment"

    # === BUSINESS METHODS === #

    def _post_decision(self):
        self.ensure_one()
        self._lock_or_refuse()
        self.company_id._billing_check_setup()
        self._check_open()
        self._check_date(self.date)
        approver = self._get_approver()
        settled = self._get_settled()
        entry = self._post_entry(settled, self.date)
        invoices = self.env["account.move"]
        if self.reason_id.effect == "transfer":
            invoices = self._post_transfers(settled, self.date)
        self.move_id._reconcile_billing_receivables()
        self._reconcile_transfers(entry | invoices)
        self._set_state("posted", entry_id=entry.id, approver_id=approver.id)
        self.claim_id._follow_ledger(reason=self.display_name)

    def _get_settled(self):
        """The amount, divided among the services of the invoice in proportion to what is open of each."""
        open_services = self.env["billing.remittance.line"]._get_open_services(self.move_id)
        lines = list(open_services)
        unit = to_decimal(self.currency_id.rounding)
        weights = [to_decimal(max(amount, 0.0), unit) for amount in open_services.values()]
        amounts = split_ratio(to_decimal(self.amount, unit), weights, unit)
        return [
            Settled(self.move_id, line.encounter_line_id, self.reason_id, float(amount))
            for line, amount in zip(lines, amounts, strict=True)
            if amount
        ]

    def _check_open(self):
        """Only what is open can be given up, and only on an invoice of billing."""
        move = self.move_id
        if not move.billing_kind or move.move_type != "out_invoice" or move.state != "posted":
            raise UserError(self.env._(
                "%(invoice)s is not a posted invoice of billing. Use a credit note for it.", invoice=move.display_name,
            ))
        if self.reason_id.effect == "transfer" and not move.billing_coverage_id:
            raise UserError(self.env._(
                "%(invoice)s is already asked of %(debtor)s: “%(reason)s” passes on what a payer did not pay. Choose a "
                "reason that reduces the amount.",
                invoice=move.name,
                debtor=move.partner_id.display_name,
                reason=self.reason_id.name,
            ))
        still_open = self._get_adjustable()
        if self.currency_id.compare_amounts(self.amount, still_open) > 0:
            raise UserError(self.env._(
                "%(invoice)s has %(open)s open; %(amount)s cannot be taken off it.",
                invoice=move.name,
                open=format_amount(self.env, still_open, self.currency_id),
                amount=format_amount(self.env, self.amount, self.currency_id),
            ))

    def _get_adjustable(self):
        """How much can be taken off the invoice: what is open on it."""
        return self.env["billing.charge.flow"]._get_flows(self.move_id)[self.move_id]["open"]

    def _get_approver(self):
        """Who stands behind what is posted now."""
        return self.env.user

    def _reverse(self, date, reason):
        """Take the decision back, on this date and for this reason."""
        self.ensure_one()
        self._lock_or_refuse()
        self._check_date(date, since=self.date)
        self._reverse_settlement(date, reason)
        self.move_id._reconcile_billing_receivables()
        self._set_state("reversed", reason)
        self.claim_id._follow_ledger(reason=reason)

    def _get_link_vals(self):
        return {"billing_adjustment_id": self.id}

    def _get_settled_of(self, claim):
        return self.amount

    def _get_caused_moves(self):
        return self.caused_move_ids
