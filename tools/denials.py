"""What is decided about a denial: by when to object, how likely the payer gives in, and how it ended.

Nothing here reads or writes: the room ``models/denials`` gathers the facts and does what is decided.
"""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .business_days import ONE_DAY, add_business_days, is_business_day

__all__ = ["Chance", "Standing", "estimate_chance", "find_deadline", "find_outcome"]

# So many decided denials of one payer and cause weigh as much as what is known of the cause with all payers.
WEIGHT_OF_OTHERS = 4


def find_deadline(
    start: date, count: int, unit: str = "days", weekend: str = "same", holidays: Collection[date] = (),
) -> date:
    """The last day of a term that begins with ``start``, which is not counted.

    :param unit: ``days`` (of the calendar), ``business`` (Monday to Friday without holidays) or ``months``: the same
        day of a later month, or its last one where it has no such day (29 February)
    :param weekend: what holds where the last day is a Saturday, Sunday or holiday: ``same`` leaves it, ``next`` and
        ``before`` move it to the nearest business day after or before
    :raise ValueError: a term of less than nothing, or a word that is none of these
    """
    if count < 0:
        raise ValueError(f"A term cannot have {count} {unit}")
    if unit == "days":
        day = start + timedelta(days=count)
    elif unit == "business":
        day = add_business_days(start, count, holidays)
    elif unit == "months":
        day = start + relativedelta(months=count)
    else:
        raise ValueError(f"Unknown unit of a term: {unit!r}")
    if weekend not in ("same", "next", "before"):
        raise ValueError(f"Unknown rule for weekends: {weekend!r}")
    if weekend != "same":
        step = ONE_DAY if weekend == "next" else -ONE_DAY
        while not is_business_day(day, holidays):
            day += step
    return day


class Chance(NamedTuple):
    """How likely a payer pays after all, and what that is based on.

    ``percent`` is a whole number from 0 to 100; ``won`` of ``decided`` denials of this payer for this cause were paid
    after all, ``others_won`` of ``others_decided`` with the other payers.
    """

    percent: int
    won: int
    decided: int
    others_won: int
    others_decided: int


def estimate_chance(won: int, decided: int, others_won: int = 0, others_decided: int = 0) -> Chance:
    """The chance that a denial is overturned, from how earlier ones ended.

    Few cases say little: what happened with other payers counts as much as four cases of this one, and with nothing
    known at all the chance is even (Laplace's rule of succession).

    :raise ValueError: more won than decided
    """
    if not 0 <= won <= decided or not 0 <= others_won <= others_decided:
        raise ValueError("More was won than was decided")
    usual = Decimal(others_won + 1) / Decimal(others_decided + 2)
    chance = (won + WEIGHT_OF_OTHERS * usual) / (decided + WEIGHT_OF_OTHERS)
    return Chance(int((chance * 100).to_integral_value()), won, decided, others_won, others_decided)


class Standing(NamedTuple):
    """What became of a denied amount since: all amounts in the currency of the claim, none negative.

    ``denied`` = ``open`` + ``paid`` + ``reduced`` + ``passed`` + ``given_up``: what is still open, what the payer has
    paid after all, what its later answers took off by contract, what was passed on to the next payer or the patient
    (by a later answer or by the office), and what the office gave up.
    """

    denied: Decimal
    open: Decimal
    paid: Decimal
    reduced: Decimal
    passed: Decimal
    given_up: Decimal


def find_outcome(standing: Standing) -> str | None:
    """How a denial ended: ``overturned``, ``passed_on``, ``written_off`` or ``upheld``; None as long as it is open.

    What was paid counts first: a denial of which the payer has paid a part is overturned in part, whatever became of
    the rest.
    """
    if standing.open > 0:
        return None
    if standing.paid > 0:
        return "overturned"
    if standing.given_up > 0 and standing.given_up >= standing.passed:
        return "written_off"
    if standing.passed > 0:
        return "passed_on"
    return "upheld"
