"""Interest on what is paid late: simple, by days, at the rate that held on each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .money import round_half_up

__all__ = ["Period", "split_interest"]

DAYS_OF_YEAR = 365
PERCENT = 100
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days of delay at one rate, ``first`` and ``last`` among them, and what they cost.

    ``rate`` is in percent a year.
    """

    first: date
    last: date
    rate: Decimal
    amount: Decimal

    @property
    def days(self) -> int:
        """How many days interest counts for."""
        return (self.last - self.first).days + 1


def split_interest(
    owed: Decimal, rates: Iterable[tuple[date, Decimal]], since: date, until: date, unit: Decimal,
) -> list[Period]:
    """Interest on what is owed for the days after ``since``, up to and with ``until``, split where the rate changed.

    A day costs a 365th of the yearly rate, the 29th of February like any other. Each period is rounded to the unit, so
    that the lines of an invoice add up; one that comes to nothing is left out.

    :param rates: (first day, percent a year) in any order; before the first of them no interest counts
    :param since: the due date, or the last day that interest was asked for
    """
    rates = sorted(rates)
    periods = []
    ends = [day - A_DAY for day, _rate in rates[1:]] + [until]
    for (begins, rate), end in zip(rates, ends, strict=bool(rates)):
        first, last = max(since + A_DAY, begins), min(until, end)
        if first > last:
            continue
        if periods and periods[-1].rate == rate:
            first = periods.pop().first
        periods.append(_count(owed, rate, first, last, unit))
    return [period for period in periods if period.amount > 0]


def _count(owed: Decimal, rate: Decimal, first: date, last: date, unit: Decimal) -> Period:
    days = (last - first).days + 1
    return Period(first, last, rate, round_half_up(owed * rate * days / (PERCENT * DAYS_OF_YEAR), unit))
