"""The schedule of a payment plan: on which days how much is paid, to the cent."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import islice, pairwise

from .business_days import is_business_day
from .instalment_interest import get_interest, get_level_payment
from .money import is_whole, round_down

__all__ = [
    "FREQUENCIES", "MOST_INSTALMENTS", "BadScheduleError", "Instalment", "Terms", "get_total", "make_dates",
    "make_schedule",
]

FREQUENCIES = ("week", "fortnight", "half_month", "month", "quarter", "dates")
DAYS = {"week": 7, "fortnight": 14}
MONTHS = {"month": 1, "quarter": 3}
HALF_A_MONTH = 15
# Fifty years of months: who needs more is not helped by a plan.
MOST_INSTALMENTS = 600
# Every office opens again within a year.
LONGEST_CLOSURE = 366
# Six hundred quarters later there is a calendar still.
LAST_YEAR = 9000
ONE_DAY = timedelta(days=1)
NOTHING = Decimal(0)


class BadScheduleError(ValueError):
    """No schedule can be made of this; ``reason`` says why, ``facts`` tell the figures.

    Reasons: "nothing" (no debt), "count" (none, or more than :data:`MOST_INSTALMENTS`), "too_many" (instalments below
    the smallest amount of the currency), "amount" (an instalment of nothing), "unit" (an amount that the currency
    cannot pay), "down" (a down payment below nothing, or of all the debt or more), "too_long" (the amount would take
    more instalments than allowed), "never" (the amount does not even pay the interest), "past" (a day before the
    first possible one), "far" (a day beyond :data:`LAST_YEAR`), "order" (days that do not rise), "rate" (interest below
    nothing).
    """

    def __init__(self, reason: str, **facts):
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What two people agree on.

    :param total: the debt, in currency units, at least one ``unit``
    :param start: the day on which the agreement begins; interest counts from it, and nothing is due before it
    :param first: the day of the first instalment after the down payment
    :param frequency: one of :data:`FREQUENCIES`; "dates" takes ``dates`` as they are
    :param count: how many instalments, the down payment not counted; or
    :param amount: how much each time, interest included; the last one pays what is left
    :param down: paid on the first day, before interest
    :param fee: asked once for setting up the plan, with whatever is due first
    :param rate: nominal interest per year in percent, on what is still owed, by days (actual / 365)
    :param skip_closed: move a day on which the office is closed to the next one on which it works
    """

    total: Decimal
    unit: Decimal
    start: date
    first: date
    frequency: str = "month"
    count: int | None = None
    amount: Decimal | None = None
    dates: tuple[date, ...] = ()
    down: Decimal = NOTHING
    fee: Decimal = NOTHING
    rate: Decimal = NOTHING
    skip_closed: bool = False
    holidays: Collection[date] = ()


@dataclass(frozen=True)
class Instalment:
    """What is due on a day: a part of the debt, interest for the time since the one before, the fee."""

    day: date
    principal: Decimal
    interest: Decimal = NOTHING
    fee: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        """What the person pays."""
        return self.principal + self.interest + self.fee


def make_schedule(terms: Terms) -> list[Instalment]:
    """The instalments in the order of their days, the down payment first.

    Their principals sum to the debt exactly; what does not divide stands in the last one, which is never larger than
    the others when the amount was agreed on, and differs by less than a unit for each instalment when their number was.

    :raise BadScheduleError: see there
    """
    _check(terms)
    balance = terms.total - terms.down
    paid = [Instalment(terms.start, terms.down)] if terms.down else []
    if terms.count is not None or terms.frequency == "dates":
        rows = _by_count(terms, balance, terms.count or len(terms.dates))
    else:
        rows = _by_amount(terms, balance)
    paid += rows
    first = paid[0]
    paid[0] = Instalment(first.day, first.principal, first.interest, terms.fee)
    return paid


def _check(terms: Terms) -> None:
    """Refuse what no schedule can be made of."""
    _check_amounts(terms)
    _check_count(terms)
    first = terms.dates[0] if terms.frequency == "dates" else terms.first
    if first < terms.start or (terms.down and first == terms.start):
        raise BadScheduleError("past", day=first, start=terms.start)
    if max((first, *terms.dates)).year > LAST_YEAR:
        raise BadScheduleError("far", day=max((first, *terms.dates)))
    if any(later <= earlier for earlier, later in pairwise(terms.dates)):
        raise BadScheduleError("order")


def _check_amounts(terms: Terms) -> None:
    if terms.total <= 0:
        raise BadScheduleError("nothing", amount=terms.total)
    for amount in (terms.total, terms.down, terms.fee, terms.amount or NOTHING):
        if not is_whole(amount, terms.unit):
            raise BadScheduleError("unit", amount=amount, unit=terms.unit)
    if not 0 <= terms.down < terms.total:
        raise BadScheduleError("down", amount=terms.down, total=terms.total)
    if terms.rate < 0 or terms.fee < 0:
        raise BadScheduleError("rate", rate=terms.rate, fee=terms.fee)


def _check_count(terms: Terms) -> None:
    count = len(terms.dates) if terms.frequency == "dates" else terms.count
    if count is None:
        if terms.amount is None:
            raise BadScheduleError("count", count=None, most=MOST_INSTALMENTS)
        if terms.amount <= 0:
            raise BadScheduleError("amount", amount=terms.amount)
    elif not 0 < count <= MOST_INSTALMENTS:
        raise BadScheduleError("count", count=count, most=MOST_INSTALMENTS)
    elif count * terms.unit > terms.total - terms.down:
        raise BadScheduleError("too_many", count=count, amount=terms.total - terms.down)


def _by_count(terms: Terms, balance: Decimal, count: int) -> list[Instalment]:
    """So many instalments of one amount; the last one pays what is left."""
    days = list(islice(make_dates(terms), count))
    if terms.rate:
        level = get_level_payment(balance, terms.rate, terms.start, days, terms.unit)
    else:
        level = round_down(balance / count, terms.unit)
    rows, before = [], terms.start
    for number, day in enumerate(days, start=1):
        interest = get_interest(balance, terms.rate, before, day, terms.unit)
        # Each of those still to come has to leave something of the debt for the others.
        most = balance - (count - number) * terms.unit
        principal = balance if number == count else min(max(level - interest, terms.unit), most)
        rows.append(Instalment(day, principal, interest))
        balance -= principal
        before = day
    return rows


def _by_amount(terms: Terms, balance: Decimal) -> list[Instalment]:
    """Instalments of this amount, as many as are needed; the last one pays what is left."""
    if not terms.rate and (count := _ceil(balance / terms.amount)) > MOST_INSTALMENTS:
        raise BadScheduleError("too_long", count=count, most=MOST_INSTALMENTS)
    rows, before = [], terms.start
    for day in make_dates(terms):
        interest = get_interest(balance, terms.rate, before, day, terms.unit)
        if interest >= terms.amount:
            raise BadScheduleError("never", amount=terms.amount, interest=interest)
        principal = min(terms.amount - interest, balance)
        rows.append(Instalment(day, principal, interest))
        balance -= principal
        before = day
        if not balance:
            return rows
        if len(rows) == MOST_INSTALMENTS:
            raise BadScheduleError("too_long", count=None, most=MOST_INSTALMENTS)
    raise BadScheduleError("too_long", count=None, most=MOST_INSTALMENTS)


def _ceil(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def make_dates(terms: Terms) -> Iterator[date]:
    """The days of the instalments, each later than the one before; without end but for own dates.

    The day of the month is that of the first instalment: from 31 January on they fall on the last day of each month.
    Twice a month means that day and the one fifteen days away; from the last day of a month on, the 15th and the last.
    """
    before = terms.start - ONE_DAY
    for wanted in _step(terms):
        # Two days of one long closure would fall on the first day after it.
        day = max(wanted, before + ONE_DAY)
        before = _open(day, terms.holidays) if terms.skip_closed else day
        yield before


def _step(terms: Terms) -> Iterable[date]:
    first, frequency = terms.first, terms.frequency
    if frequency == "dates":
        yield from terms.dates
    elif frequency in DAYS:
        for number in range(MOST_INSTALMENTS):
            yield first + number * DAYS[frequency] * ONE_DAY
    elif frequency in MONTHS:
        anchor = 31 if _is_last(first) else first.day
        for number in range(MOST_INSTALMENTS):
            yield _day_of(first, number * MONTHS[frequency], anchor)
    elif frequency == "half_month":
        anchors = _get_anchors(first)
        later = first.day > HALF_A_MONTH
        for number in range(int(later), MOST_INSTALMENTS + int(later)):
            yield _day_of(first, number // 2, anchors[number % 2])
    else:
        raise ValueError(f"Not a frequency: {frequency!r}")


def _get_anchors(first: date) -> tuple[int, int]:
    """The two days of a month on which half a month is due."""
    if _is_last(first):
        return HALF_A_MONTH, 31
    if first.day > HALF_A_MONTH:
        return first.day - HALF_A_MONTH, first.day
    return first.day, 31 if first.day == HALF_A_MONTH else first.day + HALF_A_MONTH


def _day_of(first: date, months: int, anchor: int) -> date:
    """A day of the month that lies so many months after ``first``, or the last one of a month that is too short."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(anchor, monthrange(year, month + 1)[1]))


def _is_last(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _open(day: date, holidays: Collection[date]) -> date:
    """The first day from this one on which the office works; the day itself where it never does."""
    found = (day + number * ONE_DAY for number in range(LONGEST_CLOSURE))
    return next((candidate for candidate in found if is_business_day(candidate, holidays)), day)


def get_total(rows: Sequence[Instalment]) -> Decimal:
    """All that the person pays."""
    return sum((row.amount for row in rows), NOTHING)
