"""What a collection agency is paid: a part of what it collects, by the age and the size of the debt handed over.

Amounts are in the currency of the debt; percentages are of what was collected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .money import round_half_up

__all__ = ["Fee", "find_percent", "get_commission", "get_fee", "share_withheld"]

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Fee:
    """A row of a fee table.

    :param percent: of what is collected
    :param age: days past due, when it is handed over, from which it applies
    :param amount: sum handed over from which it applies
    """

    percent: Decimal
    age: int = 0
    amount: Decimal = NOTHING


def find_percent(table: Iterable[Fee], age: int, amount: Decimal) -> Decimal | None:
    """The percentage for a debt of this age and amount.

    Of the rows that it has reached the one with the highest age counts, among those the one with the highest amount.

    :return: None where no row applies
    """
    reached = [row for row in table if row.age <= max(age, 0) and row.amount <= amount]
    return max(reached, key=lambda row: (row.age, row.amount)).percent if reached else None


def get_fee(collected: Decimal, percent: Decimal, minimum: Decimal, unit: Decimal) -> Decimal:
    """What the agency gets in all, once it has collected so much of a debt: never more than that.

    :param minimum: for each debt of which anything came
    :param unit: smallest amount of the currency
    """
    if collected <= 0:
        return NOTHING
    return min(max(round_half_up(collected * percent / HUNDRED, unit), minimum), collected)


def get_commission(before: Decimal, collected: Decimal, percent: Decimal, minimum: Decimal, unit: Decimal) -> Decimal:
    """What the agency gets for what it has collected now.

    Part payments never cost more or less than one payment: it is what the whole costs less what the parts before did.

    :param before: what had been collected of the same debt before
    """
    return get_fee(before + collected, percent, minimum, unit) - get_fee(before, percent, minimum, unit)


def share_withheld(collected: Sequence[Decimal], commissions: Sequence[Decimal]) -> list[Decimal]:
    """How much of each sum collected an agency keeps that pays what is left of it.

    Each pays its own commission first; what one cannot bear, as where the debtor paid the office, the next ones do.

    :return: one amount for each, none above what was collected
    """
    kept = [min(have, owed) for have, owed in zip(collected, commissions, strict=True)]
    missing = sum(commissions, NOTHING) - sum(kept, NOTHING)
    for position, have in enumerate(collected):
        more = min(have - kept[position], missing)
        if more > 0:
            kept[position] += more
            missing -= more
    return kept
