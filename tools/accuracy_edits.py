"""Checks of services against one another: the same one twice, pairs that exclude each other, too many units."""

from collections.abc import Iterator
from datetime import date as Date
from decimal import Decimal
from itertools import combinations

from .accuracy import Ceiling, Code, Document, Edits, Flaw, Pair, Service, Terms

# Modifiers that say that two services of a pair were apart (NCCI Policy Manual for Medicare, chapter I, section E):
# anatomy, global surgery, other.
PAIR_MODIFIERS = frozenset(
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI "
    "24 25 57 58 78 79 27 59 91 XE XS XP XU".split()
)
# CPT is level I of HCPCS (45 CFR 162.1002(a)(5)): what is published for one of these lists speaks of codes of both, and
# no code stands in both.
ONE_LIST = frozenset({"CPT", "HCPCS"})


def check_twice(document: Document, _terms: Terms, _edits: Edits) -> Iterator[Flaw]:
    """The same code with the same modifiers is asked once a day for one provider."""
    seen: dict = {}
    for service in document.services:
        first = seen.setdefault((service.label, service.provider), service)
        if first is not service:
            yield _flaw("twice", service, str(first.key), {"what": _get_text(service)})
    for service in document.services:
        other = next((o for o in document.others if (o.label, o.provider) == (service.label, service.provider)), None)
        if other:
            yield _flaw("twice_elsewhere", service, str(other.key), {
                "what": _get_text(service), "other": other.document, "date": document.date.isoformat(),
            })


def check_pairs(document: Document, _terms: Terms, edits: Edits) -> Iterator[Flaw]:
    """Of two services that exclude each other a payer pays one, unless a modifier says that they were apart."""
    if not edits.pairs:
        return
    mine = combinations(document.services, 2)
    theirs = [(service, other) for service in document.services for other in document.others]
    for service, other in (*mine, *theirs):
        found = _find_pair(service, other, edits, document.date)
        if found:
            pair, first, second = found
            yield _flaw("pair_modifier" if pair.modifier_allowed else "pair", service, str(other.key), {
                "first": first.payer_text, "second": second.payer_text, "reason": pair.reason,
                "other": other.document if other.document != service.document else "",
            })


def check_units(document: Document, _terms: Terms, edits: Edits) -> Iterator[Flaw]:
    """No more units of a code than its ceiling, in the line or on the day, whichever it speaks of."""
    seen = set()
    for service in document.services:
        ceiling = _get_ceiling(service, edits, document.date)
        if not ceiling:
            continue
        same = [service]
        if ceiling.per == "day":
            of_day = (service.payer_code.system, service.payer_code.text.upper(), service.provider)
            if of_day in seen:
                continue
            seen.add(of_day)
            same = [s for s in (*document.services, *document.others) if _is_same_code(s, service)]
        units = sum((s.units for s in same), Decimal(0))
        if units > ceiling.units:
            yield _flaw(f"units_{ceiling.per}", service, "", {
                "code": service.payer_text, "units": f"{units.normalize():f}", "max": str(ceiling.units),
            })


def _find_pair(service: Service, other: Service, edits: Edits, day: Date) -> tuple[Pair, Service, Service] | None:
    """The pair that two services make on that day and that no modifier takes apart."""
    if not (service.payer_code and other.payer_code) or service.provider != other.provider:
        return None
    for first, second in ((service, other), (other, service)):
        for pair in edits.pairs.get((first.payer_code.text.upper(), second.payer_code.text.upper()), ()):
            systems = _get_lists(first.payer_code) | _get_lists(second.payer_code)
            if pair.system not in systems or not _counts(pair, day):
                continue
            modifiers = first.payer_modifiers | second.payer_modifiers
            if not (pair.modifier_allowed and modifiers & PAIR_MODIFIERS):
                return pair, first, second
    return None


def _get_ceiling(service: Service, edits: Edits, day: Date) -> Ceiling | None:
    """The ceiling of what the payer reads; of several that count on the day, the one that began last."""
    code = service.payer_code
    if not code:
        return None
    ceilings = (
        ceiling for system in sorted(_get_lists(code))
        for ceiling in edits.ceilings.get((system, code.text.upper()), ()) if _counts(ceiling, day)
    )
    return max(ceilings, key=lambda ceiling: ceiling.date_from or Date.min, default=None)


def _is_same_code(one: Service, other: Service) -> bool:
    mine, theirs = one.payer_code, other.payer_code
    return bool(
        mine and theirs and one.provider == other.provider
        and (mine.system, mine.text.upper()) == (theirs.system, theirs.text.upper())
    )


def _get_lists(code: Code) -> frozenset[str]:
    """The lists for which something may be published that speaks of a code."""
    return ONE_LIST if code.system in ONE_LIST else frozenset({code.system})


def _counts(edit: Pair | Ceiling, day: Date) -> bool:
    return (not edit.date_from or edit.date_from <= day) and (not edit.date_to or day <= edit.date_to)


def _get_text(service: Service) -> str:
    """The code, as what the payer reads it, and modifiers; the name of a service without code."""
    if not service.code:
        return service.name
    return " ".join((service.payer_text, *(modifier.text for modifier in service.modifiers)))


def _flaw(kind: str, service: Service, place: str, facts: dict) -> Flaw:
    return Flaw(
        kind=kind, place=f"{service.key}:{place}", service=service.key, facts={"service": service.name, **facts},
    )
