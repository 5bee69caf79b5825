from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanAbility(PlanCase):
    """What a household can bear, asked in confidence, makes the terms."""

    def _assess(self, plan, **values):
        return self.env["billing.ability.assessment"].create({
            "plan_id": plan.id, "income": 2400.0, "expense_housing": 1100.0, "expense_food": 500.0,
            "expense_other": 250.0, "dependants": 2, **values,
        })

    def test_half_of_what_is_left_may_go_into_the_plan(self):
        self.policy.living_allowance = 175.0
        plan = self._draw_up()
        assessment = self._assess(plan)
        # 2400 - 1850 - 2 x 175 = 200
        self.assertEqual((assessment.amount_left, assessment.amount_bearable), (200.0, 100.0))
        self.assertEqual(
            assessment.proposal,
            "Every month up to $\N{NO-BREAK SPACE}100.00: the debt of $\N{NO-BREAK SPACE}600.00 is paid in 6 "
            "instalments.",
        )
        plan.frequency = "week"
        self.assertEqual(assessment.amount_bearable, 23.07)
        plan.frequency = "month"
        assessment.bearable_percent = 30.0
        assessment.action_use()
        self.assertEqual((plan.mode, plan.instalment_amount, len(plan.instalment_ids)), ("amount", 60.0, 10))

    def test_nothing_is_proposed_before_anything_is_typed(self):
        assessment = self.env["billing.ability.assessment"].create({"plan_id": self._draw_up().id})
        self.assertEqual(assessment.proposal, "Type what comes in and what goes out in a month.")

    def test_whoever_has_nothing_left_is_offered_help_instead(self):
        assessment = self._assess(self._draw_up(), income=1000.0)
        self.assertEqual((assessment.amount_left, assessment.amount_bearable), (0.0, 0.0))
        self.assertEqual(assessment.proposal, "Nothing is left to pay from. Think of financial assistance instead.")
        with self.assertRaisesRegex(UserError, "Nora Neu has nothing left in a month to pay from"):
            assessment.action_use()

    def test_a_small_debt_is_not_asked_for_beyond_itself(self):
        plan = self._draw_up()
        self._assess(plan, income=9000.0).action_use()
        self.assertEqual(plan.instalment_amount, 600.0)

    def test_terms_that_somebody_was_told_are_not_changed_by_it(self):
        plan = self._draw_up()
        assessment = self._assess(plan)
        plan.action_propose()
        with self.assertRaisesRegex(UserError, "says what Nora Neu was told"):
            assessment.action_use()

    def test_income_is_for_coordinators_only(self):
        assessment = self._assess(self._draw_up())
        rosa = new_test_user(self.env, "rosa", "billing_coordinator.group_readonly", company_id=self.company.id)
        with self.assertRaises(AccessError):
            assessment.with_user(rosa).income  # noqa: B018
        with self.assertRaises(AccessError):
            assessment.plan_id.with_user(rosa).read(["assessment_ids"])

    def test_figures_that_cannot_be_are_refused(self):
        plan = self._draw_up()
        with self.assertRaisesRegex(ValidationError, "“Income” of Ability to pay of Nora Neu cannot be less than"):
            self._assess(plan, income=-1.0)
        with self.assertRaisesRegex(ValidationError, "No more than all that is left of a month"):
            self._assess(plan, bearable_percent=101.0)
