from odoo import api, fields, models


class BillingEncounter(models.Model):
    """Whether the account of a visit may be billed: approved, on hold, closed."""

    _inherit = "billing.encounter"

    account_notice = fields.Char(
        string="About the account",
        compute="_compute_account_notice",
        help="Why this account is not billed for now, or what is still missing before it is approved.",
    )

    @api.depends(
        "patient_id.billing_state", "patient_id.billing_state_reason", "company_id", "state",
        "patient_id.guarantor_id.billing_state", "patient_id.guarantor_id.billing_state_reason",
    )
    @api.depends_context("lang")
    def _compute_account_notice(self):
        for encounter in self:
            waits = encounter.patient_id and encounter.state in ("draft", "ready")
            encounter.account_notice = waits and encounter.patient_id._get_billing_stop(encounter.company_id)[0]

    def action_ready(self):
        # A visit to bill is when it matters whether the account is approved: the rules are asked now.
        super().action_ready()
        for company, visits in self.grouped("company_id").items():
            visits.patient_id.with_company(company).action_billing_submit()

    def _get_billing_notices(self):
        notices = super()._get_billing_notices()
        return [*notices, self.account_notice] if self.account_notice else notices
