"""Exact amounts: money is counted in whole units of its currency, never in binary fractions."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import isfinite


def to_unit(rounding: float | Decimal) -> Decimal:
    """The smallest amount of a currency (0.01, 1, 0.05 ...) from its rounding factor.

    :raise ValueError: the factor is not a positive number
    """
    unit = to_decimal(rounding)
    if unit <= 0:
        raise ValueError(f"A currency unit must be positive, got {rounding!r}")
    return unit


def to_decimal(value: float | int | str | Decimal, unit: Decimal | None = None) -> Decimal:
    """The decimal number somebody meant by ``value``, rounded half up to ``unit`` when given.

    Fifteen significant digits are what a float reliably carries: 0.1 + 0.2 becomes 0.3.

    :raise ValueError: the value is not a finite number
    """
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"Not an amount: {value!r}")
        value = format(value, ".15g")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"Not an amount: {value!r}")
    return number if unit is None else round_half_up(number, unit)


def round_half_up(amount: Decimal, unit: Decimal) -> Decimal:
    """Round to the nearest multiple of ``unit``; halves go away from zero, as on paper."""
    return (amount / unit).to_integral_value(ROUND_HALF_UP) * unit


def round_down(amount: Decimal, unit: Decimal) -> Decimal:
    """The largest multiple of ``unit`` that is not above ``amount``."""
    return (amount / unit).to_integral_value(ROUND_FLOOR) * unit


def is_whole(amount: Decimal, unit: Decimal) -> bool:
    """Whether the amount can be paid in this currency: a multiple of its unit."""
    return amount % unit == 0


def split_ratio(amount: Decimal, parts: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Divide ``amount`` in the proportion of ``parts``; odd cents fall to the later parts.

    Every share is within one unit of its exact value and has the sign of the amount; the shares
    sum to the amount exactly and a part of zero gets nothing. When all parts are zero the last
    one takes everything.

    :raise ValueError: no parts, a negative part, or an amount that is no multiple of the unit
    """
    if not parts or any(part < 0 for part in parts):
        raise ValueError("An amount is divided in one or more parts, none of them negative")
    if not is_whole(amount, unit):
        raise ValueError(f"{amount} is not a multiple of {unit}")
    total = sum(map(Fraction, parts))
    if not total:
        return [Decimal(0)] * (len(parts) - 1) + [amount]
    sign = -1 if amount < 0 else 1
    units = abs(int(amount / unit))
    shares, weight, given = [], Fraction(0), 0
    for part in parts:
        weight += Fraction(part)
        reached = int(units * weight / total)
        shares.append(sign * (reached - given) * unit)
        given = reached
    return shares


def draw(wanted: Sequence[Decimal], available: Sequence[Decimal]) -> list[tuple[int, int, Decimal]]:
    """Meet each amount wanted, in order, from what is available, the first used up first.

    :return: (position in ``wanted``, position in ``available``, amount above zero); where less is available than
        wanted, the last ones get less or nothing
    """
    missing, left = list(wanted), list(available)
    drawn, source = [], 0
    for position in range(len(missing)):
        while missing[position] > 0 and source < len(left):
            if amount := max(min(missing[position], left[source]), Decimal(0)):
                drawn.append((position, source, amount))
                missing[position] -= amount
                left[source] -= amount
            if left[source] <= 0:
                source += 1
    return drawn
