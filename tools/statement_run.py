"""Who gets a statement when statements go out, and why not: decided from facts, without a database."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NOTHING = Decimal(0)
# The months in which those get a statement who want one every three months.
QUARTERLY = (1, 4, 7, 10)
# What an office may leave out, or not: disputed, in a plan that is kept, at an agency, written to by collections
# anyhow, on hold or closed, barred from being asked, with an address that letters come back from.
SKIPPABLE = frozenset({"disputed", "plan", "placed", "case", "hold", "barred", "address"})
# Whoever takes somebody in by hand decides about all but these: there is nothing to say, or no way to say it.
HARD = frozenset({"nothing", "no_address"})
BARS = frozenset({"bankrupt", "deceased", "minor", "stopped"})


@dataclass(frozen=True)
class Choices:
    """What a run of statements is about.

    :param skip: which of SKIPPABLE are left out
    :param amount_min: what has to be asked for at least, in the currency of the company; zero: anything
    :param only_due: leave out whose cycle it is not
    :param recent_days: leave out who had a statement less than so many days ago; zero: never
    """

    skip: Collection[str] = SKIPPABLE
    amount_min: Decimal = NOTHING
    only_due: bool = True
    recent_days: int = 0


@dataclass(frozen=True)
class Facts:
    """How it stands with one debtor in one currency.

    :param balance: all that is open, less credit
    :param asked: what the statement asks for
    :param asked_company: the same in the currency of the company
    :param disputed: what of the balance nobody asks for because it is disputed
    :param placed: what of it an agency asks for
    :param later: what of it later instalments of a payment plan pay
    :param beyond_plan: what of the amount asked for no payment plan pays
    :param is_plan_kept: there is a payment plan, and it is kept
    :param days_since: days since the last statement; None without one
    :param bar: one of BARS, or nothing
    :param is_held: the account is on hold or closed
    :param is_written_to: a step of collections has written, or is about to
    :param way: "" when a message arrives, "address" when letters come back, "no_address" when there is no way at all
    """

    balance: Decimal
    asked: Decimal
    asked_company: Decimal
    disputed: Decimal = NOTHING
    placed: Decimal = NOTHING
    later: Decimal = NOTHING
    beyond_plan: Decimal = NOTHING
    is_plan_kept: bool = False
    is_cycle: bool = True
    days_since: int | None = None
    bar: str = ""
    is_held: bool = False
    is_written_to: bool = False
    way: str = ""


def find_reason(facts: Facts, choices: Choices, is_chosen: bool = False) -> str:
    """Why this debtor gets no statement; empty when they get one.

    :param is_chosen: a person has taken them in
    """
    reasons = _find_reasons(facts, choices)
    return next((reason for reason in reasons if reason in HARD or not is_chosen), "")


def _find_reasons(facts, choices):
    """All reasons, the weightiest first."""
    if facts.balance <= 0:
        yield "nothing"
    if facts.way == "no_address" or (facts.way == "address" and "address" in choices.skip):
        yield facts.way
    if facts.bar and "barred" in choices.skip:
        yield facts.bar
    if facts.is_held and "hold" in choices.skip:
        yield "hold"
    if (apart := _find_apart(facts)) in choices.skip:
        yield apart
    if facts.is_written_to and "case" in choices.skip:
        yield "case"
    yield from _find_times(facts, choices)
    if facts.asked > 0 and facts.asked_company < choices.amount_min:
        yield "minimum"


def _find_apart(facts):
    """Why nothing is asked for, or nothing beyond what a payment plan pays anyhow; empty when something is."""
    if facts.is_plan_kept and facts.beyond_plan <= 0:
        return "plan"
    if facts.asked > 0:
        return ""
    parts = {"disputed": facts.disputed, "placed": facts.placed, "plan": facts.later}
    return max(parts, key=parts.get) if any(parts.values()) else ""


def _find_times(facts, choices):
    if choices.only_due and not facts.is_cycle:
        yield "cycle"
    if facts.days_since is not None and facts.days_since < choices.recent_days:
        yield "recent"


def is_cycle(cycle: str, today: date, last: date | None) -> bool:
    """Whether somebody's statement comes in this month: who had one in it gets no second one.

    :param cycle: "monthly", "quarterly" or "request"
    :param last: the day of the last statement
    """
    if cycle == "request" or (cycle == "quarterly" and today.month not in QUARTERLY):
        return False
    return not last or (last.year, last.month) < (today.year, today.month)


def day_in_month(day: int, today: date) -> date:
    """The day of this month on which statements are prepared: of a shorter month the last one."""
    return today.replace(day=min(day, monthrange(today.year, today.month)[1]))
