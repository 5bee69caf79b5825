from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingAssistanceApplication(models.Model):
    """Pay slips, tax returns and letters: what an application is decided by."""

    _inherit = "billing.assistance.application"

    documents = fields.Text(
        related="programme_id.documents",
    )
    attachment_ids = fields.One2many(
        comodel_name="ir.attachment",
        inverse_name="res_id",
        domain=[("res_model", "=", "billing.assistance.application")],
        string="Attachments",
    )
    evidence_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Evidence",
        compute="_compute_evidence_ids",
        inverse="_inverse_evidence_ids",
        help="Pay slips, tax returns, letters: who may not see this application may not open them either.",
    )

    # === COMPUTE METHODS === #

    @api.depends("attachment_ids")
    def _compute_evidence_ids(self):
        for application in self:
            application.evidence_ids = application.attachment_ids

    def _inverse_evidence_ids(self):
        for application in self:
            kept = application.evidence_ids
            if application.state not in ("draft", "submitted") and application.attachment_ids - kept:
                raise UserError(self.env._(
                    "%(application)s is decided: the evidence it was decided by stays with it.",
                    application=application.name,
                ))
            (application.attachment_ids - kept).unlink()
            # A file that was dropped on an unsaved application belongs to it from now on.
            kept.write({"res_model": self._name, "res_id": application.id})
        self.invalidate_recordset(["attachment_ids"])
