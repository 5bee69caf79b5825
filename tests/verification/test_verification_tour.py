from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import BillingCase


@tagged("post_install", "-at_install", "is_tour")
class TestVerificationTour(BillingCase, HttpCase):
    """A coordinator verifies a coming visit in the browser."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_coming_visit_is_verified(self):
        self.env["res.partner"].create({
            "name": "Provider line", "parent_id": self.payer.id, "phone": "(800) 555-0144",
            "billing_purpose_ids": self.env.ref("billing_coordinator.contact_purpose_eligibility").ids,
        })
        today = fields.Date.today()
        visit = self._create_encounter(date=fields.Date.add(today, days=1))
        self.start_tour("/odoo/billing-to-verify", "billing_verify_insurance", login=self.env.user.login)
        visit.invalidate_recordset()
        self.assertEqual(visit.insurance_status, "verified")
        check = self.coverage.check_ids
        self.assertEqual((check.state, check.responder, check.encounter_id), ("applied", "Maria", visit))
        self.assertEqual((check.service_date, check.date), (visit.date, today))
        self.assertEqual(self.coverage.copay, 30.0)
        self.assertEqual(check.change_ids.mapped("name"), ["Copay"])
