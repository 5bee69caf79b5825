"""Writing segments, and noting what does not fit instead of writing it."""

import datetime
from decimal import Decimal
from typing import NamedTuple

from .characters import to_basic
from .problems import Problem

ELEMENT, COMPONENT, REPETITION, SEGMENT = "*", ":", "^", "~"
MOST_DIGITS = 10


class Place(NamedTuple):
    """Where something stands: loop and element of the 837P, box of the CMS-1500."""

    loop: str
    element: str
    box: str = ""


class Page:
    """The segments of one part of a file, and the problems met in writing them.

    :param claim: the number of the claim that is written, for its problems
    """

    def __init__(self, claim=""):
        """Begin with nothing."""
        self.claim = claim
        self.service = 0
        self.segments = []
        self.problems = []

    # === SEGMENTS === #

    def put(self, *elements):
        """Write a segment: its name and elements; a tuple is a composite; what is empty at the end is left out."""
        texts = [self._join(element) if isinstance(element, tuple) else element or "" for element in elements]
        self.segments.append(self._strip(texts, ELEMENT))

    @classmethod
    def _join(cls, components):
        return cls._strip([component or "" for component in components], COMPONENT)

    @staticmethod
    def _strip(texts, separator):
        return separator.join(texts).rstrip(separator)

    # === PROBLEMS === #

    def refuse(self, place, reason, value=""):
        """Note that something does not fit; gives an empty text in its stead."""
        self.problems.append(Problem(*place, reason, str(value), self.claim, self.service))
        return ""

    def text(self, value, place, most, least=1, required=True):
        """A text in the characters of the file, from ``least`` to ``most`` of them."""
        value = value or ""
        plain = to_basic(value)
        if not plain:
            if value.strip():
                return self.refuse(place, "characters", value)
            return self.refuse(place, "missing") if required else ""
        if len(plain) > most:
            return self.refuse(place, "too_long", value)
        if len(plain) < least:
            return self.refuse(place, "too_short", value)
        return plain

    def code(self, value, place, codes, required=True):
        """One of these codes."""
        if not value:
            return self.refuse(place, "missing") if required else ""
        return value if value in codes else self.refuse(place, "code", value)

    def date(self, value, place, required=True):
        """A day as CCYYMMDD."""
        if value is None:
            return self.refuse(place, "missing") if required else ""
        if not isinstance(value, datetime.date) or value.year < 1900:
            return self.refuse(place, "date", value)
        return f"{value:%Y%m%d}"

    def amount(self, value, place):
        """An amount of money, not negative, without zeros at its end."""
        if value is None:
            return self.refuse(place, "missing")
        return write_number(value, 2) or self.refuse(place, "amount", value)

    def signed(self, value, place):
        """An amount of money of either sign."""
        text = write_number(abs(value), 2)
        if not text:
            return self.refuse(place, "amount", value)
        return f"-{text}" if value < 0 else text

    def units(self, value, place, most=3):
        """How many, more than zero, with at most three decimals."""
        if value is None:
            return self.refuse(place, "missing")
        text = write_number(value, most) if value else ""
        return text or self.refuse(place, "units", value)


def write_number(value, decimals):
    """A number that is not negative without zeros at its end; empty where it does not fit.

    >>> write_number(Decimal("120.50"), 2), write_number(Decimal("0.005"), 2), write_number(Decimal("500.00"), 2)
    ('120.5', '', '500')
    """
    value = Decimal(value)
    if not value.is_finite() or value < 0 or value >= 10 ** MOST_DIGITS or value != round(value, decimals):
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
