from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BillingSending(models.AbstractModel):
    """Documents that go to a person by e-mail: the office looks at the message in Odoo's composer, and once it is sent,
    the document says so.

    For models with a history. While the message is written and its paper printed, the context says ``billing_sending``.
    """

    _name = "billing.sending"
    _description = "Sent to a person by e-mail"
    _inherit = ["mail.thread"]

    def _open_composer(self, addressee, title, template):
        """The action that opens the composer with this document's paper attached.

        :param addressee: the person it goes to
        :param str title: of the window
        :param str template: external id of the e-mail template; an empty message when somebody has deleted it
        :raise UserError: the person does not want e-mails any more
        """
        self.ensure_one()
        if day := addressee._get_consent_withdrawn("email"):
            raise UserError(self.env._(
                "%(person)s took back the consent to be contacted by e-mail on %(date)s. Print %(document)s instead, "
                "or record the consent when it is given again.",
                person=addressee.name, date=format_date(self.env, day), document=self.name,
            ))
        found = self.env.ref(template, raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": found.id if found else False,
                "default_email_layout_xmlid": "billing_coordinator.mail_layout",
                "force_email": True,
                "hide_mail_template_management_options": True,
                "billing_sending": True,
            },
        }

    def message_post(self, **kwargs):
        # The e-mail composer posts here; what it sends is then what the person was told.
        message = super().message_post(**kwargs)
        if self.env.context.get("billing_sending"):
            self.with_context(billing_sending=False)._note_sent()
        return message

    def _note_sent(self):
        """The composer has sent this document. Hook: each model writes down what that means."""
