"""What a payment plan costs: interest by days, the level payment, and the annual percentage rate."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .money import round_half_up

__all__ = ["get_annual_rate", "get_interest", "get_level_payment"]

DAYS_OF_YEAR = 365
PERCENT = 100
# Unit periods of a year, and the days of one where a part of it is counted (12 CFR 1026, Appendix J (b)(5)).
PERIODS = {"week": (52, 7), "fortnight": (26, 14), "half_month": (24, 15), "month": (12, 30), "quarter": (4, 90)}
DAILY = (DAYS_OF_YEAR, 1)
# A rate above this is none that anybody would print: 100,000 percent.
HIGHEST_RATE = 1000.0
STEPS = 200


def get_interest(
    balance: Decimal, rate: Decimal, since: date, until: date, unit: Decimal,
    ahead: Iterable[tuple[date, Decimal]] = (),
) -> Decimal:
    """Interest on what is owed, from one day to another.

    :param rate: nominal, percent per year of 365 days
    :param ahead: (day, amount) of what was paid of the balance before ``until``: it costs interest until its day only
    """
    if not rate:
        return Decimal(0)
    owed = balance * (until - since).days
    for day, amount in ahead:
        share = max(min(amount, balance), Decimal(0))
        owed -= share * max((until - max(day, since)).days, 0)
        balance -= share
    return round_half_up(owed * rate / (PERCENT * DAYS_OF_YEAR), unit)


def get_level_payment(balance: Decimal, rate: Decimal, start: date, days: Sequence[date], unit: Decimal) -> Decimal:
    """The one amount that, paid on each of these days, pays the debt and its interest; rounded up to the unit.

    What is owed today is the sum of the payments, each discounted by the interest until its day.
    """
    discount, factors, before = Fraction(1), Fraction(0), start
    yearly = Fraction(rate) / PERCENT / DAYS_OF_YEAR
    for day in days:
        discount /= 1 + yearly * (day - before).days
        # The exact fractions grow with every step; thirty digits are beyond any cent.
        discount = discount.limit_denominator(10**30)
        factors += discount
        before = day
    units = Fraction(balance) / factors / Fraction(unit)
    return Decimal(-(-units.numerator // units.denominator)) * unit


def get_annual_rate(
    financed: Decimal, start: date, payments: Iterable[tuple[date, Decimal]], frequency: str,
) -> Decimal:
    """The annual percentage rate, to a hundredth of a percent (12 CFR 1026.22, Appendix J: actuarial method).

    :param financed: what the person owes without the plan
    :param payments: (day, amount) of everything that is paid under it, interest and fees included
    :param frequency: as in :mod:`instalments`; own dates are counted in days
    :return: percent per year; 0 where nothing is paid beyond what was financed
    """
    payments = [(_count_periods(start, day, frequency), float(amount)) for day, amount in payments]
    if sum(amount for _time, amount in payments) <= float(financed):
        return Decimal("0.00")
    yearly, _days = PERIODS.get(frequency, DAILY)

    def worth(rate):
        return sum(amount / ((1 + part * rate) * (1 + rate) ** whole) for (whole, part), amount in payments)

    low, high = 0.0, HIGHEST_RATE / yearly
    for _step in range(STEPS):
        middle = (low + high) / 2
        if worth(middle) > float(financed):
            low = middle
        else:
            high = middle
    return round_half_up(Decimal(format(low * yearly * PERCENT, ".10f")), Decimal("0.01"))


def _count_periods(start: date, day: date, frequency: str) -> tuple[int, float]:
    """Whole unit periods between two days, and the part of another one."""
    _yearly, days = PERIODS.get(frequency, DAILY)
    if frequency not in ("half_month", "month", "quarter"):
        whole, rest = divmod((day - start).days, days)
        return whole, rest / days
    months = (day.year - start.year) * 12 + day.month - start.month
    # Counted back from the payment: whole months first, the odd days lie at the beginning.
    if _back(day, months) < start:
        months -= 1
    rest = (_back(day, months) - start).days
    if frequency == "month":
        return months, rest / days
    if frequency == "half_month":
        halves, rest = divmod(rest, days)
        return 2 * months + halves, rest / days
    whole, odd = divmod(months, 3)
    return whole, (odd * 30 + rest) / days


def _back(day: date, months: int) -> date:
    """The same day so many months earlier; the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))

