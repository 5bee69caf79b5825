from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase

BEFORE = [("2026-02-09", "2026-02-09"), ("2026-03-12", "2026-03-12")]


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanDueDates(PlanCase):
    """Due dates go with whichever plan runs, and come back when none does."""

    def _renegotiate(self, plan):
        return self.env["billing.payment.plan"].browse(plan.action_renegotiate()["res_id"])

    def test_a_bill_that_the_next_plan_leaves_out_is_due_when_it_was(self):
        plan = self._run()
        later = self._renegotiate(plan)
        later.item_ids.filtered(lambda item: item.move_id == self.january).unlink()
        later.action_accept()
        self.assertEqual((plan.state, later.state), ("replaced", "active"))
        self.assertEqual(self._due(self.january), BEFORE[:1])
        self.assertEqual(self._due(self.february), [("2026-07-01", "2026-07-01")])

    def test_a_plan_that_waits_gives_back_the_days_of_the_one_whose_place_it_took(self):
        self.policy.waits_for_down = True
        plan = self._run()
        later = self._renegotiate(plan)
        later.down_payment = 50.0
        later.action_accept()
        self.assertEqual((plan.state, later.state), ("replaced", "accepted"))
        self.assertEqual([due for due, _bill in self._due(self.january)], ["2026-05-01"], "nothing changes before")
        for step in ("action_back", "action_cancel"):
            with self.subTest(step=step), self.cr.savepoint() as savepoint:
                getattr(later, step)()
                self.assertEqual(self._due(self.january, self.february), BEFORE)
                savepoint.rollback()
            self.env.invalidate_all()
        later.action_start()
        later.action_cancel()
        self.assertEqual(self._due(self.january, self.february), BEFORE)

    def test_a_plan_that_was_taken_back_runs_when_it_is_accepted_again(self):
        self.policy.waits_for_down = True
        later = self._renegotiate(self._run())
        later.down_payment = 50.0
        later.action_accept()
        later.action_back()
        later.action_accept()
        later.action_start()
        self.assertEqual(self._due(self.february), [(str(later.date_last), str(later.date_last))])
        later.action_cancel()
        self.assertEqual(self._due(self.january, self.february), BEFORE)

    def test_a_due_date_that_an_accountant_changed_is_not_moved_by_a_later_night(self):
        plan = self._run()
        self.january._get_billing_receivable_item().date_maturity = "2026-12-31"
        self._credit(self.february, 50.0, date=TODAY)
        self._night("2026-03-21")
        self.assertEqual(plan.amount_total, 550.0)
        self.assertEqual([due for due, _bill in self._due(self.january, self.february)], ["2026-12-31", "2026-09-01"])
        plan.action_cancel()
        self.assertEqual([due for due, _bill in self._due(self.january, self.february)], ["2026-12-31", "2026-03-12"])

    def test_a_due_date_that_an_accountant_changed_before_the_answer_comes_back(self):
        plan = self._draw_up()
        plan.action_propose()
        self.january._get_billing_receivable_item().date_maturity = "2026-12-31"
        plan.action_accept()
        self.assertEqual([due for due, _bill in self._due(self.january)], ["2026-09-01"])
        plan.action_cancel()
        self.assertEqual([due for due, _bill in self._due(self.january)], ["2026-12-31"])

    def test_a_bill_due_in_two_parts_comes_back_in_two_parts(self):
        term = self.env["account.payment.term"].create({"name": "30/70", "line_ids": [
            Command.create({"value": "percent", "value_amount": share, "nb_days": days})
            for share, days in ((30, 0), (70, 60))
        ]})
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "invoice_date": "2026-02-01",
            "invoice_payment_term_id": term.id,
            "invoice_line_ids": [Command.create({"name": "Copies", "price_unit": 1000, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()

        def due():
            items = bill.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
            return [str(day) for day in sorted(items.mapped("date_maturity"))], str(bill.invoice_date_due)

        before = due()
        self.assertEqual(before, (["2026-02-01", "2026-04-02"], "2026-04-02"))
        plan = self._run()
        self.assertEqual(due(), (["2026-05-01", "2026-09-01"], "2026-09-01"))
        self._pay(bill, 100.0, date="2026-03-16")
        self.assertEqual(due(), (["2026-05-01", "2026-09-01"], "2026-09-01"))
        plan.action_cancel()
        self.assertEqual(due(), before)

    def test_nobody_starts_a_plan_that_has_ended(self):
        plan = self._run()
        self._night("2026-05-16")
        self.assertEqual(plan.state, "defaulted")
        with self.assertRaisesRegex(UserError, "is “Broken”: a plan starts when it is accepted"):
            plan.action_start()
        paid = self._run_paid()
        with self.assertRaisesRegex(UserError, "is “Paid”: a plan starts when it is accepted"):
            paid.action_start()

    def _run_paid(self):
        paid = self._run(instalment_count=1)
        self._pay(self.january + self.february, 600.0, date="2026-03-16")
        paid._follow()
        return paid

    def test_a_paid_plan_that_goes_on_moves_the_days_that_another_one_gave_back(self):
        plan = self._run()
        payment = self._pay(self.january + self.february, 600.0, date="2026-03-16")
        plan._follow()
        payment.action_draft()
        payment.action_cancel()
        other = self._run(date_first="2026-05-01")
        other.action_cancel()
        # The first one had left its days behind, and they were taken for those without a plan.
        self._night("2026-03-17")
        self.assertEqual((plan.state, other.state), ("active", "cancelled"))
        self.assertEqual([due for due, _bill in self._due(self.january, self.february)], ["2026-05-01", "2026-09-01"])
