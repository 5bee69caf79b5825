from odoo import api, models

APPLICATION = "billing.assistance.application"


class IrAttachment(models.Model):
    """Evidence of an application for assistance, wherever it is deleted: on the application or in its history."""

    _inherit = "ir.attachment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assistance_evidence(self):
        evidence = self.sudo().filtered(lambda attachment: attachment.res_model == APPLICATION and attachment.res_id)
        if not evidence:
            return
        applications = self.env[APPLICATION].sudo().browse(evidence.mapped("res_id")).exists()
        for application in applications.filtered(lambda application: application.state not in ("draft", "submitted")):
            application._refuse_less_evidence()
