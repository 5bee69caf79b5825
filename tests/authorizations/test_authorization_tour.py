from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import AuthorizationCase


@tagged("post_install", "-at_install", "is_tour")
class TestAuthorizationTour(AuthorizationCase, HttpCase):
    """A clerk meets a visit that is stopped, asks the payer, records its yes, and bills."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_visit_is_stopped_asked_for_approved_and_billed(self):
        encounter = self._visit(date=fields.Date.today())
        self.start_tour(
            f"/odoo/billing-visits/{encounter.id}", "billing_authorization_stop", login=self.env.user.login,
        )
        self.env.invalidate_all()
        request = encounter.authorization_ids
        self.assertEqual((request.state, request.number), ("approved", "A-4711"))
        self.assertEqual((request.units_used, request.units_left), (2.0, 0.0))
        self.assertEqual(encounter.state, "billed")
        self.assertEqual(len(encounter.claim_ids), 1)
