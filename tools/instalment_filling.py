"""What has become of a payment plan: money fills its instalments by date, and what is late shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .money import round_down

__all__ = [
    "Standing", "Tolerance", "fill", "get_clearing_days", "get_paid_beyond", "get_standing", "lower", "raise_last",
    "shorten",
]

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Tolerance:
    """How long an office waits for an instalment, and when the plan has failed.

    :param grace: days after its day on which an instalment is not missed yet
    :param missed: so many missed instalments at once end the plan; 0: their number does not matter
    :param late: the oldest of them so many days after its day ends it; 0: the days do not matter
    """

    grace: int = 0
    missed: int = 0
    late: int = 0


@dataclass(frozen=True)
class Standing:
    """How a plan stands on a day.

    ``due`` is what has fallen due and is not paid; ``missed`` how many instalments are past their grace; ``late`` days
    since the oldest unpaid one fell due; ``next_day`` the first day on which something is still to be paid;
    ``coming_day`` the first such day that is not past, the last one when all are; ``next_due`` what is to be paid until
    then, what is late included.
    """

    due: Decimal
    missed: int
    late: int
    next_day: date | None
    coming_day: date | None
    next_due: Decimal
    has_failed: bool

    @property
    def is_done(self) -> bool:
        """Whether everything is paid."""
        return self.next_day is None


def fill(amounts: Sequence[Decimal], paid: Decimal) -> list[Decimal]:
    """How much of each instalment is paid, in the order of their days; what is paid beyond them all fills none."""
    filled = []
    for amount in amounts:
        share = max(min(amount, paid), NOTHING)
        filled.append(share)
        paid -= share
    return filled


def get_paid_beyond(money: Iterable[tuple[date, Decimal]], needed: Decimal) -> list[tuple[date, Decimal]]:
    """What of this money is left, and on which days it came, once so much of it is used up, the earliest first."""
    beyond = []
    for day, amount in money:
        used = min(amount, needed)
        needed -= used
        if amount > used:
            beyond.append((day, amount - used))
    return beyond


def get_clearing_days(items: Sequence[Decimal], rows: Sequence[tuple[date, Decimal]]) -> list[date]:
    """For each item of the debt, in their order, the day of the instalment with which it will be paid in full.

    :param rows: (day, principal) in the order of their days; together at least as much as the items
    """
    days, reached, position, owed = [], NOTHING, -1, NOTHING
    for amount in items:
        owed += amount
        while (position < 0 or reached < owed) and position + 1 < len(rows):
            position += 1
            reached += rows[position][1]
        days.append(rows[position][0])
    return days


def get_standing(
    rows: Sequence[tuple[date, Decimal]], paid: Decimal, today: date, tolerance: Tolerance | None = None,
) -> Standing:
    """How a plan stands.

    :param rows: (day, amount) of its instalments in the order of their days
    :param paid: what was paid since it began
    """
    tolerance = tolerance or Tolerance()
    filled = fill([amount for _day, amount in rows], paid)
    unpaid = [(day, amount - share) for (day, amount), share in zip(rows, filled, strict=True) if share < amount]
    due = sum((left for day, left in unpaid if day <= today), NOTHING)
    missed = [day for day, _left in unpaid if day + timedelta(days=tolerance.grace) < today]
    late = max((today - unpaid[0][0]).days, 0) if unpaid else 0
    coming = next((day for day, _left in unpaid if day >= today), unpaid[-1][0] if unpaid else None)
    return Standing(
        due=due,
        missed=len(missed),
        late=late,
        next_day=unpaid[0][0] if unpaid else None,
        coming_day=coming,
        next_due=sum((left for day, left in unpaid if day <= coming), NOTHING) if unpaid else NOTHING,
        has_failed=bool(missed) and (
            0 < tolerance.missed <= len(missed) or 0 < tolerance.late <= late
        ),
    )


def shorten(amounts: Sequence[Decimal], less: Decimal) -> list[Decimal]:
    """Take an amount off the last instalments: the plan ends sooner, each payment stays as large as agreed.

    :param less: at most the sum of the amounts
    :return: as many amounts; the last ones may be nothing
    """
    left = list(amounts)
    for position in reversed(range(len(left))):
        taken = min(left[position], less)
        left[position] -= taken
        less -= taken
    return left


def lower(amounts: Sequence[Decimal], less: Decimal, unit: Decimal) -> list[Decimal]:
    """Take an amount off all instalments alike: the plan ends when it was to end, each payment is smaller.

    In proportion to what each was to pay; what does not divide comes off the last ones.
    """
    total = sum(amounts, NOTHING)
    rest = total - less
    if not total:
        return list(amounts)
    left, given, reached = [], NOTHING, NOTHING
    for amount in amounts:
        reached += amount
        share = round_down(rest * reached / total, unit) - given
        left.append(share)
        given += share
    return left


def raise_last(
    amounts: Sequence[Decimal], more: Decimal, usual: Decimal | None = None, unit: Decimal | None = None,
    most: int | None = None,
) -> list[Decimal]:
    """Add an amount after the instalments that were agreed on: more of them, each as large as the usual one.

    :param usual: how large one is; the largest of the amounts when left out
    :param unit: of the currency, where ``most`` is given
    :param most: at most so many new ones; where they do not suffice, the new ones are larger
    :return: the amounts, and those to be added behind them
    """
    usual = usual or max(amounts, default=more)
    raised = list(amounts)
    if raised:
        room = max(min(usual - raised[-1], more), NOTHING)
        raised[-1] += room
        more -= room
    if most and more > usual * most:
        usual = -round_down(-more / most, unit)
    while more > 0:
        raised.append(min(usual, more))
        more -= raised[-1]
    return raised
