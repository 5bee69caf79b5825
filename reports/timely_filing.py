from odoo import api, fields, models
from odoo.exceptions import UserError


class ReportTimelyFiling(models.AbstractModel):
    """The letter that proves to a payer that a claim was filed in time: from what was recorded, and nothing else."""

    _name = "report.billing_coordinator.report_timely_filing"
    _description = "Proof of timely filing"

    @api.model
    def _get_report_values(self, docids, data=None):
        claims = self.env["billing.claim"].browse(docids)
        letters = {claim: self._get_letter(claim) for claim in claims}
        return {
            "doc_ids": docids,
            "doc_model": "billing.claim",
            "docs": claims,
            "letters": letters,
        }

    @api.model
    def _get_letter(self, claim):
        """The facts of one letter.

        :raise UserError: nothing was recorded that would prove anything
        """
        sendings = claim.submission_ids.filtered(
            lambda sending: sending.state != "withdrawn" and sending.frequency != "8"
        ).sorted(lambda sending: (sending.date, sending.id))
        if not sendings:
            raise UserError(self.env._(
                "No sending of %(claim)s is on record, so there is nothing to prove. If it was sent, write that down "
                "with “Sent otherwise”, on the day on which it was sent.",
                claim=claim.name,
            ))
        first = sendings[0]
        # Sent back unread it was never filed; what counts is the first sending that was not.
        counts = sendings.filtered(lambda sending: sending.state != "rejected")[:1] or first
        return {
            "today": fields.Date.context_today(claim),
            "sendings": sendings,
            "counts": counts,
            "deadline": claim.date_deadline,
            "is_in_time": bool(claim.date_deadline and counts.day <= claim.date_deadline),
            "numbers": list(dict.fromkeys(filter(None, (
                *sendings.mapped("payer_control_number"), claim.payer_control_number,
            )))),
        }
