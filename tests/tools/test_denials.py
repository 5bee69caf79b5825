import unittest
from datetime import date
from decimal import Decimal

from odoo.addons.billing_coordinator.tools.denials import (
    Standing,
    estimate_chance,
    find_deadline,
    find_outcome,
)


class TestDeadline(unittest.TestCase):
    """By when a payer has to be answered."""

    def test_the_last_day_of_a_term(self):
        for start, count, unit, weekend, expected in (
            (date(2026, 3, 10), 180, "days", "same", date(2026, 9, 6)),        # a Sunday, and it counts
            (date(2026, 3, 10), 180, "days", "next", date(2026, 9, 7)),
            (date(2026, 3, 10), 180, "days", "before", date(2026, 9, 4)),
            (date(2026, 3, 10), 0, "days", "same", date(2026, 3, 10)),
            (date(2026, 3, 13), 1, "business", "same", date(2026, 3, 16)),     # Friday, then Monday
            (date(2024, 2, 29), 12, "months", "same", date(2025, 2, 28)),
            (date(2023, 8, 31), 6, "months", "same", date(2024, 2, 29)),
            (date(2024, 1, 30), 30, "days", "same", date(2024, 2, 29)),
            (date(2023, 1, 30), 30, "days", "same", date(2023, 3, 1)),
            (date(2024, 1, 31), 1, "months", "before", date(2024, 2, 29)),     # a Thursday
        ):
            with self.subTest(start=start, count=count, unit=unit, weekend=weekend):
                self.assertEqual(find_deadline(start, count, unit, weekend), expected)

    def test_a_holiday_moves_the_last_day_like_a_weekend(self):
        monday = date(2026, 9, 7)
        self.assertEqual(find_deadline(date(2026, 3, 10), 180, "days", "next", {monday}), date(2026, 9, 8))
        self.assertEqual(find_deadline(date(2026, 9, 4), 1, "business", "same", {monday}), date(2026, 9, 8))

    def test_a_term_that_is_none_is_refused(self):
        for count, unit, weekend in ((-1, "days", "same"), (1, "weeks", "same"), (1, "days", "so")):
            with self.subTest(count=count, unit=unit, weekend=weekend), self.assertRaisesRegex(
                ValueError, "term|weekends",
            ):
                find_deadline(date(2026, 3, 10), count, unit, weekend)


class TestChance(unittest.TestCase):
    """How likely a payer pays after all."""

    def test_the_chance_follows_what_happened_before(self):
        for won, decided, others_won, others_decided, percent in (
            (0, 0, 0, 0, 50),      # nothing known
            (0, 0, 8, 8, 90),      # others have always given in
            (4, 4, 0, 0, 75),
            (0, 4, 0, 0, 25),
            (0, 4, 8, 8, 45),      # this payer has not, the others have
            (96, 96, 0, 0, 98),    # much is known of this payer: the others hardly count
        ):
            with self.subTest(won=won, decided=decided, others=(others_won, others_decided)):
                self.assertEqual(estimate_chance(won, decided, others_won, others_decided).percent, percent)

    def test_more_cannot_be_won_than_was_decided(self):
        for figures in ((2, 1), (0, 0, 2, 1), (-1, 1)):
            with self.subTest(figures), self.assertRaisesRegex(ValueError, "More was won"):
                estimate_chance(*figures)


class TestOutcome(unittest.TestCase):
    """How a denial ended."""

    def test_how_it_ended_is_what_became_of_the_money(self):
        for amounts, outcome in (
            ((100, 100, 0, 0, 0, 0), None),
            ((100, 40, 60, 0, 0, 0), None),
            ((100, 0, 100, 0, 0, 0), "overturned"),
            ((100, 0, 40, 0, 0, 60), "overturned"),
            ((100, 0, 0, 0, 100, 0), "passed_on"),
            ((100, 0, 0, 0, 40, 60), "written_off"),
            ((100, 0, 0, 0, 60, 40), "passed_on"),
            ((100, 0, 0, 100, 0, 0), "upheld"),
        ):
            with self.subTest(amounts):
                self.assertEqual(find_outcome(Standing(*map(Decimal, amounts))), outcome)
