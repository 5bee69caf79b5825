"""Professional claims as an X12 file: 837P, 005010X222A1 (the guide that 45 CFR 162.1102 adopts).

:func:`check` says what keeps one claim out of a file, :func:`write` writes a batch or refuses it as a whole.
"""

from typing import NamedTuple

from .claim837_claim import write_claim
from .claim837_envelope import MAX_CONTROL_NUMBER, VERSION, Batch, Interchange, Receiver, Submitter, write_head
from .claim837_others import FILINGS, RANKS, RELATIONSHIPS, get_group
from .page import SEGMENT, Page, Place
from .parties import write_address, write_name, write_phone, write_provider, write_tax_id, write_taxonomy
from .problems import Problem, WriteError

__all__ = [
    "MAX_CONTROL_NUMBER", "Batch", "Interchange", "Receiver", "Submitter", "WriteError", "check", "divide", "write",
]

# What the guide asks files to keep to: claims of one patient in a row, claims in one transaction (ST to SE).
MAX_CLAIMS_OF_PATIENT, MAX_CLAIMS_OF_SET = 100, 5000
SEXES = {"female": "F", "male": "M"}
# Medicare as a later payer says why it pays after somebody else (SBR05).
MEDICARE = frozenset({"MA", "MB"})
SECONDARY_REASONS = frozenset("12 13 14 15 16 41 42 43 47".split())


class Parts(NamedTuple):
    """The segments of one claim by the level they stand on, without their HL; no patient for a policy holder."""

    billing: tuple[str, ...]
    subscriber: tuple[str, ...]
    patient: tuple[str, ...]
    claim: tuple[str, ...]


# === WHAT OTHERS CALL === #


def check(claim):
    """What keeps a claim out of a file: a list of :class:`~.problems.Problem`, empty where nothing does."""
    return _write_parts(claim)[1]


def write(batch):
    """The file of a batch.

    Claims of one billing provider, policy and patient stand together; the order is theirs otherwise.

    :return: bytes, ASCII, segments ending with ``~`` and nothing else between them
    :raises WriteError: with everything that is in the way, of the envelope and of all claims
    """
    problems, written = [], []
    head = write_head(batch, problems)
    numbers = set()
    for claim in batch.claims:
        parts, of_claim = _write_parts(claim)
        written.append(parts)
        problems += of_claim
        if claim.number in numbers:
            problems.append(Problem("2300", "CLM01", "26", "twice", claim.number, claim.number))
        numbers.add(claim.number)
    if problems:
        raise WriteError(problems)
    return _assemble(batch, head, divide(written))


def divide(claims):
    """The claims of a batch, or anything in their order, by transaction: ST02 counts from the batch's set number."""
    return [claims[first:first + MAX_CLAIMS_OF_SET] for first in range(0, len(claims), MAX_CLAIMS_OF_SET)]


# === LEVELS === #


def _write_parts(claim):
    """The segments of a claim and what is wrong with it."""
    pages = {level: Page(claim.number) for level in Parts._fields}
    _write_billing(pages["billing"], claim)
    _write_subscriber(pages["subscriber"], claim)
    if not claim.is_self:
        _write_patient(pages["patient"], claim)
    write_claim(pages["claim"], claim)
    parts = Parts(*(tuple(page.segments) for page in pages.values()))
    return parts, [problem for page in pages.values() for problem in page.problems]


def _write_billing(page, claim):
    """2000A: who bills, and where money goes (2010AA, 2010AB)."""
    billing = claim.billing
    write_taxonomy(page, "BI", billing, "2000A", "33b")
    if claim.currency != "USD":
        place = Place("2000A", "CUR02")
        if not (len(claim.currency) == 3 and claim.currency.isascii() and claim.currency.isupper()):
            page.refuse(place, "currency", claim.currency)
        page.put("CUR", "85", claim.currency)
    write_provider(page, "85", billing, "2010AA", "33", "33a")
    write_address(page, billing.address, "2010AA", "33", nine=True, street_only=True)
    write_tax_id(page, billing, "2010AA", "25")
    write_phone(page, billing, "2010AA", "33")
    if claim.pay_to and claim.pay_to.address != billing.address:
        page.put("NM1", "87", "1" if billing.is_person else "2")
        write_address(page, claim.pay_to.address, "2010AB", "33")


def _write_subscriber(page, claim):
    """2000B: who holds the policy (2010BA), and who is asked (2010BB)."""
    insured = claim.insured
    page.put(
        "SBR",
        page.code(RANKS.get(claim.rank, str(claim.rank)), Place("2000B", "SBR01", "1"), RANKS.values()),
        "18" if claim.is_self else "",
        *get_group(page, insured, "2000B", "11", "11c"),
        _get_secondary_reason(page, claim),
        "", "", "",
        page.code(claim.filing, Place("2000B", "SBR09", "1"), FILINGS),
    )
    number = page.text(insured.member_number, Place("2010BA", "NM109", "1a"), 80, least=2)
    party = claim.patient if claim.is_self else insured.party
    write_name(page, "IL", party, "2010BA", "2" if claim.is_self else "4", identifier=("MI", number))
    if claim.is_self:
        write_address(page, party.address, "2010BA", "5")
        _write_person(page, claim, "2010BA")
    code = page.text(claim.payer_code, Place("2010BB", "NM109", "1"), 80, least=2)
    write_name(page, "PR", claim.payer, "2010BB", "1", is_person=False, identifier=("PI", code))
    if claim.payer.address.is_known:
        write_address(page, claim.payer.address, "2010BB", "1")


def _get_secondary_reason(page, claim):
    if claim.rank == 1 or claim.filing not in MEDICARE:
        return ""
    return page.code(claim.secondary_reason, Place("2000B", "SBR05", "11"), SECONDARY_REASONS)


def _write_patient(page, claim):
    """2000C: the patient, where somebody else holds the policy."""
    relationship = claim.insured.relationship
    relationships = {name: code for name, code in RELATIONSHIPS.items() if name != "self"}
    page.put("PAT", page.code(relationships.get(relationship, relationship), Place("2000C", "PAT01", "6"),
                              relationships.values()))
    write_name(page, "QC", claim.patient, "2010CA", "2", is_person=True)
    write_address(page, claim.patient.address, "2010CA", "5")
    _write_person(page, claim, "2010CA")


def _write_person(page, claim, loop):
    birth = page.date(claim.patient_birth, Place(loop, "DMG02", "3"))
    page.put("DMG", "D8", birth, SEXES.get(claim.patient_sex, "U"))


# === THE FILE === #


def _assemble(batch, head, sets):
    """The file: the envelope around its transactions."""
    (isa, gs), opening = head[:2], head[2:]
    interchange = batch.interchange
    group = str(interchange.group_number or interchange.control_number)
    segments = [isa, gs]
    for offset, claims in enumerate(sets):
        number = f"{interchange.set_number + offset:04d}"
        body = [f"ST*837*{number}*{VERSION}", *opening, *_arrange(claims)]
        segments += [*body, f"SE*{len(body) + 1}*{number}"]
    segments += [f"GE*{len(sets)}*{group}", f"IEA*1*{interchange.control_number:09d}"]
    return "".join(segment + SEGMENT for segment in segments).encode("ascii")


def _arrange(claims):
    """The levels of one transaction, numbered: billing provider, policy, patient, claims."""
    levels = {}
    for parts in claims:
        of_policy = levels.setdefault(parts.billing, {}).setdefault(parts.subscriber, {})
        of_policy.setdefault(parts.patient, []).append(parts.claim)
    segments, count = [], 0
    for billing, policies in levels.items():
        count += 1
        provider = count
        segments += [f"HL*{provider}**20*1", *billing]
        for subscriber, patients in policies.items():
            for policy in _get_loops(patients):
                count += 1
                subscriber_number = count
                has_patients = bool(policy[0][0])
                segments += [f"HL*{subscriber_number}*{provider}*22*{int(has_patients)}", *subscriber]
                for patient, bodies in policy:
                    if patient:
                        count += 1
                        segments += [f"HL*{count}*{subscriber_number}*23*0", *patient]
                    segments += [segment for body in bodies for segment in body]
    return segments


def _get_loops(patients):
    """The claims of one policy as lists of (patient, claims), one list for each time the policy has to be written.

    A patient with more than a hundred claims is written again; a policy holder together with the policy.
    """
    loops = [
        (patient, bodies[first:first + MAX_CLAIMS_OF_PATIENT])
        for patient, bodies in patients.items()
        for first in range(0, len(bodies), MAX_CLAIMS_OF_PATIENT)
    ]
    return [loops] if all(patient for patient, _bodies in loops) else [[loop] for loop in loops]
