"""Other insurance in an 837P file and what it answered: 2320, 2330 and, per service, 2430.

Coordination of benefits balances: the charge of a service is what the earlier payer paid of it plus its adjustments
(SV102 = SVD02 + CAS), the claim what it paid plus all adjustments (CLM02 = AMT*D + CAS of 2320 and 2430).
"""

import re
from itertools import groupby

from ..claim_content import NOTHING
from .claim837_codes import get_procedure
from .page import Place, write_number
from .parties import write_address, write_name

RANKS = {1: "P", 2: "S", 3: "T"}
RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19", "other": "G8"}
# Kinds of payers (SBR09) of 005010X222A1.
FILINGS = frozenset("11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ".split())
GROUPS = ("CO", "CR", "OA", "PI", "PR")
REASON = re.compile(r"[0-9A-Z]{1,5}")
MAX_OTHERS, MAX_CAS, TRIPLETS = 10, 5, 6


def write_others(page, claim):
    """2320 and 2330 of every other insurance, in the order in which they are asked."""
    if len(claim.others) > MAX_OTHERS:
        page.refuse(Place("2320", "SBR01", "9"), "too_many", len(claim.others))
    for other in claim.others:
        _write_other(page, claim, other)


def _write_other(page, claim, other):
    insured = other.insured
    page.put(
        "SBR",
        page.code(RANKS.get(other.rank, str(other.rank)), Place("2320", "SBR01", "9"), RANKS.values()),
        page.code(RELATIONSHIPS.get(insured.relationship, insured.relationship), Place("2320", "SBR02", "9"),
                  RELATIONSHIPS.values()),
        *get_group(page, insured, "2320", "9a", "9d"),
        "", "", "", "",
        page.code(other.filing, Place("2320", "SBR09", "9"), FILINGS),
    )
    if other.is_answered:
        _write_claim_answer(page, claim, other)
    # Assignment and signature are those of the patient, given once for all (OI03, OI06).
    page.put("OI", "", "", "Y" if claim.assigns_benefits else "N", "", "", "Y" if claim.release_signed else "I")
    number = page.text(insured.member_number, Place("2330A", "NM109", "9a"), 80, least=2)
    write_name(page, "IL", insured.party, "2330A", "9", identifier=("MI", number))
    if insured.party.address.is_known:
        write_address(page, insured.party.address, "2330A", "9")
    code = page.text(other.code, Place("2330B", "NM109", "9d"), 80, least=2)
    write_name(page, "PR", other.payer, "2330B", "9d", is_person=False, identifier=("PI", code))
    if other.payer.address.is_known:
        write_address(page, other.payer.address, "2330B", "9d")
    if other.is_answered and not other.services:
        page.put("DTP", "573", "D8", page.date(other.date, Place("2330B", "DTP*573")))
    if other.control_number:
        page.put("REF", "F8", page.text(other.control_number, Place("2330B", "REF*F8"), 50))


def get_group(page, insured, loop, number_box, name_box):
    """Group number (SBR03), and the group's or plan's name where there is no number (SBR04)."""
    number = page.text(insured.group_number, Place(loop, "SBR03", number_box), 50, required=False)
    name = "" if number else page.text(
        insured.group_name or insured.plan_name, Place(loop, "SBR04", name_box), 60, required=False,
    )
    return number, name


def _write_claim_answer(page, claim, other):
    write_adjustments(page, other.adjustments, "2320")
    place = Place("2320", "AMT*D", "29")
    page.put("AMT", "D", page.amount(other.paid, place))
    adjusted = sum((one.amount for one in other.adjustments), NOTHING)
    adjusted += sum((answer.adjusted for answer in other.services.values()), NOTHING)
    if other.paid + adjusted != claim.total:
        page.refuse(place, "balance", claim.total - other.paid - adjusted)
    if not other.services:
        page.put("AMT", "EAF", page.amount(other.patient_share, Place("2320", "AMT*EAF")))


def write_answers(page, claim, service):
    """2430: what each earlier payer answered about one service."""
    for other in claim.others:
        answer = other.services.get(service.number) if other.is_answered else None
        if answer is None:
            continue
        units = write_number(answer.units, 3) or page.refuse(Place("2430", "SVD05"), "units", answer.units)
        page.put(
            "SVD",
            page.text(other.code, Place("2430", "SVD01"), 80, least=2),
            page.amount(answer.paid, Place("2430", "SVD02")),
            get_procedure(page, answer.code, answer.modifiers, "2430", "SVD03"),
            "",
            units,
        )
        if answer.paid + answer.adjusted != service.charge:
            page.refuse(Place("2430", "SVD02"), "balance", service.charge - answer.paid - answer.adjusted)
        write_adjustments(page, answer.adjustments, "2430")
        page.put("DTP", "573", "D8", page.date(answer.date or other.date, Place("2430", "DTP*573")))
        left = sum((one.amount for one in answer.adjustments if one.group == "PR"), NOTHING)
        page.put("AMT", "EAF", page.amount(max(left, NOTHING), Place("2430", "AMT*EAF")))


def write_adjustments(page, adjustments, loop):
    """CAS: the adjustments, up to six of one group in a segment."""
    place, count = Place(loop, "CAS"), 0
    ordered = sorted(adjustments, key=lambda one: one.group)
    for group, of_group in groupby(ordered, key=lambda one: one.group):
        page.code(group, Place(loop, "CAS01"), GROUPS)
        triplets = [_get_triplet(page, one, loop) for one in of_group]
        for first in range(0, len(triplets), TRIPLETS):
            count += 1
            page.put("CAS", group, *(text for triplet in triplets[first:first + TRIPLETS] for text in triplet))
    if count > MAX_CAS:
        page.refuse(place, "too_many", len(adjustments))


def _get_triplet(page, adjustment, loop):
    code = adjustment.code.upper()
    if not REASON.fullmatch(code):
        code = page.refuse(Place(loop, "CAS02"), "code", adjustment.code)
    quantity = "" if adjustment.quantity is None else page.signed(adjustment.quantity, Place(loop, "CAS04"))
    return code, page.signed(adjustment.amount, Place(loop, "CAS03")), quantity
