"""Days on which an office works: Monday to Friday without holidays."""

from collections.abc import Collection
from datetime import date, timedelta

__all__ = ["add_business_days", "count_business_days", "is_business_day"]

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def is_business_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether the office works on this day."""
    return day.weekday() < SATURDAY and day not in holidays


def add_business_days(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """The last day of a term of ``count`` business days that begins after ``day``.

    :raise ValueError: a term of less than nothing
    """
    if count < 0:
        raise ValueError(f"A term cannot have {count} days")
    while count:
        day += ONE_DAY
        count -= is_business_day(day, holidays)
    return day


def count_business_days(start: date, end: date, holidays: Collection[date] = ()) -> int:
    """How many business days ``end`` lies after ``start``: Monday to Thursday of one week are three; 0 at the least.

    Whole weeks are not walked through, so that a booking years ahead costs nothing.
    """
    if end <= start:
        return 0
    weeks, days = divmod((end - start).days, 7)
    rest = sum(is_business_day(end - ONE_DAY * ago) for ago in range(days))
    return 5 * weeks + rest - sum(start < day <= end and is_business_day(day) for day in set(holidays))
