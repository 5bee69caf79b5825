"""What the readers of code files hand over: one typed row per code, pair, ceiling or crosswalk, or what is wrong."""

from collections.abc import Callable, Iterator
from datetime import date as Date
from typing import Any, BinaryIO, NamedTuple


class CodeRow(NamedTuple):
    """One code of a published list. None: the file does not say, so what is on file stays.

    A ``parent`` of "" says that there is none.
    """

    line: int
    code: str
    name: str | None = None
    description: str | None = None
    kind: str | None = None
    is_billable: bool | None = None
    parent: str | None = None
    date_from: Date | None = None
    date_to: Date | None = None


class PairRow(NamedTuple):
    """Two codes of which the second is not paid beside the first (NCCI procedure-to-procedure edit)."""

    line: int
    code_1: str
    code_2: str
    date_from: Date | None = None
    date_to: Date | None = None
    modifier_allowed: bool = False
    reason: str | None = None


class CeilingRow(NamedTuple):
    """How many units of a code are paid on one line or one day (NCCI medically unlikely edit)."""

    line: int
    code: str
    units: int
    per: str
    reason: str | None = None


class CrosswalkRow(NamedTuple):
    """What an old code is called in a newer list, with the flags of the general equivalence mappings."""

    line: int
    code_from: str
    code_to: str | None
    is_approximate: bool = False
    is_no_map: bool = False
    is_combination: bool = False
    scenario: int = 0
    choice: int = 0


class Unreadable(NamedTuple):
    """A line that cannot be meant: its number, a word for the reason, and the values that the sentence names."""

    line: int
    reason: str
    about: dict[str, Any] = {}


class BadFileError(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, line: int, reason: str, **about: Any):
        super().__init__(f"line {line}: {reason} {about}")
        self.unreadable = Unreadable(line, reason, about)


class Head(NamedTuple):
    """The beginning of a file, by which its format is told: name, first bytes, first lines."""

    name: str
    start: bytes
    lines: list[str]


class Edition(NamedTuple):
    """Which edition of a list a file is, as far as its name says, and the first day on which it counts."""

    name: str | None = None
    date_from: Date | None = None


class Format(NamedTuple):
    """One layout that files come in.

    ``target`` is what its rows become (code, pair, ceiling, crosswalk), ``systems`` the short key of the code system
    for each kind of row (none: the one that the office chooses). ``looks_like`` tells the format from a
    :class:`Head`, ``read`` yields rows and :class:`Unreadable`, ``edition`` reads the edition from the file's name,
    ``setting`` whose limits they are. ``is_complete``: codes that a newer edition does not name any more have ended.
    ``covers``: "all" codes of the list, or the "billable" ones only.
    """

    key: str
    target: str
    systems: dict[str, str]
    looks_like: Callable[[Head], bool]
    read: Callable[[BinaryIO], Iterator[Any]]
    edition: Callable[[Head], Edition] = lambda _head: Edition()
    is_complete: bool = True
    covers: str = "all"
    setting: Callable[[Head], str | None] = lambda _head: None
