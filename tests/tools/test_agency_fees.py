import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...tools.agency_fees import (
    Fee,
    find_percent,
    get_commission,
    get_fee,
    share_withheld,
)

CENT = Decimal("0.01")
D = Decimal
TABLE = (
    Fee(percent=D(20)),
    Fee(percent=D(25), age=90),
    Fee(percent=D(18), age=90, amount=D(1000)),
    Fee(percent=D(50), age=365),
)
cents = st.integers(1, 100_000).map(lambda amount: D(amount) / 100)


class TestAgencyFees(unittest.TestCase):
    """What an agency is paid, to the cent."""

    def test_the_oldest_row_reached_counts_and_among_those_the_largest(self):
        for age, amount, percent in (
            (0, 10, 20), (89, 5000, 20), (90, 999, 25), (90, 1000, 18), (364, 1000, 18), (365, 5000, 50), (-3, 10, 20),
        ):
            self.assertEqual(find_percent(TABLE, age, D(amount)), D(percent), (age, amount))

    def test_a_table_without_a_first_row_says_nothing_of_small_debts(self):
        self.assertIsNone(find_percent([Fee(percent=D(20), amount=D(100))], 400, D("99.99")))
        self.assertEqual(find_percent([Fee(percent=D(20), amount=D(100))], 400, D(100)), D(20))

    def test_a_quarter_of_a_hundred(self):
        self.assertEqual(get_fee(D(100), D(25), D(0), CENT), D(25))

    def test_half_a_cent_goes_up_and_currencies_without_cents_are_whole(self):
        self.assertEqual(get_fee(D("0.02"), D(25), D(0), CENT), D("0.01"))
        self.assertEqual(get_fee(D(1010), D(25), D(0), D(1)), D(253))

    def test_at_least_the_minimum_and_never_more_than_what_came(self):
        self.assertEqual(get_fee(D(20), D(25), D(15), CENT), D(15))
        self.assertEqual(get_fee(D(10), D(25), D(15), CENT), D(10))
        self.assertEqual(get_fee(D(0), D(25), D(15), CENT), D(0))

    @given(st.lists(cents, min_size=1, max_size=6), st.integers(0, 100), cents)
    def test_part_payments_cost_what_one_payment_costs(self, parts, percent, minimum):
        before, paid = D(0), D(0)
        for part in parts:
            commission = get_commission(before, part, D(percent), minimum, CENT)
            self.assertGreaterEqual(commission, 0)
            before, paid = before + part, paid + commission
        self.assertEqual(paid, get_fee(before, D(percent), minimum, CENT))
        self.assertLessEqual(paid, before)

    def test_what_one_sum_cannot_bear_the_next_ones_do(self):
        self.assertEqual(share_withheld([D(100), D(40)], [D(25), D(10)]), [D(25), D(10)])
        # The debtor of the second paid the office: its commission is kept of the first.
        self.assertEqual(share_withheld([D(100), D(0)], [D(25), D(10)]), [D(35), D(0)])
        # More than there is: the rest stays on the bill.
        self.assertEqual(share_withheld([D(20), D(0)], [D(5), D(30)]), [D(20), D(0)])

    @given(st.lists(st.tuples(cents, cents), max_size=5))
    def test_what_is_kept_is_never_more_than_collected_nor_than_owed(self, pairs):
        collected, owed = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        kept = share_withheld(collected, owed)
        self.assertTrue(all(0 <= part <= have for part, have in zip(kept, collected, strict=True)))
        self.assertEqual(sum(kept), min(sum(collected), sum(owed)))
