"""Which of our services each line of a payer's answer is, how much of the answer is about each, and what it undoes.

Pure decisions over the claim that was found (see ``remittance_matching``). Amounts are Decimal in the currency of the
claim. What is ambiguous is left to a person.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from .money import split_ratio
from .remittance_matching import Answered, AnsweredService, AskedService

ZERO = Decimal(0)


class Share(NamedTuple):
    """What an answer says of one of our services: charge − Σ adjustments = paid."""

    charge: Decimal
    paid: Decimal
    adjustments: dict[tuple[str, str], Decimal]


# === WHICH SERVICE === #

def pair_services(answered: Sequence[AnsweredService], asked: Sequence[AskedService]) -> list[int | None]:
    """For each line of an answer the id of our service, or None where nothing or too much fits.

    By our line number; else by what both say, the surest first: code, modifiers, day and charge; without the modifiers,
    which payers drop; the code that was billed, where the payer decided on another; the charge alone. What a payer
    divided into several lines of one service is put together again.
    """
    found: list[int | None] = [None] * len(answered)
    ids = {str(line): service.id for service in asked for line in (service.id, *service.lines)}
    for position, line in enumerate(answered):
        found[position] = ids.get(line.control_number.strip())
    for keys in _KEYS:
        _pair_by(found, answered, asked, *keys)
    _pair_divided(found, answered, asked)
    return found


def _charges(service: AskedService):
    return service.charges | {service.asked}


# What is compared in each round: (of a line of the answer, ways in which our service may be written).
_KEYS = (
    (lambda line: (line.code, frozenset(line.modifiers), line.date, abs(line.charge)),
     lambda ours: {(ours.code, frozenset(ours.modifiers), ours.date, charge) for charge in _charges(ours)}),
    (lambda line: (line.code, frozenset(line.modifiers), abs(line.charge)),
     lambda ours: {(ours.code, frozenset(ours.modifiers), charge) for charge in _charges(ours)}),
    (lambda line: (line.code, abs(line.charge)),
     lambda ours: {(ours.code, charge) for charge in _charges(ours)}),
    (lambda line: (line.original_code, abs(line.charge)) if line.original_code else None,
     lambda ours: {(ours.code, charge) for charge in _charges(ours)}),
    (lambda line: abs(line.charge), _charges),
)


def _pair_by(found, answered, asked, key_of_line, keys_of_ours):
    """Pair what agrees in one way of comparing, as long as there are as many of ours as of theirs."""
    lines, ours = defaultdict(list), defaultdict(list)
    for position, line in enumerate(answered):
        if found[position] is None and (key := key_of_line(line)) is not None:
            lines[key].append(position)
    taken = set(found)
    for service in asked:
        if service.id not in taken:
            for key in keys_of_ours(service):
                ours[key].append(service)
    for key, positions in lines.items():
        fitting = [service for service in ours.get(key, ()) if service.id not in taken]
        # Several lines stand for one another only where they agree in code and modifiers, too.
        if len(fitting) == len(positions) and (len(fitting) == 1 or _are_equal(fitting)):
            for position, service in zip(positions, fitting, strict=True):
                found[position] = service.id
                taken.add(service.id)


def _are_equal(services: Sequence[AskedService]) -> bool:
    return len({(service.code, service.modifiers, service.date, service.charges) for service in services}) == 1


def _pair_divided(found, answered, asked):
    """Put together what a payer has divided: the lines left of one code, or all that are left where one is left."""
    left = [service for service in asked if service.id not in set(found)]
    missing = [position for position, service in enumerate(found) if service is None]
    if not missing:
        return
    if len(left) == 1 and _total(answered, missing) in _charges(left[0]):
        for position in missing:
            found[position] = left[0].id
        return
    for service in left:
        mine = [
            position for position in missing
            if service.code in (answered[position].code, answered[position].original_code)
        ]
        rivals = [other for other in left if other.code == service.code]
        if len(rivals) == 1 and mine and _total(answered, mine) in _charges(service):
            for position in mine:
                found[position] = service.id


def _total(answered, positions) -> Decimal:
    return abs(sum((answered[position].charge for position in positions), ZERO))


def leave_out_silent(answer: Answered, pairs: Sequence[int | None]) -> tuple[Answered, list[int | None]]:
    """The answer, and its pairs, without the lines that say nothing of money and are none of our services."""
    kept = [
        (line, ours) for line, ours in zip(answer.services, pairs, strict=True)
        if ours is not None or not line.is_silent
    ]
    if not kept:
        return answer, list(pairs)
    return answer._replace(services=tuple(line for line, _ours in kept)), [ours for _line, ours in kept]


# === HOW MUCH OF EACH === #

def share_out(answer: Answered, pairs: Sequence[int | None], asked: Sequence[AskedService], unit: Decimal) -> dict:
    """What an answer says of each of our services, cents exact: {service id: :class:`Share`}.

    What is said of the whole claim is divided over its services: without lines in proportion to their charges, beside
    lines in proportion to what they paid, so that no line pays less than nothing for it.

    :param pairs: our service for each line of the answer; empty where it has none
    """
    if answer.services:
        shares = _gather(answer, pairs)
    else:
        charges = split_ratio(answer.charge, [max(ours.charges, default=ZERO) for ours in asked], unit)
        shares = {
            ours.id: [charge, charge, defaultdict(Decimal)]
            for ours, charge in zip(asked, charges, strict=True)
        }
    for group, code, amount in answer.adjustments:
        weights = [max(abs(share[1]), ZERO) for share in shares.values()]
        if sum(weights) < abs(amount):
            weights = [abs(share[0]) for share in shares.values()]
        for share, part in zip(shares.values(), split_ratio(amount, weights, unit), strict=True):
            share[1] -= part
            share[2][group, code] += part
    return {
        service: Share(charge, paid, {key: amount for key, amount in adjustments.items() if amount})
        for service, (charge, paid, adjustments) in shares.items()
    }


def _gather(answer, pairs):
    shares = {}
    for line, service in zip(answer.services, pairs, strict=True):
        share = shares.setdefault(service, [ZERO, ZERO, defaultdict(Decimal)])
        share[0] += line.charge
        share[1] += line.paid
        for group, code, amount in line.adjustments:
            share[2][group, code] += amount
    return shares


def misfits(shares: dict[int, Share], asked: Sequence[AskedService]) -> list[int]:
    """The services of which the answer's charge is none of those that we asked for."""
    ours = {service.id: service for service in asked}
    return [service for service, share in shares.items() if abs(share.charge) not in _charges(ours[service])]


# === WHAT A REVERSAL UNDOES === #

def find_undone(taken_back: dict[int, Share], posted: Sequence[dict[int, Share]]) -> int | None:
    """Which earlier answer a reversal takes back: the latest one with the same amounts, all signs turned.

    :param taken_back: the reversal, by service
    :param posted: earlier answers in force about the same claim, by service, the oldest first
    :return: position in ``posted``, or None
    """
    turned = {
        service: (-share.paid, {key: -amount for key, amount in share.adjustments.items()})
        for service, share in taken_back.items() if share.paid or share.adjustments
    }
    for position in range(len(posted) - 1, -1, -1):
        earlier = {
            service: (share.paid, dict(share.adjustments))
            for service, share in posted[position].items() if share.paid or share.adjustments
        }
        if turned and turned == earlier:
            return position
    return None
