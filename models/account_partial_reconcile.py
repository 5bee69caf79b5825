from odoo import models


class AccountPartialReconcile(models.Model):
    """Matched items: a claim that money had settled waits again when that match is taken apart."""

    _inherit = "account.partial.reconcile"

    # What was matched after a day: how the books stood on it.
    _billing_max_date_idx = models.Index("(max_date)")

    def unlink(self):
        invoices = (self.debit_move_id | self.credit_move_id).move_id.sudo().filtered("billing_kind").sudo(False)
        result = super().unlink()
        invoices.exists()._billing_follow_money()
        return result
