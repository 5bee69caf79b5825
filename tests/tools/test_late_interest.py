"""What being late costs, and payments that a letter proposes."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.late_interest import split_interest
from ...tools.plan_offer import offer_parts

CENT, YEN = Decimal("0.01"), Decimal(1)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def tell(periods):
    return [(str(p.first), str(p.last), p.days, str(p.rate), str(p.amount)) for p in periods]


class TestLateInterest(TestCase):
    """What being late costs: by days, at the rate that holds on each."""

    def test_a_year_late_costs_the_yearly_rate(self):
        periods = split_interest(
            Decimal(1000), [(date(2020, 1, 1), Decimal("9.12"))], date(2025, 3, 1), date(2026, 3, 1), CENT,
        )
        self.assertEqual(tell(periods), [("2025-03-02", "2026-03-01", 365, "9.12", "91.20")])

    def test_nobody_pays_for_the_due_date_itself(self):
        rates = [(date(2020, 1, 1), Decimal(10))]
        self.assertEqual(split_interest(Decimal(1000), rates, date(2026, 3, 1), date(2026, 3, 1), CENT), [])
        self.assertEqual(
            tell(split_interest(Decimal(1000), rates, date(2026, 3, 1), date(2026, 3, 2), CENT)),
            [("2026-03-02", "2026-03-02", 1, "10", "0.27")],
        )

    def test_the_29th_of_february_is_a_day_like_any_other(self):
        rates = [(date(2020, 1, 1), Decimal("3.65"))]
        for year, days in ((2027, 1), (2028, 2)):
            period, = split_interest(Decimal(10000), rates, date(year, 2, 28), date(year, 3, 1), CENT)
            self.assertEqual((period.days, period.amount), (days, Decimal(days)))
        period, = split_interest(Decimal(10000), rates, date(2028, 1, 1), date(2029, 1, 1), CENT)
        self.assertEqual((period.days, period.amount), (366, Decimal("366.00")))

    def test_a_new_rate_holds_from_its_day_on(self):
        rates = [(date(2025, 7, 1), Decimal("10.15")), (date(2025, 1, 1), Decimal("11.15"))]
        self.assertEqual(tell(split_interest(Decimal(1000), rates, date(2025, 6, 20), date(2025, 7, 10), CENT)), [
            ("2025-06-21", "2025-06-30", 10, "11.15", "3.05"), ("2025-07-01", "2025-07-10", 10, "10.15", "2.78"),
        ])

    def test_the_same_rate_once_more_is_no_new_period(self):
        rates = [(date(2025, 7, 1), Decimal("10.15")), (date(2026, 1, 1), Decimal("10.15"))]
        self.assertEqual(tell(split_interest(Decimal(1000), rates, date(2025, 12, 21), date(2026, 1, 10), CENT)), [
            ("2025-12-22", "2026-01-10", 20, "10.15", "5.56"),
        ])

    def test_before_the_first_rate_nothing_is_asked(self):
        rates = [(date(2026, 1, 1), Decimal(10))]
        self.assertEqual(
            tell(split_interest(Decimal(1000), rates, date(2025, 6, 1), date(2026, 1, 5), CENT)),
            [("2026-01-01", "2026-01-05", 5, "10", "1.37")],
        )
        self.assertEqual(split_interest(Decimal(1000), [], date(2025, 6, 1), date(2026, 1, 5), CENT), [])

    def test_a_currency_without_cents_rounds_to_its_unit(self):
        rates = [(date(2020, 1, 1), Decimal(9))]
        period, = split_interest(Decimal(10000), rates, date(2026, 3, 1), date(2026, 3, 8), YEN)
        self.assertEqual(period.amount, Decimal(17))
        self.assertEqual(split_interest(Decimal(100), rates, date(2026, 3, 1), date(2026, 3, 2), YEN), [])

    @given(
        st.decimals(1, 100000, places=2), st.lists(st.tuples(DAYS, st.decimals(0, 20, places=2)), max_size=6),
        DAYS, DAYS, DAYS,
    )
    def test_periods_follow_one_another_and_never_overlap(self, owed, rates, since, middle, until):
        since, middle, until = sorted((since, middle, until))
        rates = list(dict(rates).items())
        periods = split_interest(owed, rates, since, until, CENT)
        for before, after in pairwise(periods):
            self.assertLess(before.last, after.first)
        for period in periods:
            self.assertTrue(since < period.first <= period.last <= until)
        # Asked for in two parts, it is the same but for rounding.
        parts = split_interest(owed, rates, since, middle, CENT) + split_interest(owed, rates, middle, until, CENT)
        self.assertLessEqual(
            abs(sum(p.amount for p in periods) - sum(p.amount for p in parts)),
            CENT * (len(rates) + 1),
        )


class TestPlanOffer(TestCase):
    """Payments that a letter proposes."""

    def test_the_last_payment_is_never_the_largest(self):
        self.assertEqual(offer_parts(Decimal(600), 4, Decimal(25), CENT), (4, Decimal(150), Decimal(150)))
        self.assertEqual(
            offer_parts(Decimal(100), 3, Decimal(25), CENT), (3, Decimal("33.34"), Decimal("33.32")),
        )

    def test_no_payment_is_below_the_least(self):
        self.assertEqual(offer_parts(Decimal(60), 4, Decimal(25), CENT), (2, Decimal(30), Decimal(30)))
        self.assertIsNone(offer_parts(Decimal(40), 4, Decimal(25), CENT))

    def test_a_very_small_sum_is_not_divided_into_nothing(self):
        self.assertEqual(offer_parts(Decimal("0.05"), 4, Decimal(0), CENT), (3, Decimal("0.02"), Decimal("0.01")))
        self.assertEqual(offer_parts(Decimal(7), 4, Decimal(0), YEN), (4, Decimal(2), Decimal(1)))
