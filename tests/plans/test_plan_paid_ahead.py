from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanPaidAhead(PlanCase):
    """Who pays ahead: the interest counts until then, one night is enough, and it can be taken back."""

    def _rows(self, plan):
        return [(str(row.date), row.principal, row.interest) for row in plan.instalment_ids.sorted("date")]

    def test_interest_on_what_was_paid_ahead_counts_until_it_came(self):
        plan = self._run(rate=12.0)
        self.assertEqual(self._rows(plan)[0], ("2026-04-01", 99.89, 3.16))
        self._pay(self.february, 300.0, date="2026-03-26")
        self._night("2026-03-27")
        # 600 for 10 days and 300 for 6: 1.97 and 0.59.
        self.assertEqual(self._rows(plan)[0], ("2026-04-01", 297.44, 2.56))
        self.assertEqual(self._paid(plan)[:2], [300.0, 0.0])
        self.assertAlmostEqual(plan.amount_total, sum(plan.instalment_ids.mapped("principal")))
        rows, messages = self._rows(plan), plan.message_ids
        for day in ("2026-03-28", "2026-03-29"):
            self._night(day)
            self.assertEqual((self._rows(plan), plan.message_ids), (rows, messages), "one night is enough")
        self._night("2026-04-01")
        self.assertEqual(plan.charge_ids.amount_total, 2.56)

    def test_who_pays_everything_on_the_first_day_pays_no_interest(self):
        plan = self._run(rate=12.0)
        self._pay(self.january + self.february, 600.0, date=TODAY)
        self._night("2026-03-17")
        self.assertEqual((plan.state, plan.amount_to_pay), ("completed", 600.0))
        self._night("2026-04-02")
        self.assertFalse(plan.charge_ids)

    def test_money_paid_ahead_that_is_taken_back_asks_for_no_more_than_was_agreed(self):
        for choice in ("shorten", "lower"):
            with self.subTest(choice=choice), self.cr.savepoint() as savepoint:
                self.policy.on_less = choice
                plan = self._run()
                payment = self._pay(self.february, 400.0, date=TODAY)
                self._night("2026-03-17")
                self.assertEqual(self._paid(plan)[0], 400.0)
                payment.action_draft()
                payment.action_cancel()
                self._night("2026-03-18")
                rows = self._schedule(plan)
                self.assertEqual(rows, [(f"2026-0{month}-01", 100.0, 0.0) for month in range(4, 10)])
                messages = plan.message_ids
                self._night("2026-03-19")
                self.assertEqual(plan.message_ids, messages)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_other_terms_go_on_with_the_next_instalment_that_is_open(self):
        plan = self._run(fee=25.0)
        later = self.env["billing.payment.plan"].browse(plan.action_renegotiate()["res_id"])
        self.assertEqual((later.instalment_amount, str(later.date_first)), (100.0, "2026-04-01"), "without the fee")
        later.unlink()
        self._pay(self.february, 300.0, date=TODAY)
        self._night("2026-03-17")
        self.assertEqual(self._paid(plan)[:2], [300.0, 0.0])
        later = self.env["billing.payment.plan"].browse(plan.action_renegotiate()["res_id"])
        self.assertEqual((later.instalment_amount, str(later.date_first)), (100.0, "2026-05-01"))
