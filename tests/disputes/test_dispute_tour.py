from odoo.tests import HttpCase, tagged

from .common import DisputeCase


@tagged("post_install", "-at_install", "is_tour")
class TestDisputeTour(DisputeCase, HttpCase):
    """In the browser: from the bill to the dispute, to its resolution."""

    # The browser lives in the real today.
    freeze_time = None

    def test_from_the_bill_to_the_dispute_to_the_credit_note(self):
        self.env.flush_all()
        self.start_tour(
            f"/odoo/action-billing_coordinator.billing_patient_invoice_action/{self.january.id}", "billing_dispute",
            login=self.env.user.login,
        )
        self.env.invalidate_all()
        dispute = self.env["billing.dispute"].search([("partner_id", "=", self.nora.id)])
        self.assertEqual((dispute.state, dispute.amount_credited), ("resolved", 80.0))
        self.assertEqual(self.january.amount_residual, 120.0)
