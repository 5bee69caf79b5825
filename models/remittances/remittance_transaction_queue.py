from odoo import models
from odoo.exceptions import UserError

from .remittance_transaction import BROKEN, NOBODYS


class BillingRemittanceTransaction(models.Model):
    """What people do with payments that are held, and where a payment leads."""

    _inherit = "billing.remittance.transaction"

    # === ACTIONS === #

    def action_remember_payer(self):
        """It is this payer: remembered by the numbers and the name in the file, and everything of it goes on."""
        self.check_access("write")
        for payment in self.filtered(lambda one: one.state == "held"):
            if not payment.payer_id:
                raise UserError(self.env._(
                    "Choose first which payer “%(name)s” is.", name=payment.payer_name or payment.payer_numbers,
                ))
            self.env["billing.payer.alias"]._remember(
                payment.payer_id, [*(payment.payer_keys or []), payment.payer_name], payment.company_id,
            )
        alike = self.sudo().search([
            ("state", "=", "held"), ("why", "=", "payer"), ("company_id", "in", self.company_id.ids),
        ])
        (self.sudo() | alike)._go_on()

    def action_retry(self):
        """Try again what was held: what stood in the way may be mended."""
        self.check_access("write")
        self.sudo()._go_on()

    def action_release(self):
        """The money is ours, whatever the claims are: it is taken as the payer's unapplied credit."""
        self.check_access("write")
        for payment in self.sudo().filtered(lambda one: one.state == "held" and one.why in NOBODYS):
            payment.is_released = True
            payment._go_on()

    def action_set_aside(self):
        """Nothing of it is to be posted: it is not ours, or comes again in a better file."""
        self.check_access("write")
        for payment in self.sudo().filtered(lambda one: one.state == "held"):
            payment.item_ids._put_aside("aside")
            payment._set_state(
                "noted", self.env._("Put aside by %(user)s", user=self.env.user.name), why="aside", key=False,
            )

    def action_view_items(self):
        """The claims of this payment."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "billing_coordinator.billing_remittance_item_action_all",
            ),
            "domain": [("transaction_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_view_remittance(self):
        """The remittance that it became; of a large payment, all of them."""
        return (self.remittance_id | self.item_ids.remittance_id)._get_records_action()

    def action_view_file(self):
        """The file that it came in."""
        return self.file_id._get_records_action()

    # === BUSINESS METHODS === #

    def _go_on(self):
        """Held ones are looked at again and posted, as far as nothing stands in the way."""
        for payment in self.filtered(lambda one: one.state == "held" and one.why not in BROKEN):
            payment._lock_or_refuse()
            payment._settle_currency()
            if reason := payment._get_head_reason():
                payment.write({"why": reason, "note": False})
                continue
            payment._set_state("ready", why=False, note=False)
            payment._work()

    def _hold(self, reason, note=None):
        """Keep it from being posted until somebody has looked."""
        self._set_state("held", why=reason, note=note)
