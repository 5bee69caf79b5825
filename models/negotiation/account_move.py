from odoo import models


class AccountMove(models.Model):
    """Bills can be negotiated, and money on one may keep, or break, what was agreed about it."""

    _inherit = "account.move"

    def action_billing_negotiate(self):
        """Open talks about these bills, or those that run."""
        return self.env["billing.negotiation"]._open_new(self)

    def _billing_follow_money(self):
        super()._billing_follow_money()
        self._billing_follow_negotiations()

    def _billing_follow_negotiations(self):
        """Have agreements about these bills looked at as soon as this is saved."""
        if self.env["billing.negotiation.item"].sudo().search_count([
            ("move_id", "in", self.ids), ("negotiation_id.state", "in", ("agreed", "kept")),
        ], limit=1):
            self.env.ref("billing_coordinator.cron_negotiations_follow").sudo()._trigger()
