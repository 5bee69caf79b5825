from markupsafe import Markup

from odoo import models


class BillingCollectionCase(models.Model):
    """The e-mail of a case: what its step says, worked out for all e-mails of a batch at once."""

    _inherit = "billing.collection.case"

    def _get_mail_subject(self):
        """The subject of the step that is being sent; in a preview, of the last one."""
        self.ensure_one()
        subjects = self.env.context.get("billing_subjects") or {}
        return subjects.get(self.id) or self._get_last_step().stage_id.subject or ""

    def _get_mail_body(self):
        """The text of the step that is being sent; in a preview, of the last one."""
        self.ensure_one()
        bodies = self.env.context.get("billing_bodies") or {}
        if self.id in bodies:
            return bodies[self.id]
        letter = self.env["billing.collection.letter"]
        return Markup("").join(letter._render_mail(step, values) for step, values in letter._get_letters(
            self._get_last_step(),
        ).items())

    def _get_last_step(self):
        return self.step_ids.filtered("line_ids").sorted("id", reverse=True)[:1]
