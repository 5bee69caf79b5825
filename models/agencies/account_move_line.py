from odoo import models


class AccountMoveLine(models.Model):
    """Bills that agencies have: what came for them past the agency."""

    _inherit = "account.move.line"

    def _get_billing_direct(self):
        """{item: money that came for it otherwise than from an agency}, in the currency of the item.

        Money is a payment or a line of a bank statement; all else is a credit note, a discount, a write-off.
        """
        return self._sum_matched(lambda move: move._is_billing_direct())

    def _get_billing_taken_off(self):
        """{item: what was taken off it without money: credit notes, discounts}, in the currency of the item."""
        return self._sum_matched(lambda move: not move._is_billing_direct() and not move.sudo().billing_recovery_id)

    def _sum_matched(self, counts):
        """{item: what of it is matched with moves that count}, in the currency of the item."""
        return {
            item: sum(
                part.debit_amount_currency for part in item.matched_credit_ids if counts(part.credit_move_id.move_id)
            )
            for item in self
        }
