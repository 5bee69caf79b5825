"""What a payer says of a whole charge, read as an answer to the part of it that we ask of that payer."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class Said(NamedTuple):
    """An amount that was not paid, with its reason: group, code and effect (reduce, transfer, hold)."""

    group: str
    code: str
    effect: str
    amount: Decimal


def find_mirrored(said: Sequence[Said], asked: Decimal, paid: Decimal, elsewhere: Decimal, *, is_first: bool) -> list:
    """How much of each adjustment only repeats what others take care of, and therefore posts nothing.

    We ask a secondary payer for what the primary left, not for the charge; its 835 speaks of the charge. With

        charge = asked + elsewhere        (elsewhere: what the primary paid and gave up, or somebody else is asked for)
        charge = paid + sum of adjustments

    the adjustments exceed what we ask by ``elsewhere``. So much of them repeats what is settled or asked elsewhere. It
    is taken from them in the order in which it is most likely to be that:

    1. OA-23, which says just this: what the prior payer paid and adjusted;
    2. for the first payer asked, of whom benefits known in advance let us ask a share only (split plans): PR, which
       the patient is asked for already;
    3. reductions, CO-45 first: a secondary's contract discount counts from the charge and contains the primary's;
    4. denials (what is denied of the charge is denied of what is asked).

    The patient's share that a later payer names is never taken for a repetition. What is left of OA-23 beyond
    ``elsewhere`` stays what its reason says, a part to decide about: it is no write-off.

    :param asked: what is open of the part that we ask of this payer
    :param elsewhere: the charge less the part that we ask; zero when we ask for the whole
    :param is_first: whether this payer is the first one asked
    :return: for each of ``said``, the amount of it that posts nothing
    """
    mirrored = [Decimal(0)] * len(said)
    left = min(sum(adjustment.amount for adjustment in said) + paid - asked, elsewhere)
    if left <= 0:
        return mirrored

    def rank(position):
        adjustment = said[position]
        if (adjustment.group, adjustment.code) == ("OA", "23"):
            return 0
        if adjustment.effect == "transfer":
            return 1 if is_first else None
        if adjustment.effect == "reduce":
            return 2 if (adjustment.group, adjustment.code) == ("CO", "45") else 3
        return 4

    for position in sorted((p for p in range(len(said)) if rank(p) is not None), key=rank):
        amount = max(min(left, said[position].amount), Decimal(0))
        mirrored[position] = amount
        left -= amount
    return mirrored


class Line(NamedTuple):
    """What one invoice line asks of a service, and what falls on it of an answer to the service."""

    asked: Decimal
    paid: Decimal
    amounts: list


def divide_answer(asked: Sequence[Decimal], paid: Decimal, said: Sequence[Said], mirrored: Sequence[Decimal]) -> list:
    """Divide an answer to one service among the lines that ask for parts of it (deductible and coinsurance, say).

    Payment fills the lines in their order, then the adjustments; what only repeats what is elsewhere and what is below
    zero stands on the first. What does not fit stands on the last, where the difference shows.

    :return: a :class:`Line` for each of ``asked``, its ``amounts`` one for each of ``said``
    """
    lines = [[Decimal(0), [Decimal(0)] * len(said)] for _asked in asked]
    room = list(asked)
    for position, adjustment in enumerate(said):
        first = mirrored[position] if adjustment.amount > 0 else adjustment.amount
        lines[0][1][position] += first
        if adjustment.amount < 0:
            room[0] -= adjustment.amount
    pools = [(None, paid)] + [
        (position, adjustment.amount - mirrored[position])
        for position, adjustment in enumerate(said) if adjustment.amount > 0
    ]
    for position, amount in pools:
        left = amount
        for number in range(len(lines)):
            last = number == len(lines) - 1
            taken = left if last else max(min(left, room[number]), Decimal(0))
            room[number] -= taken
            left -= taken
            if position is None:
                lines[number][0] += taken
            else:
                lines[number][1][position] += taken
    return [Line(of, line_paid, amounts) for of, (line_paid, amounts) in zip(asked, lines, strict=True)]
