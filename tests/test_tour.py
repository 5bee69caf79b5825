from odoo.tests import HttpCase, tagged

from .common import BillingCase


@tagged("post_install", "-at_install", "is_tour")
class TestTour(BillingCase, HttpCase):
    """A clerk at work in the browser: one visit from registration to money; accounts from registration to closing."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_visit_from_registration_to_money(self):
        self.company.external_report_layout_id = self.env.ref("web.external_layout_standard")
        self.start_tour("/odoo/billing-accounts/new", "billing_visit_to_money", login=self.env.user.login)
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

    def test_somebody_who_is_here_already_is_found_at_registration(self):
        self.start_tour("/odoo/billing-accounts", "billing_registration_duplicate", login=self.env.user.login)
        self.assertEqual(self.env["res.partner"].search([("name", "ilike", "Ana")]) & self.patient, self.patient)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Lopez, Ana")]))
        self.assertEqual(self.patient.coverage_ids.mapped("member_number")[-1], "G-77")

    def test_an_account_from_registration_to_reopening(self):
        self.start_tour("/odoo/billing-accounts", "billing_account_approval", login=self.env.user.login)
        account = self.env["res.partner"].search([("name", "=", "Nora Neu")])
        self.assertEqual((account.billing_state, account.billing_state_reason), ("pending", "Came back"))

    def test_what_keeps_an_account_open_is_one_click_away(self):
        self._create_encounter()
        self.start_tour("/odoo/billing-accounts", "billing_account_closing", login=self.env.user.login)
        self.assertEqual(self.patient.billing_state, "new")
