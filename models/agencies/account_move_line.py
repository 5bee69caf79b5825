from odoo import models


class AccountMoveLine(models.Model):
    """Bills that agencies have: what came for them past the agency."""

    _inherit = "account.move.line"

    def _get_billing_direct(self):
        """{item: money that came for it otherwise than from an agency}, in the currency of the item.

        Money is a payment or a line of a bank statement; all else is a credit note, a discount, a write-off.
        """
        return {
            item: sum(
                part.debit_amount_currency for part in item.matched_credit_ids
                if part.credit_move_id.move_id._is_billing_direct()
            )
            for item in self
        }
