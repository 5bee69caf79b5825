from odoo import fields, models

from odoo.addons.billing_coordinator.tools.x12.records import REVERSAL

from .remittance_transaction_posting import REFUSALS, is_busy

# Claims looked for, and claims posted, in one database transaction: no time limit of a server is near.
PART = 500
TOGETHER = 200


class BillingRemittanceTransaction(models.Model):
    """A large payment is worked on in parts: cut off, it goes on behind the last one.

    The payment itself is posted with its first part, and with all that takes money back; the money of the others waits
    on it as the payer's credit, and each further part is a remittance of its own that draws on it.
    """

    _inherit = "billing.remittance.transaction"

    def _match_in_parts(self, progress):
        """Find the claims of a large payment, part by part.

        Nothing is posted here; people see how far it is, and memory does not grow with the file.

        :return: whether there was time for all of them
        """
        for payment in self.filtered(lambda one: one.state == "ready"):
            here = payment.with_company(payment.company_id)
            if not here._find_payer() or here._find_typed() or here._get_date_reason():
                continue
            while part := here._find_part("new", PART):
                part._match()
                if not here._end_part(progress):
                    return False
        return True

    def _post_rest(self, progress=None):
        """Post what follows upon the first part, as far as there is time."""
        for payment in self.filtered(lambda one: one.state == "posted"):
            here = payment.with_company(payment.company_id)
            while part := here._find_part("matched", TOGETHER):
                part._post_together()
                if not here._end_part(progress):
                    return

    def _find_part(self, state, limit):
        return self.item_ids.search(
            [("transaction_id", "in", self.ids), ("state", "=", state)], order="position", limit=limit,
        )

    def _end_part(self, progress=None):
        """
        :param progress: commits what is done; without it, all stands or falls together
        :return: whether there is time for more
        """
        if not progress:
            return True
        left = progress()
        self.env.invalidate_all()
        # Somebody may have come between: what was locked is locked again.
        self.lock_for_update(allow_referencing=True)
        return bool(left)


class BillingRemittanceItem(models.Model):
    """Answers that are posted together."""

    _inherit = "billing.remittance.item"

    def _get_first_part(self):
        """Of the answers of a payment those that are posted with it: what takes money back, and as many claims as one
        database transaction may hold."""
        claims = self.filtered(lambda item: item.state == "matched").claim_id
        if len(claims) <= TOGETHER:
            return self
        first = self._get_taking_back().claim_id | claims[:TOGETHER]
        return self.filtered(lambda item: item.claim_id in first)

    def _get_taking_back(self):
        """Those with which money goes back to the payer."""
        return self.filtered(lambda item: item.status == REVERSAL or item.amount_paid < 0)

    def _post_together(self):
        """Post these, whose payment is in the books already, with one remittance; if that is refused, each by itself.
        """
        prepared = self._prepare_lines() if self.transaction_id._get_date_reason() != "closed" else {}
        if prepared:
            items = self.browse(item.id for item in prepared)
            try:
                with self.env.cr.savepoint():
                    remittance = self.env["billing.remittance"].create(items._prepare_own_vals(prepared))
                    remittance._post_answer()
                    self.env.flush_all()
            except REFUSALS as error:
                if is_busy(error):
                    raise
            else:
                items._set_posted(remittance)
        self._post_later()


class BillingRemittance(models.Model):
    """A part that follows upon its payment is paid out of that payment first."""

    _inherit = "billing.remittance"

    follows_id = fields.Many2one(
        comodel_name="billing.remittance",
        string="Paid with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The answer that brought the money in: what waits on its payment pays these claims first.",
    )

    def _get_payer_credits(self):
        credits = super()._get_payer_credits()
        payment = self.follows_id.payment_id.sudo().move_id
        return credits.sorted(lambda item: item.move_id != payment) if payment else credits
