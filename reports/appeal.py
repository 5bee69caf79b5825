from odoo import api, fields, models


class ReportAppeal(models.AbstractModel):
    """The letter of an appeal: what was denied, why that is wrong, and what is asked for, in the payer's language."""

    _name = "report.billing_coordinator.report_appeal"
    _description = "Letter of appeal"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {
            "doc_ids": docids,
            "doc_model": "billing.appeal",
            "docs": self.env["billing.appeal"].browse(docids),
        }

    @api.model
    def _get_day(self, appeal):
        """The day of the letter: that on which it was sent, else today."""
        return self.env["billing.paper"]._format_day(appeal.date_sent or fields.Date.context_today(appeal))

    @api.model
    def _get_rows(self, appeal):
        """Each denied service: claim, patient, code, what was charged, paid and not paid, and the payer's reasons."""
        rows = []
        for denial in appeal.denial_ids.sorted(lambda denial: (denial.claim_id.id, denial.move_line_id.id)):
            line = denial.sudo().remittance_line_id
            rows.append({
                "denial": denial,
                "claim": denial.claim_id,
                "patient": denial.patient_id,
                "member": denial.claim_id.coverage_id.member_number,
                "date": denial.service_date,
                "code": denial.code_id.code,
                "modifiers": denial.sudo().move_line_id.billing_modifiers,
                "service": denial.sudo().move_line_id.name,
                "charged": line.amount_charged,
                "paid": line.amount_paid,
                "amount": denial.amount,
                "contract": denial.amount_contract if denial.kind == "short" else 0.0,
                "reasons": denial.reason_ids,
            })
        return rows

    @api.model
    def _get_enclosures(self, appeal):
        """What is bound with the letter, in its order."""
        claims = appeal.claim_ids
        authorizations = appeal._get_authorizations()
        names = [self.env._("claim %(number)s", number=claim.name) for claim in claims]
        names.append(self.env._("your answer"))
        if appeal._get_filed_in_time():
            names.append(self.env._("proof of filing in time"))
        names += [self.env._("prior authorization %(number)s", number=number)
                  for number in authorizations.mapped("number") if number]
        return [*names, *appeal.attachment_ids.mapped("name")]


class ReportAppealAnswer(models.AbstractModel):
    """A payer's own answer, on one page: what it said about each service of the claims that are appealed."""

    _name = "report.billing_coordinator.report_appeal_answer"
    _description = "Payer's answer"

    @api.model
    def _get_report_values(self, docids, data=None):
        appeals = self.env["billing.appeal"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": "billing.appeal",
            "docs": appeals,
            "answers": {appeal: self._get_answers(appeal) for appeal in appeals},
        }

    @api.model
    def _get_answers(self, appeal):
        """[(remittance, its lines about these claims)], the earliest first: all it said, not what it denied only."""
        lines = self.env["billing.remittance.line"].sudo().search([
            ("claim_id", "in", appeal.claim_ids.ids), ("is_in_force", "=", True),
        ], order="id")
        by_remittance = lines.grouped("remittance_id")
        return [
            (remittance, by_remittance[remittance])
            for remittance in sorted(by_remittance, key=lambda remittance: (remittance.date, remittance.id))
        ]
