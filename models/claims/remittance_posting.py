from odoo import models

from .settlement import Settled


class BillingRemittance(models.Model):
    """Posting a payer's answer; what the money of it does is in the file remittance_money."""

    _inherit = "billing.remittance"

    # === POSTING === #

    def action_post(self):
        """Post the answer: one payment, one entry, the invoices to whoever is next; the claims follow.

        :raise UserError: when it does not balance, asks for more than is open, or names something unusable
        """
        for remittance in self:
            remittance._apart_from_screen()._post_answer()

    def _post_answer(self):
        """Post it wholly, or raise and do nothing.

        First what is taken back of earlier answers: what hangs on it is undone, the invoices that asked the next
        debtors are credited. Then one payment and one entry, which takes off the claims what is answered and puts back
        on them what is taken back, then the invoices to the next debtors.
        """
        self.ensure_one()
        undone = self.line_ids.reversed_line_id
        (self | undone.remittance_id)._lock_or_refuse()
        self.line_ids.claim_id._lock_or_refuse()
        # Who has just taken the same answer back wrote on it: then this one begins anew and sees that.
        undone.lock_for_update(allow_referencing=True)
        self._note_mirrored()
        self._check_postable()
        claims = self.line_ids.claim_id
        settled = self._get_settled()
        undone = self._undo_taken_back()
        flows = self._get_money_flows()
        payment = self._create_payment(flows)
        entry = self._post_entry(self._get_taken_back() + settled, self.date, items=self._prepare_money_items(flows))
        invoices = self._post_transfers([part for part in settled if part.reason.effect == "transfer"], self.date)
        claims.invoice_id._reconcile_billing_receivables()
        self._reconcile_money(payment, entry)
        self._reconcile_transfers(entry | invoices | undone)
        self._set_state("posted", payment_id=payment.id, entry_id=entry.id)
        claims._follow_ledger(
            self._get_denied_claims(), self.env._("Answered in %(remittance)s", remittance=self.display_name),
        )
        self._after_posting()

    def _after_posting(self):
        """Hook: these answers are in the books."""

    def _after_reversal(self):
        """Hook: these answers were taken back."""

    def _get_settled(self):
        """What this answer takes off the claims: reductions and transfers; denials stay open."""
        return self.line_ids._get_answers()._get_settled()

    def _get_settled_of(self, claim):
        lines = self.line_ids._get_answers().filtered(lambda line: line.claim_id.encounter_id == claim.encounter_id)
        return self.currency_id.round(sum(line._get_settled_amount() for line in lines))

    def _get_denied_claims(self):
        """The claims of which this answer refuses a part."""
        return self.line_ids._get_answers().filtered(
            lambda line: any(adjustment.reason_id.effect == "hold" and not line.currency_id.is_zero(
                adjustment.amount - adjustment.amount_mirrored
            ) for adjustment in line.adjustment_ids)
        ).claim_id


class BillingRemittanceLine(models.Model):
    """What a line does to the debt."""

    _inherit = "billing.remittance.line"

    def _get_settled(self):
        """:class:`Settled` records: what these answers take off their claims."""
        return [
            Settled(line.claim_id.invoice_id, line.move_line_id.encounter_line_id, adjustment.reason_id, amount)
            for line in self
            for adjustment in line.adjustment_ids
            if adjustment.reason_id.effect != "hold"
            if (amount := line.currency_id.round(adjustment.amount - adjustment.amount_mirrored))
        ]

    def _get_settled_amount(self):
        """What this answer takes off its service, money included."""
        self.ensure_one()
        return self.currency_id.round(self.amount_paid + sum(
            adjustment.amount - adjustment.amount_mirrored
            for adjustment in self.adjustment_ids if adjustment.reason_id.effect != "hold"
        ))
