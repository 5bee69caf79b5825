from odoo import models


class AccountPaymentRegister(models.TransientModel):
    """Registering a payment on bills of a plan offers what is due now, and the whole as the other choice."""

    _inherit = "account.payment.register"

    def _get_total_amounts_to_pay(self, batch_results):
        result = super()._get_total_amounts_to_pay(batch_results)
        lines = self.env["account.move.line"].union(*(batch["lines"] for batch in batch_results))
        plan = lines._get_billing_plan()
        if not plan or plan.currency_id != self.currency_id or lines.currency_id != plan.currency_id:
            return result
        whole = abs(sum(lines.mapped("amount_residual_currency")))
        payable = min(plan.amount_payable, whole)
        if self.currency_id.is_zero(payable) or not self.currency_id.compare_amounts(payable, whole):
            return result
        return {
            **result,
            "amount_by_default": payable,
            "amount_for_difference": payable,
            "full_amount": whole,
            "full_amount_for_difference": whole,
            "installment_mode": "next",
            "lines": lines,
        }

    def _get_communication(self, lines):
        # Who has a plan pays by its number, whichever bills that pays.
        return lines._get_billing_plan().name or super()._get_communication(lines)
