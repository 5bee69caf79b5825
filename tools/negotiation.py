"""Agreeing on less than what is owed: who may concede how much, and whether what was agreed has been kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

__all__ = ["Limit", "concession", "percent_of", "standing", "within"]

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Limit:
    """How much somebody may concede.

    :param amount: at most so much money, in the currency of the company; ``None`` is any amount
    :param percent: and at most this share of what is open, 0 to 100
    """

    amount: Decimal | None
    percent: Decimal


def concession(opened: Decimal, offered: Decimal) -> Decimal:
    """What is given up when ``offered`` is taken for ``opened``, in their currency; never less than nothing."""
    return max(opened - offered, NOTHING)


def percent_of(conceded: Decimal, opened: Decimal) -> Decimal:
    """The share of ``opened`` that is given up, 0 to 100, not rounded."""
    return conceded / opened * HUNDRED if opened else NOTHING


def within(limit: Limit, conceded: Decimal, opened: Decimal, before: Decimal = NOTHING) -> bool:
    """Whether somebody with this limit may concede so much.

    :param conceded: what is given up now, in the currency of the limit
    :param opened: of how much
    :param before: what was taken off the same bills earlier: a large sum in small pieces is a large sum
    """
    if limit.amount is not None and conceded + before > limit.amount:
        return False
    return percent_of(conceded, opened) <= limit.percent


def standing(
    agreed: Decimal, paid: Iterable[Decimal], left: Decimal, until: date, today: date, taken_off: Decimal = NOTHING,
) -> str:
    """How an agreement stands. Money keeps it, and nothing else does.

    :param agreed: what was to be paid
    :param paid: what was paid since, in parts
    :param left: what is still open on the bills
    :param until: the last day on which it may come
    :param taken_off: what answers of the payer took off since, or passed on to others
    :return: "kept" (paid), "over" (nothing is left, and nothing was paid: the office has taken the bills back or given
        them up), "broken" (the day has passed without it, or so little is left that it cannot come any more), "waiting"
    """
    total = sum(paid, NOTHING)
    if total >= agreed:
        return "kept"
    if left <= NOTHING and total <= NOTHING and taken_off <= NOTHING:
        return "over"
    is_final = left <= NOTHING or (taken_off > NOTHING and agreed - total > left)
    return "broken" if is_final or today > until else "waiting"
