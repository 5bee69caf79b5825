from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import HabitCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPayerHabit(HabitCase):
    """What a habit needs, what it says, and who may write it."""

    def test_it_says_what_the_payer_wants(self):
        for values, label, summary in (
            ({"applies_to": "code", "code_from": " G0463 "}, "Blue Insurance: Code G0463", "B100 instead"),
            ({"kind": "system", "use_system_id": self.blue.id}, "Blue Insurance: All procedures",
             "the code of Blue's own list instead"),
            ({"kind": "modifier", "use_modifier_id": self.mod_25.id}, "Blue Insurance: All procedures",
             "modifier X5 as well"),
            ({"kind": "modifier", "modifier_action": "replace", "modifier_id": self.mod_tc.id,
              "use_modifier_id": self.mod_26.id}, "Blue Insurance: All procedures", "modifier X6 instead of XC"),
            ({"kind": "value", "value_label": "Referral number", "plan_id": self.plan.id,
              "applies_to": "code", "code_from": "G0100", "code_to": "G0200"},
             "Blue Plan: Codes G0100–G0200", "“Referral number” as well"),
        ):
            with self.subTest(summary):
                habit = self._habit(**values)
                self.assertEqual((habit.display_name, habit.summary), (f"{label}, {summary}", summary))
        self.assertFalse(self.env["billing.payer.habit"].new().display_name)

    def test_one_that_is_not_complete_is_refused(self):
        for values in (
            {"use_code_id": False},
            {"kind": "system"},
            {"kind": "value"},
            {"kind": "modifier"},
            {"kind": "modifier", "modifier_action": "replace", "use_modifier_id": self.mod_25.id},
            {"kind": "modifier", "modifier_action": "remove", "use_modifier_id": self.mod_25.id},
            {"applies_to": "code"},
            {"applies_to": "product"},
            {"applies_to": "category"},
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "is not complete: fill in"):
                self._habit(**values)
        with self.assertRaisesRegex(ValidationError, "is no range of codes"):
            self._habit(applies_to="code", code_from="G0200", code_to="G0100")
        with self.assertRaisesRegex(ValidationError, "about diagnoses names codes"):
            self._habit(kind="modifier", subject="diagnosis", use_modifier_id=self.mod_25.id)
        with self.assertRaisesRegex(ValidationError, "is no plan of Gold Insurance"):
            self._habit(payer_id=self.payer_b.id, plan_id=self.plan.id)

    def test_reversed_dates_are_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._habit(date_from="2026-02-01", date_to="2026-01-31")

    def test_two_that_nobody_could_choose_between_are_refused(self):
        self._habit(date_from="2026-01-01")
        self._habit(date_from="2026-02-01")
        self._habit(plan_id=self.plan.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._habit(date_from="2026-01-01", use_code_id=self.other_visit.id)

    def test_a_plans_habit_belongs_to_its_company(self):
        self.assertEqual(self._habit(plan_id=self.plan.id).company_id, self.company)
        self.assertFalse(self._habit().company_id)

    def test_managers_write_habits_and_others_read_those_of_their_companies(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        habit, own = self._habit(), self._habit(plan_id=self.plan.id)
        values = {"company_id": self.company.id, "company_ids": [Command.set(self.company.ids)]}
        coordinator = new_test_user(self.env, "habit_c", groups="billing_coordinator.group_coordinator", **values)
        manager = new_test_user(self.env, "habit_m", groups="billing_coordinator.group_manager", **values)
        stranger = new_test_user(
            self.env, "habit_s", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        habit.with_user(manager).note = "Manual, page 12"
        with self.assertRaises(AccessError):
            habit.with_user(coordinator).note = "No"
        habits = self.env["billing.payer.habit"]
        both = [("id", "in", (habit + own).ids)]
        self.assertEqual(habits.with_user(coordinator).search(both), habit + own)
        self.assertEqual(habits.with_user(stranger).search(both), habit)

    def test_codes_that_habits_name_are_not_deleted(self):
        self._habit()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.blue_visit.unlink()

    def test_a_payer_leads_to_its_habits(self):
        self._habit(plan_id=self.plan.id)
        self._habit(kind="value", value_label="Case number", date_to="2020-12-31")
        self._habit(payer_id=self.plan_b.payer_id.id)
        self.assertEqual(self.payer.billing_habit_count, 2)
        action = self.payer.action_billing_habits()
        self.assertEqual(len(self.env["billing.payer.habit"].search(action["domain"])), 2)
        self.assertEqual(action["context"], {"default_payer_id": self.payer.id})

    def test_a_plan_counts_what_its_payer_wants(self):
        self._habit()
        self._habit(plan_id=self.plan.id)
        self._habit(payer_id=self.payer_b.id)
        self.assertEqual((self.plan + self.plan_b).mapped("habit_count"), [2, 1])
        action = self.plan.action_view_habits()
        self.assertEqual(self.env["billing.payer.habit"].search_count(action["domain"]), 2)
