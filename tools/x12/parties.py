"""Names, addresses and numbers of people and organisations in an 837P file (NM1, N3, N4, REF, PRV, PER)."""

import re

from ..npi import is_valid_npi
from .characters import to_digits
from .page import Place

# Territories that have a country code of their own, and are states to the Post Office of the United States.
TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP".split()
)
PROVINCES = frozenset("AB BC MB NB NL NS NT NU ON PE QC SK YT".split())
PO_BOX = re.compile(r"\bP\.? ?O\.? ?BOX\b|\bPOST(AL)? OFFICE BOX\b|\bLOCK ?BOX\b", re.IGNORECASE)
TAXONOMY = re.compile(r"[0-9A-Z]{9}X")


def write_name(page, entity, party, loop, box, *, is_person=None, identifier=("", "")):
    """NM1 with the name of a party, and its identifier as (qualifier, text written already)."""
    is_person = party.is_person if is_person is None else is_person
    if is_person:
        if not party.last and party.name:
            page.refuse(Place(loop, "NM103", box), "person", party.name)
        page.put(
            "NM1", entity, "1",
            page.text(party.last, Place(loop, "NM103", box), 60, required=not party.name),
            page.text(party.first, Place(loop, "NM104", box), 35, required=False),
            page.text(party.middle, Place(loop, "NM105", box), 25, required=False),
            "",
            page.text(party.suffix, Place(loop, "NM107", box), 10, required=False),
            *identifier,
        )
    else:
        page.put("NM1", entity, "2", page.text(party.name, Place(loop, "NM103", box), 60), "", "", "", "", *identifier)


def write_provider(page, entity, party, loop, box, npi_box, **options):
    """NM1 of a provider with its NPI.

    :param options: ``npi_required``, and those of :func:`write_name`
    """
    npi = get_npi(page, party, Place(loop, "NM109", npi_box), options.pop("npi_required", True))
    write_name(page, entity, party, loop, box, identifier=("XX", npi) if npi else (), **options)


def get_npi(page, party, place, required=True):
    """A provider's NPI, or a problem."""
    if not party.npi:
        return page.refuse(place, "missing", party.name) if required else ""
    return party.npi if is_valid_npi(party.npi) else page.refuse(place, "npi", party.npi)


def write_taxonomy(page, role, party, loop, box):
    """PRV with a provider's specialty, where it is known."""
    if party.taxonomy:
        code = party.taxonomy.upper()
        if not TAXONOMY.fullmatch(code):
            page.refuse(Place(loop, "PRV03", box), "taxonomy", party.taxonomy)
        page.put("PRV", role, "PXC", code)


def write_tax_id(page, party, loop, box):
    """REF with a tax number of nine digits, of an employer (EI) or a person (SY)."""
    place = Place(loop, "REF02", box)
    if not party.tax_id:
        page.refuse(place, "missing", party.name)
        return
    digits = to_digits(party.tax_id)
    if len(digits) != 9 or any(sign.isalpha() for sign in party.tax_id):
        page.refuse(place, "tax_id", party.tax_id)
    kind = page.code(party.tax_kind or "EI", Place(loop, "REF01", box), ("EI", "SY"))
    page.put("REF", kind, digits)


def write_phone(page, party, loop, box):
    """PER with a provider's telephone, where ten digits of it are known."""
    phone = to_digits(party.phone)
    phone = phone[1:] if len(phone) == 11 and phone.startswith("1") else phone
    if len(phone) == 10:
        page.put("PER", "IC", page.text(party.name, Place(loop, "PER02", box), 60), "TE", phone)


def write_address(page, address, loop, box, *, nine=False, street_only=False):
    """N3 and N4.

    :param nine: a ZIP code of the United States needs its nine digits
    :param street_only: a post office box is refused
    """
    place = Place(loop, "N301", box)
    street = page.text(address.street, place, 55)
    if street_only and PO_BOX.search(f"{address.street} {address.street2}"):
        page.refuse(place, "po_box", address.street)
    page.put("N3", street, page.text(address.street2, Place(loop, "N302", box), 55, required=False))
    page.put("N4", *_get_city(page, address, loop, box, nine))


def _get_city(page, address, loop, box, nine):
    """City, state, ZIP code and country, as the country wants them."""
    city = page.text(address.city, Place(loop, "N401", box), 30, least=2)
    country, state = (address.country or "US").upper(), address.state.upper()
    if country in TERRITORIES:
        country, state = "US", country
    if country == "US":
        return city, _get_state(page, state, STATES, Place(loop, "N402", box)), _get_zip(page, address, loop, box, nine)
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        page.refuse(Place(loop, "N404", box), "country", address.country)
    is_canada = country == "CA"
    state = _get_state(page, state, PROVINCES, Place(loop, "N402", box)) if is_canada else ""
    return city, state, page.text(
        address.zip.replace(" ", ""), Place(loop, "N403", box), 15, least=3, required=is_canada,
    ), country


def _get_state(page, state, states, place):
    if not state:
        return page.refuse(place, "missing")
    return state if state in states else page.refuse(place, "state", state)


def _get_zip(page, address, loop, box, nine):
    place = Place(loop, "N403", box)
    digits = to_digits(address.zip)
    if not address.zip.strip():
        return page.refuse(place, "missing")
    if len(digits) not in (5, 9) or any(sign.isalpha() for sign in address.zip):
        return page.refuse(place, "zip", address.zip)
    if nine and len(digits) != 9:
        return page.refuse(place, "zip_nine", address.zip)
    return digits

