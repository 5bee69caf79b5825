"""What the reader of acknowledgements gives: plain records. Positions are numbers of segments in the file."""

from datetime import date as Date
from decimal import Decimal
from typing import NamedTuple

ACCEPTED, REJECTED, UNKNOWN = "accepted", "rejected", "unknown"
# 277CA categories: received, forwarded, taken into adjudication, split; against those that say that nobody works on it.
ACCEPTING = frozenset({"A0", "A1", "A2", "A5"})
REJECTING = frozenset({"A3", "A4", "A6", "A7", "A8"})


class InterchangeAnswer(NamedTuple):
    """TA1. ``interchange`` our ISA13; ``status`` A accepted, E accepted with errors, R rejected; ``code`` why (TA105,
    ``syntax_codes.INTERCHANGE``)."""

    interchange: str
    date: Date | None
    status: str
    code: str
    position: int

    @property
    def verdict(self) -> str:
        """accepted, rejected or unknown."""
        return {"A": ACCEPTED, "E": ACCEPTED, "R": REJECTED}.get(self.status, UNKNOWN)


class ElementError(NamedTuple):
    """IK4 (AK4): what is wrong with which element. ``element`` counts from 1, ``component`` and ``repetition`` from 1
    or None; ``value`` as we sent it, where it is repeated."""

    element: int | None
    component: int | None
    repetition: int | None
    reference: str
    code: str
    value: str
    position: int


class SegmentError(NamedTuple):
    """IK3 (AK3): what is wrong with which segment. ``number`` counts from ST (1) in our transaction, ``context`` what
    it is about (CTX: ``CLM01:123``, …)."""

    segment: str
    number: int | None
    loop: str
    code: str
    context: tuple[str, ...]
    elements: tuple[ElementError, ...]
    position: int


class SetAnswer(NamedTuple):
    """999: one of our transactions. ``group`` our GS06, ``control`` our ST02; ``status`` A accepted, E accepted with
    errors, M, R, W, X rejected; ``codes`` why (IK502–506, ``syntax_codes.SETS``)."""

    group: str
    set: str
    control: str
    status: str
    codes: tuple[str, ...]
    errors: tuple[SegmentError, ...]
    interchange: str
    position: int

    @property
    def verdict(self) -> str:
        """accepted, rejected or unknown."""
        return verdict_of(self.status)


class GroupAnswer(NamedTuple):
    """999: one of our groups, behind its transactions. ``status`` as of :class:`SetAnswer`, and P: in part; ``codes``
    why (AK905–909, ``syntax_codes.GROUPS``)."""

    functional: str
    group: str
    version: str
    status: str
    included: int | None
    received: int | None
    accepted: int | None
    codes: tuple[str, ...]
    interchange: str
    position: int

    @property
    def verdict(self) -> str:
        """accepted, rejected, or unknown: look at its transactions."""
        return verdict_of(self.status)


class Status(NamedTuple):
    """One composite of an STC: category, status code, entity; with date, action (WQ accept, U reject), amount and text
    of its segment."""

    category: str
    code: str
    entity: str
    date: Date | None
    action: str
    amount: Decimal | None
    text: str


class ServiceAnswer(NamedTuple):
    """277CA: a line of a claim. ``control_number`` REF*FJ, our line number."""

    system: str
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal | None
    control_number: str
    statuses: tuple[Status, ...]
    position: int


class ClaimAnswer(NamedTuple):
    """277CA: one of our claims. ``claim_id`` TRN02, our number; ``control_number`` REF*1K, the payer's;
    ``clearinghouse_number`` REF*D9. ``verdict``: accepted, rejected or unknown. ``payer`` and ``provider`` are those of
    the levels above."""

    claim_id: str
    verdict: str
    control_number: str
    clearinghouse_number: str
    statuses: tuple[Status, ...]
    services: tuple[ServiceAnswer, ...]
    amount: Decimal | None
    date: Date | None
    date_from: Date | None
    date_to: Date | None
    patient_name: str
    patient_first_name: str
    member_number: str
    payer: str
    payer_id: str
    provider: str
    provider_npi: str
    references: dict[str, str]
    interchange: str
    position: int

    @property
    def text(self) -> str:
        """What the payer wrote in its own words (STC12), of claim and lines."""
        every = [*self.statuses, *(status for service in self.services for status in service.statuses)]
        return "\n".join(dict.fromkeys(status.text for status in every if status.text))


class BatchAnswer(NamedTuple):
    """277CA: a level above the claims that has a status of its own: ``level`` receiver (our whole batch) or provider.

    ``reference`` TRN02: of the receiver our BHT03. Where it is rejected, its claims are not listed below it."""

    level: str
    reference: str
    verdict: str
    statuses: tuple[Status, ...]
    name: str
    identifier: str
    accepted: int | None
    rejected: int | None
    amount_accepted: Decimal | None
    amount_rejected: Decimal | None
    interchange: str
    position: int


def verdict_of(status: str) -> str:
    """What IK501, AK501 and AK901 mean. P (in part) says it of no transaction."""
    if status in ("A", "E"):
        return ACCEPTED
    return REJECTED if status in ("M", "R", "W", "X") else UNKNOWN


def verdict_of_statuses(statuses: tuple[Status, ...]) -> str:
    """One status that rejects, rejects: the category before the action, which some payers always leave at WQ."""
    categories = {status.category for status in statuses}
    if categories & REJECTING:
        return REJECTED
    if any(status.action == "U" for status in statuses):
        return REJECTED
    return ACCEPTED if categories & ACCEPTING else UNKNOWN
