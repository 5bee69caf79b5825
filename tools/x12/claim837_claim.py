"""The claim itself in an 837P file: 2300 with its providers (2310) and services (2400)."""

import re

from ..claim_content import NOTHING
from .characters import to_basic
from .claim837_codes import get_place, get_procedure
from .claim837_others import write_answers, write_others
from .page import Place
from .parties import STATES, write_address, write_provider, write_taxonomy

MAX_DIAGNOSES, MAX_SERVICES, MAX_POINTERS = 12, 50, 4
MAX_NUMBER, MAX_CONTROL, MAX_NOTE = 20, 30, 80
FREQUENCIES = ("1", "6", "7", "8")
ACCIDENTS = {"auto": "AA", "employment": "EM", "other": "OA"}
DIAGNOSES = {
    "10": ("ABK", "ABF", re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")),
    "9": ("BK", "BF", re.compile(r"[0-9VE][0-9]{2,4}")),
}
# Codes that stand for anything: payers want words with them (SV101-7).
UNLISTED = frozenset({"J3490", "J3590", "C9399", "A9270"})


def write_claim(page, claim):
    """2300 to 2430 of one claim."""
    _write_facts(page, claim)
    _write_dates(page, claim)
    if claim.paid_by_patient:
        page.put("AMT", "F5", page.amount(claim.paid_by_patient, Place("2300", "AMT*F5", "29")))
    _write_references(page, claim)
    note = page.text(claim.remark, Place("2300", "NTE02", "19"), MAX_NOTE, required=False)
    if note:
        page.put("NTE", "ADD", note)
    _write_diagnoses(page, claim)
    _write_providers(page, claim)
    write_others(page, claim)
    _write_services(page, claim)


def _write_facts(page, claim):
    number = claim.number
    if not number:
        page.refuse(Place("2300", "CLM01", "26"), "missing")
    elif number != to_basic(number):
        page.refuse(Place("2300", "CLM01", "26"), "number", number)
    elif len(number) > MAX_NUMBER:
        page.refuse(Place("2300", "CLM01", "26"), "too_long", number)
    if claim.total != sum((service.charge or NOTHING for service in claim.services), NOTHING):
        page.refuse(Place("2300", "CLM02", "28"), "total", claim.total)
    frequency = page.code(claim.frequency, Place("2300", "CLM05-3", "22"), FREQUENCIES)
    page.put(
        "CLM", number, page.amount(claim.total, Place("2300", "CLM02", "28")), "", "",
        (get_place(page, claim.place, Place("2300", "CLM05-1", "24B")), "B", frequency),
        "Y",
        "A" if claim.accepts_assignment else "C",
        "Y" if claim.assigns_benefits else "N",
        "Y" if claim.release_signed else "I",
        "",
        _get_accident(page, claim),
    )


def _get_accident(page, claim):
    accident = claim.accident
    if not accident.kind:
        return ""
    kind = page.code(ACCIDENTS.get(accident.kind, accident.kind), Place("2300", "CLM11", "10"), ACCIDENTS.values())
    state = ""
    if accident.kind == "auto":
        place = Place("2300", "CLM11-4", "10b")
        state = accident.state.upper()
        if not state:
            page.refuse(place, "missing")
        elif state not in STATES:
            state = page.refuse(place, "state", accident.state)
    return kind, "", "", state


def _write_dates(page, claim):
    dates, first = claim.dates, min((s.date_from for s in claim.services if s.date_from), default=None)
    # The day of the visit itself is no news (TR3: “different from the date of service”).
    _put_date(page, "431", dates.onset if dates.onset != first else None, "14")
    _put_date(page, "454", dates.first_seen if dates.first_seen != first else None, "15")
    if claim.accident.kind:
        page.put("DTP", "439", "D8", page.date(claim.accident.date, Place("2300", "DTP*439", "14")))
    _put_date(page, "484", dates.last_period, "14")
    if dates.unable_from and dates.unable_to:
        begin = page.date(dates.unable_from, Place("2300", "DTP*314", "16"))
        end = page.date(dates.unable_to, Place("2300", "DTP*314", "16"))
        if dates.unable_to < dates.unable_from:
            page.refuse(Place("2300", "DTP*314", "16"), "order", dates.unable_to)
        page.put("DTP", "314", "RD8", f"{begin}-{end}")
    else:
        _put_date(page, "360", dates.unable_from, "16")
        _put_date(page, "361", dates.unable_to, "16")
    _put_date(page, "435", dates.admission, "18")
    _put_date(page, "096", dates.discharge, "18")


def _put_date(page, qualifier, value, box):
    if value is not None:
        page.put("DTP", qualifier, "D8", page.date(value, Place("2300", f"DTP*{qualifier}", box)))


def _write_references(page, claim):
    authorization = page.text(claim.authorization, Place("2300", "REF*G1", "23"), 50, required=False)
    if authorization:
        page.put("REF", "G1", authorization)
    # A claim that replaces or takes back another names it as the payer knows it.
    wanted = claim.frequency in ("7", "8")
    original = page.text(claim.original_reference, Place("2300", "REF*F8", "22"), 50, required=wanted)
    if original:
        page.put("REF", "F8", original)


def _write_diagnoses(page, claim):
    place = Place("2300", "HI", "21")
    first, other, pattern = DIAGNOSES.get(claim.diagnosis_system, DIAGNOSES["10"])
    if claim.diagnosis_system not in DIAGNOSES:
        page.refuse(place, "code", claim.diagnosis_system)
    if not claim.diagnoses:
        page.refuse(place, "missing")
    if len(claim.diagnoses) > MAX_DIAGNOSES:
        page.refuse(place, "too_many", len(claim.diagnoses))
    codes = [_get_diagnosis(page, diagnosis, pattern) for diagnosis in claim.diagnoses[:MAX_DIAGNOSES]]
    for code in {code for code in codes if code and codes.count(code) > 1}:
        page.refuse(place, "twice", code)
    page.put("HI", *((other if number else first, code) for number, code in enumerate(codes)))


def _get_diagnosis(page, diagnosis, pattern):
    place = Place("2300", "HI", f"21{diagnosis.letter}")
    code = diagnosis.code.replace(".", "").strip().upper()
    if not code:
        return page.refuse(place, "missing")
    return code if pattern.fullmatch(code) else page.refuse(place, "diagnosis", diagnosis.code)


def _write_providers(page, claim):
    if claim.referring:
        write_provider(page, "DN", claim.referring, "2310A", "17", "17b", is_person=True, npi_required=False)
    if claim.rendering and not is_same(claim.rendering, claim.billing):
        write_provider(page, "82", claim.rendering, "2310B", "31", "24J")
        write_taxonomy(page, "PE", claim.rendering, "2310B", "24J")
    facility = claim.facility
    if facility and facility.address != claim.billing.address:
        write_provider(page, "77", facility, "2310C", "32", "32a", is_person=False, npi_required=False)
        write_address(page, facility.address, "2310C", "32", nine=True)
    if claim.supervising:
        write_provider(page, "DQ", claim.supervising, "2310D", "17", "17b", is_person=True, npi_required=False)


def is_same(party, other):
    """Whether two providers are one and the same, by their NPI."""
    return bool(party.npi) and party.npi == other.npi


# === SERVICES === #


def _write_services(page, claim):
    place = Place("2400", "LX01", "24")
    if not claim.services:
        page.refuse(place, "missing")
    if len(claim.services) > MAX_SERVICES:
        page.refuse(place, "too_many", len(claim.services))
    numbers = {diagnosis.letter: str(number) for number, diagnosis in enumerate(claim.diagnoses, start=1)}
    for number, service in enumerate(claim.services, start=1):
        page.service = number
        page.put("LX", str(number))
        _write_service(page, claim, service, numbers)
        _write_service_details(page, claim, service)
        write_answers(page, claim, service)
    page.service = 0


def _write_service(page, claim, service, numbers):
    own_place = service.place and service.place != claim.place
    page.put(
        "SV1",
        get_procedure(page, service.code, service.modifiers, "2400", "SV101", _get_words(page, service)),
        page.amount(service.charge, Place("2400", "SV102", "24F")),
        "UN",
        page.units(service.units, Place("2400", "SV104", "24G")),
        get_place(page, service.place, Place("2400", "SV105", "24B")) if own_place else "",
        "",
        _get_pointers(page, service, numbers),
        "",
        "Y" if service.emergency else "",
    )


def _get_words(page, service):
    code = service.code.upper()
    if not (code.endswith("99") or code in UNLISTED):
        return ""
    return page.text(service.description, Place("2400", "SV101-7", "24"), 80, required=False)


def _get_pointers(page, service, numbers):
    place = Place("2400", "SV107", "24E")
    if not service.pointers:
        return page.refuse(place, "missing")
    if len(service.pointers) > MAX_POINTERS:
        page.refuse(place, "too_many", len(service.pointers))
    return tuple(
        numbers.get(letter) or page.refuse(place, "pointer", letter) for letter in service.pointers[:MAX_POINTERS]
    )


def _write_service_details(page, claim, service):
    begin = page.date(service.date_from, Place("2400", "DTP*472", "24A"))
    end = service.date_to or service.date_from
    if end and service.date_from and end != service.date_from:
        if end < service.date_from:
            page.refuse(Place("2400", "DTP*472", "24A"), "order", end)
        page.put("DTP", "472", "RD8", f"{begin}-{page.date(end, Place('2400', 'DTP*472', '24A'))}")
    else:
        page.put("DTP", "472", "D8", begin)
    if service.authorization and service.authorization != claim.authorization:
        page.put("REF", "G1", page.text(service.authorization, Place("2400", "REF*G1", "23"), 50))
    if service.control_number:
        page.put("REF", "6R", page.text(service.control_number, Place("2400", "REF*6R"), MAX_CONTROL))
    if service.tax:
        page.put("AMT", "T", page.amount(service.tax, Place("2400", "AMT*T")))
    if service.note:
        page.put("NTE", "ADD", page.text(service.note, Place("2400", "NTE02", "24"), MAX_NOTE))
    rendering = service.rendering
    if rendering and not is_same(rendering, claim.rendering or claim.billing):
        write_provider(page, "82", rendering, "2420A", "24J", "24J")
        write_taxonomy(page, "PE", rendering, "2420A", "24J")
