"""How a debt could be paid in parts, as a letter proposes it."""

from decimal import ROUND_CEILING, Decimal

__all__ = ["offer_parts"]


def offer_parts(amount: Decimal, count: int, least: Decimal, unit: Decimal) -> tuple[int, Decimal, Decimal] | None:
    """(number of payments, each, the last one), at most so many and none below the least but for the last.

    Each is rounded up to the unit, so that the last one is never the largest. None where it is less than two payments.
    """
    if least > 0:
        count = min(count, int(amount // least))
    while count > 1:
        each = (amount / count / unit).to_integral_value(ROUND_CEILING) * unit
        last = amount - each * (count - 1)
        if last > 0:
            return count, each, last
        count -= 1
    return None
