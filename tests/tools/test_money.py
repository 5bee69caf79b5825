"""Amounts as people write them: exact, in whole units, halves up."""

from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.money import draw, is_whole, round_down, round_half_up, split_ratio, to_decimal, to_unit

CENT = Decimal("0.01")
UNITS = st.sampled_from([Decimal("0.01"), Decimal("1"), Decimal("0.05"), Decimal("0.001")])


class TestReadingAmounts(TestCase):
    def test_a_float_becomes_the_number_somebody_typed(self):
        self.assertEqual(to_decimal(0.1 + 0.2), Decimal("0.3"))
        self.assertEqual(to_decimal(1.1 * 1.1 * 100), Decimal("121"))
        self.assertEqual(to_decimal(1234567.89), Decimal("1234567.89"))

    def test_what_is_already_exact_stays(self):
        self.assertEqual(to_decimal("33.33"), Decimal("33.33"))
        self.assertEqual(to_decimal(Decimal("0.005")), Decimal("0.005"))
        self.assertEqual(to_decimal(7), Decimal(7))

    def test_it_is_rounded_to_the_unit_when_one_is_given(self):
        self.assertEqual(to_decimal(2.675, CENT), Decimal("2.68"))
        self.assertEqual(to_decimal(99.5, Decimal(1)), Decimal(100))

    def test_what_is_no_number_is_refused(self):
        for value in (float("nan"), float("inf"), "NaN"):
            with self.subTest(value=value), self.assertRaises(ValueError):
                to_decimal(value)

    def test_a_currency_unit_is_read_from_its_rounding(self):
        self.assertEqual(to_unit(0.01), CENT)
        self.assertEqual(to_unit(1.0), Decimal(1))
        with self.assertRaises(ValueError):
            to_unit(0.0)

    @given(cents=st.integers(min_value=-(10**13), max_value=10**13))
    def test_every_amount_of_money_survives_the_way_through_a_float(self, cents):
        amount = cents * CENT
        self.assertEqual(to_decimal(float(amount)), amount)


class TestRounding(TestCase):
    def test_halves_go_away_from_zero(self):
        self.assertEqual(round_half_up(Decimal("0.005"), CENT), Decimal("0.01"))
        self.assertEqual(round_half_up(Decimal("-0.005"), CENT), Decimal("-0.01"))
        self.assertEqual(round_half_up(Decimal("0.0049"), CENT), Decimal("0.00"))

    def test_it_knows_currencies_without_cents_and_with_five_cent_coins(self):
        self.assertEqual(round_half_up(Decimal("1234.5"), Decimal(1)), Decimal(1235))
        self.assertEqual(round_half_up(Decimal("1.03"), Decimal("0.05")), Decimal("1.05"))

    def test_down_never_gives_more(self):
        self.assertEqual(round_down(Decimal("1.019"), CENT), Decimal("1.01"))

    @given(amount=st.decimals(-(10**9), 10**9, places=6), unit=UNITS)
    def test_the_result_is_whole_and_at_most_half_a_unit_away(self, amount, unit):
        rounded = round_half_up(amount, unit)
        self.assertTrue(is_whole(rounded, unit))
        self.assertLessEqual(abs(rounded - amount), unit / 2)


class TestDividingInProportion(TestCase):
    def test_odd_cents_fall_to_the_later_parts(self):
        third = [Decimal(1)] * 3
        self.assertEqual(
            split_ratio(Decimal("100.00"), third, CENT), [Decimal("33.33")] * 2 + [Decimal("33.34")]
        )
        self.assertEqual(
            split_ratio(Decimal("-0.01"), third, CENT), [Decimal(0), Decimal(0), Decimal("-0.01")]
        )

    def test_a_part_of_zero_gets_nothing_even_in_the_last_place(self):
        self.assertEqual(split_ratio(Decimal("0.05"), [Decimal(2), Decimal(1), Decimal(0)], CENT)[2], 0)

    def test_all_parts_zero_leave_everything_to_the_last(self):
        self.assertEqual(split_ratio(Decimal(5), [Decimal(0), Decimal(0)], CENT), [Decimal(0), Decimal(5)])

    def test_what_cannot_be_divided_is_refused(self):
        for amount, parts in (
            (Decimal(1), []),
            (Decimal(1), [Decimal(-1)]),
            (Decimal("0.001"), [Decimal(1)]),
        ):
            with self.subTest(amount=amount, parts=parts), self.assertRaises(ValueError):
                split_ratio(amount, parts, CENT)

    @given(
        units=st.integers(-(10**8), 10**8),
        parts=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=20).filter(any),
        unit=UNITS,
    )
    def test_nothing_is_lost_and_every_share_is_within_one_unit(self, units, parts, unit):
        amount = units * unit
        shares = split_ratio(amount, parts, unit)
        self.assertEqual(sum(shares), amount)
        total = sum(parts)
        for share, part in zip(shares, parts, strict=True):
            self.assertTrue(is_whole(share, unit))
            self.assertGreaterEqual(share * (1 if amount >= 0 else -1), 0)
            self.assertLess(abs(share - amount * part / total), unit * Decimal("1.000001"))

    @given(
        weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any),
        data=st.data(),
    )
    def test_no_part_gets_more_than_it_weighs_when_the_amount_does_not(self, weights, data):
        """So that a payment spread over open lines never overpays one of them."""
        parts = [weight * CENT for weight in weights]
        amount = data.draw(st.integers(0, sum(weights))) * CENT
        for share, part in zip(split_ratio(amount, parts, CENT), parts, strict=True):
            self.assertLessEqual(share, part)


class TestDrawing(TestCase):
    def test_the_first_is_used_up_first(self):
        wanted, available = [Decimal(50), Decimal(20)], [Decimal(30), Decimal(0), Decimal(100)]
        self.assertEqual(draw(wanted, available), [(0, 0, 30), (0, 2, 20), (1, 2, 20)])

    def test_the_last_gets_less_when_there_is_not_enough(self):
        self.assertEqual(draw([Decimal(50), Decimal(20)], [Decimal(60)]), [(0, 0, 50), (1, 0, 10)])
        self.assertEqual(draw([Decimal(50)], []), [])
        self.assertEqual(draw([], [Decimal(50)]), [])

    @given(
        wanted=st.lists(st.integers(0, 500), max_size=8),
        available=st.lists(st.integers(0, 500), max_size=8),
    )
    def test_as_much_as_possible_and_nobody_more_than_their_own(self, wanted, available):
        drawn = draw([units * CENT for units in wanted], [units * CENT for units in available])
        self.assertEqual(sum(amount for *_ends, amount in drawn), min(sum(wanted), sum(available)) * CENT)
        self.assertTrue(all(amount > 0 for *_ends, amount in drawn))
        for end, limits in enumerate((wanted, available)):
            for position, limit in enumerate(limits):
                self.assertLessEqual(sum(part[2] for part in drawn if part[end] == position), limit * CENT)
