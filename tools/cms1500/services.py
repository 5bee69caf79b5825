"""Box 24: which services share a form, what each line says, and what was paid of it."""

from decimal import Decimal
from itertools import groupby

from ..claim_content import NOTHING
from .boxes import DIAGNOSES, SERVICES_A_FORM
from .letters import to_letters, to_money, to_number, to_units
from .payers import is_medicare

MOST_MODIFIERS, MOST_POINTERS = 4, 4
# Of a number that is the taxonomy of a provider (24I, 33b).
TAXONOMY = "ZZ"
# Of a note in the shaded half of a line.
NARRATIVE = "ZZ"


def part_services(content) -> list[tuple[str, list]]:
    """(authorization, services) of each form of a claim: six services at most, and box 23 holds for all of them."""
    def find_authorization(service):
        return service.authorization or content.authorization

    order = list(dict.fromkeys(find_authorization(service) for service in content.services))
    services = sorted(content.services, key=lambda service: order.index(find_authorization(service)))
    parts = []
    for authorization, group in groupby(services, key=find_authorization):
        members = list(group)
        parts += [
            (authorization, members[start:start + SERVICES_A_FORM])
            for start in range(0, len(members), SERVICES_A_FORM)
        ]
    return parts or [(content.authorization, [])]


def share_paid(content, parts) -> list[Decimal | None]:
    """What was paid of each form (box 29); ``None``: nothing is known to be paid.

    What earlier payers paid stands with the services they paid it for; what was paid for no service in particular fills
    the forms in their order. Medicare wants to know what the patient paid, and reads the rest in the answers enclosed.
    """
    answered = [] if is_medicare(content.filing) else [other for other in content.others if other.is_answered]
    if not answered and not content.paid_by_patient:
        return [None] * len(parts)
    shares = [
        sum((other.services[service.number].paid for service in services for other in answered
             if service.number in other.services), NOTHING)
        for _authorization, services in parts
    ]
    rest = content.paid_by_patient + sum((other.paid for other in answered), NOTHING) - sum(shares, NOTHING)
    for number, (_authorization, services) in enumerate(parts):
        room = sum((service.charge for service in services), NOTHING) - shares[number]
        taken = min(rest, max(room, NOTHING)) if rest > 0 else rest
        shares[number] += taken
        rest -= taken
    shares[-1] += rest
    return shares


def put_services(page, content, services) -> None:
    """Up to six services into box 24."""
    letters = {diagnosis.letter for diagnosis in content.diagnoses}
    for row, service in enumerate(services):
        _put_days(page, service, row)
        number = service.number
        page.need("24B", to_number(service.place or content.place), row, number)
        page.put("24C", "Y" if service.emergency else "", row, number)
        page.need("24D", to_number(service.code), row, number)
        if len(service.modifiers) > MOST_MODIFIERS:
            page.fault("24D.4", "too_many", " ".join(service.modifiers), MOST_MODIFIERS, row, number)
        for position, modifier in enumerate(service.modifiers[:MOST_MODIFIERS], 1):
            page.put(f"24D.{position}", to_number(modifier), row, number)
        _put_pointers(page, service, letters, row)
        put_amount(page, "24F", service.charge, row, number)
        page.need("24G", to_units(service.units) if service.units > 0 else "", row, number)
        _put_renderer(page, content, service, row)
        if service.note:
            page.put("24.shaded", NARRATIVE + to_letters(service.note, keep="-"), row, number)


def put_amount(page, key, amount, row=0, service=0) -> None:
    """Dollars and cents; there is no sign on the form, and no currency but one."""
    if amount < 0:
        page.fault(key, "negative", f"{amount:.2f}", row=row, service=service)
        return
    # The widest that could be said at all: boxes differ in their room.
    width = {"24F": 8, "28": 9, "29": 8}[key]
    page.put(key, to_money(amount, width), row, service)


def _put_days(page, service, row):
    """The days of a service, the same twice if it is one."""
    first = service.date_from
    if not first:
        page.fault("24A.from_month", "missing", row=row, service=service.number)
        return
    for side, day in (("from", first), ("to", service.date_to or first)):
        page.put(f"24A.{side}_month", f"{day:%m}", row)
        page.put(f"24A.{side}_day", f"{day:%d}", row)
        page.put(f"24A.{side}_year", f"{day:%y}", row)


def _put_pointers(page, service, letters, row):
    pointers = to_number(service.pointers)
    strangers = [letter for letter in pointers if letter not in letters or letter not in DIAGNOSES]
    if strangers:
        page.fault("24E", "pointer", "".join(strangers), row=row, service=service.number)
    if len(pointers) > MOST_POINTERS:
        page.fault("24E", "too_many", pointers, MOST_POINTERS, row, service.number)
    page.need("24E", pointers[:MOST_POINTERS], row, service.number)


def _put_renderer(page, content, service, row):
    """Who rendered it: its number, and above it its specialty for those who want to know."""
    renderer = service.rendering or content.rendering or content.billing
    page.need("24J", to_number(renderer.npi), row, service.number)
    if renderer.taxonomy and not is_medicare(content.filing):
        page.put("24I.shaded", TAXONOMY, row, service.number)
        page.put("24J.shaded", to_number(renderer.taxonomy), row, service.number)
