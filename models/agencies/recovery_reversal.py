from odoo import models
from odoo.exceptions import UserError


class BillingRecovery(models.Model):
    """Taking back what an agency's report has posted: everything is reversed, and the debts are open as before."""

    _inherit = "billing.recovery"

    def _reverse(self, date, reason):
        """Reverse payments, bill, what was kept, and what was asked for again.

        :raise UserError: a bank statement confirms the money
        """
        self.ensure_one()
        self._lock_or_refuse()
        self._check_date(date, since=self.date)
        payments = self.caused_move_ids.origin_payment_id
        self._check_unconfirmed(payments)
        moves = self.caused_move_ids.filtered(lambda move: move.state == "posted").sorted("id", reverse=True)
        debts = self.line_ids.placement_id.sudo().item_ids.move_line_id.move_id.sudo(False)
        # One by one: Odoo would number reversals of several journals together.
        for move in moves:
            move._as_billing()._reverse_moves([
                {"date": date, "invoice_date": date if move.is_invoice() else False, "ref": reason,
                 **self._get_link_vals()},
            ], cancel=True)
        for payment in payments:
            payment.state = "canceled"
            payment.message_post(body=self.env._(
                "Taken back with %(recovery)s: %(reason)s", recovery=self.name, reason=reason,
            ))
        debts._reconcile_billing_receivables()
        debts._billing_follow_money()
        self._set_state("reversed", reason)
        self.line_ids.placement_id._close_paid()

    def _check_unconfirmed(self, payments):
        confirmed = payments.filtered(lambda payment: payment.is_matched and payment.reconciled_statement_line_ids)
        if confirmed:
            raise UserError(self.env._(
                "%(payment)s of %(recovery)s is matched with a bank statement, so the money is really there. Take that "
                "match apart first, or correct the debts by another report.",
                payment=confirmed[0].name, recovery=self.display_name,
            ))
