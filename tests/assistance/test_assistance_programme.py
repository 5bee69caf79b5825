from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AssistanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAssistanceProgramme(AssistanceCase):
    """Which discount goes with which household and income, and tables that contradict themselves."""

    def assertRefused(self, sentence, action):
        with self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
            action()
        self.env.invalidate_all()

    def _discount(self, programme, household, income):
        bracket = programme._find_bracket(household, income)
        return float(bracket.discount) if bracket else 0.0

    def test_a_guideline_counts_each_further_person(self):
        self.assertEqual(
            [self._discount(self.programme, size, 50000.0) for size in (1, 2, 3)], [30.0, 60.0, 100.0],
        )
        self.assertEqual(self._discount(self.programme, 1, 60000.01), 0.0)

    def test_a_table_names_an_income_for_each_household(self):
        table = self._create_table((1, 20000.0, 100.0), (1, 30000.0, 50.0), (2, 27000.0, 100.0), (2, 40000.0, 50.0))
        self.assertEqual([self._discount(table, 1, income) for income in (20000.0, 20000.01, 30000.01)], [100, 50, 0])
        self.assertEqual(self._discount(table, 7, 40000.0), 50.0, "the last size stands for larger households")

    def test_it_holds_and_looks_back_within_the_calendar(self):
        self.assertRefused("cannot be valid for 0 months", lambda: self.programme.write({"validity_months": 0}))
        self.assertRefused("200000 months.* 1200 at most", lambda: self.programme.write({"validity_months": 200000}))
        self.assertRefused("2000000 days.* 36500 at most", lambda: self.programme.write({"lookback_days": 2000000}))

    def test_a_discount_is_above_0_and_at_most_100(self):
        for discount in (0.0, -5.0, 100.01):
            self.assertRefused("Care Fund cannot give a discount of", lambda d=discount: self.programme.write({
                "bracket_ids": [Command.create({"guideline_percent": 500.0, "discount_percent": d})],
            }))
        self.assertRefused("cannot give a discount of 120 %", lambda: self.programme.bracket_ids[0].write({
            "discount_percent": 120.0,
        }))

    def test_a_step_of_the_guideline_is_above_zero(self):
        self.assertRefused("up to which percentage of the guideline", lambda: self.programme.write({
            "bracket_ids": [Command.create({"guideline_percent": 0.0, "discount_percent": 100.0})],
        }))

    def test_a_table_has_households_of_one_person_at_least_and_no_negative_income(self):
        self.assertRefused("a household has at least one person, not 0", lambda: self._create_table((0, 1.0, 50.0)))
        self.assertRefused("cannot be negative", lambda: self._create_table((1, -1.0, 50.0)))
        self.assertRefused("says nothing about a household of 1", lambda: self._create_table((2, 100.0, 50.0)))

    def test_brackets_that_overlap_or_contradict_each_other_are_named(self):
        for rows, sentence in (
            (
                [(1, 20000.0, 100.0), (1, 20000.0, 50.0)],
                r"Care Fund says twice what it gives for “household of 1, income up to \$.20,000.00”: 50 % and 100 %",
            ),
            (
                [(1, 20000.0, 50.0), (1, 30000.0, 60.0)],
                r"more to those who earn more: 50 % for “household of 1, income up to \$.20,000.00”, but 60 %",
            ),
            ([(1, 20000.0, 50.0), (2, 10000.0, 50.0)], "would give a larger household less with the same income"),
        ):
            self.assertRefused(sentence, lambda rows=rows: self._create_table(*rows))
        self.assertRefused("says twice what it gives for “up to 200 % of the guideline”", lambda: self.programme.write({
            "bracket_ids": [Command.create({"guideline_percent": 200.0, "discount_percent": 80.0})],
        }))
        last = self.programme.bracket_ids.sorted("guideline_percent")[-1]
        self.assertRefused("more to those who earn more", lambda: last.write({"discount_percent": 90.0}))

    def test_several_lines_changed_at_once_are_judged_by_the_result(self):
        low, middle, high = self.programme.bracket_ids.sorted("guideline_percent")
        self.programme.write({"bracket_ids": [
            Command.update(low.id, {"guideline_percent": 400.0, "discount_percent": 30.0}),
            Command.update(high.id, {"guideline_percent": 200.0, "discount_percent": 100.0}),
            Command.update(middle.id, {"discount_percent": 70.0}),
        ]})
        self.assertEqual([self._discount(self.programme, 1, income) for income in (30000, 45000, 60000)], [100, 70, 30])
        self.assertRefused("more to those who earn more", lambda: self.programme.write({"bracket_ids": [
            Command.update(low.id, {"discount_percent": 80.0}), Command.update(high.id, {"discount_percent": 90.0}),
        ]}))

    def test_durations_and_guideline_make_sense(self):
        for values, sentence in (
            ({"validity_months": 0}, "cannot be valid for 0 months"),
            ({"lookback_days": -1}, "cannot look back -1 days"),
            ({"guideline_amount": 0.0}, "Type the yearly amounts of the guideline"),
            ({"guideline_per_person": -1.0}, "Type the yearly amounts of the guideline"),
        ):
            self.assertRefused(sentence, lambda values=values: self.programme.write(values))

    def test_documents_are_listed_one_on_each_line(self):
        self.programme.documents = "- Pay slips\n\n• Tax return \n"
        self.assertEqual(self.programme._get_documents(), ["Pay slips", "Tax return"])

    def test_a_programme_with_applications_stays_in_its_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._apply_for()
        with self.assertRaisesRegex(UserError, "has applications in .* cannot move to another company"):
            self.programme.company_id = other
        copy = self.programme.copy()
        self.assertEqual((copy.name, len(copy.bracket_ids)), ("Care Fund (copy)", 3))
