from decimal import Decimal as D
from io import BytesIO
from unittest import TestCase

from ...tools.remittance_units import Unit
from ...tools.x12 import remittance
from . import x12_files as x12

YEN = Unit("JPY", D(1))


def faults(unit, service, **values):
    """The faults of the claims and provider adjustments of a file with this service."""
    content = x12.wrap(x12.remittance([x12.claim("CLM-1", [service])], **values))
    kinds = remittance.Claim | remittance.ProviderAdjustment
    return [unit.find_fault(record) for record in remittance.read(BytesIO(content)) if isinstance(record, kinds)]


class TestUnits(TestCase):
    """Which amounts of a file can be paid in its currency."""

    def test_whole_yen_may_be_written_with_cents(self):
        self.assertEqual(faults(YEN, x12.service("A", "1200.00", "1000", [("CO", "45", "200.00")])), [None])

    def test_half_a_yen_is_told_wherever_it_stands(self):
        for service in (
            x12.service("A", "1200.50", "1000", [("CO", "45", "200.50")]),
            x12.service("A", "1200", "1000.50", [("CO", "45", "199.50")]),
            x12.service("A", "1200", "1000", [("CO", "45", "199.50"), ("PR", "1", "0.50")]),
        ):
            (fault,) = faults(YEN, service)
            self.assertEqual((fault.severity, fault.reason), ("hold", "fraction"))
            self.assertEqual((fault.detail["what"], fault.detail["currency"], fault.detail["unit"]),
                             ("CLM-1", "JPY", "1"))

    def test_what_is_kept_apart_from_claims_counts_too(self):
        _claim, fault = faults(YEN, x12.service("A", "100", "100"), provider_adjustments=[("L6", "", "-10.50")])
        self.assertEqual((fault.detail["what"], fault.detail["amount"]), ("PLB L6", D("-10.50")))

    def test_the_payment_itself_counts_too(self):
        self.assertIsNone(YEN.find_fault_of_payment(D("7.00"), 3))
        self.assertEqual(YEN.find_fault_of_payment(D("7.25"), 3).position, 3)

    def test_five_rappen_are_the_smallest_of_a_currency_that_rounds_to_them(self):
        rappen = Unit("CHF", D("0.05"))
        self.assertIsNone(rappen.find_fault_of_payment(D("1.15"), 3))
        self.assertEqual(rappen.find_fault_of_payment(D("1.13"), 3).detail["unit"], "0.05")

    def test_with_cents_there_is_nothing_to_look_for(self):
        self.assertTrue(Unit("USD", D("0.01")).divides_all)
        self.assertTrue(Unit("KWD", D("0.001")).divides_all)
        self.assertFalse(YEN.divides_all)
