"""What has become of a plan: filled by date, missed, failed, shortened, lowered, longer."""

from datetime import date
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.instalment_filling import (
    Tolerance,
    fill,
    get_clearing_days,
    get_paid_beyond,
    get_standing,
    lower,
    raise_last,
    shorten,
)

CENT = Decimal("0.01")
DAYS = [date(2026, month, 1) for month in range(4, 10)]
SIX = [(day, Decimal(100)) for day in DAYS]
AMOUNTS = st.lists(st.integers(1, 10**5).map(lambda cents: cents * CENT), min_size=1, max_size=40)


class TestFilling(TestCase):
    def test_money_fills_the_instalments_in_the_order_of_their_days(self):
        hundred = Decimal(100)
        for paid, filled in (
            (0, [0, 0, 0]), (50, [50, 0, 0]), (100, [100, 0, 0]), (250, [100, 100, 50]), (300, [100, 100, 100]),
            (400, [100, 100, 100]), (-20, [0, 0, 0]),
        ):
            self.assertEqual(fill([hundred] * 3, Decimal(paid)), filled)

    def test_each_bill_is_cleared_by_the_instalment_that_pays_the_rest_of_it(self):
        for items, months in (
            ([100, 200, 300], [4, 6, 9]), ([600], [9]), ([50, 50, 500], [4, 4, 9]), ([1, 599], [4, 9]),
            ([550, 50], [9, 9]),
        ):
            days = get_clearing_days([Decimal(item) for item in items], SIX)
            self.assertEqual([day.month for day in days], months)

    @given(AMOUNTS, AMOUNTS)
    def test_no_bill_is_cleared_before_the_money_for_it_was_due(self, items, rows):
        missing = sum(items) - sum(rows)
        rows = [*rows, missing] if missing > 0 else rows
        dated = [(date.fromordinal(737000 + number), amount) for number, amount in enumerate(rows)]
        days = get_clearing_days(items, dated)
        self.assertEqual(days, sorted(days))
        owed = 0
        for item, cleared in zip(items, days, strict=True):
            owed += item
            self.assertGreaterEqual(sum(amount for day, amount in dated if day <= cleared), owed)
            self.assertLess(sum(amount for day, amount in dated if day < cleared), owed)


class TestStanding(TestCase):
    def _standing(self, today, paid=0, **tolerance):
        return get_standing(SIX, Decimal(paid), date.fromisoformat(today), Tolerance(**tolerance))

    def test_before_on_and_after_the_day(self):
        for today, due, missed, late in (
            ("2026-03-31", 0, 0, 0), ("2026-04-01", 100, 0, 0), ("2026-04-02", 100, 1, 1), ("2026-05-01", 200, 1, 30),
            ("2026-05-02", 200, 2, 31),
        ):
            standing = self._standing(today)
            self.assertEqual((standing.due, standing.missed, standing.late), (due, missed, late), today)

    def test_days_of_grace(self):
        self.assertEqual([self._standing(f"2026-04-0{day}", grace=5).missed for day in (5, 6, 7)], [0, 0, 1])

    def test_what_is_to_pay_next(self):
        for today, paid, day, amount in (
            ("2026-03-20", 0, "2026-04-01", 100), ("2026-04-20", 0, "2026-04-01", 200),
            ("2026-04-20", 30, "2026-04-01", 170),
            ("2026-04-20", 100, "2026-05-01", 100), ("2026-04-20", 250, "2026-06-01", 50),
            ("2026-12-01", 500, "2026-09-01", 100),
        ):
            standing = self._standing(today, paid)
            self.assertEqual((str(standing.next_day), standing.next_due), (day, amount), (today, paid))

    def test_all_paid(self):
        standing = self._standing("2026-12-01", 600, missed=1)
        self.assertEqual((standing.is_done, standing.due, standing.next_due, standing.has_failed), (True, 0, 0, False))

    def test_it_fails_by_number_or_by_days_and_never_within_the_grace(self):
        self.assertEqual([self._standing(f"2026-0{month}-02", missed=2).has_failed for month in (4, 5)], [False, True])
        self.assertEqual([self._standing(f"2026-05-{day}", late=45).has_failed for day in (15, 16)], [False, True])
        self.assertFalse(self._standing("2026-12-01").has_failed)
        self.assertFalse(self._standing("2026-04-05", missed=1, late=1, grace=10).has_failed)


class TestAdapting(TestCase):
    def test_less_debt_shortens_or_lowers_by_choice(self):
        six = [Decimal(100)] * 6
        self.assertEqual(shorten(six, Decimal(150)), [100, 100, 100, 100, 50, 0])
        self.assertEqual(lower(six, Decimal(150), CENT), [75] * 6)
        thirds = [Decimal("66.66"), Decimal("66.67"), Decimal("66.67")]
        self.assertEqual(lower([Decimal(100)] * 3, Decimal(100), CENT), thirds)

    def test_more_debt_fills_the_last_one_up_and_goes_on_behind_it(self):
        self.assertEqual(raise_last([Decimal(100), Decimal(100), Decimal(40)], Decimal(210)), [100, 100, 100, 100, 50])
        self.assertEqual(raise_last([], Decimal(80)), [80])
        self.assertEqual(raise_last([Decimal(10)], Decimal(45), Decimal(20)), [20, 20, 15])
        self.assertEqual(raise_last([Decimal(1)], Decimal(10), Decimal(1), CENT, 3), [
            1, Decimal("3.34"), Decimal("3.34"), Decimal("3.32"),
        ])

    def test_money_beyond_what_was_needed_keeps_its_days(self):
        money = [(date(2026, 4, day), Decimal(100)) for day in (1, 2, 3)]
        self.assertEqual(get_paid_beyond(money, Decimal(0)), money)
        self.assertEqual(get_paid_beyond(money, Decimal(150)), [(date(2026, 4, 2), 50), money[2]])
        self.assertEqual(get_paid_beyond(money, Decimal(300)), [])

    @given(AMOUNTS, st.data())
    def test_what_is_taken_off_or_added_is_exact(self, amounts, data):
        less = data.draw(st.integers(0, int(sum(amounts) / CENT))) * CENT
        for left in (shorten(amounts, less), lower(amounts, less, CENT)):
            self.assertEqual(sum(left), sum(amounts) - less)
            self.assertEqual(len(left), len(amounts))
            for now, before in zip(left, amounts, strict=True):
                self.assertGreaterEqual(now, 0)
                self.assertLessEqual(now, before + CENT)
        self.assertEqual(sum(raise_last(amounts, less)), sum(amounts) + less)
