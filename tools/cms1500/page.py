"""One form being filled in: what is put into a box is checked against its room and letters."""

import re

from .boxes import Entry, Problem, find_place
from .letters import find_unknown

UNKNOWN = "?"


class Page:
    """Texts at their places, and what is the matter with them.

    Nothing that carries a meaning is cut silently: what is too wide is a problem, and the text as far as there is room
    for it is marked as wrong.
    """

    def __init__(self):
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []

    def put(self, key: str, text: str, row: int = 0, service: int = 0) -> None:
        """A text into a box; an empty one leaves it as it is.

        :param row: which service of the form, from 0 to 5; of box 24 only
        :param service: the number of that service in the claim
        """
        if not text:
            return
        place, box = find_place(key, row), name_of(key)
        is_wrong = False
        if len(text) > place.width:
            self.tell(Problem(box, "too_wide", text, place.width, service))
            text, is_wrong = text[:place.width], True
        if unknown := find_unknown(text):
            self.tell(Problem(box, "letters", text, 0, service))
            text, is_wrong = re.sub(f"[{re.escape(unknown)}]", UNKNOWN, text), True
        if place.is_right:
            text = text.rjust(place.width)
        self._add(box, text, place, is_wrong)

    def need(self, key: str, text: str, row: int = 0, service: int = 0) -> None:
        """A text into a box that must not stay empty."""
        if text:
            self.put(key, text, row, service)
        else:
            self.fault(key, "missing", row=row, service=service)

    def fault(self, key: str, reason: str, value: str = "", room: int = 0, row: int = 0, service: int = 0) -> None:
        """Something is the matter with a box: its place is marked, whatever stands there."""
        box = name_of(key)
        self.tell(Problem(box, reason, value, room, service))
        self._add(box, "", find_place(key, row), is_wrong=True)

    def mark(self, key: str) -> None:
        """Cross one of the small boxes."""
        self.put(key, "X")

    def put_day(self, box: str, day) -> None:
        """A date in three parts, the year with four digits; none leaves the box empty."""
        if day:
            self.put(f"{box}.month", f"{day:%m}")
            self.put(f"{box}.day", f"{day:%d}")
            self.put(f"{box}.year", f"{day.year:04}")

    def tell(self, problem: Problem) -> None:
        """Note what is the matter, once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def _add(self, box, text, place, is_wrong):
        self.entries.append(Entry(box, text, place.line, place.column, place.width, is_wrong))


def name_of(key: str) -> str:
    """The number of the box that a key of :data:`boxes.PLACES` belongs to."""
    return key.split(".", maxsplit=1)[0]
