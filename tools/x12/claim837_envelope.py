"""The envelope of an 837P file: who sends it to whom, when, under which numbers (ISA, GS, BHT, 1000A, 1000B)."""

import datetime
from typing import NamedTuple

from ..claim_content import ClaimContent
from .page import COMPONENT, ELEMENT, REPETITION, SEGMENT, Page, Place

VERSION = "005010X222A1"
MAX_CONTROL_NUMBER = 999999999
USAGES = {"test": "T", "production": "P"}


class Submitter(NamedTuple):
    """Who sends the file (1000A): its name, its identifier with the receiver, whom to call or write."""

    name: str
    identifier: str
    contact: str = ""
    phone: str = ""
    email: str = ""


class Receiver(NamedTuple):
    """Who reads the file (1000B): a payer or a clearinghouse, and its identifier."""

    name: str
    identifier: str


class Interchange(NamedTuple):
    """The envelope (ISA, GS, ST).

    ``control_number`` (ISA13) never repeats between the same two parties; ``group_number`` (GS06) and ``set_number``
    (ST02 of the first transaction, the following ones count on) are the same number unless they are given.
    ``at`` is the local time of sending. ``sender_code`` and ``receiver_code`` (GS02, GS03) are those of the
    interchange unless given. ``usage`` is ``production`` or ``test``.
    """

    sender_id: str
    receiver_id: str
    control_number: int
    at: datetime.datetime
    usage: str = "test"
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    sender_code: str = ""
    receiver_code: str = ""
    group_number: int = 0
    set_number: int = 1
    acknowledgement_wanted: bool = False


class Batch(NamedTuple):
    """Claims that leave in one file. ``reference`` (BHT03) is the office's name for it, up to 30 signs."""

    interchange: Interchange
    submitter: Submitter
    receiver: Receiver
    claims: tuple[ClaimContent, ...]
    reference: str = ""


def write_head(batch, problems):
    """ISA, GS and what opens each transaction after its ST: BHT, 1000A, 1000B."""
    interchange, page = batch.interchange, Page()
    _check_numbers(page, batch)
    sender = page.text(interchange.sender_id, Place("ISA", "ISA06"), 15, least=2)
    receiver = page.text(interchange.receiver_id, Place("ISA", "ISA08"), 15, least=2)
    at, usage = interchange.at, page.code(USAGES.get(interchange.usage, interchange.usage), Place("ISA", "ISA15"),
                                          USAGES.values())
    page.segments.append(ELEMENT.join((
        "ISA", "00", " " * 10, "00", " " * 10, _get_qualifier(page, interchange.sender_qualifier, "ISA05"),
        f"{sender:15}", _get_qualifier(page, interchange.receiver_qualifier, "ISA07"), f"{receiver:15}",
        f"{at:%y%m%d}", f"{at:%H%M}", REPETITION, "00501", f"{interchange.control_number:09d}",
        str(int(interchange.acknowledgement_wanted)), usage, COMPONENT,
    )))
    page.put(
        "GS", "HC", page.text(interchange.sender_code or interchange.sender_id, Place("GS", "GS02"), 15, least=2),
        page.text(interchange.receiver_code or interchange.receiver_id, Place("GS", "GS03"), 15, least=2),
        f"{at:%Y%m%d}", f"{at:%H%M}", str(interchange.group_number or interchange.control_number), "X", VERSION,
    )
    reference = page.text(batch.reference or str(interchange.control_number), Place("HEADER", "BHT03"), 30)
    page.put("BHT", "0019", "00", reference, f"{at:%Y%m%d}", f"{at:%H%M}", "CH")
    _write_submitter(page, batch.submitter)
    receiver = batch.receiver
    page.put("NM1", "40", "2", page.text(receiver.name, Place("1000B", "NM103"), 60), "", "", "", "", "46",
             page.text(receiver.identifier, Place("1000B", "NM109"), 80, least=2))
    problems += page.problems
    return page.segments


def _check_numbers(page, batch):
    interchange = batch.interchange
    for value, element, least in (
        (interchange.control_number, "ISA13", 1), (interchange.group_number, "GS06", 0),
        (interchange.set_number, "ST02", 1),
    ):
        if not least <= value <= MAX_CONTROL_NUMBER:
            page.refuse(Place(element[:-2], element), "sender", value)
    if not batch.claims:
        page.refuse(Place("2300", "CLM01"), "missing")


def _get_qualifier(page, qualifier, element):
    """What kind of number an interchange's party is known by, two letters or digits."""
    fits = len(qualifier) == 2 and qualifier.isascii() and qualifier.isalnum() and qualifier.upper() == qualifier
    return qualifier if fits else page.refuse(Place("ISA", element), "sender", qualifier)


def _write_submitter(page, submitter):
    name = page.text(submitter.name, Place("1000A", "NM103"), 60)
    identifier = page.text(submitter.identifier, Place("1000A", "NM109"), 80, least=2)
    page.put("NM1", "41", "2", name, "", "", "", "", "46", identifier)
    ways = []
    if submitter.phone:
        phone = "".join(sign for sign in submitter.phone if sign in "0123456789")
        ways += ["TE", page.text(phone, Place("1000A", "PER04"), 20)]
    if submitter.email:
        ways += ["EM", _get_email(page, submitter.email)]
    if not ways:
        page.refuse(Place("1000A", "PER04"), "missing")
    page.put("PER", "IC", page.text(submitter.contact or submitter.name, Place("1000A", "PER02"), 60), *ways)


def _get_email(page, email):
    """An address as it is: its sign belongs to X12's extended set, which every receiver reads here."""
    fits = email.isascii() and email.isprintable() and not set(email) & {ELEMENT, COMPONENT, REPETITION, SEGMENT, " "}
    return email if fits and len(email) <= 256 else page.refuse(Place("1000A", "PER04"), "sender", email)
