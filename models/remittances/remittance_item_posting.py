from odoo import models
from odoo.fields import Command

from odoo.addons.billing_coordinator.tools.x12.records import REVERSAL

from ..claims.settlement import TakenBackTooEarlyError
from .remittance_transaction_posting import REFUSALS, is_busy


class BillingRemittanceItem(models.Model):
    """An answer that is in the books, and one that gets there later than its payment."""

    _inherit = "billing.remittance.item"

    def _set_posted(self, remittance):
        """These are in the books with this remittance."""
        if not self:
            return
        self._set_state("posted", why=False, note=False, remittance_id=remittance.id)
        self.candidate_ids.unlink()
        for item in self:
            if item.status != REVERSAL:
                item.claim_id._after_payer_number(item.control_number)
        self._after_forwarding(remittance)
        self.filtered(lambda item: item.status == REVERSAL)._let_follow()

    def _let_follow(self):
        """These have taken answers back: what came before them in another payment, and found its claim settled, finds
        it open now.

        What still stands in the way leaves it waiting, and never hinders what has just been posted.
        """
        waiting = self.search([
            ("claim_id", "in", self.claim_id.ids), ("state", "=", "waiting"),
            ("transaction_id.state", "in", ("posted", "noted")),
        ])
        stuck = waiting.filtered(lambda item: item.status == REVERSAL).claim_id
        followers = waiting.filtered(
            lambda item: item.why in ("more_than_open", "after_reversal") and item.claim_id not in stuck
        )
        if not followers:
            return
        try:
            with self.env.cr.savepoint():
                followers._look_again()
        except REFUSALS:
            self.env.invalidate_all()

    def _post_later(self):
        """Post those whose payment is in the books already, each with a remittance of its own: it draws on the money
        that waits there.

        What stands in the way is written down on the answer, which goes on waiting.
        """
        for item in self.filtered(lambda one: one.state == "matched")._sort_for_posting():
            if item.transaction_id._get_date_reason() == "closed":
                item._wait("closed")
                continue
            prepared = item._prepare_lines()
            if not prepared:
                continue
            try:
                with self.env.cr.savepoint():
                    remittance = self.env["billing.remittance"].create(item._prepare_own_vals(prepared))
                    remittance._post_answer()
                    self.env.flush_all()
            except REFUSALS as error:
                if is_busy(error):
                    raise
                item._wait_refused(error)
            else:
                item._set_posted(remittance)

    def _wait_refused(self, error):
        """It waits with the sentence for which it was refused; of something later in the way, with its day and amount.
        """
        if not isinstance(error.__cause__, TakenBackTooEarlyError):
            self._wait("posting", error.args[0])
            return
        later = error.__cause__.document
        amount = later._get_settled_of(self.claim_id)
        self._wait("later_entry", later.display_name, later_date=later.date, later_amount=amount)

    def _prepare_own_vals(self, prepared):
        """Values of a remittance for these answers alone, all of one payment that is in the books.

        :param dict prepared: {answer: values of its lines}
        """
        payment = self.transaction_id
        paid = float(sum(item._exact(item.amount_paid) for item in self))
        return {
            "payer_id": payment.payer_id.id,
            "company_id": payment.company_id.id,
            "currency_id": payment.currency_id.id,
            "reference": f"{payment._get_reference()}/{self[0].position}",
            "date": payment._get_day(),
            "amount": 0.0,
            "follows_id": payment.remittance_id.id,
            "credit_amount": max(paid, 0.0),
            "amount_unapplied": max(-paid, 0.0),
            "handling": payment.handling,
            "line_ids": [Command.create(vals) for item in self for vals in prepared[item]],
        }
