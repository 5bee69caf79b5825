from odoo import api, models
from odoo.exceptions import UserError


class ReportAssistanceLetter(models.AbstractModel):
    """What was decided about an application for financial assistance, told to the applicant.

    Bills stand here with number and date only: nothing about health.
    """

    _name = "report.billing_coordinator.report_assistance_letter"
    _inherit = ["billing.paper"]
    _description = "Letter about financial assistance"

    @api.model
    def _get_report_values(self, docids, data=None):
        applications = self.env["billing.assistance.application"].browse(docids)
        for application in applications:
            if application.state not in ("accepted", "refused", "expired"):
                raise UserError(self.env._(
                    "Nothing is decided about %(application)s, so there is no letter yet. Accept or refuse it first.",
                    application=application.display_name,
                ))
        bills = self._get_bills(applications)
        return {
            "doc_ids": docids,
            "doc_model": "billing.assistance.application",
            "docs": applications,
            "bills": {application: bills.get(application, []) for application in applications},
        }

    @api.model
    def _get_bills(self, applications):
        """{application: what it took off each bill and what is left}, in a number of queries that does not grow.

        :return: lists of dicts with amounts in the currency of the bill
        """
        groups = self.env["billing.adjustment"]._read_group(
            [("assistance_id", "in", applications.ids), ("state", "=", "posted")],
            ["assistance_id", "move_id"], ["amount:sum"],
        )
        moves = self.env["account.move"].browse([move.id for _application, move, _amount in groups])
        flows = self.env["billing.charge.flow"]._get_flows(moves)
        bills = {}
        for application, move, amount in groups:
            bills.setdefault(application, []).append({
                "number": move.name,
                "date": move.encounter_id.date,
                "currency": move.currency_id,
                "discount": amount,
                "left": max(flows[move]["open"], 0.0),
                "credit": max(-flows[move]["open"], 0.0),
            })
        for rows in bills.values():
            rows.sort(key=lambda row: (row["date"], row["number"]))
        return bills

    @api.model
    def _get_contacts(self, company):
        """Whom to ask, as on bills."""
        return self._get_pay_values(company, 0.0, company.currency_id, None, "")

    @api.model
    def _get_reason(self, application):
        """Why it was decided like this: the programme's line, and what the manager says."""
        note = (application.decision_note or "").strip()
        why = application._get_proposal_reason(self._format_money)
        if application.state == "refused":
            return note or why
        proposed = application.discount_percent == application.discount_proposed
        return " ".join(filter(None, [proposed and why, note]))
