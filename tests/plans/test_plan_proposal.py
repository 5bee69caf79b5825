from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanProposal(PlanCase):
    """What may go into a plan, within which limits, and what may not be changed once somebody was told."""

    def test_open_bills_go_in_and_others_stay_out_with_their_reason(self):
        self.policy.write({"days_open": 30})
        young = self._bill_nora(80.0, "2026-03-10")
        elective = self._create_service("Teeth whitening", 300.0, is_billing_elective=True)
        white = self._bill(self._create_encounter(self.nora, [elective], date="2026-01-20"), date="2026-01-20")
        plan = self._draw_up()
        self.assertEqual(plan.item_ids.move_id, self.january + self.february)
        self.assertEqual(plan.left_out.split("\n"), [
            f"{white.name}, $\N{NO-BREAK SPACE}300.00: Teeth whitening: not medically necessary",
            f"{young.name}, $\N{NO-BREAK SPACE}80.00: billed on 03/10/2026, less than 30 days ago",
        ])
        self.policy.write({"days_open": 0, "allows_discretionary": True})
        plan.action_take_debts()
        self.assertEqual(plan.amount_total, 980.0)

    def test_whoever_owes_nothing_needs_no_plan(self):
        ben = self._create_patient("Ben Bar")
        with self.assertRaisesRegex(UserError, "Nothing of Ben Bar can go into a payment plan.\nNo bill is open."):
            self._draw_up(partner_id=ben.id)

    def test_terms_make_the_schedule_while_they_are_typed(self):
        plan = self._draw_up(down_payment=100.0)
        plan.instalment_count = 2
        self.assertEqual(self._schedule(plan), [
            ("2026-03-16", 100.0, 0.0), ("2026-04-01", 250.0, 0.0), ("2026-05-01", 250.0, 0.0),
        ])
        plan.write({"mode": "amount", "instalment_amount": 300.0, "down_payment": 0.0, "frequency": "fortnight"})
        self.assertEqual([row[:2] for row in self._schedule(plan)], [("2026-03-30", 300.0), ("2026-04-13", 300.0)])

    def test_own_dates_and_amounts_pay_the_debt_exactly(self):
        plan = self._draw_up(frequency="dates")
        self.assertEqual(plan.schedule_problem, "Type the days of the instalments.")
        plan.instalment_ids = [
            Command.create({"date": "2026-04-20", "principal": 100.0}),
            Command.create({"date": "2026-12-24", "principal": 400.0}),
        ]
        self.assertIn("500.00 of the debt, which is", plan.schedule_problem)
        with self.assertRaisesRegex(UserError, "500.00 of the debt"):
            plan.action_propose()
        plan.action_divide()
        self.assertEqual(self._schedule(plan), [("2026-04-20", 300.0, 0.0), ("2026-12-24", 300.0, 0.0)])
        plan.action_propose()

    def test_terms_of_which_no_schedule_can_be_made_say_why(self):
        plan = self._draw_up()
        for values, problem in (
            ({"down_payment": 600.0}, "The down payment .* must be less than the debt"),
            ({"down_payment": 0.0, "mode": "amount", "instalment_amount": 0.0}, "Say how much is paid each time."),
            ({"mode": "amount", "instalment_amount": 5.0, "rate": 24.0}, "does not even pay the interest"),
            ({"mode": "count", "instalment_count": 0, "rate": 0.0}, "Say how many instalments: 1 to 600."),
        ):
            plan.write(values)
            self.assertRegex(plan.schedule_problem, problem)
            self.assertFalse(plan.instalment_ids)
        with self.assertRaisesRegex(ValidationError, "before the plan begins"):
            plan.date_first = "2026-03-01"

    def test_beyond_the_policy_a_manager_says_yes(self):
        cora = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id)
        plan = self._draw_up(instalment_count=30).with_user(cora)
        self.assertEqual(plan.limits_passed.split("\n"), [
            "An instalment of $\N{NO-BREAK SPACE}20.00 is below $\N{NO-BREAK SPACE}25.00.",
            "It ends on 09/01/2028, after more than 24 months.",
        ])
        with self.assertRaisesRegex(UserError, "goes beyond its policy, so a billing manager has to approve it first"):
            plan.action_propose()
        plan.with_user(self.env.user).action_approve()
        # Other terms need another yes.
        plan.instalment_count = 28
        with self.assertRaisesRegex(UserError, "has to approve it first"):
            plan.action_propose()
        plan.with_user(self.env.user).action_approve()
        plan.action_propose()
        self.assertEqual((plan.state, str(plan.expires_on)), ("proposed", "2026-03-30"))

    def test_a_manager_is_asked_once_and_the_request_ends_with_the_answer(self):
        cora = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id)
        plan = self._draw_up(instalment_count=30).with_user(cora)
        notice = plan.action_ask_manager()
        plan.action_ask_manager()
        manager = self.company._get_billing_manager()
        self.assertEqual(notice["params"]["message"], f"{plan.name} is on the list of {manager.name}.")
        asked = plan.sudo().activity_ids
        self.assertEqual((asked.user_id, asked.summary), (manager, "Approve the plan of Nora Neu"))
        self.assertIn("after more than 24 months", asked.note)
        plan.with_user(self.env.user).action_approve()
        self.assertFalse(plan.sudo().activity_ids)

    def test_each_instalment_says_how_it_stands(self):
        plan = self._draw_up(down_payment=60.0, instalment_count=3)
        self.assertEqual(plan.instalment_ids.sorted("date").mapped("remark"), ["Down payment", False, False, False])
        plan.action_accept()
        self._pay(self.january, 100.0, date="2026-03-16")
        with freeze_time("2026-05-01"):
            self.env.invalidate_all()
            rows = plan.instalment_ids.sorted("date")
            self.assertEqual(rows.mapped("remark"), ["Paid", "30 days late", "Due today", False])
            self.assertEqual(rows.mapped("color"), [10, 1, 3, 4])
        self.assertEqual(rows[0].display_name, "Nora Neu, $\N{NO-BREAK SPACE}60.00")
        self.assertEqual(rows[0].action_open_plan()["res_id"], plan.id)
        self.assertEqual(plan.item_ids[0].action_open_bill()["res_id"], plan.item_ids[0].move_id.id)

    def test_what_somebody_was_told_stays(self):
        plan = self._draw_up()
        plan.action_propose()
        with self.assertRaisesRegex(UserError, "says what Nora Neu was told. Take the proposal back to change it"):
            plan.instalment_count = 3
        with self.assertRaisesRegex(UserError, "was sent to Nora Neu and stays on record"):
            plan.unlink()
        plan.action_back()
        plan.instalment_count = 3
        self.assertEqual(len(plan.instalment_ids), 3)

    def test_a_proposal_is_accepted_until_the_day_it_expires(self):
        plan = self._draw_up()
        plan.action_propose()
        with freeze_time("2026-03-31"), self.assertRaisesRegex(UserError, "could be accepted until 03/30/2026"):
            plan.action_accept()
        with freeze_time("2026-03-30"):
            plan.action_accept()
        self.assertEqual((plan.state, str(plan.accepted_on), plan.accepted_by), ("active", "2026-03-30", "Nora Neu"))

    def _type(self, plan, *rows):
        plan.instalment_ids = [Command.clear(), *(Command.create(dict(row)) for row in rows)]
        return (plan.schedule_problem or "").replace("\N{NO-BREAK SPACE}", " ")

    def test_typed_instalments_ask_for_no_less_than_nothing_and_for_the_fee(self):
        plan = self._draw_up(frequency="dates", fee=20.0)
        self.assertRegex(
            self._type(plan, {"date": "2026-04-01", "principal": -100.0, "fee": 20.0},
                       {"date": "2026-05-01", "principal": 700.0}),
            r"^The instalment of 04/01/2026 asks for \$ -.*100\.00\. Type what is paid on that day",
        )
        with self.assertRaisesRegex(UserError, "The instalment of 04/01/2026 asks for"):
            plan.action_propose()
        self.assertRegex(
            self._type(plan, {"date": "2026-04-01", "principal": 600.0}),
            r"^The instalments ask for \$ 0\.00 of the set-up fee, which is \$ 20\.00\.",
        )
        self.assertFalse(self._type(plan, {"date": "2026-04-01", "principal": 600.0, "fee": 20.0}))

    def test_a_row_that_has_no_day_yet_disturbs_nobody(self):
        plan = self._draw_up(frequency="dates")
        typing = plan.new(origin=plan)
        typing.instalment_ids = [Command.clear(), Command.create({"principal": 5.0})]
        self.assertFalse(typing.limits_passed)
        self.assertEqual(typing.schedule_problem, "Type the days of the instalments.")

    def test_a_day_at_the_end_of_the_calendar_is_told(self):
        plan = self._draw_up(date_first="9990-01-01", instalment_count=300)
        self.assertEqual(
            plan.schedule_problem, "01/01/9990 lies too far ahead. Correct the day of the first instalment.",
        )
