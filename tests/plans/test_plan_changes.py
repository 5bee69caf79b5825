from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanChanges(PlanCase):
    """A debt that changes under a running plan: the plan follows, and says so."""

    def _messages(self, plan):
        return " ".join(plan.message_ids.mapped("body"))

    def _discount(self, bill, amount):
        """The office forgives a part of a bill."""
        adjustment = self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": amount, "note": "Agreed",
        })
        adjustment.action_approve()
        return adjustment

    def test_a_smaller_debt_ends_the_plan_sooner(self):
        plan = self._run()
        self._discount(self.february, 150.0)
        plan._follow()
        self.assertEqual([row[:2] for row in self._schedule(plan)], [
            ("2026-04-01", 100.0), ("2026-05-01", 100.0), ("2026-06-01", 100.0), ("2026-07-01", 100.0),
            ("2026-08-01", 50.0),
        ])
        self.assertEqual((plan.amount_total, plan.amount_paid, plan.amount_open), (450.0, 0.0, 450.0))
        self.assertIn(
            "The debt became smaller by $&nbsp;150.00: the plan ends sooner.", self._messages(plan),
        )
        self.assertEqual([due for due, _bill in self._due(self.january, self.february)], ["2026-05-01", "2026-08-01"])
        plan._follow()
        self.assertEqual(plan.amount_to_pay, 450.0, "a second night changes nothing")

    def test_or_makes_the_instalments_smaller(self):
        self.policy.on_less = "lower"
        plan = self._run()
        self._discount(self.february, 150.0)
        plan._follow()
        self.assertEqual([row[1] for row in self._schedule(plan)], [75.0] * 6)
        self.assertIn("the instalments are smaller", self._messages(plan))

    def test_what_was_forgiven_before_the_plan_counts_for_nothing(self):
        self._discount(self.january, 50.0)
        plan = self._run()
        self.assertEqual((plan.amount_total, plan.amount_paid), (550.0, 0.0))
        plan._follow()
        self.assertEqual((plan.amount_total, plan.amount_paid, plan.amount_to_pay), (550.0, 0.0, 550.0))

    def test_a_discount_that_is_taken_back_makes_the_debt_larger_again(self):
        plan = self._run()
        adjustment = self._discount(self.february, 150.0)
        plan._follow()
        adjustment.action_reverse()
        plan._follow()
        self.assertEqual((plan.amount_total, plan.amount_to_pay, plan.amount_paid), (600.0, 600.0, 0.0))

    def test_money_beyond_the_next_instalment_shortens_or_lowers_the_rest(self):
        for choice, schedule in (
            ("shorten", [("2026-04-01", 300.0, 300.0), ("2026-05-01", 100.0, 0.0), ("2026-06-01", 100.0, 0.0),
                         ("2026-07-01", 100.0, 0.0)]),
            ("lower", [("2026-04-01", 300.0, 300.0), *((f"2026-0{month}-01", 60.0, 0.0) for month in range(5, 10))]),
        ):
            with self.subTest(choice=choice), self.cr.savepoint() as savepoint:
                self.policy.on_less = choice
                plan = self._run()
                self._pay(self.february, 300.0, date="2026-03-16")
                plan._follow()
                self.assertEqual(self._schedule(plan), schedule)
                self.assertEqual((plan.amount_to_pay, plan.amount_open), (600.0, 300.0))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_everything_paid_completes_the_plan_and_too_much_stays_credit(self):
        plan = self._run()
        self._pay(self.january + self.february, 700.0, date="2026-03-16")
        plan._follow()
        self.assertEqual((plan.state, plan.amount_open, str(plan.ended_on)), ("completed", 0.0, "2026-03-16"))
        self.assertFalse(plan.item_ids.filtered("is_running"))

    def test_a_completed_plan_goes_on_when_money_is_taken_back(self):
        plan = self._run()
        self._pay(self.january, 200.0, date="2026-03-16")
        payment = self._pay(self.february, 400.0, date="2026-03-16")
        plan._follow()
        self.assertEqual(plan.state, "completed")
        payment.action_draft()
        payment.action_cancel()
        self._night()
        self.assertEqual((plan.state, plan.amount_open), ("active", 400.0))
        self.assertEqual([due for due, _bill in self._due(self.february)], ["2026-09-01"])
