from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import PlanCase


@tagged("post_install", "-at_install", "is_tour")
class TestPlanTour(PlanCase, HttpCase):
    """In the browser: propose, compare, accept, pay; and after a missed instalment, renegotiate."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_plan_is_proposed_compared_signed_paid_missed_and_renegotiated(self):
        self.policy.write({"missed_max": 3, "late_max": 0, "sequence": 1})
        login = self.env.user.login
        self.env.flush_all()
        self.start_tour(f"/odoo/billing-accounts/{self.nora.id}", "billing_payment_plan", login=login)
        self.env.invalidate_all()
        plan = self.env["billing.payment.plan"].search([("partner_id", "=", self.nora.id)])
        self.assertEqual((plan.state, plan.instalment_count, plan.amount_paid), ("active", 3, 200.0))
        self.assertEqual(self.january.amount_residual, 0.0)
        # Seven weeks go by, and the second instalment with them.
        for row in plan.instalment_ids:
            row.sudo().date = fields.Date.subtract(row.date, days=70)
        self._night(fields.Date.to_string(fields.Date.today()))
        self.assertEqual(plan.missed_told, 1)
        self.start_tour("/odoo/billing-today", "billing_payment_plan_missed", login=login)
        self.env.invalidate_all()
        later = plan.next_ids
        self.assertEqual((plan.state, later.state, later.amount_total), ("replaced", "active", 400.0))
        self.assertEqual(later.instalment_ids.mapped("amount"), [100.0] * 4)
