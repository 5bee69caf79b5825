"""What a payment plan does to the books: nothing but due dates, until fees and interest fall due.

Nora owes J 200 (due 9 February) and F 400 (due 12 March); six instalments of 100 from 1 April on.

| event | journal items | plan |
|---|---|---|
| the plan starts | none; J is due on 1 May, F on 1 September | 600 to pay |
| 100 by bank, card, cash or portal | Dr BANK 100 / Cr AR[N] 100 | the first instalment is paid |
| credit note over 50 | Dr REV 50 / Cr AR[N] 50 | 50 less to pay |
| payment taken back | the payment's items reversed, AR[N] open again | the instalment is open again |
| 700 paid | Dr BANK 700 / Cr AR[N] 700, of which 100 stay unapplied credit | paid |
| the plan is cancelled or broken | none; J and F are due again when they were | - |
"""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase

# Due dates of the items, and of their bills, without a plan.
BEFORE = [("2026-02-09", "2026-02-09"), ("2026-03-12", "2026-03-12")]


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanLedger(PlanCase):
    """Paid by whatever way; due dates follow the promise and come back."""

    def test_a_plan_posts_nothing_and_moves_due_dates_to_what_was_promised(self):
        before = self.env["account.move"].search_count([])
        self.assertEqual(self._due(self.january, self.february), BEFORE)
        plan = self._run()
        self.assertEqual(plan.state, "active")
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(self._schedule(plan), [
            ("2026-04-01", 100.0, 0.0), ("2026-05-01", 100.0, 0.0), ("2026-06-01", 100.0, 0.0),
            ("2026-07-01", 100.0, 0.0), ("2026-08-01", 100.0, 0.0), ("2026-09-01", 100.0, 0.0),
        ])
        self.assertEqual(
            self._due(self.january, self.february), [("2026-05-01", "2026-05-01"), ("2026-09-01", "2026-09-01")],
        )
        self.assertEqual((plan.amount_total, plan.amount_paid, plan.amount_open), (600.0, 0.0, 600.0))
        self.assertConserved()

    def test_money_fills_the_instalments_whatever_way_it_comes(self):
        plan = self._run()
        self._pay(self.january, 100.0, date="2026-03-16")
        self.assertEqual(self._paid(plan), [100, 0, 0, 0, 0, 0])
        # Past the plan, on the bill that is due last.
        self._pay(self.february, 150.0, date="2026-03-16")
        self.assertEqual(self._paid(plan), [100, 100, 50, 0, 0, 0])
        self.assertEqual((plan.amount_paid, plan.amount_open, str(plan.date_next)), (250.0, 350.0, "2026-06-01"))
        self.assertEqual(round(plan.progress, 2), 41.67)

    def test_a_payment_that_is_taken_back_opens_its_instalment_again(self):
        plan = self._run()
        payment = self._pay(self.january, 100.0, date="2026-03-16")
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._paid(plan), [0, 0, 0, 0, 0, 0])
        self.assertEqual(str(plan.date_next), "2026-04-01")

    def test_cancelling_a_plan_puts_the_due_dates_back(self):
        plan = self._run()
        plan.action_cancel()
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(self._due(self.january, self.february), BEFORE)
        self._run()

    def test_a_due_date_that_an_accountant_changed_meanwhile_stays(self):
        plan = self._run()
        self.january._get_billing_receivable_item().date_maturity = "2026-12-31"
        plan.action_cancel()
        self.assertEqual([due for due, _bill in self._due(self.january, self.february)], ["2026-12-31", "2026-03-12"])

    def test_a_bill_in_a_running_plan_stands_in_no_other_one(self):
        first = self._draw_up()
        second = self._draw_up()
        first.action_accept()
        with self.assertRaisesRegex(UserError, f"{self.january.name} cannot stand in {second.name} Nora Neu: "
                                               f"{first.name} covers it already"):
            second.action_accept()

    def test_what_was_paid_since_it_was_drawn_up_is_told(self):
        plan = self._draw_up()
        plan.action_propose()
        self._pay(self.january, 50.0, date="2026-03-16")
        with self.assertRaisesRegex(
            UserError, "had \\$\\s200.00 open when .* was drawn up, and has \\$\\s150.00 open now",
        ):
            plan.action_accept()
