import unittest
from datetime import date

from odoo.addons.billing_coordinator.tools.periods import get_last_day, get_period


class TestBenefitYear(unittest.TestCase):
    """Deductibles begin anew with the benefit year of a plan, which need not be that of the calendar."""

    def test_it_begins_on_the_first_of_its_month_and_ends_a_year_later(self):
        for day, month, first, last in (
            (date(2026, 6, 30), 7, date(2025, 7, 1), date(2026, 6, 30)),
            (date(2026, 7, 1), 7, date(2026, 7, 1), date(2027, 6, 30)),
            (date(2024, 2, 29), 3, date(2023, 3, 1), date(2024, 2, 29)),
            (date(2026, 12, 31), 1, date(2026, 1, 1), date(2026, 12, 31)),
        ):
            with self.subTest(day=day):
                self.assertEqual(get_period("benefit_year", day, month), (first, last))


class TestPeriods(unittest.TestCase):
    """So many months from a day on."""

    def test_months_end_on_the_day_before_the_same_day(self):
        self.assertEqual(get_last_day(date(2026, 3, 16), 12), date(2027, 3, 15))
        self.assertEqual(get_last_day(date(2026, 1, 1), 1), date(2026, 1, 31))

    def test_a_month_without_that_day_counts_to_its_end(self):
        self.assertEqual(get_last_day(date(2024, 2, 29), 12), date(2025, 2, 28))
        self.assertEqual(get_last_day(date(2025, 8, 31), 6), date(2026, 2, 28))
        self.assertEqual(get_last_day(date(2024, 2, 29), 48), date(2028, 2, 28))
