from odoo import api, models


class ReportAuthorization(models.AbstractModel):
    """The letter that asks a payer to agree beforehand: what it needs to decide, and nothing else of the chart."""

    _name = "report.billing_coordinator.report_authorization"
    _description = "Authorization request"

    @api.model
    def _get_report_values(self, docids, data=None):
        requests = self.env["billing.authorization"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": "billing.authorization",
            "docs": requests,
        }
