"""What a payer is told instead of what a visit says: which of its habits count, and what they make of modifiers."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from .coverage_rules import Scope, Service

__all__ = ["MAX_MODIFIERS", "Habit", "change_modifiers", "choose_habits"]

# CMS-1500 box 24D has room for four.
MAX_MODIFIERS = 4


@dataclass(frozen=True)
class Habit:
    """What a payer wants of some services, on some days; see :class:`Scope`.

    ``topic`` is what it is about: of the habits with one topic, one alone counts. ``place`` narrows it to one place of
    service; ``has_plan`` tells what one plan wants from what the payer wants of all its plans, ``has_company`` what
    one company was asked for from what all were.
    """

    key: Hashable
    topic: Hashable
    scope: Scope
    place: Hashable = None
    has_plan: bool = False
    has_company: bool = False

    def speaks_of(self, service: Service, place: Hashable = None) -> bool:
        """Whether it counts for a service rendered at a place."""
        return (self.place is None or self.place == place) and self.scope.speaks_of(service)

    def rank(self) -> tuple:
        """The smaller, the more specific: a plan's habit before the payer's, then the services as with coverage rules
        (service, code, range, category, all), then the place, the company, the later beginning and the order."""
        *kind, began, sequence = self.scope.rank()
        return (not self.has_plan, *kind, self.place is None, not self.has_company, began, sequence)


def choose_habits(habits: Iterable[Habit], service: Service, place: Hashable = None) -> dict[Hashable, Habit]:
    """{topic: the habit that counts} for a service, the most specific of each topic."""
    chosen = {}
    for habit in sorted((habit for habit in habits if habit.speaks_of(service, place)), key=Habit.rank):
        chosen.setdefault(habit.topic, habit)
    return chosen


def change_modifiers(
    modifiers: Sequence[str], action: str, old: str = "", new: str = "",
) -> tuple[str, ...] | None:
    """The modifiers after a payer's habit, in their order.

    :param action: "add" (at the end), "first" (in front, where the one that changes the price belongs), "replace" and
        "remove", which need ``old`` to stand there
    :return: None where nothing changes; five where the new one finds no room, see :data:`MAX_MODIFIERS`
    :raise ValueError: another action
    """
    before = tuple(modifiers)
    if action in ("add", "first"):
        rest = tuple(code for code in before if code != new)
        after = (new, *rest) if action == "first" else before if new in before else (*before, new)
    elif action == "replace":
        # Where the new one stands already, the old one goes.
        after = tuple(dict.fromkeys(new if code == old else code for code in before))
    elif action == "remove":
        after = tuple(code for code in before if code != old)
    else:
        raise ValueError(f"Not an action: {action!r}")
    return None if after == before else after
