from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanRights(PlanCase):
    """What the buttons do not offer is refused to whoever calls it past the screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cora = new_test_user(
            cls.env, "cora", "billing_coordinator.group_coordinator", company_id=cls.company.id,
        )

    def test_a_managers_yes_holds_for_the_terms_and_bills_that_it_was_given_to(self):
        plan = self._draw_up(instalment_count=5, frequency="dates")
        plan.instalment_ids = [Command.clear(), *(
            Command.create({"date": f"2026-0{month}-01", "principal": amount})
            for month, amount in ((4, 10.0), (5, 590.0))
        )]
        mine = plan.with_user(self.cora)
        for change in (
            lambda: mine.instalment_ids[0].write({"date": "2036-01-01"}),
            lambda: mine.write({"instalment_ids": [Command.update(mine.instalment_ids[0].id, {"principal": 9.0})]}),
            lambda: mine.instalment_ids[0].unlink(),
            lambda: mine.item_ids[0].unlink(),
            mine.action_take_debts,
        ):
            plan.action_approve()
            self.assertTrue(plan.approved_by_id)
            change()
            self.assertFalse(plan.approved_by_id)

    def test_a_coordinator_does_not_take_bills_from_other_plans_by_typing(self):
        plan = self._draw_up().with_user(self.cora)
        item = plan.item_ids[0].move_line_id
        plan.item_ids[0].unlink()
        for name, value in (("is_running", True), ("amount_reduced", 5.0), ("date_maturity_plan", "2026-03-16")):
            told = self.assertRaisesRegex(UserError, f"What a plan does to {item.move_id.name} is written down")
            with told, self.cr.savepoint():
                plan.item_ids = [Command.create({"move_line_id": item.id, "amount_start": 200.0, name: value})]
        # When it was due is read when the plan takes it.
        plan.item_ids = [Command.create({
            "move_line_id": item.id, "amount_start": item.amount_residual_currency,
            "date_maturity_before": "1999-01-01",
        })]
        plan.action_accept()
        plan.action_cancel()
        self.assertEqual(self._due(item.move_id)[0][0], "2026-02-09")

    def test_a_coordinator_does_not_type_what_became_of_an_instalment(self):
        plan = self._draw_up(frequency="dates").with_user(self.cora)
        for values in ({"charge_id": self.january.id}, {"reminded_on": TODAY}):
            told = self.assertRaisesRegex(UserError, "What became of the instalments of .* is written down")
            with told, self.cr.savepoint():
                plan.instalment_ids = [Command.create({"date": "2030-01-01", "principal": 1.0, **values})]

    def test_nobody_gives_a_plan_the_number_of_another_one(self):
        plan = self._draw_up().with_user(self.cora)
        with self.assertRaisesRegex(UserError, "is written down by the system, never typed"):
            plan.name = "PP-2020-00001"
        with self.assertRaisesRegex(UserError, "is written down by the system, never typed"):
            plan.create({"partner_id": self.nora.id, "policy_id": self.policy.id, "name": "PP-2020-00001"})

    def test_who_has_nothing_to_do_with_plans_prints_no_reminder(self):
        ulf = new_test_user(self.env, "ulf", "base.group_user", company_id=self.company.id)
        plan = self._run()
        plan.sudo().reminder_waits = True
        with self.assertRaises(AccessError):
            plan.with_user(ulf).action_print_reminder()
        self.assertTrue(plan.reminder_waits)

    def test_a_bill_that_a_plan_pays_is_not_reset(self):
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "invoice_date": "2026-02-01",
            "invoice_line_ids": [Command.create({"name": "Copies", "price_unit": 100, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        plan = self._run()
        for step in ("button_draft", "button_cancel"):
            with self.assertRaisesRegex(
                UserError, f"{plan.name} pays {bill.name}, which is not edited. Write a credit note, or cancel",
            ):
                getattr(bill, step)()
        plan.action_cancel()
        bill.button_draft()
        self.assertEqual(bill.state, "draft")

    def test_the_invoice_of_a_fee_is_credited_and_not_reset(self):
        plan = self._run(fee=25.0)
        self._night("2026-04-01")
        with self.assertRaisesRegex(UserError, f"is the fee or interest of {plan.name} and is not edited"):
            plan.charge_ids.button_draft()
        with freeze_time("2026-04-01"):
            self._credit(plan.charge_ids, 20.0, date="2026-04-01")
        self.assertEqual((plan.amount_paid, plan.amount_open), (20.0, 605.0))
