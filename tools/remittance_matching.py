"""Which of our claims a payer's answer is about.

Pure decisions over snapshots. Amounts are Decimal in the currency of the claim. A match is made only where nothing
speaks against it: what is ambiguous, or disagrees, is left to a person, with the candidates and what speaks for them.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date as Date
from decimal import Decimal
from typing import NamedTuple

from .likeness import is_alike, member_key

ZERO = Decimal(0)

# What speaks for a candidate, with its weight; the surest first.
SIGNS = {
    "number": 50,
    "payer_number": 45,
    "member": 20,
    "patient": 20,
    "date": 15,
    "charge": 15,
    "codes": 10,
}
# Less than this is chance: on one day many patients are charged the same.
WORTH_A_LOOK = 35
SHOWN = 5


class AskedService(NamedTuple):
    """A service of one of our claims. ``charges`` are the amounts that may stand for it in an answer: the whole charge
    of the visit, and what this payer was asked for. ``lines`` are the ids of the invoice lines that ask for parts of it
    (deductible and coinsurance that an earlier payer left); ``id`` is the first of them."""

    id: int
    lines: tuple[int, ...] = ()
    code: str = ""
    modifiers: tuple[str, ...] = ()
    charges: frozenset[Decimal] = frozenset()
    date: Date | None = None
    asked: Decimal = ZERO


class Asked(NamedTuple):
    """One of our claims, as far as answers tell claims apart. ``names`` and ``members`` are those of patient and
    insured; ``currency`` is the id of the one in which it asks."""

    id: int
    number: str
    payer: int
    currency: int = 0
    payer_number: str = ""
    names: tuple[str, ...] = ()
    members: frozenset[str] = frozenset()
    date: Date | None = None
    is_void: bool = False
    is_settled: bool = False
    services: tuple[AskedService, ...] = ()

    @property
    def charges(self) -> frozenset[Decimal]:
        """The totals that may stand for it in an answer."""
        whole = sum((max(service.charges, default=ZERO) for service in self.services), ZERO)
        return frozenset({whole, sum((service.asked for service in self.services), ZERO)})


class AnsweredService(NamedTuple):
    """A line of an answer, as its payer gives it."""

    code: str = ""
    modifiers: tuple[str, ...] = ()
    charge: Decimal = ZERO
    paid: Decimal = ZERO
    date: Date | None = None
    original_code: str = ""
    control_number: str = ""
    adjustments: tuple[tuple[str, str, Decimal], ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing of money: payers list services that are free of charge, and add such lines."""
        return not self.charge and not self.paid and not self.adjustments


class Answered(NamedTuple):
    """A payer's answer about one claim. Of a reversal all amounts are as the file has them, negative."""

    number: str
    payer: int
    currency: int = 0
    payer_number: str = ""
    name: str = ""
    members: frozenset[str] = frozenset()
    date: Date | None = None
    charge: Decimal = ZERO
    paid: Decimal = ZERO
    adjustments: tuple[tuple[str, str, Decimal], ...] = ()
    services: tuple[AnsweredService, ...] = ()


class Candidate(NamedTuple):
    """One of our claims that it may be, and what speaks for it (keys of :data:`SIGNS`)."""

    claim: int
    score: int
    signs: tuple[str, ...]


class Decision(NamedTuple):
    """``claim`` with ``how`` it was found (number, payer_number, patient), or why a person has to look (``reason``)."""

    claim: int | None
    how: str = ""
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()
    other: int | None = None


# === NUMBERS === #

def number_key(number: str) -> str:
    """A claim number as it is compared: payers drop hyphens and blanks and write capitals."""
    return re.sub(r"[^A-Z0-9]", "", (number or "").upper())


def number_keys(number: str, prefix: str) -> tuple[str, ...]:
    """The keys of the claims that ``number`` may name: as it is, without what a clearinghouse put in front, and with
    the prefix of our numbers, where it was dropped."""
    key = number_key(number)
    prefix = number_key(prefix)
    keys = [key]
    if key and prefix:
        keys += [key[start:] for start in range(1, len(key)) if key.startswith(prefix, start) and len(key) - start > 5]
        if key.isdigit() and len(key) > 5:
            keys.append(prefix + key)
    return tuple(dict.fromkeys(filter(None, keys)))


# === WHICH CLAIM === #

def find(answer: Answered, prefix: str, by_number: dict, by_payer_number: dict, others: Sequence[Asked]) -> Decision:
    """Which claim an answer is about.

    :param prefix: what our claim numbers begin with
    :param by_number: {number key: our claims}
    :param by_payer_number: {payer's number key: our claims}
    :param others: claims that may be meant although no number says so
    """
    numbered = [claim for key in number_keys(answer.number, prefix) for claim in by_number.get(key, ())]
    known = by_payer_number.get(number_key(answer.payer_number), ()) if answer.payer_number else ()
    for how, claims in (("number", numbered), ("payer_number", known)):
        claims = list({claim.id: claim for claim in claims}.values())  # noqa: PLW2901
        standing = [claim for claim in claims if not claim.is_void] or claims
        if len(standing) == 1:
            against = _speaks_against(answer, standing[0])
            if not against:
                return Decision(standing[0].id, how)
            return Decision(None, reason=against, candidates=_rank(answer, prefix, [*standing, *others]),
                            other=standing[0].id)
        if standing:
            return Decision(None, reason="several", candidates=_rank(answer, prefix, standing))
    alike = [claim for claim in others if not claim.is_void and _is_same_visit(answer, claim)]
    if len(alike) == 1:
        return Decision(alike[0].id, "patient")
    reason = "several" if alike else "unknown"
    return Decision(None, reason=reason, candidates=_rank(answer, prefix, alike or others))


def _speaks_against(answer: Answered, claim: Asked) -> str:
    if claim.payer != answer.payer:
        return "other_payer"
    if claim.is_void:
        return "void"
    if answer.name and not _has_name(answer, claim):
        return "other_patient"
    if claim.currency != answer.currency:
        return "other_currency"
    return ""


def _has_name(answer: Answered, claim: Asked) -> bool:
    return any(is_alike(answer.name, name) for name in claim.names if name)


def _has_member(answer: Answered, claim: Asked) -> bool:
    ours = {member_key(number) for number in claim.members} - {""}
    return bool(ours & {member_key(number) for number in answer.members})


def _is_same_visit(answer: Answered, claim: Asked) -> bool:
    """The same person, day and charge: the name, where there is one, decides who it is."""
    return (
        claim.payer == answer.payer
        and claim.currency == answer.currency
        and bool(answer.date) and claim.date == answer.date
        and abs(answer.charge) in claim.charges
        and (_has_name(answer, claim) if answer.name else _has_member(answer, claim))
    )


def _rank(answer: Answered, prefix: str, claims: Iterable[Asked]) -> tuple[Candidate, ...]:
    """The claims worth a look, the likeliest first."""
    keys = set(number_keys(answer.number, prefix))
    found = {}
    for claim in claims:
        # An amount says nothing in another currency, and no such claim could be chosen.
        if claim.id not in found and claim.currency == answer.currency:
            signs = _get_signs(answer, claim, keys)
            # Where nothing is open any more, only a number still points there.
            if not claim.is_settled or {"number", "payer_number"} & set(signs):
                found[claim.id] = Candidate(claim.id, sum(SIGNS[sign] for sign in signs), signs)
    worth = [candidate for candidate in found.values() if candidate.score >= WORTH_A_LOOK]
    return tuple(sorted(worth, key=lambda candidate: (-candidate.score, candidate.claim))[:SHOWN])


def _get_signs(answer: Answered, claim: Asked, keys: set[str]) -> tuple[str, ...]:
    codes = {service.code for service in answer.services} | {service.original_code for service in answer.services}
    says = {
        "number": number_key(claim.number) in keys,
        "payer_number": bool(answer.payer_number)
        and number_key(claim.payer_number) == number_key(answer.payer_number),
        "member": _has_member(answer, claim),
        "patient": bool(answer.name) and _has_name(answer, claim),
        "date": bool(answer.date) and claim.date == answer.date,
        "charge": abs(answer.charge) in claim.charges,
        "codes": bool(codes & {service.code for service in claim.services if service.code}),
    }
    return tuple(sign for sign in SIGNS if says[sign])
