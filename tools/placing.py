"""What may be handed over to a collection agency, what stays with the office, and what stands against it.

A bill goes only when it is late, nothing of it is left alone, and its debtor has had the time that the law or the
agreement gives: so many days since it was first billed, so many since they were told (26 CFR 1.501(r)-6(c): 120 and 30
for nonprofit hospitals in the United States).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .dunning import Guard

__all__ = ["Bill", "Look", "Reason", "Terms", "look"]

NOTHING = Decimal(0)
NO_SMALL_THINGS = ("credit", "question")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an agreement asks for.

    :param since_demand: days since the final demand that covered the bill; 0 asks for none
    :param since_bill: days since the bill was first sent
    :param amount_min: smallest sum that the agency takes
    :param begins: first day of the agreement
    :param ends: last day; None without end
    :param on_file: whether the signed agreement is there
    """

    since_demand: int = 0
    since_bill: int = 0
    amount_min: Decimal = NOTHING
    begins: date | None = None
    ends: date | None = None
    on_file: bool = True


@dataclass(frozen=True, kw_only=True)
class Bill:
    """An open bill.

    :param key: what it is known by
    :param due: the day on which it was to be paid
    :param open: what is open on it, in the currency of the company
    :param held: why it, or a part of it, is left alone
    :param is_partly_held: whether a part of it could go all the same
    :param billed: the day on which it was first sent
    :param demanded: the day of the final demand that covered it
    """

    key: object
    due: date
    open: Decimal
    held: tuple[str, ...] = ()
    is_partly_held: bool = False
    billed: date
    demanded: date | None = None


@dataclass(frozen=True)
class Reason:
    """Why something does not go, and the first day on which it could, where one is known."""

    key: str
    until: date | None = None


@dataclass(frozen=True)
class Look:
    """What of somebody's debts may go: the bills; those that stay, each with its reason; what stands against all."""

    goes: tuple[Bill, ...] = ()
    stays: tuple[tuple[Bill, Reason], ...] = ()
    against: tuple[Reason, ...] = ()

    @property
    def is_placeable(self) -> bool:
        """Whether anything may be handed over."""
        return bool(self.goes) and not self.against

    @property
    def amount(self) -> Decimal:
        """What would go, in the currency of the company."""
        return sum((bill.open for bill in self.goes), NOTHING)


def look(bills: Sequence[Bill], guards: Collection[Guard], terms: Terms, today: date) -> Look:
    """What of somebody's bills may be handed over on a day.

    :param guards: what stands against asking for money (:func:`tools.dunning.find_guards`); money of the debtor that
        belongs to no bill yet is no small thing here, and neither is a dispute of which nobody knows yet what it is
        about
    """
    reasons = {bill.key: _find_reason(bill, terms, today) for bill in bills}
    goes = tuple(bill for bill in bills if not reasons[bill.key])
    stays = tuple((bill, reasons[bill.key]) for bill in bills if reasons[bill.key])
    against = [Reason(guard.key, guard.until) for guard in guards if guard.stops or guard.key in NO_SMALL_THINGS]
    against += _find_in_terms(terms, today)
    if any(bill.is_partly_held for bill in bills):
        against.append(Reason("partly"))
    if not goes:
        against.append(_say_nothing(stays))
    elif sum((bill.open for bill in goes), NOTHING) < terms.amount_min:
        against.append(Reason("too_little"))
    return Look(goes, stays, tuple(against))


def _find_reason(bill: Bill, terms: Terms, today: date) -> Reason | None:
    """Why a bill stays with the office; None where it may go."""
    if bill.held:
        return Reason(bill.held[0])
    if bill.due >= today:
        return Reason("not_due", bill.due + timedelta(days=1))
    if today < (free := bill.billed + timedelta(days=terms.since_bill)):
        return Reason("billed", free)
    if terms.since_demand and not bill.demanded:
        return Reason("demand")
    if terms.since_demand and today < (free := bill.demanded + timedelta(days=terms.since_demand)):
        return Reason("demanded", free)
    return None


def _find_in_terms(terms: Terms, today: date) -> list[Reason]:
    """What the agreement itself says against it."""
    reasons = []
    if not terms.on_file:
        reasons.append(Reason("no_document"))
    if terms.begins and today < terms.begins:
        reasons.append(Reason("not_yet", terms.begins))
    if terms.ends and today > terms.ends:
        reasons.append(Reason("ended"))
    return reasons


def _say_nothing(stays: Collection[tuple[Bill, Reason]]) -> Reason:
    """Why nothing of somebody's goes: what ends first, where anything ends by itself."""
    reasons = [reason for _bill, reason in stays]
    ending = [reason for reason in reasons if reason.until]
    return min(ending, key=lambda reason: reason.until) if ending else (reasons or [Reason("nothing")])[0]
