"""When somebody who owes money may be contacted, and how: an attempt against a rule is named with the rule and the next
moment at which it would be allowed.

The usual numbers are those of the US rules for collection agencies (12 CFR 1006.6(b) and 1006.14(b)), which are good
practice for an office as well; each of them is a setting.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from .local_time import to_local, to_utc

__all__ = ["Answer", "Attempt", "Refusal", "Rules", "Wishes", "ask", "find_next_moment", "find_refusal", "find_wish"]

# What reaches somebody at that very moment, and may therefore only come by day.
BY_DAY = frozenset({"call", "sms", "visit"})
# What is counted and what a conversation is had by.
COUNTED = frozenset({"call", "visit"})
# Further ahead nobody plans; a longer wait is one without end.
LONGEST_DAYS = 366
# Nor are there so many days of rest in a row.
LONGEST_REST = 60
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the office keeps to.

    :param earliest: the hour from which somebody may be reached by call, text or visit, where they live
    :param latest: the hour from which not any more
    :param closed_days: days of the week on which nobody is called, 0 being Monday
    :param holidays: other days on which nobody is called
    :param most: attempts by call or visit within the window
    :param window: days of the window, the day of the attempt being the last one
    :param quiet: days after a conversation in which nobody is called, the day of the conversation being the first
    """

    earliest: time = time(8)
    latest: time = time(21)
    closed_days: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    most: int = 7
    window: int = 7
    quiet: int = 7

    def is_closed(self, day: date) -> bool:
        """Whether nobody is called on this day."""
        return day.weekday() in self.closed_days or day in self.holidays


@dataclass(frozen=True)
class Attempt:
    """Somebody was contacted, or it was tried, about a debt.

    ``at`` is the time where the person lives; ``talked`` whether it became a conversation.
    """

    at: datetime
    channel: str
    talked: bool = False


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person has said about being contacted.

    :param refused: channels that they do not want, or whose consent they have taken back
    :param needs_consent: channels for which the office asks for a consent beforehand
    :param consented: channels for which it was given
    :param stopped: they have asked not to be contacted at all; letters that the law requires are none of this module's
    :param barred: why nobody may ask this person for money, whatever they wish: "bankrupt", "deceased", "minor"
    :param asked: days on which they have asked to be called: then neither a conversation nor attempts stand against it
    """

    refused: Collection[str] = ()
    needs_consent: Collection[str] = ()
    consented: Collection[str] = ()
    stopped: bool = False
    barred: str = ""
    asked: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """Why an attempt is not allowed.

    ``rule`` is one of "bankrupt", "deceased", "minor", "stopped", "refused", "consent", "hours", "closed", "often",
    "quiet"; ``until`` the first moment at which this rule would allow it, None where waiting does not help; ``facts``
    what a sentence about it needs.
    """

    rule: str
    until: datetime | None = None
    facts: dict = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Answer:
    """Whether somebody may be contacted at a moment, wherever they may live.

    ``refusal`` is None when it is allowed; else ``zone`` is a place where it is not, and ``moment`` the first one, in
    UTC, at which it is allowed everywhere; None where waiting does not help.
    """

    refusal: Refusal | None = None
    zone: str | None = None
    moment: datetime | None = None


def ask(
    now: datetime, zones: Sequence[str], channel: str, attempts: Collection[Attempt] = (), rules: Rules | None = None,
    wishes: Wishes | None = None,
) -> Answer:
    """Whether somebody may be contacted now, and if not, why and when.

    :param now: in UTC, like the times of the attempts
    :param zones: where they may live, the likeliest first
    """
    there = {zone: [replace(attempt, at=to_local(attempt.at, zone)) for attempt in attempts] for zone in zones}
    refusals = {zone: find_refusal(to_local(now, zone), channel, there[zone], rules, wishes) for zone in zones}
    zone = next((zone for zone in zones if refusals[zone]), None)
    if not zone:
        return Answer()
    moment = now
    while moment <= now + LONGEST_DAYS * A_DAY:
        reached = moment
        for place in zones:
            local = find_next_moment(to_local(moment, place), channel, there[place], rules, wishes)
            if local is None:
                return Answer(refusals[zone], zone)
            if local > to_local(moment, place):
                moment = to_utc(local, place)
        if moment == reached:
            return Answer(refusals[zone], zone, moment)
    return Answer(refusals[zone], zone)


def find_refusal(
    now: datetime, channel: str, attempts: Collection[Attempt] = (), rules: Rules | None = None,
    wishes: Wishes | None = None,
) -> Refusal | None:
    """The first rule against contacting somebody now; None when it is allowed.

    :param now: the time where the person lives, like those of the attempts
    :param attempts: what was tried before, about this debt
    """
    rules, wishes = rules or Rules(), wishes or Wishes()
    return (
        find_wish(channel, wishes)
        or _find_quiet(now, channel, attempts, rules, wishes)
        or _find_often(now, channel, attempts, rules, wishes)
        or _find_hours(now, channel, rules)
    )


def find_next_moment(
    now: datetime, channel: str, attempts: Collection[Attempt] = (), rules: Rules | None = None,
    wishes: Wishes | None = None,
) -> datetime | None:
    """The first moment from now on at which every rule allows it; None where waiting does not help."""
    moment = now
    while moment <= now + LONGEST_DAYS * A_DAY:
        refusal = find_refusal(moment, channel, attempts, rules, wishes)
        if not refusal:
            return moment
        if refusal.until is None or refusal.until <= moment:
            return None
        moment = refusal.until
    return None


def find_wish(channel: str, wishes: Wishes) -> Refusal | None:
    """What stands against this channel at any time: whatever waiting does not change."""
    if wishes.barred:
        return Refusal(wishes.barred)
    if wishes.stopped:
        return Refusal("stopped")
    if channel in wishes.refused:
        return Refusal("refused", facts={"channel": channel})
    if channel in wishes.needs_consent and channel not in wishes.consented:
        return Refusal("consent", facts={"channel": channel})
    return None


def _find_quiet(
    now: datetime, channel: str, attempts: Collection[Attempt], rules: Rules, wishes: Wishes,
) -> Refusal | None:
    """After a conversation, nobody calls for some days, unless they ask for it."""
    if channel not in COUNTED or not rules.quiet or now.date() in wishes.asked:
        return None
    talks = [attempt.at for attempt in attempts if attempt.talked and attempt.at <= now]
    if not talks:
        return None
    until = _morning(max(talks), rules.quiet, rules)
    if now.date() >= until.date():
        return None
    return Refusal("quiet", _or_asked(now, until, rules, wishes), {"talked": max(talks)})


def _find_often(
    now: datetime, channel: str, attempts: Collection[Attempt], rules: Rules, wishes: Wishes,
) -> Refusal | None:
    """So many attempts within so many days, and no more."""
    if channel not in COUNTED or not rules.window or now.date() in wishes.asked:
        return None
    first_day = now.date() - (rules.window - 1) * A_DAY
    moments = (attempt.at for attempt in attempts if attempt.channel in COUNTED)
    counted = sorted(at for at in moments if first_day <= at.date() <= now.date())
    if len(counted) < rules.most:
        return None
    if not rules.most:
        return Refusal("often", facts={"count": len(counted)})
    # Once so many of them have left the window that one more fits in.
    leaves = counted[len(counted) - rules.most]
    until = _morning(leaves, rules.window, rules)
    return Refusal("often", _or_asked(now, until, rules, wishes), {"count": len(counted)})


def _or_asked(now: datetime, until: datetime, rules: Rules, wishes: Wishes) -> datetime:
    """The morning of a day on which they asked to be called, where one comes before."""
    asked = (datetime.combine(day, rules.earliest, now.tzinfo) for day in wishes.asked if day > now.date())
    return min([until, *asked])


def _find_hours(now: datetime, channel: str, rules: Rules) -> Refusal | None:
    """By day only, and not on days of rest."""
    if channel not in BY_DAY:
        return None
    if rules.is_closed(now.date()):
        return Refusal("closed", _next_open(now, rules))
    if now.time() < rules.earliest:
        return Refusal("hours", datetime.combine(now.date(), rules.earliest, now.tzinfo))
    if now.time() >= rules.latest:
        return Refusal("hours", _morning(now, 1, rules))
    return None


def _morning(moment: datetime, days: int, rules: Rules) -> datetime:
    """The hour from which people may be reached, so many days after a moment."""
    return datetime.combine(moment.date() + days * A_DAY, rules.earliest, moment.tzinfo)


def _next_open(now: datetime, rules: Rules) -> datetime | None:
    """The morning of the next day that is none of rest; None where all are."""
    mornings = (_morning(now, days, rules) for days in range(1, LONGEST_REST + 1))
    return next((morning for morning in mornings if not rules.is_closed(morning.date())), None)
