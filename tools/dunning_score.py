"""Whom to turn to first: amount, age and history as points that add up, so that everybody can see why."""

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["History", "Score", "get_score"]

# From this amount in the currency of the company, so many points.
AMOUNTS = ((Decimal(1), 5), (Decimal(100), 10), (Decimal(250), 15), (Decimal(500), 20), (Decimal(1000), 30),
           (Decimal(5000), 40))
# From so many days past due, so many points.
DAYS = ((1, 5), (31, 15), (61, 25), (91, 30), (121, 35))
BROKEN_PROMISE, BROKEN_PLAN, MOST_HISTORY = 5, 10, 25
# From so many points, the priority.
PRIORITIES = ((0, "0"), (30, "1"), (50, "2"), (70, "3"))


@dataclass(frozen=True, kw_only=True)
class History:
    """What somebody has done before: promises and plans that were broken, and how late they usually pay, in days."""

    broken_promises: int = 0
    broken_plans: int = 0
    usual_delay: int = 0


@dataclass(frozen=True)
class Score:
    """Points for the amount, the age and the history; together at most a hundred."""

    amount: int
    age: int
    history: int

    @property
    def points(self) -> int:
        """All of them."""
        return self.amount + self.age + self.history

    @property
    def priority(self) -> str:
        """"0" to "3", as stars are counted."""
        return _band(PRIORITIES, self.points) or "0"


def get_score(amount: Decimal, days: int, history: History | None = None) -> Score:
    """How urgent a debt is.

    :param amount: what is overdue, in the currency of the company
    :param days: how long the oldest of it has been due
    """
    history = history or History()
    past = (
        BROKEN_PROMISE * history.broken_promises
        + BROKEN_PLAN * history.broken_plans
        + (_band(DAYS, history.usual_delay) or 0) // 3
    )
    return Score(_band(AMOUNTS, amount) or 0, _band(DAYS, days) or 0, min(past, MOST_HISTORY))


def _band(bands, value):
    """What stands beside the highest limit that is not above a value; None below them all."""
    place = bisect_right([limit for limit, _worth in bands], value)
    return bands[place - 1][1] if place else None
