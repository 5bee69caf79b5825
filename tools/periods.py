"""The days that a limit counts together."""

from calendar import monthrange
from datetime import date

__all__ = ["get_period"]


def get_period(kind: str, day: date) -> tuple[date, date] | None:
    """The first and the last day of the period that ``day`` lies in.

    :param kind: "month", "year" (both of the calendar), "coverage" (always the same one) or "visit" (no other day)
    :return: None for a visit
    :raise ValueError: another kind
    """
    if kind == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if kind == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if kind == "coverage":
        return date.min, date.max
    if kind == "visit":
        return None
    raise ValueError(f"Not a period: {kind}")
