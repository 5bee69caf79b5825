"""A payer for tests: it reads our 837P files simply, and answers them with an 835 as it is told."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from . import x12_files

ZERO = Decimal(0)
RANKS = {"P": 1, "S": 2, "T": 3}
# The day on which our payer answers, unless it is told another.
DAY = datetime.date(2026, 3, 16)


class Asked(NamedTuple):
    """One service as it was asked: our control number (REF*6R), code, modifiers, charge, units, day."""

    control: str
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: str
    day: datetime.date


class AskedClaim(NamedTuple):
    """One claim as it was asked. ``paid_before`` is what earlier payers have paid of it (AMT*D)."""

    number: str
    frequency: str
    original: str
    charge: Decimal
    place: str
    rank: int
    filing: str
    member: str
    patient: tuple[str, str]
    payer: tuple[str, str]
    billing: tuple[str, str]
    tax_id: str
    paid_before: Decimal
    services: tuple[Asked, ...]


class Told(NamedTuple):
    """What the payer is told to answer about one service: what it pays, and (group, code, amount) for the rest."""

    paid: Decimal
    adjustments: tuple[tuple[str, str, Decimal], ...] = ()


def split(data: bytes) -> list[list[str]]:
    """The segments of a file that we wrote, as lists of elements."""
    return [segment.split("*") for segment in data.decode("ascii").split("~") if segment]


def read_claims(data: bytes) -> list[AskedClaim]:
    """The claims of a file that we wrote, in its order."""
    level, claims, claim = {}, [], None
    for segment in split(data):
        tag, *rest = segment
        if tag == "HL":
            level = {} if rest[2] == "20" else level
            claim = None
        elif tag == "CLM":
            claim = {**level, "segments": []}
            claims.append(claim)
        if claim is not None:
            claim["segments"].append(segment)
        else:
            _note_level(level, tag, rest)
    return [_make_claim(claim) for claim in claims]


def _note_level(level, tag, rest):
    """Who bills, who is insured and who was seen."""
    if tag == "SBR":
        level.update(rank=RANKS[rest[0]], filing=rest[8])
    elif tag == "REF" and rest[0] in ("EI", "SY"):
        level["tax_id"] = rest[1]
    elif tag == "NM1":
        name, number = (rest[2], rest[3] if len(rest) > 3 else ""), rest[-1]
        key = {"85": "billing", "PR": "payer", "IL": "insured", "QC": "patient"}.get(rest[0])
        if key == "insured":
            level.update(patient=name, member=number)
        elif key == "patient":
            level["patient"] = name
        elif key:
            level[key] = (rest[2], number)


def _make_claim(claim):
    segments = claim["segments"]
    _clm, number, charge, _nothing, _nor, place, *_more = segments[0]
    place, _b, frequency = place.split(":")
    starts = [position for position, segment in enumerate(segments) if segment[0] == "LX"]
    ends = [*starts[1:], len(segments)]
    head = segments[:starts[0]]
    paid_before = sum((Decimal(one[2]) for one in head if one[:2] == ["AMT", "D"]), ZERO)
    # The first F8 before the other payers' is our own reference to what is replaced.
    own = head[:next((position for position, one in enumerate(head) if one[0] == "SBR"), len(head))]
    original = next((one[2] for one in own if one[:2] == ["REF", "F8"]), "")
    return AskedClaim(
        number, frequency, original, Decimal(charge), place, claim["rank"], claim["filing"], claim["member"],
        claim["patient"], claim["payer"], claim["billing"], claim.get("tax_id", ""), paid_before,
        tuple(_make_service(segments[start:end]) for start, end in zip(starts, ends, strict=True)),
    )


def _make_service(segments):
    found = {segment[0]: segment for segment in reversed(segments)}
    _sv1, procedure, charge, _un, units, *_more = found["SV1"]
    _hc, code, *modifiers = procedure.split(":")
    control = next((segment[2] for segment in segments if segment[:2] == ["REF", "6R"]), "")
    day = next(segment for segment in segments if segment[:2] == ["DTP", "472"])[3][:8]
    return Asked(
        control, code, tuple(modifier for modifier in modifiers[:4] if modifier), Decimal(charge), units,
        datetime.datetime.strptime(day, "%Y%m%d").date(),
    )


# === ANSWERING === #


def answer(data: bytes, tell: Callable[[AskedClaim, Asked], Told], *, trace="TRACE-1", day=DAY, **values) -> bytes:
    """The 835 with which a payer answers all claims of our file.

    :param tell: what it answers about one service of a claim; what a later payer is not told of a charge it leaves to
        those who paid before (OA-23)
    :param trace: TRN02
    :param values: further values of :func:`x12_files.remittance`, such as ``provider_adjustments``
    """
    claims = read_claims(data)
    first = claims[0]
    name, identifier = first.payer
    answered = [_answer_claim(claim, tell, position, day) for position, claim in enumerate(claims, start=1)]
    return x12_files.wrap(x12_files.remittance(answered, **{
        "payer": (name, "XV", identifier), "payee": (first.billing[0], "XX", first.billing[1]),
        "npi": first.billing[1], "tax_id": first.tax_id, "trace": trace, "day": day, **values,
    }))


def _answer_claim(claim, tell, position, day):
    services = [_answer_service(claim, asked, tell(claim, asked)) for asked in claim.services]
    paid = sum((Decimal(service["paid"]) for service in services), ZERO)
    status = str(claim.rank) if paid or any(
        adjustment[0] == "PR" for service in services for adjustment in service["adjustments"]
    ) else "4"
    return x12_files.claim(
        claim.number, services, status=status, control=f"ICN-{position}", patient=claim.patient, member=claim.member,
        filing=claim.filing, facility=claim.place, frequency=claim.frequency, day=claim.services[0].day, received=day,
    )


def _answer_service(claim, asked, told):
    adjustments = [(group, code, str(amount)) for group, code, amount in told.adjustments]
    rest = asked.charge - told.paid - sum((amount for _group, _code, amount in told.adjustments), ZERO)
    if rest and claim.rank > 1:
        adjustments.append(("OA", "23", str(rest)))
    return x12_files.service(
        asked.code, str(asked.charge), str(told.paid), adjustments, modifiers=asked.modifiers, units=asked.units,
        day=asked.day, control=asked.control or None,
    )
