from odoo import fields, models
from odoo.fields import Domain

from .encounter import DOCUMENT_TRIGGERS, LINE_TRIGGERS


class BillingEstimate(models.Model):
    """An estimate is checked while it is a draft: what would stop the bill is mended before the patient is told.

    It is no bill, so that a stop is shown and stops nothing. Coverage, verification and authorizations are the business
    of its advice (``models/estimates``).
    """

    _name = "billing.estimate"
    _inherit = ["billing.estimate", "billing.accuracy.document"]

    _finding_field = "estimate_id"
    _accuracy_kind = "estimate"
    _editable_when_sent = frozenset({
        "state", "notes", "date_sent", "date_valid_until", "date_accepted", "accepted_by", "accuracy_level",
        "accuracy_date", "accuracy_first_level", "accuracy_first_date", "accuracy_final_level",
    })

    finding_ids = fields.One2many(
        comodel_name="billing.accuracy.finding",
        inverse_name="estimate_id",
        string="Findings",
        compute="_compute_finding_ids",
    )

    def _get_accuracy_triggers(self):
        return [*DOCUMENT_TRIGGERS, "diagnosis_code_ids", *(f"line_ids.{name}" for name in LINE_TRIGGERS)]

    def _is_accuracy_open(self):
        self.ensure_one()
        return self.state == "draft"

    def _get_accuracy_domain(self):
        return Domain("state", "=", "draft")

    def _get_accuracy_diagnoses(self):
        return self.diagnosis_code_ids

    def _prepare_totals(self):
        # What it comes to is expected of payers and patient, taxes included; the services add up before that.
        totals = super()._prepare_totals()
        return {**totals, "total": totals["total_of_services"]}

    def _mark_sent(self, reason):
        self._check_accuracy()
        self._note_first_pass()
        self._note_final_level()
        return super()._mark_sent(reason)


class BillingEstimateLine(models.Model):
    """Who renders a planned service."""

    _inherit = "billing.estimate.line"

    def _get_accuracy_provider(self):
        return self._get_provider()
