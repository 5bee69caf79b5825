"""One rule for how late an amount is, asserted on the days where other systems disagree."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.ageing import BUCKETS, age, bucket_of, days_past_due

AS_OF = date(2026, 6, 30)


class TestBuckets(TestCase):
    def test_the_day_decides_the_bucket(self):
        expected = {
            -400: "current",
            -1: "current",
            0: "current",
            1: "days_1_30",
            29: "days_1_30",
            30: "days_1_30",
            31: "days_31_60",
            60: "days_31_60",
            61: "days_61_90",
            90: "days_61_90",
            91: "days_91_120",
            120: "days_91_120",
            121: "days_over_120",
            4000: "days_over_120",
        }
        self.assertEqual({days: bucket_of(days) for days in expected}, expected)

    def test_due_today_is_not_late(self):
        self.assertEqual(days_past_due(AS_OF, AS_OF), 0)
        self.assertEqual(days_past_due(AS_OF - timedelta(days=1), AS_OF), 1)

    def test_without_a_due_date_nothing_is_late(self):
        self.assertEqual(days_past_due(None, AS_OF), 0)


class TestAgeing(TestCase):
    def test_open_amounts_are_summed_by_bucket(self):
        totals = age(
            [
                (date(2026, 6, 30), Decimal("80.00")),
                (date(2026, 6, 29), Decimal("20.00")),
                (date(2026, 5, 31), Decimal("5.00")),
                (date(2026, 5, 30), Decimal("1.00")),
                (date(2025, 1, 1), Decimal("400.00")),
                (date(2025, 1, 1), Decimal("-30.00")),
            ],
            AS_OF,
        )
        self.assertEqual(
            list(totals.values()),
            [Decimal("80.00"), Decimal("25.00"), Decimal("1.00"), Decimal(0), Decimal(0), Decimal("370.00")],
        )

    def test_nothing_open_shows_every_bucket_empty(self):
        self.assertEqual(age([], AS_OF), dict.fromkeys(BUCKETS, Decimal(0)))

    @given(st.lists(st.tuples(st.none() | st.dates(), st.decimals(-(10**6), 10**6, places=2))))
    def test_the_buckets_hold_everything_once(self, items):
        totals = age(items, AS_OF)
        self.assertEqual(tuple(totals), BUCKETS)
        self.assertEqual(sum(totals.values()), sum(amount for _due, amount in items))

    @given(st.integers(-500, 500))
    def test_a_later_day_is_never_in_an_earlier_bucket(self, days):
        self.assertLessEqual(BUCKETS.index(bucket_of(days)), BUCKETS.index(bucket_of(days + 1)))
