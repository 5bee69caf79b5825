"""When a good-faith estimate is due (United States, 45 CFR 149.610(b)(1)(vi)), and when a bill is too far above it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .business_days import add_business_days, count_business_days

__all__ = ["Terms", "find_due_date", "find_excess"]


@dataclass(frozen=True)
class Terms:
    """The terms of the law, in business days. What is booked less than ``short_notice`` ahead is owed no estimate."""

    short_notice: int = 3
    short_days: int = 1
    long_notice: int = 10
    long_days: int = 3
    request_days: int = 3

    def __post_init__(self):
        if min(self.short_notice, self.short_days, self.long_days, self.request_days) < 0:
            raise ValueError("Terms cannot be negative")
        if self.long_notice < self.short_notice:
            raise ValueError("What is booked long ahead is booked at least as early as what is booked shortly ahead")


def find_due_date(
    service: date,
    scheduled: date | None = None,
    requested: date | None = None,
    terms: Terms | None = None,
    holidays: Collection[date] = (),
) -> tuple[date, str] | None:
    """The last day on which the estimate may reach the patient, and which event sets it: *requested*, *short*, *long*.

    A request and a booking each set a term of their own; the earlier one counts.

    :param service: the day for which the service is planned
    :param scheduled: the day on which it was booked
    :param requested: the day on which the patient asked what it will cost
    :return: None where nothing was asked for and the service is too near
    """
    terms = terms or Terms()
    dues = []
    if requested:
        dues.append((add_business_days(requested, terms.request_days, holidays), "requested"))
    if scheduled:
        notice = count_business_days(scheduled, service, holidays)
        if notice >= terms.long_notice:
            dues.append((add_business_days(scheduled, terms.long_days, holidays), "long"))
        elif notice >= terms.short_notice:
            dues.append((add_business_days(scheduled, terms.short_days, holidays), "short"))
    return min(dues, default=None)


def find_excess(expected: Decimal, billed: Decimal, threshold: Decimal) -> Decimal:
    """How much a bill lies above its estimate, where that is the threshold or more; else 0.

    A threshold of 0 never flags anything.
    """
    excess = billed - expected
    return excess if threshold > 0 and excess >= threshold else Decimal(0)
