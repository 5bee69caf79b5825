"""Which step comes next with somebody who owes money: at most one a run, the gentlest that their bills have not had.

Every bill remembers the last step that covered it, so a part payment skips none and repeats none, and nobody begins
with the harshest text. One message covers them all, each at its own step.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

__all__ = ["Decision", "Guard", "Item", "Stage", "Standing", "Step", "decide", "find_guards", "is_minor"]

NOTHING = Decimal(0)
A_DAY = timedelta(days=1)
OF_AGE = 18


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A step of the pipeline, by its place in it.

    :param order: 1 for the first; no two of one pipeline are alike
    :param days: past due from which it applies; nothing or less reminds before the due date, and never later
    :param wait: days since the step before
    :param amount_min: what has to be due in all
    :param places: it hands the debt over to somebody else, which more stands against
    """

    order: int
    days: int
    wait: int = 0
    amount_min: Decimal = NOTHING
    places: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """An open bill.

    :param key: what it is known by
    :param due: the day on which it is to be paid
    :param open: what is open on it, in the currency of the company
    :param held: the part of it that is left alone: disputed, waiting for a payer
    :param own: what may be asked for in the currency of the bill, which decides nothing
    :param order: the place of the last step that covered it, 0 for none
    """

    key: object
    due: date
    open: Decimal
    held: Decimal = NOTHING
    own: Decimal = NOTHING
    order: int = 0

    @property
    def asked(self) -> Decimal:
        """What may be asked for."""
        return max(self.open - self.held, NOTHING)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What else is known of somebody, that stands against asking for money.

    Amounts are in the currency of the company; days are those on which something ends.

    :param resumes_on: the day on which a promise was broken, where the next step does not wait for its time
    """

    promise_until: date | None = None
    resumes_on: date | None = None
    assistance_pending: bool = False
    is_bankrupt: bool = False
    is_deceased: bool = False
    is_minor: bool = False
    has_concern: bool = False
    address_unverified: bool = False
    contact_stopped: bool = False
    has_question: bool = False
    credit: Decimal = NOTHING


@dataclass(frozen=True)
class Guard:
    """Why nothing is done, or only by hand.

    ``stops`` says whether nobody may go on before it has passed; otherwise somebody looks at the step first. ``until``
    is the day from which it counts no longer, where there is one.
    """

    key: str
    stops: bool = True
    until: date | None = None


@dataclass(frozen=True)
class Step:
    """What is done today: the stage, and with which bills, each with the place at which it is from then on."""

    stage: Stage
    items: tuple[tuple[Item, int], ...]

    @property
    def amount(self) -> Decimal:
        """What is asked for."""
        return sum((item.asked for item, _order in self.items), NOTHING)


@dataclass(frozen=True)
class Decision:
    """What happens with somebody on a day, and why.

    ``step`` is None where nothing is done. ``coming`` is the first day on which there may be a step; None when a guard
    without end stands against it, or nothing is open.
    """

    step: Step | None
    guards: tuple[Guard, ...] = ()
    coming: date | None = None
    reasons: tuple[str, ...] = field(default=(), compare=False)

    def say(self) -> str:
        """The guards by their keys, else why nothing is done."""
        return ", ".join(guard.key for guard in self.guards) or ", ".join(self.reasons)

    @property
    def needs_review(self) -> bool:
        """Whether somebody looks at the step before it is done."""
        return bool(self.step) and bool(self.guards)


def decide(
    items: Collection[Item], stages: Sequence[Stage], today: date, last: date | None = None,
    standing: Standing | None = None,
) -> Decision:
    """The next step with somebody.

    :param items: their open bills
    :param stages: the pipeline, in any order
    :param last: the day of the last step with them
    :param standing: what else is known of them
    """
    stages, standing = sorted(stages, key=lambda stage: stage.order), standing or Standing()
    asked = [item for item in items if item.asked > 0]
    if last and standing.resumes_on and last < standing.resumes_on <= today:
        # Time to pay was given with the promise.
        last = None
    guards = tuple(find_guards(asked, standing, today))
    reached = {item: _reach(item, stages, today) for item in asked}
    covered = {item: stage for item, stage in reached.items() if stage}
    coming = _find_coming(asked, stages, today, last, guards)
    if not covered:
        return Decision(None, guards, coming, ("nothing_due",))
    if any(guard.stops for guard in guards):
        return Decision(None, guards, coming, ("guarded",))
    stage = max(covered.values(), key=lambda stage: stage.order)
    # What is not due yet is not asked for, unless the step speaks of just that.
    told = _oldest([item for item in asked if item in covered or item.due < today])
    step = Step(stage, tuple((item, covered[item].order if item in covered else item.order) for item in told))
    # One step a day at most.
    if last and today < last + max(stage.wait, 1) * A_DAY:
        return Decision(None, guards, coming, ("waiting",))
    if _get_due(asked, today, stage) < stage.amount_min:
        return Decision(None, guards, None, ("too_little",))
    if stage.places:
        guards += tuple(_find_placing_guards(asked, standing))
        if any(guard.stops for guard in guards):
            return Decision(None, guards, None, ("guarded",))
    return Decision(step, guards)


def find_guards(items: Collection[Item], standing: Standing, today: date) -> list[Guard]:
    """What stands against asking somebody for money; what only holds a part of a bill is not among it."""
    guards = []
    if standing.is_bankrupt:
        guards.append(Guard("bankrupt"))
    if standing.is_deceased:
        guards.append(Guard("deceased"))
    if standing.contact_stopped:
        guards.append(Guard("stopped"))
    if standing.assistance_pending:
        guards.append(Guard("assistance"))
    if standing.promise_until and today <= standing.promise_until:
        guards.append(Guard("promise", until=standing.promise_until + A_DAY))
    if standing.credit > 0:
        due = sum((item.asked for item in items if item.due < today), NOTHING)
        # Who has paid enough is not asked; who has paid a part is asked once that is where it belongs.
        guards.append(Guard("credit", stops=standing.credit >= due))
    if standing.is_minor:
        guards.append(Guard("minor"))
    if standing.has_concern:
        guards.append(Guard("concern", stops=False))
    if standing.address_unverified:
        guards.append(Guard("address", stops=False))
    return guards + _find_questions(standing)


def _find_questions(standing: Standing) -> list[Guard]:
    """Somebody disputes something, and nobody knows yet what: it is looked at before more is asked for."""
    return [Guard("question", stops=False)] if standing.has_question else []


def _find_placing_guards(items: Collection[Item], standing: Standing) -> list[Guard]:
    """What stands against handing a debt over, beyond what stands against asking for it."""
    guards = []
    if any(item.held for item in items):
        guards.append(Guard("held"))
    if standing.credit > 0:
        guards.append(Guard("credit"))
    return guards


def _reach(item: Item, stages: Sequence[Stage], today: date) -> Stage | None:
    """The step that a bill has come to: the one after its last, once it is late enough for it."""
    following = _follow(item, stages, today)
    if following and (today - item.due).days >= following.days:
        return following
    return None


def _follow(item: Item, stages: Sequence[Stage], today: date) -> Stage | None:
    """The step after a bill's last; one that speaks of what is due soon is over once it is late."""
    is_late = today > item.due
    return next((stage for stage in stages if stage.order > item.order and not (is_late and stage.days <= 0)), None)


def _oldest(items: Collection[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.due, str(item.key)))


def _get_due(items: Collection[Item], today: date, stage: Stage) -> Decimal:
    """What is due in all; a reminder before the due date looks at what is due soon."""
    return sum((item.asked for item in items if (today - item.due).days >= min(stage.days, 1)), NOTHING)


def _find_coming(
    items: Collection[Item], stages: Sequence[Stage], today: date, last: date | None, guards: Collection[Guard],
) -> date | None:
    """The first day on which there may be a step."""
    days = []
    for item in items:
        following = _follow(item, stages, today)
        if following:
            day = item.due + following.days * A_DAY
            days.append(max(day, last + max(following.wait, 1) * A_DAY) if last else day)
    stopping = [guard for guard in guards if guard.stops]
    if not days or any(guard.until is None for guard in stopping):
        return None
    return max([min(days), today, *(guard.until for guard in stopping)])


def is_minor(born: date, today: date) -> bool:
    """Whether somebody is not eighteen yet; who was born on 29 February is so on 1 March of other years."""
    return (today.year - OF_AGE, today.month, today.day) < (born.year, born.month, born.day)
