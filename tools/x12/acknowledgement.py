"""Reading what comes back for files that we sent: TA1, 999 (and its forerunner 997), 277CA.

TA1 answers an interchange, 999 the groups and transactions in it (is it well-formed?), 277CA every claim (was it taken
into adjudication?). What each record says holds by itself, also where the file breaks off behind it.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from .answers import (
    ACCEPTED,
    REJECTED,
    UNKNOWN,
    BatchAnswer,
    ClaimAnswer,
    ElementError,
    GroupAnswer,
    InterchangeAnswer,
    SegmentError,
    ServiceAnswer,
    SetAnswer,
    Status,
)
from .claim_answers import ClaimAnswerReader
from .envelope import BODY, CLOSED, FAULT, OPENED, Envelope
from .faults import X12Error
from .parts import Reader, element
from .records import Fault, Refused
from .set_answers import SetAnswerReader

Record = InterchangeAnswer | GroupAnswer | SetAnswer | BatchAnswer | ClaimAnswer | Refused | Fault
READERS = {"999": SetAnswerReader, "997": SetAnswerReader, "277": ClaimAnswerReader}


def read(file: BinaryIO) -> Iterator[Record]:
    """The answers of a file, in its order; :class:`Refused` where one of its transactions breaks off (without what was
    not complete) or is of another kind. Reading goes on with the next.

    :param file: binary, read in pieces from where it stands
    :raise X12Error: it is no X12 file, before the first record; or it holds no transaction and no TA1
    """
    envelope = Envelope(file)
    values = Reader(envelope.segments)
    transaction = None
    for kind, number, content in envelope:
        if kind == BODY:
            yield from take(values, transaction, number, content)
        elif kind == FAULT:
            yield content
        elif kind == OPENED:
            transaction = READERS[content.set](values, content) if content.set in READERS else None
            if not transaction:
                detail = {"set": content.set[:10]}
                yield Refused("other_transaction", number, detail, content.control, content.interchange)
        else:
            yield from finish(transaction, kind, number, content)
            transaction = None
        if values.faults:
            yield from values.faults
            values.faults = []


def take(values: Reader, transaction: Any, number: int, elements: list[str]) -> list[Record]:
    """What becomes complete by one segment."""
    if elements[0] == "TA1":
        return [read_interchange_answer(values, number, elements)]
    if not transaction:
        return []
    transaction.take(number, elements)
    records, transaction.records = transaction.records, []
    return records


def finish(transaction: Any, kind: int, number: int, content: Any) -> list[Record]:
    """What is left at the end of a transaction, or that it is no proper end."""
    if kind == CLOSED:
        return transaction.end() if transaction else []
    if transaction or content.reason == "outside":
        return [Refused(content.reason, number, content.detail, content.control, content.interchange)]
    return []


def read_interchange_answer(values: Reader, number: int, elements: list[str]) -> InterchangeAnswer:
    """TA1: what became of a whole interchange of ours."""
    return InterchangeAnswer(
        element(elements, 1), values.date(number, elements, 2), element(elements, 4), element(elements, 5), number,
    )


__all__ = [
    "ACCEPTED", "REJECTED", "UNKNOWN", "BatchAnswer", "ClaimAnswer", "ElementError", "Fault",
    "GroupAnswer", "InterchangeAnswer", "Refused", "SegmentError", "ServiceAnswer", "SetAnswer", "Status", "X12Error",
    "read",
]
