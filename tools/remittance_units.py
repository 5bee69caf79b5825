"""Amounts of a payer's file that cannot be paid in its currency: half a yen, for instance."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from .money import is_whole
from .x12.records import HOLD, Claim, Fault, ProviderAdjustment

# Readers give no more than two decimals: such a unit has nothing to find.
CENT = Decimal("0.01")


class Unit(NamedTuple):
    """The smallest amount of a currency, and its name."""

    currency: str
    amount: Decimal

    @property
    def divides_all(self) -> bool:
        """Whether every amount that a reader gives can be paid."""
        return is_whole(CENT, self.amount)

    def find_fault(self, record: Claim | ProviderAdjustment) -> Fault | None:
        """The first amount of a record that cannot be paid, as a fault of the whole payment."""
        what = record.claim_id if isinstance(record, Claim) else f"PLB {record.code}"
        return self._find(what, record.position, _get_amounts(record))

    def find_fault_of_payment(self, amount: Decimal, position: int) -> Fault | None:
        """The amount of the payment itself, where it cannot be paid."""
        return self._find("BPR02", position, [amount])

    def _find(self, what, position, amounts):
        for amount in amounts:
            if not is_whole(amount, self.amount):
                unit = f"{self.amount.normalize():f}"
                detail = {"what": what, "amount": amount, "currency": self.currency, "unit": unit}
                return Fault(HOLD, "fraction", position, detail)
        return None


def _get_amounts(record: Claim | ProviderAdjustment) -> Iterator[Decimal]:
    if isinstance(record, ProviderAdjustment):
        yield record.amount
        return
    yield from (record.charge, record.paid)
    yield from (row.amount for row in record.adjustments)
    for service in record.services:
        yield from (service.charge, service.paid)
        yield from (row.amount for row in service.adjustments)
