from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import AuthorizationCase


@tagged("post_install", "-at_install", "is_tour")
class TestAuthorizationTour(AuthorizationCase, HttpCase):
    """A clerk verifies a visit, is stopped by a rule of the plan, asks the payer, records its yes, and bills."""

    # The browser lives in the real today.
    freeze_time = None

    def setUp(self):
        # The real rule of a plan stops, no list of this test.
        super(AuthorizationCase, self).setUp()
        self.plan.rule_ids = [Command.create({
            "applies_to": "code", "code_from": self.code.code, "authorization_needed": True,
        })]

    def test_a_visit_is_verified_stopped_asked_for_approved_and_billed(self):
        encounter = self._visit(date=fields.Date.today())
        self.start_tour("/odoo/billing-to-verify", "billing_authorization_stop", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual((self.coverage.check_ids.state, encounter.insurance_status), ("applied", "verified"))
        request = encounter.authorization_ids
        self.assertEqual((request.state, request.number), ("approved", "A-4711"))
        self.assertEqual((request.units_used, request.units_left), (2.0, 0.0))
        self.assertEqual(encounter.state, "billed")
        self.assertEqual(len(encounter.claim_ids), 1)
