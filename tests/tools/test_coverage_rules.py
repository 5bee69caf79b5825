"""Which rule of a plan counts for a service."""

from datetime import date
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.code_range import is_range, measure_range
from ...tools.coverage_rules import Scope, Service, choose
from ...tools.periods import get_period

MARCH = date(2026, 3, 5)
# A therapy session: product 7, in category 3, below 2, below 1.
THERAPY = Service(product=7, categories=(1, 2, 3), code="97110", day=MARCH)


def winner(*scopes, service=THERAPY):
    return next((scope.rule for scope in choose(scopes, service)), None)


class TestTheMostSpecificCounts(TestCase):
    LADDER = (
        Scope("service", product=7),
        Scope("code", code_from="97110"),
        Scope("narrow range", code_from="97110", code_to="97140"),
        Scope("wide range", code_from="97000", code_to="97999"),
        Scope("category", category=3, category_depth=3),
        Scope("category above", category=1, category_depth=1),
        Scope("plan"),
    )

    def test_each_step_of_the_ladder_beats_all_below(self):
        for step, scope in enumerate(self.LADDER):
            with self.subTest(scope.rule):
                self.assertEqual(winner(*reversed(self.LADDER[step:])), scope.rule)

    @given(order=st.permutations(LADDER))
    def test_the_order_in_which_rules_are_asked_does_not_matter(self, order):
        self.assertEqual([scope.rule for scope in choose(order, THERAPY)], [scope.rule for scope in self.LADDER])

    def test_a_range_of_one_code_is_that_code(self):
        one = Scope("one", code_from="97110", code_to="97110")
        self.assertEqual(one.kind(), Scope("code", code_from="97110").kind())

    def test_of_equals_the_later_one_counts_then_the_first_in_order(self):
        since_ever = Scope("ever", product=7, sequence=1)
        january = Scope("january", product=7, date_from=date(2026, 1, 1), sequence=9)
        march = Scope("march", product=7, date_from=date(2026, 3, 1), date_to=date(2026, 3, 31), sequence=8)
        also_march = Scope("also march", product=7, date_from=date(2026, 3, 1), sequence=7)
        self.assertEqual(
            [scope.rule for scope in choose([since_ever, january, march, also_march], THERAPY)],
            ["also march", "march", "january", "ever"],
        )


class TestWhatARuleSpeaksOf(TestCase):
    def _speaks(self, code="97110", day=MARCH, **scope):
        return Scope("rule", **scope).speaks_of(Service(7, (1, 2, 3), code, day))

    def test_days_include_the_first_and_the_last(self):
        dates = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 31)}
        for day, speaks in (
            (date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._speaks(day=day, **dates), speaks)

    def test_codes_are_compared_without_regard_to_capitals(self):
        self.assertTrue(self._speaks(code="g0101", code_from="G0100", code_to="G0199"))

    def test_a_range_includes_its_ends_and_nothing_longer_or_shorter(self):
        for code, speaks in (("97110", True), ("97140", True), ("97109", False), ("9711", False), ("971100", False)):
            with self.subTest(code=code):
                self.assertEqual(self._speaks(code=code, code_from="97110", code_to="97140"), speaks)

    def test_codes_that_end_in_a_letter_belong_to_the_list_of_that_letter(self):
        self.assertTrue(self._speaks(code="0500T", code_from="0001T", code_to="0999T"))
        self.assertFalse(self._speaks(code="0500F", code_from="0001T", code_to="0999T"))

    def test_a_service_without_a_code_is_in_no_range(self):
        self.assertFalse(self._speaks(code="", code_from="97110", code_to="97140"))

    def test_another_service_and_another_category(self):
        self.assertFalse(self._speaks(product=8))
        self.assertFalse(self._speaks(category=4, category_depth=3))
        self.assertTrue(self._speaks(category=2, category_depth=2))


class TestRanges(TestCase):
    def test_the_ends_of_a_range(self):
        for first, last, possible in (
            ("97110", "97140", True), ("97110", "97110", True), ("97140", "97110", False), ("99", "100", False),
            ("A0021", "b0001", True),
        ):
            with self.subTest(first=first, last=last):
                self.assertEqual(is_range(first, last), possible)

    def test_the_width_tells_narrow_from_wide(self):
        self.assertEqual(measure_range("97110", ""), 1)
        self.assertEqual(measure_range("97110", "97110"), 1)
        self.assertLess(measure_range("97110", "97140"), measure_range("97110", "97150"))
        self.assertLess(measure_range("OV-1", "OV-9"), measure_range("OV-1", "OW-1"))


class TestPeriods(TestCase):
    def test_month_year_coverage_and_visit(self):
        self.assertEqual(get_period("month", date(2028, 2, 10)), (date(2028, 2, 1), date(2028, 2, 29)))
        self.assertEqual(get_period("year", MARCH), (date(2026, 1, 1), date(2026, 12, 31)))
        self.assertEqual(get_period("coverage", MARCH), (date.min, date.max))
        self.assertIsNone(get_period("visit", MARCH))
        with self.assertRaisesRegex(ValueError, "week"):
            get_period("week", MARCH)
