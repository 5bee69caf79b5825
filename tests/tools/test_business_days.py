import unittest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.billing_coordinator.tools.business_days import (
    add_business_days,
    count_business_days,
    is_business_day,
)

MONDAY = date(2026, 3, 16)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


class TestBusinessDays(unittest.TestCase):
    """Terms that count the days on which an office works."""

    def test_the_weekend_does_not_count(self):
        self.assertEqual(add_business_days(MONDAY, 1), date(2026, 3, 17))
        self.assertEqual(add_business_days(date(2026, 3, 20), 1), date(2026, 3, 23), "Friday to Monday")
        self.assertEqual(add_business_days(date(2026, 3, 21), 1), date(2026, 3, 23), "a term begun on Saturday")
        self.assertEqual(add_business_days(MONDAY, 0), MONDAY)

    def test_holidays_do_not_count(self):
        self.assertEqual(add_business_days(MONDAY, 1, {date(2026, 3, 17)}), date(2026, 3, 18))
        self.assertEqual(count_business_days(MONDAY, date(2026, 3, 19), {date(2026, 3, 17)}), 2)
        self.assertEqual(count_business_days(MONDAY, date(2026, 3, 23), {date(2026, 3, 21)}), 5, "a free Saturday")

    def test_monday_to_thursday_are_three_days(self):
        self.assertEqual(count_business_days(MONDAY, date(2026, 3, 19)), 3)
        self.assertEqual(count_business_days(MONDAY, MONDAY), 0)
        self.assertEqual(count_business_days(MONDAY, date(2026, 3, 1)), 0, "an end before the start")

    def test_a_term_of_less_than_nothing_is_refused(self):
        with self.assertRaisesRegex(ValueError, "A term cannot have -1 days"):
            add_business_days(MONDAY, -1)

    @given(DAYS, st.integers(1, 40), st.frozensets(DAYS, max_size=20))
    def test_counting_undoes_adding(self, day, count, holidays):
        end = add_business_days(day, count, holidays)
        self.assertTrue(is_business_day(end, holidays))
        self.assertEqual(count_business_days(day, end, holidays), count)

    @given(DAYS, st.integers(0, 120), st.frozensets(DAYS, max_size=20))
    def test_counting_is_the_same_as_walking(self, day, length, holidays):
        walked = sum(is_business_day(day + timedelta(days=step), holidays) for step in range(1, length + 1))
        self.assertEqual(count_business_days(day, day + timedelta(days=length), holidays), walked)
