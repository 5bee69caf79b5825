"""A part of a bill is taken back, to the cent."""

from decimal import Decimal as D
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.crediting import Charged, divide_credit

CENT = D("0.01")
cents = st.integers(min_value=1, max_value=100_000).map(lambda count: count * CENT)


class TestCrediting(TestCase):
    def test_every_service_gives_up_its_part(self):
        self.assertEqual(
            divide_credit(D(80), [Charged(D(150)), Charged(D(50))], CENT), [Charged(D(60)), Charged(D(20))],
        )

    def test_taxes_shrink_with_their_service(self):
        self.assertEqual(
            divide_credit(D("60.50"), [Charged(D(100), (D(21),))], CENT), [Charged(D(50), (D("10.50"),))],
        )

    def test_the_odd_cent_stays_with_the_net_amount(self):
        self.assertEqual(
            divide_credit(D("0.03"), [Charged(D(100), (D(21),))], CENT), [Charged(D("0.02"), (D("0.01"),))],
        )

    def test_a_currency_without_cents(self):
        self.assertEqual(
            divide_credit(D(100), [Charged(D(101)), Charged(D(100))], D(1)), [Charged(D(50)), Charged(D(50))],
        )

    def test_a_discount_line_takes_no_part(self):
        self.assertEqual(
            divide_credit(D(10), [Charged(D(100)), Charged(D(-20))], CENT), [Charged(D(10)), Charged(D(0))],
        )

    def test_nothing_can_be_taken_back_of_nothing(self):
        with self.assertRaises(ValueError):
            divide_credit(D(1), [Charged(D(0))], CENT)

    @given(st.lists(st.tuples(cents, cents), min_size=1, max_size=5), st.integers(1, 100))
    def test_it_always_adds_up(self, services, percent):
        charged = [Charged(net, (tax,)) for net, tax in services]
        total = sum(service.total for service in charged)
        amount = max((total * percent / 100).quantize(CENT), CENT)
        given_up = divide_credit(amount, charged, CENT)
        self.assertEqual(sum(part.total for part in given_up), amount)
        for part, service in zip(given_up, charged, strict=True):
            self.assertLessEqual(part.total, service.total + CENT)
