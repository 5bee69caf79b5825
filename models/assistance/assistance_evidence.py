from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingAssistanceApplication(models.Model):
    """Pay slips, tax returns and letters: what an application is decided by.

    Files of the chatter, letters sent for instance, are no evidence.
    """

    _inherit = "billing.assistance.application"

    documents = fields.Text(
        related="programme_id.documents",
    )
    evidence_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="billing_assistance_evidence_rel",
        column1="application_id",
        column2="attachment_id",
        string="Evidence",
        copy=False,
        help="Pay slips, tax returns, letters: who may not see this application may not open them either.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        applications = super().create(vals_list)
        for application in applications:
            application._adopt_evidence(application.sudo().evidence_ids)
        return applications

    def write(self, vals):
        if "evidence_ids" not in vals:
            return super().write(vals)
        # With the system's rights: what is named without being readable is looked at, too.
        before = {application: application.sudo().evidence_ids for application in self}
        result = super().write(vals)
        for application, evidence in before.items():
            application._drop_evidence(evidence - application.sudo().evidence_ids)
            application._adopt_evidence(application.sudo().evidence_ids - evidence)
        return result

    # === BUSINESS METHODS === #

    def _adopt_evidence(self, files):
        """A file that was dropped on an application belongs to it from now on.

        :raise UserError: where it belongs to another document, or somebody else uploaded it
        """
        self.ensure_one()
        for file in files:
            is_own = not file.res_id or (file.res_model, file.res_id) == (self._name, self.id)
            is_users = self.env.su or file.create_uid == self.env.user
            if not is_own or not is_users or file.res_field:
                raise UserError(self.env._(
                    "A file that belongs to another document or person cannot be taken as evidence for "
                    "%(application)s. Upload it here.",
                    application=self.name,
                ))
        if files:
            files.write({"res_model": self._name, "res_id": self.id})

    def _drop_evidence(self, files):
        """What is not evidence any more is deleted, before the decision only.

        :raise UserError: where the application has been decided
        """
        self.ensure_one()
        if files and self.state not in ("draft", "submitted"):
            self._refuse_less_evidence()
        files.sudo(False).unlink()

    def _refuse_less_evidence(self):
        """Say that the evidence of an application that is decided is not taken away."""
        self.ensure_one()
        raise UserError(self.env._(
            "%(application)s is decided: the evidence it was decided by stays with it.", application=self.name,
        ))
