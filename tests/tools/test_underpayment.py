import unittest
from decimal import Decimal

from odoo.addons.billing_coordinator.tools.underpayment import PaidService, find_shortfall


class TestUnderpayment(unittest.TestCase):
    """Whether a payer has kept its contract."""

    def assertShort(self, expected, tolerance="0", percent="0", unit="0.01", **amounts):
        service = PaidService(**{name: None if value is None else Decimal(value) for name, value in amounts.items()})
        short = find_shortfall(service, Decimal(tolerance), Decimal(percent), Decimal(unit))
        self.assertEqual(short, Decimal(expected))

    def test_the_contract_is_kept(self):
        self.assertShort("0", asked="500", contract="400", paid="320", patient="80", reduced="100")

    def test_more_was_taken_off_than_the_contract_allows(self):
        self.assertShort("100", asked="500", contract="400", paid="280", patient="20", reduced="200")

    def test_a_single_cent_counts_where_nothing_is_tolerated(self):
        self.assertShort("0.01", asked="500", contract="400", paid="399.99", reduced="100.01")

    def test_small_differences_are_let_go(self):
        for tolerance, percent, expected in (
            ("5.00", "0", "0"),       # exactly what is tolerated
            ("4.99", "0", "5"),
            ("0", "1.25", "0"),       # 5 of 400
            ("0", "1.24", "5"),
            ("1", "1.25", "0"),       # whichever is more
            ("5", "0.5", "0"),
        ):
            with self.subTest(tolerance=tolerance, percent=percent):
                self.assertShort(expected, tolerance, percent, asked="500", contract="400", paid="395", reduced="105")

    def test_without_a_contract_nothing_can_be_said(self):
        self.assertShort("0", asked="500", contract=None, paid="100", reduced="400")

    def test_a_contract_above_the_charge_promises_the_charge(self):
        self.assertShort("50", asked="300", contract="400", paid="250", reduced="50")

    def test_what_is_denied_is_fought_for_as_a_denial(self):
        self.assertShort("0", asked="500", contract="400", paid="0", denied="400", reduced="100")
        self.assertShort("100", asked="500", contract="400", paid="0", denied="300", reduced="200")

    def test_a_reduction_with_a_reason_of_its_own_is_no_underpayment(self):
        # Sequestration: 2 percent of what the payer would have paid.
        self.assertShort("0", asked="500", contract="400", paid="392", reduced="100")

    def test_a_currency_without_cents(self):
        self.assertShort("1", unit="1", asked="50000", contract="40000", paid="39999", reduced="10001")

    def test_several_units_are_one_contract_price(self):
        # Three units at 133.33 each.
        self.assertShort("133.33", asked="450", contract="399.99", paid="266.66", reduced="183.34")
