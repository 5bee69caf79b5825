import unittest
from datetime import date

from odoo.addons.billing_coordinator.tools.reporting_days import day_of, next_day, period_of

MONDAY = date(2026, 3, 16)


class TestReportingDays(unittest.TestCase):
    """Days and periods by their names, leap years included."""

    def test_days_are_known_by_their_names(self):
        for name, expected in {
            None: MONDAY,
            "": MONDAY,
            "today": MONDAY,
            "yesterday": date(2026, 3, 15),
            "last_month": date(2026, 2, 28),
            "last_quarter": date(2025, 12, 31),
            "last_year": date(2025, 12, 31),
            "2024-02-29": date(2024, 2, 29),
        }.items():
            self.assertEqual(day_of(name, MONDAY), expected, name)
        self.assertEqual(day_of("last_month", date(2024, 3, 31)), date(2024, 2, 29))
        self.assertEqual(day_of("yesterday", date(2024, 3, 1)), date(2024, 2, 29))
        for name in ("soon", "2026-02-29", "this_month"):
            with self.assertRaises(ValueError):
                day_of(name, MONDAY)

    def test_periods_are_known_by_their_names(self):
        for name, expected in {
            "today": (MONDAY, MONDAY),
            "yesterday": (date(2026, 3, 15), date(2026, 3, 15)),
            "this_week": (MONDAY, date(2026, 3, 22)),
            "last_week": (date(2026, 3, 9), date(2026, 3, 15)),
            "this_month": (date(2026, 3, 1), date(2026, 3, 31)),
            "last_month": (date(2026, 2, 1), date(2026, 2, 28)),
            "this_quarter": (date(2026, 1, 1), date(2026, 3, 31)),
            "last_quarter": (date(2025, 10, 1), date(2025, 12, 31)),
            "this_year": (date(2026, 1, 1), date(2026, 12, 31)),
            "last_year": (date(2025, 1, 1), date(2025, 12, 31)),
        }.items():
            self.assertEqual(period_of(name, MONDAY), expected, name)
        with self.assertRaises(ValueError):
            period_of("next_month", MONDAY)

    def test_the_29th_of_february_belongs_to_its_month_and_year(self):
        leap = date(2024, 2, 29)
        self.assertEqual(period_of("this_month", leap), (date(2024, 2, 1), leap))
        self.assertEqual(period_of("last_month", date(2024, 3, 31)), (date(2024, 2, 1), leap))
        self.assertEqual(period_of("this_quarter", leap), (date(2024, 1, 1), date(2024, 3, 31)))
        self.assertEqual(period_of("this_year", leap), (date(2024, 1, 1), date(2024, 12, 31)))
        self.assertEqual(period_of("last_year", leap), (date(2023, 1, 1), date(2023, 12, 31)))
        self.assertEqual(period_of("yesterday", date(2024, 3, 1)), (leap, leap))

    def test_every_period_of_every_day_is_whole_and_the_last_one_ends_before_this_one_begins(self):
        day = date(2023, 12, 1)
        while day < date(2025, 3, 1):
            for kind in ("week", "month", "quarter", "year"):
                start, end = period_of(f"this_{kind}", day)
                before = period_of(f"last_{kind}", day)
                self.assertTrue(start <= day <= end)
                self.assertEqual((start - before[1]).days, 1)
                self.assertEqual(period_of(f"this_{kind}", before[0]), before)
            day = next_day(day, "daily")

    def test_what_comes_again_is_due_on_its_next_day(self):
        self.assertEqual(next_day(MONDAY, "daily"), date(2026, 3, 17))
        self.assertEqual(next_day(MONDAY, "weekly", {0}), date(2026, 3, 23))
        self.assertEqual(next_day(MONDAY, "weekly", {0, 4}), date(2026, 3, 20))
        self.assertEqual(next_day(MONDAY, "monthly", month_day=1), date(2026, 4, 1))
        self.assertEqual(next_day(MONDAY, "monthly", month_day=16), date(2026, 4, 16))
        self.assertEqual(next_day(MONDAY, "monthly", month_day=17), date(2026, 3, 17))
        with self.assertRaises(ValueError):
            next_day(MONDAY, "weekly")

    def test_a_month_without_a_31st_has_its_last_day(self):
        self.assertEqual(next_day(date(2024, 1, 31), "monthly", month_day=31), date(2024, 2, 29))
        self.assertEqual(next_day(date(2024, 2, 29), "monthly", month_day=31), date(2024, 3, 31))
        self.assertEqual(next_day(date(2025, 1, 31), "monthly", month_day=30), date(2025, 2, 28))
        self.assertEqual(next_day(date(2025, 12, 31), "monthly", month_day=31), date(2026, 1, 31))
