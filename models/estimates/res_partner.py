from odoo import models


class ResPartner(models.Model):
    """What a planned service will cost this person."""

    _inherit = "res.partner"

    def action_billing_new_estimate(self):
        """Estimate what a planned service will cost this person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New estimate"),
            "res_model": "billing.estimate",
            "view_mode": "form",
            "context": {"default_patient_id": self.id},
        }
