from odoo import models

from odoo.addons.billing_coordinator.models.denials.denial import LIVE


class BillingAdjustWizard(models.TransientModel):
    """A decision about a claim of which something is denied is about what is denied, and about nothing else of it."""

    _inherit = "billing.adjust.wizard"

    # === BUSINESS METHODS === #

    def _get_denials_at_stake(self):
        """The denials of the claim that are still fought for, and of which something is open that nobody decides
        about already.
        """
        denials = self.env["billing.denial"].search([
            ("claim_id.invoice_id", "=", self.move_id._origin.id), ("kind", "=", "denied"), ("state", "in", LIVE),
        ])
        return denials.filtered(
            lambda denial: not denial.waits_for_approval
            and denial.currency_id.compare_amounts(denial.amount_open, 0) > 0
        )

    def _get_proposed_amount(self):
        opened = super()._get_proposed_amount()
        stake = sum(self._get_denials_at_stake().mapped("amount_open"))
        return min(self.currency_id.round(stake), opened) if stake else opened

    def _create_adjustment(self):
        adjustment = super()._create_adjustment()
        denials = self._get_denials_at_stake()
        stake = sum(denials.mapped("amount_open"))
        # More than what is denied is taken off the claim as a whole.
        if denials and self.currency_id.compare_amounts(self.amount, stake) <= 0:
            denials.sudo().adjustment_id = adjustment
        return adjustment
