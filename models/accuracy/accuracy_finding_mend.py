from odoo import api, fields, models
from odoo.exceptions import UserError

# Where a finding is mended, by its check; the others are mended on the document itself.
WAYS = {
    "account": "patient",
    "birth_date_missing": "person",
    "birth_date_wrong": "person",
    "address_missing": "person",
    "npi_missing": "provider",
    "npi_wrong": "provider",
    "npi_office": "office",
    "member_number": "coverage",
    "coverage_none": "patient",
    "coverage_ended": "coverage",
    "eligibility_old": "verify",
    "eligibility_problem": "verify",
    "authorization_missing": "authorization",
    "price_off": "price",
    "held": "release",
    "twice_elsewhere": "visits",
}


class BillingAccuracyFinding(models.Model):
    """The way out of a finding: a button that leads where it is mended, or mends it at once."""

    _inherit = "billing.accuracy.finding"

    way = fields.Selection(
        selection=[
            ("document", "Open"),
            ("patient", "Open account"),
            ("person", "Open account"),
            ("provider", "Open provider"),
            ("office", "Open company"),
            ("coverage", "Open coverage"),
            ("verify", "Verify"),
            ("authorization", "Request authorization"),
            ("price", "Take list price"),
            ("release", "Release"),
            ("visits", "Compare visits"),
        ],
        compute="_compute_way",
    )

    @api.depends("rule_id", "encounter_id", "claim_id")
    def _compute_way(self):
        for finding in self:
            way = WAYS.get(finding.rule_id.sudo().key, "document")
            if finding.claim_id and way == "verify":
                way = "coverage"
            finding.way = "document" if finding.estimate_id and way not in ("price", "patient") else way

    def action_mend(self):
        """Go where this is mended, or mend it."""
        self.ensure_one()
        return getattr(self, f"_mend_{self.way}")()

    # === THE WAYS === #

    def _mend_document(self):
        return self.action_open()

    def _mend_patient(self):
        return self.patient_id._get_records_action(
            views=[(self.env.ref("billing_coordinator.billing_partner_view_form").id, "form")],
        )

    def _mend_person(self):
        """The patient, or the policy holder."""
        person = self.patient_id
        if self.place == "subscriber":
            person = self._get_document()._get_accuracy_coverage().subscriber_id or person
        return person._get_records_action(
            views=[(self.env.ref("billing_coordinator.billing_partner_view_form").id, "form")],
        )

    def _mend_provider(self):
        return self._get_document().provider_id._get_records_action()

    def _mend_office(self):
        return self.company_id.partner_id._get_records_action()

    def _mend_coverage(self):
        return self._get_document()._get_accuracy_coverage()._get_records_action()

    def _mend_verify(self):
        return self.encounter_id.action_verify()

    def _mend_authorization(self):
        return self.encounter_id.action_request_authorization()

    def _mend_release(self):
        self.encounter_id.action_release()
        return True

    def _mend_visits(self):
        """The visit and the one on which the same service stands, too."""
        visit = self.encounter_id
        twins = self.env["billing.encounter"].search([
            ("patient_id", "=", visit.patient_id.id),
            ("date", "=", visit.date),
            ("company_id", "=", visit.company_id.id),
            ("state", "!=", "cancelled"),
        ])
        return twins._get_records_action(name=self.env._("Visits of %(patient)s", patient=visit.patient_id.name))

    def _mend_price(self):
        """Take the price of the list.

        :raise UserError: when the service has gone or its document cannot be changed any more
        """
        line = self._get_service()
        if not line:
            raise UserError(self.env._("The service is not there any more. Reload the page."))
        price = float(self.facts["amount_right"])
        if self._get_document().state != "draft":
            raise UserError(self.env._(
                "%(document)s is not a draft: take it back for correction first, then take the price of the list.",
                document=self._get_document().display_name,
            ))
        line.write({"price_unit": price})
        return True
