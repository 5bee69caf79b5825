"""Periods of days: those that a limit counts together, and so many months from a day on."""

from calendar import monthrange
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

__all__ = ["MOST_DAYS", "MOST_MONTHS", "get_last_day", "get_period"]

# The longest time that a setting can mean: a hundred years. The calendar of the computer ends soon after.
MOST_MONTHS = 1200
MOST_DAYS = 36500


def get_period(kind: str, day: date, first_month: int = 1) -> tuple[date, date] | None:
    """The first and the last day of the period that ``day`` lies in.

    :param kind: "month", "year" (both of the calendar), "benefit_year", "coverage" (always the same one) or "visit" (no
        other day)
    :param first_month: the month in which benefit years begin, 1 to 12
    :return: None for a visit
    :raise ValueError: another kind
    """
    if kind == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if kind == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if kind == "benefit_year":
        first = date(day.year - (day.month < first_month), first_month, 1)
        return first, get_last_day(first, 12)
    if kind == "coverage":
        return date.min, date.max
    if kind == "visit":
        return None
    raise ValueError(f"Not a period: {kind}")


def get_last_day(first: date, months: int) -> date:
    """The last day of so many months that begin with ``first``: the day before the same day of the month.

    Where that month is too short to have this day, its own last one: a year from 29 February ends on 28 February.
    """
    following = first + relativedelta(months=months)
    return following - timedelta(days=1) if following.day == first.day else following
