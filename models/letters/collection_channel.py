from odoo import models


class BillingCollectionCase(models.Model):
    """Text messages are written where Odoo's module for them is there; otherwise who wants them is sent an e-mail."""

    _inherit = "billing.collection.case"

    def _get_channel(self, stage):
        channel, address = super()._get_channel(stage)
        if channel == "sms" and "sms.sms" not in self.env:
            email = self.partner_id.email
            return ("email", email) if email else ("letter", False)
        return channel, address
