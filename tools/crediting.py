"""A part of a bill is taken back: what of it is each service's, and what of that is tax."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .money import round_half_up, split_ratio

__all__ = ["Charged", "divide_credit"]

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Charged:
    """What a service was billed at: without taxes, and each of its taxes."""

    net: Decimal
    taxes: tuple[Decimal, ...] = ()

    @property
    def total(self) -> Decimal:
        """What the debtor was asked for it."""
        return self.net + sum(self.taxes, NOTHING)


def divide_credit(amount: Decimal, services: Sequence[Charged], unit: Decimal) -> list[Charged]:
    """What to take back of each service so that it is ``amount`` in all, to the last cent.

    Each gives up in proportion to what it was asked at; its taxes shrink with it, and the odd cent stays with the net
    amount. A line below zero, a discount for instance, takes no part.

    :raise ValueError: nothing was asked for, or ``amount`` is no multiple of ``unit``
    """
    parts = [max(service.total, NOTHING) for service in services]
    if not any(parts):
        raise ValueError("Nothing can be taken back where nothing was asked for")
    given = []
    for service, part in zip(services, split_ratio(amount, parts, unit), strict=True):
        if not part:
            given.append(Charged(NOTHING, (NOTHING,) * len(service.taxes)))
            continue
        taxes = tuple(round_half_up(tax * part / service.total, unit) for tax in service.taxes)
        given.append(Charged(part - sum(taxes, NOTHING), taxes))
    return given
