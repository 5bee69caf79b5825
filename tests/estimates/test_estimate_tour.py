from odoo.tests import HttpCase, tagged

from .common import EstimateCase


@tagged("post_install", "-at_install", "is_tour")
class TestEstimateTour(EstimateCase, HttpCase):
    """A clerk tells a patient what it will cost, and turns the answer into a visit, in the browser."""

    # The browser lives in the real today.
    freeze_time = None

    def test_from_estimate_to_visit(self):
        self.patient.email = "ana@example.com"
        self.start_tour("/odoo/billing-estimates", "billing_estimate_to_visit", login=self.env.user.login)
        estimate = self.env["billing.estimate"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((estimate.state, estimate.accepted_by), ("done", "Ana López"))
        self.assertEqual((estimate.amount_payer, estimate.amount_patient), (240.0, 260.0))
        self.assertEqual(estimate.encounter_ids.line_ids.product_id, self.service)
        mail = estimate.message_ids.filtered(lambda message: message.subject and "your estimate" in message.subject)
        self.assertEqual(mail.partner_ids, self.patient)
        self.assertTrue(mail.attachment_ids)
