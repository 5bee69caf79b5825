"""The days and periods that reports speak of: "end of last month", "this quarter", by their names."""

from datetime import date, timedelta

MONTHS_A_QUARTER = 3


def day_of(name: str | None, today: date) -> date:
    """The day that a report is asked for.

    :param name: ``today``, ``last_month``, ``last_quarter``, ``last_year`` (the last day of each) or a day as
        YYYY-MM-DD; nothing is today
    :param today: the day on which it is asked
    :raises ValueError: when it is none of these
    """
    if not name or name == "today":
        return today
    if name in _STARTS:
        return _STARTS[name](today) - timedelta(days=1)
    return date.fromisoformat(name)


def _start_of_quarter(today):
    return today.replace(month=today.month - (today.month - 1) % MONTHS_A_QUARTER, day=1)


# What a name speaks of ends the day before its successor begins.
_STARTS = {
    "last_month": lambda today: today.replace(day=1),
    "last_quarter": _start_of_quarter,
    "last_year": lambda today: today.replace(month=1, day=1),
}
