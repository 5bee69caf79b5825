from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_CORRECTABLE, CLAIM_TO_SEND

# While one of these, the office has to do something before the deadline; afterwards it has been kept or is lost.
COUNTING = (*CLAIM_TO_SEND, *CLAIM_CORRECTABLE)


class BillingClaim(models.Model):
    """Until when a payer accepts a claim, and what is left of that time."""

    _inherit = "billing.claim"

    date_deadline = fields.Date(
        string="File until",
        compute="_compute_date_deadline",
        store=True,
        help="Until when the plan accepts it: a first claim counted from the service, a later payer's from the earlier "
             "payer's answer, a corrected one from the payer's own answer, where the plan says so.",
    )
    date_due = fields.Date(
        string="Deadline",
        compute="_compute_deadline_left",
        help="The next deadline that counts for it now: to file, to correct, to appeal.",
    )
    days_left = fields.Integer(
        compute="_compute_deadline_left",
    )
    deadline_kind = fields.Char(
        string="Deadline for",
        compute="_compute_deadline_left",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "service_date", "frequency", "date_answered", "state", "invoice_id.remittance_id.date",
        "coverage_id.plan_id.timely_filing_days", "coverage_id.plan_id.secondary_filing_days",
        "coverage_id.plan_id.corrected_filing_days",
    )
    def _compute_date_deadline(self):
        for claim in self:
            since, days = claim._get_filing_term()
            claim.date_deadline = since + timedelta(days=days) if since and days else False

    @api.depends("date_deadline", "state", "frequency")
    def _compute_deadline_left(self):
        today = fields.Date.context_today(self)
        for claim in self:
            deadlines = claim._get_deadlines()
            claim.date_due, claim.deadline_kind = min(deadlines) if deadlines else (False, False)
            claim.days_left = (claim.date_due - today).days if claim.date_due else 0

    # === BUSINESS METHODS === #

    def _get_filing_term(self):
        """(the day that counts, the days after it within which the plan accepts this claim)."""
        self.ensure_one()
        plan = self.coverage_id.plan_id
        is_corrected = self.frequency == "7" or self.state in CLAIM_CORRECTABLE
        if is_corrected and plan.corrected_filing_days and self.state != "rejected":
            answered = self.date_answered or self.replaces_id.date_answered
            return answered or self.service_date, plan.corrected_filing_days
        earlier = self.invoice_id.remittance_id.date
        if earlier and plan.secondary_filing_days:
            return earlier, plan.secondary_filing_days
        return self.service_date, plan.timely_filing_days

    def _get_deadlines(self):
        """[(day, what for)] of the deadlines that count for this claim now. Hook: later rooms add theirs."""
        self.ensure_one()
        if not self.date_deadline or self.state not in COUNTING:
            return []
        return [(
            self.date_deadline,
            self.env._("to file it") if self.state in CLAIM_TO_SEND and self.frequency == "1"
            else self.env._("to send it corrected"),
        )]
