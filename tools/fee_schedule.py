"""What a fee schedule of relative values pays for a service, and which prices follow from it.

A service has three relative values: the work of the physician, the practice expense (another one in a facility, which
bears the expense itself, than elsewhere) and the malpractice insurance. A locality has an index for each. Source:
42 CFR 414.20 (the formula), 414.22 (relative values), 414.26 (indices), 414.28 (conversion factor).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .money import round_half_up

__all__ = ["SETTINGS", "Existing", "Indices", "RelativeValues", "Step", "get_price", "plan_prices"]

CENT = Decimal("0.01")
SETTINGS = ("nonfacility", "facility")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RelativeValues:
    """How much a service weighs, in relative value units (42 CFR 414.22)."""

    work: Decimal
    practice_nonfacility: Decimal
    practice_facility: Decimal
    malpractice: Decimal

    def get_practice(self, setting: str) -> Decimal:
        """The practice expense in a setting, "facility" or "nonfacility" (42 CFR 414.22(b)(5)).

        :raise ValueError: another setting
        """
        if setting not in SETTINGS:
            raise ValueError(f"Not a setting: {setting!r}")
        return self.practice_facility if setting == "facility" else self.practice_nonfacility

    def is_priced(self, setting: str) -> bool:
        """Whether the schedule gives a price at all: what carriers price, bundle or do not cover weighs nothing."""
        return bool(self.work or self.get_practice(setting) or self.malpractice)


@dataclass(frozen=True)
class Indices:
    """What work, practice expense and malpractice insurance cost in a locality, the national average being 1
    (42 CFR 414.26)."""

    work: Decimal = Decimal(1)
    practice: Decimal = Decimal(1)
    malpractice: Decimal = Decimal(1)


def get_price(
    values: RelativeValues,
    indices: Indices,
    factor: Decimal,
    setting: str = "nonfacility",
    percent: Decimal = Decimal(100),
    unit: Decimal = CENT,
) -> Decimal:
    """The price of one unit of a service (42 CFR 414.20(a)):

        (work × work index + practice expense × its index + malpractice × its index) × conversion factor

    Nothing is rounded on the way; the amount of the schedule is rounded half up to ``unit``, as it is published. A
    percentage of the schedule is taken of that amount and rounded again.

    :param factor: money for one relative value unit, in the currency of the price
    :param setting: "nonfacility" or "facility"
    :param percent: what a contract pays of the schedule; 120 is a fifth more
    :param unit: the smallest amount of the currency: 0.01, or 1 where there are no cents
    :raise ValueError: another setting, a factor or percentage that is negative or no number
    """
    if not (factor.is_finite() and percent.is_finite()) or factor < 0 or percent < 0:
        raise ValueError("A conversion factor and a percentage are numbers that are not negative")
    weight = (
        values.work * indices.work
        + values.get_practice(setting) * indices.practice
        + values.malpractice * indices.malpractice
    )
    amount = round_half_up(weight * factor, unit)
    return amount if percent == 100 else round_half_up(amount * percent / 100, unit)


@dataclass(frozen=True)
class Existing:
    """A price that a list has for a service from a day to a day; empty: without beginning, without end.

    ``is_imported`` tells what an earlier schedule said from what somebody typed.
    """

    item: Hashable
    service: Hashable
    price: Decimal
    date_from: date | None = None
    date_to: date | None = None
    is_imported: bool = True

    def reaches(self, day: date) -> bool:
        """Whether the price counted before ``day`` and would go on counting."""
        return (self.date_from is None or self.date_from < day) and (self.date_to is None or self.date_to >= day)


@dataclass(frozen=True)
class Step:
    """One thing to do to a list: ``kind`` is "new" (no price before), "changed" (another one before), "corrected" (the
    same days, another price or end), "same" (nothing to do) or "ended" (``item`` ends the day before).

    ``date_to`` is the last day of the price that is made, corrected or ended. ``is_twin``: another price of the service
    begins on the same day, and is the one that is the schedule's.
    """

    kind: str
    service: Hashable
    price: Decimal
    before: Decimal | None = None
    item: Hashable = None
    date_to: date | None = None
    is_dropped: bool = False
    is_twin: bool = False


def plan_prices(
    wanted: Mapping[Hashable, Decimal],
    existing: Iterable[Existing],
    date_from: date,
    date_to: date | None = None,
    kept: Iterable[Hashable] = (),
    end_dropped: bool = True,
) -> list[Step]:
    """What to do so that a list has the prices ``wanted`` from ``date_from`` on, without ever deleting one.

    A price of before is ended the day before; one that begins later keeps its beginning, and the new one ends before
    it. The same wish a second time gives nothing but "same".

    :param wanted: {service: price}
    :param existing: what the list says of these services, and what earlier schedules said of others
    :param kept: services whose earlier price stays although nothing is wanted, such as those of an unreadable line
    :param end_dropped: end what an earlier schedule said of services that this one does not name
    :raise ValueError: the last day is before the first
    """
    if date_to and date_to < date_from:
        raise ValueError("A schedule cannot end before it begins")
    by_service: dict[Hashable, list[Existing]] = {}
    for price in existing:
        by_service.setdefault(price.service, []).append(price)
    steps = []
    for service, price in wanted.items():
        steps += _plan_service(service, price, by_service.get(service, ()), date_from, date_to)
    if end_dropped:
        gone = by_service.keys() - wanted.keys() - set(kept)
        steps += [
            Step("ended", price.service, price.price, item=price.item, date_to=date_from - ONE_DAY, is_dropped=True)
            for service, prices in by_service.items()
            if service in gone
            for price in prices
            if price.is_imported and price.reaches(date_from)
        ]
    return steps


def _plan_service(service, price, prices, date_from, date_to):
    """The steps for one service."""
    until = min((p.date_from - ONE_DAY for p in prices if p.date_from and p.date_from > date_from), default=None)
    if date_to and (until is None or date_to < until):
        until = date_to
    running = [p for p in prices if p.reaches(date_from)]
    # Somebody may have typed a second one: all of them say the same from now on, whichever is found first.
    same_day = sorted((p for p in prices if p.date_from == date_from), key=lambda p: not p.is_imported)
    if not same_day and len(running) == 1 and (running[0].price, running[0].date_to) == (price, until):
        return [Step("same", service, price, price, running[0].item, until)]
    ended = [Step("ended", service, p.price, item=p.item, date_to=date_from - ONE_DAY) for p in running]
    if same_day:
        return [
            Step(
                "same" if (p.price, p.date_to) == (price, until) else "corrected",
                service, price, p.price, p.item, until, is_twin=number > 0,
            )
            for number, p in enumerate(same_day)
        ] + ended
    before = running[-1].price if running else None
    return [Step("changed" if running else "new", service, price, before, date_to=until), *ended]
