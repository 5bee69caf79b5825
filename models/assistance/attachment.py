from odoo import api, models


class IrAttachment(models.Model):
    """Evidence of an application for assistance, wherever it is deleted: on the application or in its history."""

    _inherit = "ir.attachment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assistance_evidence(self):
        decided = self.env["billing.assistance.application"].sudo().search([
            ("evidence_ids", "in", self.ids), ("state", "not in", ("draft", "submitted")),
        ], limit=1)
        if decided:
            decided._refuse_less_evidence()
