from odoo import models


class BillingCollectionCase(models.Model):
    """Which ways of writing are open: text messages where Odoo sends some and the stage has one, e-mail where it
    arrives."""

    _inherit = "billing.collection.case"

    def _get_channel(self, stage):
        channel, address = super()._get_channel(stage)
        partner = self.partner_id.sudo()
        sends_texts = "sms.sms" in self.env and stage.sms_text and not partner.billing_phone_failure
        if channel == "sms" and not sends_texts:
            channel, address = ("email", partner.email) if partner.email else ("letter", False)
        if channel == "email" and partner.billing_email_failure:
            channel, address = "letter", False
        return channel, address
