"""Reading remittance advice: X12 835 (005010X221A1, and 4010 as far as it is the same), one record after the other."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from .envelope import BODY, CLOSED, FAULT, OPENED, Envelope
from .faults import X12Error
from .records import (
    HOLD,
    WARNING,
    Adjustment,
    Claim,
    Closing,
    Contact,
    Fault,
    Party,
    Payment,
    Person,
    ProviderAdjustment,
    Refused,
    Service,
    Transaction,
)
from .remittance_transaction import Record, TransactionReader


def read(file: BinaryIO) -> Iterator[Record]:
    """The records of a file, in its order.

    For each transaction: a :class:`Payment`, its claims (each followed by its faults) and provider adjustments, and at
    its end a :class:`Closing` or a :class:`Refused`. Nothing of a transaction may be posted before its closing, nothing
    at all of a refused one; what a fault of severity "hold" names waits for a person: the claim at ``Fault.claim``, or
    the whole payment. A refusal may come without a payment before it. Reading goes on with the next transaction.

    :param file: binary, read in pieces from where it stands
    :raise X12Error: it is no X12 file, before the first record; or it holds no transaction, after faults of its
        envelope
    """
    envelope = Envelope(file)
    transaction = None
    for kind, number, content in envelope:
        if kind == BODY:
            if transaction:
                yield from transaction.step(number, content)
        elif kind == FAULT:
            yield content
        elif kind == OPENED:
            transaction = TransactionReader(envelope, content) if content.set == "835" else None
            if not transaction:
                detail = {"set": content.set[:10]}
                yield Refused("other_transaction", number, detail, content.control, content.interchange)
        else:
            yield from finish(transaction, kind, number, content)
            transaction = None


def finish(transaction: TransactionReader | None, kind: int, number: int, content: Any) -> list[Record]:
    """What is said at the end of a transaction, proper or not; of one that was refused already, nothing."""
    running = transaction and not transaction.is_over
    if kind == CLOSED:
        return transaction.end(number) if running else []
    if running or content.reason == "outside":
        left = transaction.flush() if running else []
        return [*left, Refused(content.reason, number, content.detail, content.control, content.interchange)]
    return []


def read_whole(file: BinaryIO) -> tuple[list[Transaction], list[Fault]]:
    """All transactions of a file, complete, and the faults of its envelope. For files that fit into memory.

    :raise X12Error: as :func:`read`
    """
    transactions, outside = [], []
    parts: dict[str, Any] = {}
    for record in read(file):
        if isinstance(record, Payment):
            parts = {"payment": record, "claims": [], "provider_adjustments": [], "faults": []}
        elif isinstance(record, Claim):
            parts["claims"].append(record)
        elif isinstance(record, ProviderAdjustment):
            parts["provider_adjustments"].append(record)
        elif isinstance(record, Fault):
            (parts["faults"] if parts else outside).append(record)
        else:
            closing = record if isinstance(record, Closing) else None
            transactions.append(Transaction(
                parts.get("payment"), tuple(parts.get("claims", ())), tuple(parts.get("provider_adjustments", ())),
                tuple(parts.get("faults", ())), closing, None if closing else record,
            ))
            parts = {}
    return transactions, outside


__all__ = [
    "HOLD", "WARNING", "Adjustment", "Claim", "Closing", "Contact", "Fault", "Party", "Payment", "Person",
    "ProviderAdjustment", "Record", "Refused", "Service", "Transaction", "X12Error", "read", "read_whole",
]
