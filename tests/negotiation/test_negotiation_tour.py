from odoo.tests import HttpCase, tagged

from .common import NegotiationCase


@tagged("post_install", "-at_install", "is_tour")
class TestNegotiationTour(NegotiationCase, HttpCase):
    """In the browser: from the claim to the offers, to the agreement."""

    # The browser lives in the real today.
    freeze_time = None

    def test_from_the_claim_to_the_agreement(self):
        self.claim.action_send()
        self.env.flush_all()
        self.start_tour(
            f"/odoo/action-billing_coordinator.billing_claim_action/{self.claim.id}", "billing_negotiation",
            login=self.env.user.login,
        )
        self.env.invalidate_all()
        negotiation = self.claim.invoice_id.env["billing.negotiation"].search([("partner_id", "=", self.payer.id)])
        self.assertEqual((negotiation.state, negotiation.amount_agreed), ("agreed", 450.0))
