"""Checks of codes: procedures, diagnoses and the places that point to them, modifiers."""

from collections.abc import Iterator
from datetime import date as Date

from .accuracy import Code, Document, Edits, Flaw, Service, Terms

# CMS-1500 (02/12), item 24E: as many diagnoses explain one service.
MAX_POINTERS = 4


def check_procedures(document: Document, _terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """Every service has a procedure code that the payer knows, that is in use, and that is no heading."""
    for service in document.services:
        if service.code:
            yield from _check_code(service.code, document.date, service, "procedure")
        elif document.policy and not service.told:
            yield _flaw("code_missing", service, facts={"plan": document.policy.plan})
        if service.told and service.told != service.code:
            yield from _check_code(service.told, document.date, service, "procedure")
        systems = document.policy.systems if document.policy else frozenset()
        if service.payer_code and systems and service.payer_code.system not in systems:
            yield _flaw("code_system", service, facts={
                "code": service.payer_text, "system": service.payer_code.system, "plan": document.policy.plan,
                "systems": ", ".join(sorted(systems)),
            })


def check_diagnoses(document: Document, _terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """A payer is told why; every diagnosis is in use, is no heading, and services point to one to four of them."""
    for code in document.diagnoses:
        yield from _check_code(code, document.date, None, "diagnosis")
    if document.kind == "estimate" or not document.services:
        return
    policy = document.policy
    # Of a visit that is still to come nobody knows what will be found.
    if policy and policy.asks_identity and not document.diagnoses and document.date <= document.today:
        yield Flaw(kind="diagnosis_missing", facts={"payer": policy.payer})
    for service in document.services:
        if service.pointers > MAX_POINTERS:
            yield _flaw("pointer_many", service, facts={"count": service.pointers, "max": MAX_POINTERS})
        elif policy and not service.pointers and len(document.diagnoses) > 1:
            yield _flaw("pointer_missing", service, facts={"code": document.diagnoses[0].text})


def check_modifiers(document: Document, _terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """Modifiers are in use and stand without a gap, and the one that the plan wants is there."""
    for service in document.services:
        for modifier in service.modifiers:
            yield from _check_code(modifier, document.date, service, "modifier")
        if service.has_modifier_gap:
            yield _flaw("modifier_gap", service)
        needed = {text.upper() for text in service.modifiers_needed}
        if document.policy and needed and not needed & service.payer_modifiers:
            yield _flaw("modifier_needed", service, facts={
                "plan": document.policy.plan, "modifiers": ", ".join(sorted(needed)),
            })


def _check_code(code: Code, day: Date, service: Service | None, kind: str) -> Iterator[Flaw]:
    """One code in the place where a code of ``kind`` belongs: the first thing wrong with it."""
    facts = {"code": code.text}
    place = f"{kind}:{code.system}:{code.text}"
    if code.kind != kind:
        yield _flaw("code_unknown", service, place, {**facts, "kind": kind, "is_kind": code.kind})
    elif not code.is_valid_on(day):
        yield _flaw("code_date", service, place, {**facts, "date": day.isoformat()})
    elif not code.is_billable:
        yield _flaw("code_header", service, place, facts)
    elif not code.is_active:
        yield _flaw("code_archived", service, place, facts)


def _flaw(kind: str, service: Service | None, place: str = "", facts: dict | None = None) -> Flaw:
    if service is None:
        return Flaw(kind=kind, place=place, facts=facts or {})
    facts = {"service": service.name, **(facts or {})}
    return Flaw(kind=kind, place=f"{service.key}:{place}", service=service.key, facts=facts)
