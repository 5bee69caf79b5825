import unittest
from datetime import date

from odoo.addons.billing_coordinator.tools.periods import get_last_day


class TestPeriods(unittest.TestCase):
    """So many months from a day on."""

    def test_months_end_on_the_day_before_the_same_day(self):
        self.assertEqual(get_last_day(date(2026, 3, 16), 12), date(2027, 3, 15))
        self.assertEqual(get_last_day(date(2026, 1, 1), 1), date(2026, 1, 31))

    def test_a_month_without_that_day_counts_to_its_end(self):
        self.assertEqual(get_last_day(date(2024, 2, 29), 12), date(2025, 2, 28))
        self.assertEqual(get_last_day(date(2025, 8, 31), 6), date(2026, 2, 28))
        self.assertEqual(get_last_day(date(2024, 2, 29), 48), date(2028, 2, 28))
