"""A claim on the forms CMS-1500 (02/12): what stands in which box, how often, and what is the matter.

Boxes and their meaning follow the instructions of the National Uniform Claim Committee; what an insurer wants otherwise
is its own affair, apart from Medicare's habits (``payers``).
"""

import textwrap
from typing import NamedTuple

from ..claim_content import NOTHING, Address
from .boxes import DIAGNOSES, Entry, Problem, find_place
from .letters import (
    to_letters,
    to_name,
    to_number,
    to_phone,
    to_place,
    to_signed_name,
    to_street,
    to_zip,
)
from .page import Page
from .payers import find_programme, is_medicare
from .services import TAXONOMY, part_services, put_amount, put_services, share_paid

ON_FILE = "SIGNATURE ON FILE"
CURRENCY = "USD"
HOME = "12"
REVISIONS = {"10": "0", "9": "9"}


class Form(NamedTuple):
    """One sheet of a claim, complete in itself.

    ``number`` of ``count`` sheets; ``services``: the numbers of those on it; ``total`` and ``paid``: boxes 28 and 29 of
    this sheet, ``paid`` is ``None`` if nothing is said.
    """

    number: int
    count: int
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    services: tuple[int, ...]
    total: object
    paid: object

    def find_text(self, line: int, column: int, width: int) -> str:
        """What stands at a place, blanks included: a form read like a page of a line printer."""
        row = [" "] * (column + width + 100)
        for entry in self.entries:
            if entry.line == line:
                row[entry.column:entry.column + len(entry.text)] = entry.text
        return "".join(row[column:column + width])


def layout(content, day=None) -> list[Form]:
    """The forms of a claim.

    :param content: what the claim says
    :type content: ClaimContent
    :param day: when it is signed (box 31); ``None``: the date stays empty
    :type day: datetime.date or None
    """
    parts = part_services(content)
    shares = share_paid(content, parts)
    forms = []
    for number, ((authorization, services), paid) in enumerate(zip(parts, shares, strict=True), 1):
        page = Page()
        _put_payer(page, content)
        _put_patient(page, content)
        _put_insured(page, content)
        _put_other(page, content)
        _put_condition(page, content)
        _put_referral(page, content)
        _put_diagnoses(page, content)
        page.put("22.code", content.frequency if content.frequency != "1" else "")
        if content.frequency != "1":
            page.need("22.reference", to_letters(content.original_reference, keep="-"))
        page.put("23", to_number(authorization))
        put_services(page, content, services)
        total = sum((service.charge for service in services), NOTHING)
        _put_amounts(page, content, total, paid)
        _put_providers(page, content, day)
        forms.append(Form(
            number, len(parts), tuple(page.entries), tuple(page.problems),
            tuple(service.number for service in services), total, paid,
        ))
    return forms


def find_problems(forms) -> list[Problem]:
    """What is the matter with the forms of a claim, each thing once."""
    return list(dict.fromkeys(problem for form in forms for problem in form.problems))


# === THE UPPER HALF === #


def _put_payer(page, content):
    """The carrier block and the crosses of box 1."""
    width = find_place("carrier.1").width
    address = content.payer.address
    lines = [
        to_letters(content.payer.name, "-")[:width].strip(), to_letters(address.street, "/-"),
        to_letters(address.street2, "/-"), to_place(address),
    ]
    page.need("carrier.1", lines[0])
    # No empty lines between those of an address.
    for number, line in enumerate(filter(None, lines[1:]), 2):
        page.put(f"carrier.{number}", line)
    page.mark("1." + find_programme(content.filing, bool(content.insured.group_number)))


def _put_patient(page, content):
    page.need("1a", to_number(content.insured.member_number))
    page.need("2", to_name(content.patient, find_place("2").width))
    if content.patient_birth:
        page.put_day("3", content.patient_birth)
    else:
        page.fault("3.month", "missing")
    if content.patient_sex in ("male", "female"):
        page.mark(f"3.{content.patient_sex}")
    _put_address(page, "5", content.patient)


def _put_address(page, box, party):
    """Boxes 5 and 7."""
    address = party.address
    page.need(f"{box}.street", to_street(address, find_place(f"{box}.street").width))
    page.need(f"{box}.city", to_letters(address.city, "-"))
    page.put(f"{box}.state", to_letters(address.state))
    page.need(f"{box}.zip", to_zip(address.zip))
    area, phone = to_phone(party.phone)
    page.put(f"{box}.area", area)
    page.put(f"{box}.phone", phone)


def _put_insured(page, content):
    """Boxes 4, 6, 7 and 11: who holds the policy asked; Medicare wants to know of the one that was asked before it."""
    if is_medicare(content.filing):
        _put_insured_before_medicare(page, content)
        return
    insured = content.insured
    page.need("4", to_name(insured.party, find_place("4").width))
    page.mark(f"6.{insured.relationship}")
    _put_address(page, "7", insured.party)
    page.put("11", to_number(insured.group_number))
    _put_birth(page, insured)
    page.put("11c", to_letters(insured.plan_name, "-")[:find_place("11c").width].strip())
    page.mark("11d.yes" if content.others else "11d.no")


def _put_insured_before_medicare(page, content):
    """Nobody before Medicare: NONE in box 11, and boxes 4, 6 and 7 stay empty."""
    before = [other for other in content.others if other.rank < content.rank]
    if not before:
        page.put("11", "NONE")
        return
    insured = before[0].insured
    is_same = insured.relationship == "self"
    page.put("4", "SAME" if is_same else to_name(insured.party, find_place("4").width))
    page.mark(f"6.{insured.relationship}")
    if is_same:
        page.put("7.street", "SAME")
    else:
        _put_address(page, "7", insured.party)
    page.need("11", to_number(insured.group_number or insured.member_number))
    _put_birth(page, insured)
    page.put("11c", to_letters(insured.plan_name or before[0].payer.name, "-")[:find_place("11c").width].strip())


def _put_birth(page, insured):
    page.put_day("11a", insured.birth)
    if insured.sex in ("male", "female"):
        page.mark(f"11a.{insured.sex}")


def _put_other(page, content):
    """Boxes 9, 9a and 9d: the other insurance, the first of several; to Medicare they mean something else."""
    if not content.others or is_medicare(content.filing):
        return
    other = min(content.others, key=lambda one: one.rank)
    page.need("9", to_name(other.insured.party, find_place("9").width))
    page.need("9a", to_number(other.insured.group_number or other.insured.member_number))
    plan = to_letters(other.insured.plan_name or other.payer.name, "-")
    page.need("9d", plan[:find_place("9d").width].strip())


def _put_condition(page, content):
    """Boxes 10 and 12 to 16: accidents, signatures, days of the illness."""
    accident, dates = content.accident, content.dates
    for box, kind in (("10a", "employment"), ("10b", "auto"), ("10c", "other")):
        page.mark(f"{box}.yes" if accident.kind == kind else f"{box}.no")
    if accident.kind == "auto":
        page.need("10b.state", to_letters(accident.state))
    page.put("12", ON_FILE if content.release_signed else "")
    page.put("13", ON_FILE if content.assigns_benefits else "")
    began = [(dates.onset, "431"), (dates.last_period, "484"), (accident.date, "431")]
    told = next(((day, qualifier) for day, qualifier in began if day), None)
    if told:
        page.put_day("14", told[0])
        page.put("14.qualifier", told[1])
    # What box 14 did not say is said in box 15, which has room for one.
    others = [(accident.date, "439")] if accident.date and told[0] != accident.date else []
    others += [(dates.first_seen, "454")] if dates.first_seen else []
    others += [(dates.last_period, "484")] if dates.last_period and told[1] != "484" else []
    for day, qualifier in others[:1]:
        page.put("15.qualifier", qualifier)
        page.put_day("15", day)
    if len(others) > 1:
        page.fault("15.qualifier", "no_room", f"{others[1][0]:%m/%d/%Y}", 1)
    page.put_day("16.from", dates.unable_from)
    page.put_day("16.to", dates.unable_to)


# === THE LOWER HALF === #


def _put_referral(page, content):
    """Boxes 17 to 20: who sent the patient, stay in a hospital, notes; nothing was bought from a laboratory."""
    for qualifier, party in (("DN", content.referring), ("DQ", content.supervising)):
        if party:
            page.put("17.qualifier", qualifier)
            page.need("17", to_signed_name(party, find_place("17").width))
            page.need("17b", to_number(party.npi))
            break
    page.put_day("18.from", content.dates.admission)
    page.put_day("18.to", content.dates.discharge)
    _put_note(page, to_letters(content.remark, "-/"))
    page.mark("20.no")


def _put_note(page, note):
    """Box 19: one line of it, or two if it is long."""
    upper, lower = find_place("19.upper").width, find_place("19").width
    if len(note) <= lower:
        page.put("19", note)
        return
    first = textwrap.wrap(note, upper)[0]
    page.put("19.upper", first)
    rest = note[len(first):].strip()
    if len(rest) > lower:
        page.fault("19", "too_wide", note, upper + lower)
    page.put("19", rest[:lower])


def _put_diagnoses(page, content):
    """Box 21: up to twelve diagnoses, each at its letter, without dots."""
    revision = REVISIONS.get(content.diagnosis_system)
    if not revision:
        page.fault("21.revision", "revision", content.diagnosis_system)
    page.put("21.revision", revision)
    if not content.diagnoses:
        page.fault("21.A", "missing")
    if len(content.diagnoses) > len(DIAGNOSES):
        page.fault("21.L", "too_many", str(len(content.diagnoses)), len(DIAGNOSES))
    for diagnosis in content.diagnoses:
        if diagnosis.letter in DIAGNOSES:
            page.need(f"21.{diagnosis.letter}", to_number(diagnosis.code))


def _put_amounts(page, content, total, paid):
    """Boxes 26 to 29 of one form."""
    page.need("26", to_number(content.number))
    page.mark("27.yes" if content.accepts_assignment else "27.no")
    put_amount(page, "28", total)
    if paid is not None:
        put_amount(page, "29", paid)
    if content.currency != CURRENCY:
        page.fault("28", "currency", content.currency)
    charges = sum((service.charge for service in content.services), NOTHING)
    if charges != content.total:
        page.fault("28", "total", f"{content.total:.2f}")


def _put_providers(page, content, day):
    """Boxes 25 and 31 to 33: who asks for the money, where it was done, who signs."""
    billing = content.billing
    page.need("25", to_number(billing.tax_id))
    page.mark("25.ssn" if billing.tax_kind == "SY" else "25.ein")
    page.put("31", ON_FILE)
    page.put("31.date", f"{day:%m %d %y}" if day else "")
    place = content.facility or (billing if content.place != HOME else None)
    if place:
        _put_provider(page, "32", place)
        page.put("32a", to_number(place.npi))
    area, phone = to_phone(billing.phone)
    page.put("33.area", area)
    page.put("33.phone", phone)
    _put_provider(page, "33", billing)
    page.need("33a", to_number(billing.npi))
    if billing.taxonomy and not is_medicare(content.filing):
        page.put("33b", TAXONOMY + to_number(billing.taxonomy))


def _put_provider(page, box, party):
    """Name, street, city of a provider: the three lines of boxes 32 and 33."""
    width = find_place(f"{box}.1").width
    address = party.address or Address()
    page.need(f"{box}.1", to_signed_name(party, width))
    page.need(f"{box}.2", to_street(address, width))
    page.need(f"{box}.3", to_place(address))
