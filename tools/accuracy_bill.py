"""Checks of what a bill asks and of whom: content, sums, prices, insurance, deadlines, who was treated and by whom."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from .accuracy import Document, Edits, Flaw, Person, Service, Terms
from .money import round_half_up
from .npi import is_valid_npi

# Nobody was ever known to live longer (Jeanne Calment, 122 years).
MAX_AGE = 123
# Letters and digits, between them single blanks or hyphens: X12 005010 NM109 has room for 80, cards for less.
MEMBER_NUMBER = re.compile(r"[^\W_]+(?:[ \-/.][^\W_]+)*")
MEMBER_NUMBER_LENGTHS = range(2, 31)
# Half a coin is what rounding may add or take, whichever way the half itself was rounded.
ROUNDING = Decimal("0.501")


def check_content(document: Document, _terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """There is something to bill."""
    if document.kind == "claim":
        return
    if not document.services:
        yield Flaw(kind="no_services")
    elif document.total <= 0:
        yield Flaw(kind="nothing_to_bill", facts={"amount": str(document.total)})


def check_totals(document: Document, _terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """Units times price less discount is the charge of a service, and the services add up to the whole."""
    if document.kind != "claim":
        for service in document.services:
            exact = service.units * service.price * (1 - service.discount / 100)
            if abs(exact - service.amount) > document.unit * ROUNDING:
                right = round_half_up(exact, document.unit)
                yield Flaw(
                    kind="total_service", place=str(service.key), service=service.key,
                    facts={"service": service.name, "amount": str(service.amount), "amount_right": str(right)},
                )
    if abs(document.total - document.total_of_services) >= document.unit:
        yield Flaw(kind="total", facts={
            "amount": str(document.total), "amount_right": str(document.total_of_services),
        })


def check_prices(document: Document, terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """No service is free by mistake, and none is further from the price list than the office tolerates."""
    if document.kind == "claim":
        return
    for service in document.services:
        facts = {"service": service.name}
        if service.amount == 0:
            yield Flaw(kind="price_zero", place=str(service.key), service=service.key, facts=facts)
        elif service.expected is not None and _is_off(service, terms.price_tolerance):
            yield Flaw(kind="price_off", place=str(service.key), service=service.key, facts={
                **facts, "amount": str(service.price), "amount_right": str(service.expected),
            })


def check_insurance(document: Document, terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """The coverage is in force and confirmed, and there is time to file the claim."""
    policy = document.policy
    if document.kind == "estimate":
        return
    if not policy:
        if document.lost:
            plan, last_day = document.lost
            yield Flaw(kind="coverage_none", facts={
                "plan": plan, "date": document.date.isoformat(), "date_last": last_day and last_day.isoformat(),
            })
        return
    facts = {"plan": policy.plan}
    if not policy.is_in_force:
        yield Flaw(kind="coverage_ended", facts={**facts, "date": document.date.isoformat()})
    elif policy.verification == "problem":
        yield Flaw(kind="eligibility_problem", facts={
            **facts, "answer": policy.answer, "date": policy.verified_on and policy.verified_on.isoformat(),
        })
    elif policy.verification == "unverified" and document.kind == "visit":
        yield Flaw(kind="eligibility_old", facts={**facts, "date": document.date.isoformat()})
    if policy.deadline:
        facts = {**facts, "date": policy.deadline.isoformat()}
        if policy.deadline < document.today:
            yield Flaw(kind="filing_past", facts=facts)
        elif policy.deadline <= document.today + timedelta(days=terms.filing_days):
            yield Flaw(kind="filing_near", facts=facts)


def check_people(document: Document, terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """Who was treated, who is insured and who treated them, as payers want to be told (CMS-1500 02/12, items 1a, 3, 5,
    7, 11a, 24J and 33a)."""
    policy = document.policy
    if not policy or not policy.asks_identity or document.kind == "estimate":
        return
    if terms.wants_npi:
        yield from _check_npi(document)
    if not MEMBER_NUMBER.fullmatch(policy.member_number) or len(policy.member_number) not in MEMBER_NUMBER_LENGTHS:
        yield Flaw(kind="member_number", facts={"plan": policy.plan, "number": policy.member_number})
    people = {"patient": document.patient}
    if policy.subscriber and policy.subscriber != document.patient:
        people["subscriber"] = policy.subscriber
    for role, person in people.items():
        if person:
            yield from _check_person(person, role, document, policy.payer)


def _check_npi(document: Document) -> Iterator[Flaw]:
    if not document.provider:
        yield Flaw(kind="provider_missing", facts={"payer": document.policy.payer})
    elif not document.npi:
        yield Flaw(kind="npi_missing", facts={"provider": document.provider, "payer": document.policy.payer})
    elif not is_valid_npi(document.npi):
        yield Flaw(kind="npi_wrong", facts={"provider": document.provider, "npi": document.npi})
    if not document.office_npi:
        yield Flaw(kind="npi_office", facts={"office": document.office})


def _check_person(person: Person, role: str, document: Document, payer: str) -> Iterator[Flaw]:
    facts = {"person": person.name}
    born = person.birth_date
    if not born:
        yield Flaw(kind="birth_date_missing", place=role, facts={**facts, "payer": payer})
    elif born > document.date or document.date.year - born.year > MAX_AGE:
        yield Flaw(kind="birth_date_wrong", place=role, facts={
            **facts, "date": born.isoformat(), "date_service": document.date.isoformat(),
        })
    if person.address_missing:
        yield Flaw(kind="address_missing", place=role, facts={**facts, "missing": list(person.address_missing)})


def _is_off(service: Service, tolerance: Decimal) -> bool:
    """Whether the price differs from the expected one by more than the share that is tolerated."""
    return abs(service.price - service.expected) > abs(service.expected) * tolerance
