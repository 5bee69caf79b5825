import unittest
from datetime import date
from decimal import Decimal

from odoo.addons.billing_coordinator.tools.good_faith import Terms, find_due_date, find_excess

MONDAY = date(2026, 3, 16)


class TestGoodFaith(unittest.TestCase):
    """When a good-faith estimate is due, and when a bill is too far above it."""

    def test_booked_three_days_ahead_it_is_due_the_next_business_day(self):
        self.assertEqual(find_due_date(date(2026, 3, 19), MONDAY), (date(2026, 3, 17), "short"))
        self.assertEqual(find_due_date(date(2026, 3, 27), MONDAY), (date(2026, 3, 17), "short"), "nine days ahead")

    def test_booked_ten_days_ahead_it_is_due_within_three_business_days(self):
        self.assertEqual(find_due_date(date(2026, 3, 30), MONDAY), (date(2026, 3, 19), "long"))

    def test_booked_at_shorter_notice_nothing_is_owed(self):
        self.assertIsNone(find_due_date(date(2026, 3, 18), MONDAY))
        self.assertIsNone(find_due_date(date(2026, 3, 18)))

    def test_on_request_it_is_due_within_three_business_days_whatever_the_notice(self):
        self.assertEqual(find_due_date(date(2026, 3, 18), requested=MONDAY), (date(2026, 3, 19), "requested"))

    def test_of_two_terms_the_earlier_counts(self):
        due = find_due_date(date(2026, 3, 20), scheduled=date(2026, 3, 17), requested=MONDAY)
        self.assertEqual(due, (date(2026, 3, 18), "short"))

    def test_holidays_give_more_time_and_shorten_the_notice(self):
        holidays = {date(2026, 3, 17)}
        self.assertEqual(find_due_date(date(2026, 3, 20), MONDAY, holidays=holidays), (date(2026, 3, 18), "short"))
        self.assertIsNone(find_due_date(date(2026, 3, 19), MONDAY, holidays=holidays))

    def test_the_terms_are_settings(self):
        terms = Terms(short_notice=1, short_days=0, long_notice=2, long_days=1)
        self.assertEqual(find_due_date(date(2026, 3, 17), MONDAY, terms=terms), (MONDAY, "short"))
        self.assertEqual(find_due_date(date(2026, 3, 18), MONDAY, terms=terms), (date(2026, 3, 17), "long"))

    def test_terms_that_make_no_sense_are_refused(self):
        with self.assertRaisesRegex(ValueError, "negative"):
            Terms(short_days=-1)
        with self.assertRaisesRegex(ValueError, "at least as early"):
            Terms(short_notice=5, long_notice=4)

    def test_a_bill_is_too_high_from_the_threshold_on(self):
        for billed, excess in (("899.99", "0"), ("900.00", "400.00"), ("950.00", "450.00"), ("100.00", "0")):
            self.assertEqual(find_excess(Decimal(500), Decimal(billed), Decimal(400)), Decimal(excess))
        self.assertEqual(find_excess(Decimal(500), Decimal(5000), Decimal(0)), 0, "no threshold, no flag")
