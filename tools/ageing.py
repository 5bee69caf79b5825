"""The one rule for how late an amount is, used by every paper, report and screen."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

CURRENT = "current"
OLDEST = "days_over_120"
# Upper end of each bucket, in days past due; what is later falls in the oldest.
LIMITS = ((0, CURRENT), (30, "days_1_30"), (60, "days_31_60"), (90, "days_61_90"), (120, "days_91_120"))
BUCKETS = (*(bucket for _limit, bucket in LIMITS), OLDEST)


def days_past_due(due: date | None, as_of: date) -> int:
    """Days since the due date: 0 or less is not late. Without a due date nothing is late."""
    return (as_of - due).days if due else 0


def bucket_of(days: int) -> str:
    """The bucket for a number of days past due; due today is current."""
    return next((bucket for limit, bucket in LIMITS if days <= limit), OLDEST)


def age(items: Iterable[tuple[date | None, Decimal]], as_of: date) -> dict[str, Decimal]:
    """Sum open amounts per bucket.

    :param items: (due date, open amount) of each item
    :return: every bucket in order of age, with its total (0 when empty)
    """
    totals = dict.fromkeys(BUCKETS, Decimal(0))
    for due, amount in items:
        totals[bucket_of(days_past_due(due, as_of))] += amount
    return totals
