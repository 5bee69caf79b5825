from odoo import models
from odoo.exceptions import UserError


class BillingStatementWizard(models.TransientModel):
    """Whoever asks for a statement because the sum is too large for one payment: the way to a plan."""

    _inherit = "billing.statement.wizard"

    def action_payment_plan(self):
        """The payment plan of the one person chosen; without one, a new one over all that may go into it.

        :raise UserError: nobody is chosen, or more than one
        """
        self.ensure_one()
        if len(self.partner_ids) != 1:
            raise UserError(self.env._(
                "A payment plan is made with one person; %(count)s are chosen. Choose one.",
                count=len(self.partner_ids),
            ))
        return self.partner_ids._origin.action_billing_plans()
