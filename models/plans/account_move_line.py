from odoo import models
from odoo.exceptions import LockError, UserError


class AccountMoveLine(models.Model):
    """Items that a plan pays."""

    _inherit = "account.move.line"

    def _billing_lock(self, document):
        """Keep these items to ourselves until the transaction ends.

        :param str document: for whose sake
        :raise UserError: somebody else works on one of them at this moment
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "Somebody else is working on bills of %(document)s right now. Wait a moment, reload the page and try "
                "again.",
                document=document,
            )) from error

    def _get_billing_plan(self):
        """The running plan that pays all of these items; none when they are not of one plan."""
        plans = self.env["billing.payment.plan.item"].sudo().search([
            ("move_line_id", "in", self.ids), ("is_running", "=", True),
        ]).plan_id | self.move_id.sudo().billing_payment_plan_id.filtered(lambda plan: plan.state == "active")
        plan = plans if len(plans) == 1 else plans.browse()
        charges = plan.charge_ids.line_ids
        return plan if self <= plan.item_ids.move_line_id | charges else plan.browse()
