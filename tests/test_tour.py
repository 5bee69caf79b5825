from odoo.tests import HttpCase, tagged

from .common import BillingCase


@tagged("post_install", "-at_install", "is_tour")
class TestTour(BillingCase, HttpCase):
    """A clerk walks one visit through the browser, from registration to money."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_visit_from_registration_to_money(self):
        self.company.external_report_layout_id = self.env.ref("web.external_layout_standard")
        self.start_tour("/odoo/billing-accounts", "billing_visit_to_money", login=self.env.user.login)
        patient = self.env["res.partner"].search([("name", "=", "Tina Tour")])
        encounter = self.env["billing.encounter"].search([("patient_id", "=", patient.id)])
        self.assertEqual(encounter.state, "billed")
        self.assertEqual(set(encounter.claim_ids.mapped("state")), {"settled"})
        self.assertEqual(len(encounter.claim_ids), 2)
        self.assertEqual(self._owed(patient), 0.0)
        charge = encounter.invoice_ids.filtered(lambda move: move.billing_kind == "charge")
        conservation = self.env["billing.conservation"].search([("charge_id", "=", charge.id)])
        self.assertEqual(
            (conservation.amount_charged, conservation.amount_paid, conservation.amount_adjusted,
             conservation.amount_open, conservation.amount_transferred, conservation.difference),
            (500.0, 380.0, 120.0, 0.0, 0.0, 0.0),
        )
        self.assertConserved()
