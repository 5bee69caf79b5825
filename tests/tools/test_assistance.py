"""How much is forgiven: tables, guidelines, contradictions, and one discount per bill however often it is asked for."""

from decimal import Decimal
from unittest import TestCase

from hypothesis import assume, given
from hypothesis import strategies as st

from ...tools.assistance import (
    Bracket,
    Row,
    Step,
    find_by_guideline,
    find_disorder,
    find_in_table,
    get_discount,
    get_guideline,
    to_yearly,
)

CENT, UNITS = Decimal("0.01"), st.sampled_from([Decimal("0.01"), Decimal(1), Decimal("0.05"), Decimal("0.001")])
STEPS = (Step(Decimal(200), Decimal(100)), Step(Decimal(300), Decimal(60)), Step(Decimal(400), Decimal(30)))
TABLE = (
    Row(1, Decimal(20000), Decimal(100)), Row(1, Decimal(30000), Decimal(50)),
    Row(2, Decimal(27000), Decimal(100)), Row(2, Decimal(40000), Decimal(50)),
    Row(4, Decimal(41000), Decimal(100)), Row(4, Decimal(60000), Decimal(50)),
)


def d(text):
    return Decimal(text)


class TestIncome(TestCase):
    def test_a_month_is_a_twelfth_of_a_year(self):
        self.assertEqual(to_yearly(d("1833.34"), monthly=True), d("22000.08"))
        self.assertEqual(to_yearly(d("22000"), monthly=False), d("22000"))
        self.assertEqual(to_yearly(d("0"), monthly=True), 0)

    def test_a_negative_income_is_refused(self):
        with self.assertRaisesRegex(ValueError, "not negative"):
            to_yearly(d("-1"), monthly=False)


class TestGuideline(TestCase):
    def find(self, household, income):
        return find_by_guideline(d("15000"), d("5000"), STEPS, household, d(income))

    def test_each_further_person_raises_it(self):
        self.assertEqual([get_guideline(d("15000"), d("5000"), size) for size in (1, 2, 5)], [15000, 20000, 35000])

    def test_the_limit_itself_belongs_to_the_step(self):
        self.assertEqual(self.find(3, "50000"), Bracket(d("100"), 3, d("50000"), d("200")))
        self.assertEqual(self.find(3, "50000.01"), Bracket(d("60"), 3, d("75000"), d("300")))
        self.assertEqual(self.find(3, "100000").discount, 30)

    def test_above_the_last_step_there_is_nothing(self):
        self.assertIsNone(self.find(3, "100000.01"))

    def test_the_order_of_typing_does_not_matter(self):
        self.assertEqual(find_by_guideline(d("15000"), d("5000"), STEPS[::-1], 3, d("60000")).discount, 60)

    def test_a_household_of_nobody_is_refused(self):
        for size in (0, -1):
            with self.assertRaisesRegex(ValueError, "at least one person"):
                self.find(size, "1")

    @given(st.integers(1, 12), st.integers(0, 200000), st.integers(0, 50000))
    def test_more_income_never_gives_more_and_more_persons_never_less(self, household, income, more):
        def discount(size, amount):
            found = self.find(size, amount)
            return found.discount if found else 0

        self.assertGreaterEqual(discount(household, income), discount(household, income + more))
        self.assertLessEqual(discount(household, income), discount(household + 1, income))


class TestTable(TestCase):
    def test_the_lowest_line_that_the_income_does_not_exceed(self):
        self.assertEqual(find_in_table(TABLE, 1, d("20000")), Bracket(d("100"), 1, d("20000")))
        self.assertEqual(find_in_table(TABLE, 1, d("20000.01")), Bracket(d("50"), 1, d("30000")))
        self.assertIsNone(find_in_table(TABLE, 1, d("30000.01")))

    def test_a_size_between_two_lines_uses_the_smaller_and_a_larger_household_the_last(self):
        self.assertEqual(find_in_table(TABLE, 3, d("40000")), Bracket(d("50"), 2, d("40000")))
        self.assertEqual(find_in_table(TABLE, 9, d("41000")), Bracket(d("100"), 4, d("41000")))

    def test_an_empty_table_and_one_that_begins_later_give_nothing(self):
        self.assertIsNone(find_in_table((), 1, d("0")))
        self.assertIsNone(find_in_table(TABLE[2:], 1, d("0")))

    def test_a_household_of_nobody_is_refused(self):
        with self.assertRaisesRegex(ValueError, "at least one person"):
            find_in_table(TABLE, 0, d("1"))


class TestDisorder(TestCase):
    def test_a_proper_table_has_none(self):
        self.assertIsNone(find_disorder(TABLE))
        self.assertIsNone(find_disorder(()))

    def test_each_contradiction_is_named_with_both_lines(self):
        for kind, first, second in (
            ("twice", Row(1, d("100"), d("50")), Row(1, d("100"), d("100"))),
            ("rises", Row(1, d("100"), d("50")), Row(1, d("200"), d("60"))),
            ("household", Row(1, d("200"), d("50")), Row(2, d("100"), d("50"))),
            ("household", Row(1, d("100"), d("50")), Row(2, d("100"), d("40"))),
        ):
            with self.subTest(kind=kind, second=second):
                self.assertEqual(find_disorder([second, first]), (kind, first, second))

    @given(
        rows=st.lists(
            st.builds(
                Row, st.integers(1, 4), st.integers(0, 20).map(Decimal), st.sampled_from([d("25"), d("50"), d("100")]),
            ),
            max_size=8,
        ),
        household=st.integers(1, 6),
        income=st.integers(0, 25),
        more=st.integers(0, 5),
    )
    def test_a_table_without_contradictions_is_fair(self, rows, household, income, more):
        assume(find_disorder(rows) is None)

        def discount(size, amount):
            found = find_in_table(rows, size, Decimal(amount))
            return found.discount if found else 0

        self.assertGreaterEqual(discount(household, income), discount(household, income + more))
        self.assertLessEqual(discount(household, income), discount(household + 1, income))


class TestDiscount(TestCase):
    def test_by_example(self):
        for open_, granted, refundable, percent, expected in (
            ("500", "0", "0", "60", "300"),
            ("200", "300", "0", "60", "0"),
            ("400", "0", "0", "60", "240"),       # 100 paid before, nothing given back
            ("400", "0", "100", "60", "300"),     # the same, given back
            ("0", "0", "500", "60", "300"),
            ("0", "0", "0", "60", "0"),
            ("-20", "0", "0", "60", "0"),
            ("0.01", "0", "0", "50", "0.01"),     # half a cent goes to the patient
            ("99.99", "0", "0", "33.33", "33.33"),
            ("0", "300", "0", "60", "0"),
            ("0.50", "0", "0", "100", "0.50"),
        ):
            with self.subTest(open=open_, granted=granted, refundable=refundable):
                self.assertEqual(get_discount(d(open_), d(granted), d(refundable), d(percent), CENT), d(expected))

    def test_a_payment_that_bounced_is_discounted_with_the_rest(self):
        self.assertEqual(get_discount(d("260"), d("240"), d("0"), d("60"), CENT), d("60"))

    def test_percentages_outside_0_to_100_are_refused(self):
        for percent in ("-1", "100.01"):
            with self.assertRaisesRegex(ValueError, "between 0 and 100"):
                get_discount(d("1"), d("0"), d("0"), d(percent), CENT)

    @given(
        amounts=st.tuples(*[st.integers(0, 10**7)] * 3),
        percent=st.decimals(0, 100, places=2),
        unit=UNITS,
    )
    def test_never_below_zero_never_more_than_there_is_and_only_once(self, amounts, percent, unit):
        still_open, granted, refundable = (amount * unit for amount in amounts)
        discount = get_discount(still_open, granted, refundable, percent, unit)
        self.assertGreaterEqual(discount, 0)
        self.assertLessEqual(discount, still_open + refundable)
        self.assertEqual(discount % unit, 0)
        self.assertEqual(get_discount(still_open - discount, granted + discount, refundable, percent, unit), 0)
