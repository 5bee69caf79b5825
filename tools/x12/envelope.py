"""The envelope of X12: interchange (ISA … IEA), functional group (GS … GE), transaction (ST … SE).

What is wrong with it and cannot touch money (a miscounted SE01 stands in many real files) is a warning; a transaction
that is cut off, or whose beginning is missing, is broken.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from .faults import X12Error
from .records import WARNING, Fault
from .segments import Segments

BODY, OPENED, CLOSED, BROKEN, FAULT = range(5)
CLOSERS = {"interchange": "IEA", "group": "GE", "transaction": "SE"}
SETS = {
    "835": "remittance", "999": "acknowledgement", "997": "acknowledgement", "277": "acknowledgement",
    "837": "claims", "270": "eligibility", "271": "eligibility", "276": "claim_status",
}


class Opened(NamedTuple):
    """A transaction begins. ``usage`` P or T, empty outside of an interchange; ``version`` that of the group (GS08), or
    of the transaction (ST03)."""

    set: str
    control: str
    version: str
    group: str
    interchange: str
    usage: str
    date: str
    position: int


class Broken(NamedTuple):
    """A transaction ends badly, or segments stand outside of one."""

    reason: str
    detail: dict[str, Any]
    control: str
    interchange: str


class Envelope:
    """An iterator of (kind, number, content) over a file.

    BODY: the elements of a segment of a transaction or of a TA1. OPENED: :class:`Opened`. CLOSED: the elements of SE.
    BROKEN: :class:`Broken`; what follows until the next OPENED belongs to nothing. FAULT: a fault.

    :raise X12Error: the file is no X12 file, or has no transaction and no TA1 at all
    """

    def __init__(self, file: BinaryIO):
        self.segments = Segments(file)
        self.opened: dict[str, list[str]] = {}
        self.starts: dict[str, int] = {}
        self.counts = {"interchange": 0, "group": 0}
        self.found = False
        # Segments outside of a transaction are told once.
        self.lost = False
        self.handlers = {
            "ISA": self._open_interchange, "IEA": self._close_interchange, "GS": self._open_group,
            "GE": self._close_group, "ST": self._open_transaction, "SE": self._close_transaction, "TA1": self._answer,
        }

    def __iter__(self) -> Iterator[tuple[int, int, Any]]:
        handlers, opened = self.handlers, self.opened
        number = 0
        for number, elements in self.segments:
            handler = handlers.get(elements[0])
            if handler:
                yield from handler(number, elements)
            elif "transaction" in opened:
                yield BODY, number, elements
            elif not self.lost:
                self.lost = True
                yield self._break("outside", number, {"segment": elements[0][:10]})
        yield from self._close_open(("transaction", "group", "interchange"), number)
        if not self.found and not self.lost:
            raise X12Error("no_transaction", number)

    # === OPENING === #

    def _open_interchange(self, number, elements):
        yield from self._close_open(("transaction", "group", "interchange"), number)
        if number != self.segments.header_number:
            # Nobody knows what follows: transactions count as outside of an interchange.
            yield FAULT, number, Fault(WARNING, "isa_cut_off", number)
            return
        self._open("interchange", number, elements)
        self.counts["interchange"] = 0

    def _open_group(self, number, elements):
        yield from self._close_open(("transaction", "group"), number)
        self._open("group", number, elements)
        self.counts["group"] = 0
        self.counts["interchange"] += 1

    def _open_transaction(self, number, elements):
        yield from self._close_open(("transaction",), number)
        self._open("transaction", number, elements)
        self.counts["group"] += 1
        self.found, self.lost = True, False
        if "group" not in self.opened:
            yield FAULT, number, Fault(WARNING, "no_group", number)
        yield OPENED, number, Opened(
            set=self._element("transaction", 1),
            control=self._element("transaction", 2),
            version=self._element("transaction", 3) or self._element("group", 8),
            group=self._element("group", 6),
            interchange=self._element("interchange", 13),
            usage=self._element("interchange", 15),
            date=self._element("group", 4),
            position=number,
        )

    def _open(self, level, number, elements):
        self.opened[level] = elements
        self.starts[level] = number

    def _answer(self, number, elements):
        """TA1 stands in the interchange, outside of groups."""
        self.found = True
        yield BODY, number, elements

    # === CLOSING === #

    def _close_transaction(self, number, elements):
        if "transaction" not in self.opened:
            yield self._stray(number, "SE")
            return
        counted = number - self.starts["transaction"] + 1
        yield from self._compare("transaction", number, elements, counted, 2)
        del self.opened["transaction"]
        yield CLOSED, number, elements

    def _close_group(self, number, elements):
        yield from self._close("group", ("transaction",), number, elements, 6)

    def _close_interchange(self, number, elements):
        yield from self._close("interchange", ("transaction", "group"), number, elements, 13)

    def _close(self, level, inner, number, elements, control):
        yield from self._close_open(inner, number)
        self.lost = False
        if level not in self.opened:
            yield self._stray(number, CLOSERS[level])
            return
        yield from self._compare(level, number, elements, self.counts[level], control)
        del self.opened[level]

    def _close_open(self, levels, number):
        """What should have been closed by now."""
        for level in levels:
            if level in self.opened:
                if level == "transaction":
                    yield self._break("cut_off", number, {})
                else:
                    yield FAULT, number, Fault(WARNING, "unclosed", number, {"segment": CLOSERS[level]})
                del self.opened[level]

    def _compare(self, level, number, elements, counted, control):
        """Count and control number of a closing segment."""
        segment = elements[0]
        said = elements[1].strip() if len(elements) > 1 else ""
        if not (said.isascii() and said.isdigit() and int(said[:20]) == counted):
            detail = {"segment": f"{segment}01", "said": said[:20], "counted": counted}
            yield FAULT, number, Fault(WARNING, "segment_count", number, detail)
        said = elements[2].strip() if len(elements) > 2 else ""
        expected = self._element(level, control)
        if said != expected:
            detail = {"segment": f"{segment}02", "said": said[:20], "expected": expected[:20]}
            yield FAULT, number, Fault(WARNING, "control_number", number, detail)

    # === HELPERS === #

    def _element(self, level, index):
        elements = self.opened.get(level, ())
        return elements[index].strip() if len(elements) > index else ""

    def _break(self, reason, number, detail):
        return BROKEN, number, Broken(
            reason, detail, self._element("transaction", 2), self._element("interchange", 13),
        )

    def _stray(self, number, segment):
        return FAULT, number, Fault(WARNING, "stray", number, {"segment": segment})


def detect(file: BinaryIO) -> str | None:
    """What a file is by its first transaction: ``remittance``, ``acknowledgement``, ``claims``, ``eligibility``,
    ``claim_status``; None: something else, or no X12 file. Reads from the beginning and goes back there."""
    file.seek(0)
    try:
        for kind, _number, content in Envelope(file):
            if kind == OPENED:
                return SETS.get(content.set)
            if kind == BODY:
                return "acknowledgement"
    except X12Error:
        return None
    finally:
        file.seek(0)
    return None
