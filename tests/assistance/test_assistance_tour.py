from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import AssistanceCase


@tagged("post_install", "-at_install", "is_tour")
class TestAssistanceTour(AssistanceCase, HttpCase):
    """Somebody cannot pay, in the browser: applied, handed in, decided, discounted."""

    # The browser lives in the real today.
    freeze_time = None

    def test_from_application_to_discount(self):
        today = fields.Date.today()
        bill = self._bill(self._create_encounter(date=today), date=fields.Date.to_string(today))
        self.start_tour(
            f"/odoo/billing-accounts/{self.patient.id}", "billing_financial_assistance", login=self.env.user.login,
        )
        self.env.invalidate_all()
        application = self.patient.billing_assistance_ids
        self.assertEqual((application.state, application.discount_percent), ("accepted", 60.0))
        self.assertEqual(application.decided_by_id, self.env.user)
        self.assertEqual(application.adjustment_ids.mapped(lambda a: (a.move_id, a.reason_id, a.amount)), [
            (bill, self.assist_reason, 300.0),
        ])
        self.assertEqual(self._owed(self.patient), 200.0)
        self.assertConserved()
