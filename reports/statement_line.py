from odoo import api, models


class ReportStatementLine(models.AbstractModel):
    """The statements of a run, as they are for each line: one debtor in one currency."""

    _name = "report.billing_coordinator.report_statement_line"
    _inherit = ["report.billing_coordinator.report_statement"]
    _description = "Statement of a run"

    @api.model
    def _get_report_values(self, docids, data=None):
        lines = self.env["billing.statement.line"].browse(docids or (data or {}).get("line_ids"))
        known = self.env.context.get("billing_statements")
        if known is None:
            lines.check_access("read")
            known = {
                line.id: statement
                for company, some in lines.grouped("company_id").items()
                for key, statement in lines._get_statements(some.partner_id, company).items()
                for line in some if (line.partner_id, line.currency_id) == key
            }
        return {
            "doc_model": "billing.statement.line",
            "docs": lines,
            "statements": [known[line.id] for line in lines if line.id in known],
        }
