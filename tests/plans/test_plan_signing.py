import base64

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase

PAPER = base64.b64encode(b"signed")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanSigning(PlanCase):
    """Who agreed, when, and with which signature; and plans that wait for their down payment."""

    def _sign(self, plan, **values):
        wizard = self.env["billing.payment.plan.signing"].create({"plan_id": plan.id, **values})
        wizard.action_sign()
        return wizard

    def test_the_signed_paper_is_kept_with_the_plan(self):
        plan = self._draw_up()
        plan.action_propose()
        with freeze_time("2026-03-20"):
            wizard = self.env["billing.payment.plan.signing"].create({
                "plan_id": plan.id, "date": "2026-03-18", "signed_file": PAPER, "signed_file_name": "plan.pdf",
            })
            self.assertEqual(wizard.name, "Nora Neu")
            self.assertEqual(
                wizard.consequences,
                "The 2 bills of the plan are due when its instalments are, the last one on 09/01/2026.",
            )
            wizard.action_sign()
        self.assertEqual(
            (plan.state, str(plan.accepted_on), str(plan.started_on), plan.accepted_by),
            ("active", "2026-03-18", "2026-03-20", "Nora Neu"),
        )
        self.assertEqual((plan.signed_file_id.name, plan.signed_file_id.raw), ("plan.pdf", b"signed"))

    def test_nobody_signs_tomorrow_or_before_the_plan_was_proposed(self):
        plan = self._draw_up()
        plan.action_propose()
        with self.assertRaisesRegex(UserError, "cannot be signed on 03/17/2026, which has not come yet"):
            self._sign(plan, date="2026-03-17")
        with self.assertRaisesRegex(UserError, "was proposed on 03/16/2026 and cannot have been signed before"):
            self._sign(plan, date="2026-03-15")

    def test_a_plan_waits_for_its_down_payment_where_the_policy_says_so(self):
        self.policy.waits_for_down = True
        plan = self._draw_up(down_payment=150.0, instalment_count=5)
        self._sign(plan)
        self.assertEqual(plan.state, "accepted")
        self.assertEqual(self._due(self.january), [("2026-02-09", "2026-02-09")])
        # Its bills are its own by now.
        with self.assertRaisesRegex(UserError, f"{plan.name} covers it already"):
            self._draw_up().action_accept()
        self._pay(self.january, 100.0, date="2026-03-17")
        self._night("2026-03-18")
        self.assertEqual(plan.state, "accepted")
        self._pay(self.january, 50.0, date="2026-03-18")
        self._night("2026-03-19")
        self.assertEqual((plan.state, str(plan.started_on)), ("active", "2026-03-19"))
        self.assertEqual(self._paid(plan), [150.0, 0, 0, 0, 0, 0])

    def test_a_plan_is_started_by_hand_without_its_down_payment(self):
        self.policy.waits_for_down = True
        plan = self._draw_up(down_payment=150.0, instalment_count=5)
        self._sign(plan)
        plan.action_start()
        self.assertEqual(plan.state, "active")

    def test_an_accepted_plan_that_is_taken_back_lets_its_bills_go(self):
        self.policy.waits_for_down = True
        plan = self._draw_up(down_payment=150.0, instalment_count=5)
        self._sign(plan)
        plan.action_back()
        self.assertEqual((plan.state, plan.accepted_on), ("draft", False))
        self._draw_up().action_accept()

    def test_nobody_types_who_agreed_or_what_was_paid(self):
        cora = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id)
        plan = self._run().with_user(cora)
        for values in ({"accepted_by": "Cora"}, {"amount_paid": 600.0}, {"previous_id": plan.id}):
            with self.assertRaisesRegex(UserError, "is written down by the system, never typed"):
                plan.write(values)
        with self.assertRaisesRegex(UserError, "is written down by the system, never typed"):
            plan.create({"partner_id": self.nora.id, "policy_id": self.policy.id, "approved_by_id": cora.id})
        row = plan.instalment_ids[0]
        with self.assertRaisesRegex(UserError, "says what Nora Neu was told"):
            row.principal = 1.0
        with self.assertRaisesRegex(UserError, "says what Nora Neu was told"):
            row.unlink()
        with self.assertRaisesRegex(UserError, "is written down by the system, never typed"):
            row.amount_paid = 100.0
        item = self._bill_nora(50.0, "2026-03-01")._get_billing_receivable_item()
        with self.assertRaisesRegex(UserError, "says what Nora Neu was told"):
            self.env["billing.payment.plan.item"].with_user(cora).create({"plan_id": plan.id, "move_line_id": item.id})

    def test_a_credit_note_is_no_down_payment(self):
        self.policy.waits_for_down = True
        plan = self._run(down_payment=100.0)
        self._credit(self.february, 100.0, date=TODAY)
        self._night("2026-03-17")
        self.assertEqual(plan.state, "accepted")
        self._pay(self.january, 100.0, date="2026-03-17")
        self._night("2026-03-18")
        self._night("2026-03-19")
        self.assertEqual((plan.state, plan.amount_total, plan.amount_paid), ("active", 500.0, 100.0))
