"""Which money of a payer's answer pays what: the cheque, earlier credit, what is taken back, what is kept back."""

from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import NamedTuple

from .money import draw

# Where money comes from, in the order in which it is used up.
CHEQUE, CREDIT, TAKEN, KEPT = "cheque", "credit", "taken", "kept"
# What it goes to, in the order in which it is given.
ANSWER, ADDED, WAITS = "answer", "added", "waits"
SOURCES, USES = (CHEQUE, CREDIT, TAKEN, KEPT), (ANSWER, ADDED, WAITS)


class Side(NamedTuple):
    """An amount that is there to be divided, or to be paid; ``key`` says of whom: a claim, an item, nothing."""

    kind: str
    key: Hashable
    amount: Decimal


class Flow(NamedTuple):
    """``amount``, above zero, goes from ``source`` to ``use``."""

    source: Side
    use: Side
    amount: Decimal


def divide_money(sources: Sequence[Side], uses: Sequence[Side]) -> list[Flow]:
    """Meet every use from the sources.

    What is taken back of a claim pays the new answer to it first, and what waits is waiting on the cheque itself as
    far as it goes: then each entry says what really happened. The rest is used up in the order of ``SOURCES``.

    :raise ValueError: they do not add up, or one of them is below zero
    """
    if sum(side.amount for side in sources) != sum(side.amount for side in uses):
        raise ValueError("What comes in is not what it pays")
    if any(side.amount < 0 for side in (*sources, *uses)):
        raise ValueError("Money is divided in amounts that are not below zero")
    sources = sorted((side for side in sources if side.amount), key=lambda side: SOURCES.index(side.kind))
    uses = sorted((side for side in uses if side.amount), key=lambda side: USES.index(side.kind))
    left, missing = [side.amount for side in sources], [side.amount for side in uses]
    flows = []

    def give(source, use):
        amount = min(left[source], missing[use])
        if amount:
            flows.append(Flow(sources[source], uses[use], amount))
            left[source] -= amount
            missing[use] -= amount

    answers = {side.key: position for position, side in enumerate(uses) if side.kind == ANSWER}
    for position, side in enumerate(sources):
        if side.kind == TAKEN and side.key in answers:
            give(position, answers[side.key])
    waiting = [position for position, side in enumerate(uses) if side.kind == WAITS]
    for position, side in enumerate(sources):
        if side.kind == CHEQUE:
            for use in waiting:
                give(position, use)
    flows += [Flow(sources[source], uses[use], amount) for use, source, amount in draw(missing, left)]
    return flows
