from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanSuccessor(PlanCase):
    """Other terms for what is left, and new bills that go into a plan: nothing changes before the person agrees."""

    def _open(self, action):
        return self.env["billing.payment.plan"].browse(action["res_id"])

    def test_other_terms_take_the_place_once_they_are_accepted(self):
        plan = self._run()
        self._pay(self.january, 100.0, date="2026-04-01")
        with freeze_time("2026-04-20"):
            later = self._open(plan.action_renegotiate())
            self.assertEqual(
                (later.kind, later.previous_id, later.amount_total, later.instalment_amount, str(later.date_first)),
                ("renegotiated", plan, 500.0, 100.0, "2026-05-01"),
            )
            later.instalment_amount = 50.0
            later.action_propose()
            self.assertEqual(plan.state, "active")
            self.assertEqual(self._due(self.january), [("2026-05-01", "2026-05-01")])
            later.action_accept()
        self.assertEqual((plan.state, str(plan.ended_on), later.state), ("replaced", "2026-04-20", "active"))
        # What is left of January, 100, is paid with the second of ten instalments of 50.
        self.assertEqual(len(later.instalment_ids), 10)
        self.assertEqual(
            self._due(self.january, self.february), [("2026-06-01", "2026-06-01"), ("2027-02-01", "2027-02-01")],
        )
        # What was due when without any plan is handed on along the chain.
        with freeze_time("2026-04-21"):
            later.action_cancel()
        self.assertEqual(
            self._due(self.january, self.february), [("2026-02-09", "2026-02-09"), ("2026-03-12", "2026-03-12")],
        )
        # What came while it ran stays with the plan that it was paid for.
        self.assertEqual((plan.amount_paid, later.amount_paid), (100.0, 0.0))

    def test_new_bills_join_a_plan_with_instalments_as_before(self):
        plan = self._run()
        with self.assertRaisesRegex(UserError, f"Nora Neu has no new bill that {plan.name} Nora Neu could cover"):
            plan.action_amend()
        march = self._bill_nora(150.0, "2026-03-10")
        later = self._open(plan.action_amend())
        self.assertEqual(later.item_ids.move_id, self.january + self.february + march)
        self.assertEqual((later.kind, later.amount_total, later.instalment_amount), ("amended", 750.0, 100.0))
        # Whoever presses the button again comes to the same one.
        self.assertEqual(self._open(plan.action_amend()), later)
        later.action_propose()
        later.action_accept()
        self.assertEqual([row[:2] for row in self._schedule(later)][-2:], [
            ("2026-10-01", 100.0), ("2026-11-01", 50.0),
        ])
        self.assertEqual(plan.state, "replaced")

    def test_a_broken_plan_is_renegotiated_with_a_managers_yes(self):
        plan = self._run()
        self._night("2026-05-16")
        self.assertEqual(plan.state, "defaulted")
        cora = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id)
        with freeze_time("2026-05-20"):
            later = self._open(plan.with_user(cora).action_renegotiate()).with_user(cora)
            self.assertEqual(later.limits_passed, f"{plan.name} was broken on 05/16/2026.")
            with self.assertRaisesRegex(UserError, "a billing manager has to approve it first"):
                later.action_propose()
            later.with_user(self.env.user).action_approve()
            later.action_propose()
            later.action_accept()
        self.assertEqual((plan.state, later.state), ("replaced", "active"))

    def test_interest_that_was_invoiced_goes_along_and_the_rest_is_let_go(self):
        plan = self._run(rate=12.0)
        self._night("2026-04-02")
        charge = plan.charge_ids
        self.assertEqual(charge.amount_total, plan.instalment_ids.sorted("date")[0].interest)
        with freeze_time("2026-04-20"):
            later = self._open(plan.action_renegotiate())
            self.assertIn(charge, later.item_ids.move_id)
            self.assertEqual(later.amount_total, 600.0 + charge.amount_total)
            later.action_accept()
        self.assertEqual(len(plan.charge_ids), 1)
        self.assertConserved()

    def test_a_plan_that_has_ended_is_not_renegotiated(self):
        plan = self._run()
        plan.action_cancel()
        with self.assertRaisesRegex(UserError, "does not run, so there is nothing to renegotiate. Make a new plan"):
            plan.action_renegotiate()

    def test_who_adds_a_bill_comes_to_the_terms_that_were_proposed_already(self):
        plan = self._run()
        later = self._open(plan.action_renegotiate())
        later.action_propose()
        self._bill_nora(150.0, "2026-03-10")
        self.assertEqual(self._open(plan.action_amend()), later)
