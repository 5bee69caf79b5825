from odoo import fields, models


class BillingEstimate(models.Model):
    """Handing an estimate over: printed, or by e-mail."""

    _inherit = "billing.estimate"

    def action_send(self):
        """Write the e-mail with the estimate attached; sending it marks the estimate as sent."""
        self.ensure_one()
        action = self._open_composer(
            self.addressee_id, self.env._("Send the estimate"), "billing_coordinator.mail_template_estimate",
        )
        self._prepare_to_tell()
        return action

    def action_print(self):
        """Print the estimates to hand them over; drafts are sent thereby."""
        drafts = self.filtered(lambda estimate: estimate.state == "draft")
        drafts._prepare_to_tell()
        drafts._mark_sent(self.env._("Printed and handed over."))
        return self.env.ref("billing_coordinator.action_report_estimate").report_action(self)

    def _note_sent(self):
        self.filtered(lambda estimate: estimate.state == "draft")._mark_sent(self.env._("Sent by e-mail."))

    def _prepare_to_tell(self):
        """Work the figures out once more and see that nothing is missing, before anybody reads them."""
        self._refresh()
        self._check_complete()

    def _mark_sent(self, reason):
        self._check_complete()
        # What is still to be worked out belongs to the draft: afterwards figures and deadline stay.
        self.flush_recordset()
        self.line_ids.flush_recordset()
        today = fields.Date.context_today(self)
        self._set_state("sent", reason, date_sent=today)
