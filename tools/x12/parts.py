"""What the loops of an 835 have in common: elements, amounts, dates, people, contacts."""

from collections.abc import Callable
from datetime import date as Date
from decimal import Decimal
from typing import Any

from .records import HOLD, WARNING, Contact, Fault, Person
from .segments import Segments
from .values import BadValueError, to_amount, to_date, to_number

REQUIRED: Any = object()
# Reason, amount, quantity.
ADJUSTMENT_STEP = 3
# From and to of a range of dates (RD8), under the qualifiers of first and last day.
RANGES = {"472": ("150", "151")}
CHANNELS = {"TE": "phone", "FX": "fax", "EM": "email", "UR": "url"}


class BrokenError(Exception):
    """Something that touches money cannot be read: the transaction is to be refused."""

    def __init__(self, reason: str, **detail: Any):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def element(elements: list[str], index: int) -> str:
    """An element without blanks around it; empty where the segment is shorter."""
    return elements[index].strip() if len(elements) > index else ""


class Reader:
    """Reads values with the separators in force, and collects the faults of what is no money."""

    def __init__(self, segments: Segments):
        self.segments = segments
        self.faults: list[Fault] = []

    def amount(self, elements: list[str], index: int, default: Any = REQUIRED) -> Any:
        """An amount; ``default`` where it is empty.

        :raise BrokenError: ``bad_amount``
        """
        return self._number(elements, index, default, to_amount, "bad_amount")

    def quantity(self, elements: list[str], index: int, default: Decimal | None = None) -> Decimal | None:
        """A number of something; ``default`` where it is empty or no number, which moves no money."""
        return self._tolerate(elements, index, default, to_number, "bad_quantity")

    def informative(self, elements: list[str], index: int) -> Decimal | None:
        """An amount that moves no money (AMT); None where it is empty or no amount."""
        return self._tolerate(elements, index, None, to_amount, "bad_amount")

    def _tolerate(self, elements, index, default, *reading):
        try:
            return self._number(elements, index, default, *reading)
        except BrokenError as error:
            self.faults.append(Fault(WARNING, error.reason, self.segments.number, error.detail))
            return default

    def _number(self, elements, index, default, reader: Callable[[str], Decimal], reason):
        text = elements[index] if len(elements) > index else ""
        if default is not REQUIRED and (not text or text.isspace()):
            return default
        try:
            return reader(text)
        except BadValueError as error:
            raise BrokenError(reason, element=f"{elements[0][:3]}{index:02}", value=text[:30]) from error

    def date(self, number: int, elements: list[str], index: int) -> Date | None:
        """A day; one that is none is a warning."""
        text = element(elements, index)
        if not text:
            return None
        try:
            return to_date(text)
        except BadValueError:
            detail = {"element": f"{elements[0][:3]}{index:02}", "value": text[:30]}
            self.faults.append(Fault(WARNING, "bad_date", number, detail))
            return None

    def dates(self, number: int, elements: list[str]) -> dict[str, Date]:
        """DTM: the day under its qualifier; of a range, the first and the last."""
        qualifier = element(elements, 1)
        if element(elements, 5) == "RD8" and not element(elements, 2):
            days = element(elements, 6).split("-")
            names = RANGES.get(qualifier, (qualifier, f"{qualifier}-"))
            found = {
                name: self.date(number, ["DTM", *[""] * 5, day], 6)
                for name, day in zip(names, days, strict=False)
            }
        else:
            found = {qualifier: self.date(number, elements, 2)}
        return {name: day for name, day in found.items() if day}

    def split_code(self, text: str) -> tuple[str, str, tuple[str, ...]]:
        """System, code and modifiers of a procedure (SVC01, SVC06)."""
        if not text:
            return "", "", ()
        parts = [part.strip() for part in text.split(self.segments.component)]
        if len(parts) == 1:
            return "", parts[0], ()
        return parts[0], parts[1], tuple(filter(None, parts[2:6]))

    def unknown(self, number: int, elements: list[str]) -> None:
        """A segment that an 835 does not have. If its name is none, it may have been one with money."""
        name = elements[0]
        well_formed = 2 <= len(name) <= 3 and name.isascii() and name.isalnum() and name == name.upper()
        severity, reason = (WARNING, "unknown_segment") if well_formed else (HOLD, "garbled")
        self.faults.append(Fault(severity, reason, number, {"segment": name[:20]}))


def read_person(elements: list[str]) -> Person:
    """NM1: a person or an organisation."""
    return Person(*[element(elements, index) for index in (3, 4, 5, 7, 8, 9)])


def read_contact(elements: list[str]) -> Contact:
    """PER: one of each channel; the extension of a phone is put behind it."""
    found: dict[str, str] = {}
    channel = ""
    for index in (3, 5, 7):
        qualifier, value = element(elements, index), element(elements, index + 1)
        if qualifier == "EX" and channel == "phone":
            found["phone"] += f" x{value}"
            continue
        channel = CHANNELS.get(qualifier, "")
        if channel and value:
            found.setdefault(channel, value)
        else:
            channel = ""
    return Contact(function=element(elements, 1), name=element(elements, 2), **found)


def read_amounts(target: dict[str, Decimal], elements: list[str], reader: Callable) -> None:
    """AMT or QTY: the figure under its qualifier, the first of several."""
    value = reader(elements, 2)
    if value is not None:
        target.setdefault(element(elements, 1), value)
