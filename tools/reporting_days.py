"""The days and periods that reports speak of, by their names: "end of last month", "this quarter"; and the days on
which something comes again."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

MONTHS_A_QUARTER = 3
DAYS_A_WEEK = 7
ONE_DAY = timedelta(days=1)


def day_of(name: str | None, today: date) -> date:
    """The day that a report is asked for.

    :param name: ``today``, ``yesterday``, ``last_month``, ``last_quarter``, ``last_year`` (the last day of each) or a
        day as YYYY-MM-DD; nothing is today
    :param today: the day on which it is asked
    :raises ValueError: when it is none of these
    """
    if not name or name == "today":
        return today
    if name in _STARTS:
        return _STARTS[name](today) - ONE_DAY
    return date.fromisoformat(name)


def period_of(name: str, today: date) -> tuple[date, date]:
    """The first and the last day of a period: whole ones, those that run included.

    :param name: one of ``PERIODS``
    :param today: the day on which it is asked
    :raises ValueError: when it is none of these
    """
    if name not in PERIODS:
        raise ValueError(f"There is no period “{name}”")
    begin = _BEGINS[name.partition("_")[2] or "day"]
    start = begin(today if name == "today" or name.startswith("this_") else begin(today) - ONE_DAY)
    return start, _after(begin, start) - ONE_DAY


def next_day(after: date, frequency: str, weekdays: Collection[int] = (), month_day: int = 1) -> date:
    """The next day on which something that comes again is due.

    :param after: the day is later than this one
    :param frequency: ``daily``, ``weekly`` (on ``weekdays``, 0 is Monday) or ``monthly`` (on ``month_day``, or the last
        day of a month that has none such)
    :raises ValueError: weekly, and on no day
    """
    if frequency == "daily":
        return after + ONE_DAY
    if frequency == "weekly":
        for days in range(1, DAYS_A_WEEK + 1):
            day = after + timedelta(days=days)
            if day.weekday() in weekdays:
                return day
        raise ValueError("No weekday is chosen")
    day = _in_month(after, month_day)
    return day if day > after else _in_month(_after(_start_of_month, after), month_day)


def _in_month(day, month_day):
    return day.replace(day=min(month_day, monthrange(day.year, day.month)[1]))


def _start_of_week(day):
    return day - timedelta(days=day.weekday())


def _start_of_month(day):
    return day.replace(day=1)


def _start_of_quarter(day):
    return day.replace(month=day.month - (day.month - 1) % MONTHS_A_QUARTER, day=1)


def _start_of_year(day):
    return day.replace(month=1, day=1)


def _after(begin, start):
    """The first day of the period that follows the one of this day."""
    day = start
    while begin(day) <= start:
        day += ONE_DAY
    return begin(day)


_BEGINS = {
    "day": lambda day: day,
    "week": _start_of_week,
    "month": _start_of_month,
    "quarter": _start_of_quarter,
    "year": _start_of_year,
}
# What a name speaks of ends the day before its successor begins.
_STARTS = {
    "yesterday": _BEGINS["day"],
    "last_month": _start_of_month,
    "last_quarter": _start_of_quarter,
    "last_year": _start_of_year,
}
PERIODS = (
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_quarter", "last_quarter",
    "this_year", "last_year",
)
