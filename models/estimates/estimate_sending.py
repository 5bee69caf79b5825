from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BillingEstimate(models.Model):
    """Handing an estimate over: printed, or by e-mail."""

    _inherit = "billing.estimate"

    def action_send(self):
        """Write the e-mail with the estimate attached; sending it marks the estimate as sent."""
        self.ensure_one()
        if day := self.addressee_id._get_consent_withdrawn("email"):
            raise UserError(self.env._(
                "%(person)s took back the consent to be contacted by e-mail on %(date)s. Print %(estimate)s instead, "
                "or record the consent when it is given again.",
                person=self.addressee_id.name,
                date=format_date(self.env, day),
                estimate=self.name,
            ))
        self._prepare_to_tell()
        template = self.env.ref("billing_coordinator.mail_template_estimate", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the estimate"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template and template.id,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
                "hide_mail_template_management_options": True,
                "billing_mark_sent": True,
            },
        }

    def action_print(self):
        """Print the estimates to hand them over; drafts are sent thereby."""
        drafts = self.filtered(lambda estimate: estimate.state == "draft")
        drafts._prepare_to_tell()
        drafts._mark_sent(self.env._("Printed and handed over."))
        return self.env.ref("billing_coordinator.action_report_estimate").report_action(self)

    def message_post(self, **kwargs):
        # The e-mail composer posts here; what it sends is then what the patient was told.
        message = super().message_post(**kwargs)
        if self.env.context.get("billing_mark_sent"):
            self.filtered(lambda estimate: estimate.state == "draft")._mark_sent(self.env._("Sent by e-mail."))
        return message

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
        self.with_context(billing_mark_sent=False)._set_state("sent", reason, date_sent=today)
