from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import PlanCase

NIGHT = "odoo.addons.billing_coordinator.models.plans.payment_plan_nightly"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanHardNights(PlanCase):
    """Nights in which something stands in the way: one plan keeps no other from its night."""

    def _forgive(self, bill, amount):
        adjustment = self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": amount, "note": "Agreed",
        })
        adjustment.action_approve()
        return adjustment

    def _create_other(self):
        ben = self._create_patient("Ben Bar")
        ben._set_state("pending")
        ben._set_state("active")
        self._bill(self._create_encounter(ben, [(self.service, 300.0)], date="2026-01-10"), date="2026-01-10")
        return self._draw_up(partner_id=ben.id)

    def test_a_plan_that_cannot_be_followed_keeps_no_other_from_its_night(self):
        plan, other = self._run(fee=25.0), self._create_other()
        other.action_accept()
        self.company.billing_fee_account_id = False
        with mute_logger(NIGHT):
            self._night("2026-05-20")
            self._night("2026-05-21")
        self.assertEqual((plan.state, other.state), ("active", "defaulted"))
        activity = plan.activity_ids
        self.assertEqual(activity.summary, f"{plan.name} could not be followed at night", "told once")
        self.assertIn("has no account for fees and interest yet", activity.note)

    def test_a_debt_that_is_forgiven_altogether_completes_the_plan(self):
        plan = self._run(fee=25.0)
        self._forgive(self.january, 200.0)
        self._forgive(self.february, 400.0)
        self._night("2026-03-17")
        self.assertEqual((plan.state, plan.amount_to_pay, len(plan.instalment_ids)), ("completed", 0.0, 0))
        self.assertFalse(plan.activity_ids)

    def test_interest_that_was_invoiced_stays_to_be_paid_when_the_debt_is_forgiven(self):
        plan = self._run(rate=12.0)
        self._night("2026-04-01")
        self._forgive(self.january, 200.0)
        self._forgive(self.february, 400.0)
        self._night("2026-04-02")
        self.assertEqual((plan.state, plan.amount_open), ("active", plan.charge_ids.amount_residual))
        self._pay(plan.charge_ids, plan.charge_ids.amount_residual, date="2026-04-02")
        self._night("2026-04-03")
        self.assertEqual(plan.state, "completed")

    def test_a_paid_plan_whose_bills_stand_in_another_one_by_now_is_not_opened_again(self):
        plan = self._run()
        payment = self._pay(self.january + self.february, 600.0, date="2026-03-16")
        self._night("2026-03-17")
        self.assertEqual(plan.state, "completed")
        payment.action_draft()
        payment.action_cancel()
        other = self._run()
        self._night("2026-03-18")
        self.assertEqual((plan.state, other.state), ("completed", "active"))
        self.assertFalse(plan.activity_ids)

    def test_what_is_asked_for_anew_and_stands_in_another_plan_is_not_taken(self):
        plan = self._run()
        adjustment = self._forgive(self.february, 150.0)
        self._night("2026-03-17")
        adjustment.action_reverse()
        other = self._run()
        self.assertEqual(other.amount_total, 150.0)
        self._night("2026-03-18")
        self.assertEqual((plan.amount_total, other.amount_total), (450.0, 150.0))
        self.assertFalse((plan + other).activity_ids)

    def test_a_debt_that_comes_back_is_paid_by_instalments_as_large_as_the_office_takes(self):
        plan = self._run()
        adjustment = self._forgive(self.february, 399.99)
        self._forgive(self.january, 199.99)
        self._night("2026-03-17")
        self.assertEqual([row[1] for row in self._schedule(plan)], [0.02])
        adjustment.action_reverse()
        self._night("2026-03-18")
        self.assertEqual([row[1] for row in self._schedule(plan)], [25.0] * 16 + [0.01])
        self.assertEqual(plan.amount_to_pay, 400.01)

    def test_instalments_are_added_behind_days_that_lie_far_ahead(self):
        plan = self._draw_up(frequency="dates", instalment_ids=[])
        plan.instalment_ids = [
            (0, 0, {"date": "2026-04-01", "principal": 300.0}), (0, 0, {"date": "2090-04-05", "principal": 300.0}),
        ]
        self.policy.months_max = 0
        plan.action_accept()
        adjustment = self._forgive(self.february, 150.0)
        self._night("2026-03-17")
        adjustment.action_reverse()
        self._night("2026-03-18")
        self.assertEqual([row[:2] for row in self._schedule(plan)], [("2026-04-01", 300.0), ("2090-04-05", 300.0)])
        plan._change_debt(plan._money(310.0))
        self.assertEqual([row[:2] for row in self._schedule(plan)][2:], [("2090-05-05", 300.0), ("2090-06-05", 10.0)])
