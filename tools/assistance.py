"""Financial assistance: how much of a bill is forgiven, by household and income.

Incomes are a year's, in the currency of the programme; discounts are percentages of what a person is asked for.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, pairwise
from typing import NamedTuple

from .money import round_half_up

MONTHS = 12


class Row(NamedTuple):
    """One line of a typed table: up to ``income`` a year, a household of ``household`` persons gets ``discount`` %."""

    household: int
    income: Decimal
    discount: Decimal


class Step(NamedTuple):
    """One step of a guideline: up to ``percent`` % of the guideline amount gets ``discount`` %."""

    percent: Decimal
    discount: Decimal


class Bracket(NamedTuple):
    """What was found: the discount in percent, and the limit that the income does not exceed.

    ``household`` is the size of the line used: the largest typed one for households that are larger still.
    ``percent`` is the step of the guideline, None where a table was read.
    """

    discount: Decimal
    household: int
    limit: Decimal
    percent: Decimal | None = None


class Disorder(NamedTuple):
    """Two lines that contradict each other.

    ``kind`` is "twice" (the same household and income), "rises" (who earns more would get more) or "household" (a
    larger household would get less than a smaller one with the same income).
    """

    kind: str
    first: Row
    second: Row


def to_yearly(income: Decimal, *, monthly: bool) -> Decimal:
    """A year's income.

    :raise ValueError: the income is negative
    """
    if income < 0:
        raise ValueError(f"An income is not negative, got {income}")
    return income * MONTHS if monthly else income


def get_guideline(base: Decimal, further: Decimal, household: int) -> Decimal:
    """The guideline amount of a household: ``base`` for the first person, ``further`` for each other one.

    :raise ValueError: a household of nobody
    """
    _check_household(household)
    return base + further * (household - 1)


def find_by_guideline(
    base: Decimal, further: Decimal, steps: Sequence[Step], household: int, income: Decimal,
) -> Bracket | None:
    """The lowest step that the income does not exceed, or None when it is above all of them."""
    guideline = get_guideline(base, further, household)
    for step in sorted(steps):
        limit = guideline * step.percent / 100
        if income <= limit:
            return Bracket(step.discount, household, limit, step.percent)
    return None


def find_in_table(rows: Sequence[Row], household: int, income: Decimal) -> Bracket | None:
    """The lowest line of this household that the income does not exceed, or None.

    A size that nobody typed uses the next smaller one, so that the last one also stands for larger households.
    """
    _check_household(household)
    size = max((row.household for row in rows if row.household <= household), default=None)
    for row in sorted(row for row in rows if row.household == size):
        if income <= row.income:
            return Bracket(row.discount, row.household, row.income)
    return None


def find_disorder(rows: Sequence[Row]) -> Disorder | None:
    """The first two lines of a table that contradict each other, or None."""
    ordered = sorted(rows)
    for first, second in pairwise(ordered):
        if first.household != second.household:
            continue
        if first.income == second.income:
            return Disorder("twice", first, second)
        if first.discount < second.discount:
            return Disorder("rises", first, second)
    sizes = sorted({row.household for row in ordered})
    for small, large in combinations(sizes, 2):
        for row in ordered:
            if row.household != small:
                continue
            found = find_in_table(ordered, large, row.income)
            if found is None or found.discount < row.discount:
                used = [other for other in ordered if other.household == large]
                better = next((other for other in used if other.income >= row.income), used[-1])
                return Disorder("household", row, better)
    return None


def get_discount(
    still_open: Decimal, granted: Decimal, refundable: Decimal, percent: Decimal, unit: Decimal,
) -> Decimal:
    """What assistance still takes off one bill.

    The percentage holds for what the person would have to pay without it: what is open, what assistance took off
    before, and what was paid as far as it is given back. Asking again after it was taken off gives zero.

    :param still_open: what is open now; negative when more was paid than is asked
    :param granted: what assistance has taken off already
    :param refundable: what was paid and may be given back; zero when nothing is
    :param percent: 0 to 100
    :param unit: the smallest amount of the currency
    :return: never below zero, never more than is open or given back
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"A discount is between 0 and 100 percent, got {percent}")
    available = still_open + refundable
    wanted = round_half_up((available + granted) * percent / 100, unit) - granted
    return max(min(wanted, available), Decimal(0))


def _check_household(household: int) -> None:
    if household < 1:
        raise ValueError(f"A household has at least one person, got {household}")
