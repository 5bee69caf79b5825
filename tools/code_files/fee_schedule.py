"""Reads the physician fee schedule's relative value file (PPRRVU), as CMS publishes it.

The file is a CSV, often in a zip with other papers. Its headings are stacked: a column is called by what stands above
one another in up to five lines, the last of which begins ``HCPCS,MOD``. Words repeat from column to column, and columns
were added over the years: columns are found by the name built from all lines, never by their position. Descriptions are
the American Medical Association's and are not read.
"""

import csv
import io
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from ..fee_schedule import RelativeValues

__all__ = ["FeeFileError", "FeeRow", "Unreadable", "read_fee_schedule"]

MAX_BYTES = 200 * 1024 * 1024
MAX_HEADING_LINES = 60
STACKED_LINES = 5
LONGEST_LINE = 20_000
# As Latin-1 reads it.
BYTE_ORDER_MARK = "ï»¿"
# Longer cells above the headings are titles and terms of use.
LONGEST_HEADING = 30
FACILITY = frozenset({"FAC", "FACILITY"})
CODE = re.compile(r"[A-Z0-9]{5}")
MODIFIER = re.compile(r"[A-Z0-9]{2}")
# No relative value of a service comes near; more is a slipped column.
LARGEST_VALUE = Decimal(100_000)


class FeeFileError(ValueError):
    """The file as a whole cannot be read; the message says why.

    ``problem`` is a key for translation, ``detail`` what it is about.
    """

    def __init__(self, problem: str, detail: str = ""):
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem, self.detail = problem, detail


@dataclass(frozen=True)
class FeeRow:
    """What the schedule says of a code, alone or with a modifier (26: the professional part, TC: the technical part).

    ``status`` is the schedule's word for how it is paid (A: active); ``factor`` the conversion factor, None where the
    file has none.
    """

    line: int
    code: str
    modifier: str
    status: str
    values: RelativeValues
    factor: Decimal | None = None


@dataclass(frozen=True)
class Unreadable:
    """A line that makes no sense: its number, counted from 1, why (a key for translation) and what stands there."""

    line: int
    problem: str
    detail: str
    code: str = ""


def read_fee_schedule(file: BinaryIO) -> Iterator[FeeRow | Unreadable]:
    """The lines of a relative value file, one after the other; nothing of it is kept in memory.

    :param file: the CSV, or the zip in which it was published, opened for reading bytes
    :raise FeeFileError: it is empty, no such file, a heading is missing, no line follows the headings, or a zip is
        broken or far too big
    """
    lines = enumerate(_read_lines(_open(file)), start=1)
    columns = _find_columns(lines)
    is_cut = True
    for number, cells in lines:
        if cells is None:
            yield Unreadable(number, "broken", "")
        elif any(cells):
            yield _read_row(number, cells, columns)
        else:
            continue
        is_cut = False
    if is_cut:
        # Taken at its word, it would end every price.
        raise FeeFileError("no_codes")


def _read_lines(stream):
    """The cells of each line, None where a quotation mark has no end: it must not swallow the lines that follow."""
    # Latin-1 reads any byte; what matters is plain ASCII.
    text = io.TextIOWrapper(stream, encoding="latin-1")
    while line := text.readline(LONGEST_LINE):
        try:
            cells = next(csv.reader([line.removeprefix(BYTE_ORDER_MARK)], strict=True), [])
        except csv.Error:
            yield None
        else:
            yield [cell.strip() for cell in cells]


def _open(file):
    start = file.read(4)
    file.seek(0)
    if not start:
        raise FeeFileError("empty")
    if not start.startswith(b"PK"):
        return file
    try:
        archive = zipfile.ZipFile(file)
        if "xl/workbook.xml" in archive.namelist():
            raise FeeFileError("workbook")
        members = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
        named = [info for info in members if "RVU" in info.filename.rsplit("/", 1)[-1].upper()]
        candidates = [info for info in named if "PPRRVU" in info.filename.upper()] or named or members
        if len(candidates) != 1:
            raise FeeFileError("members", ", ".join(info.filename for info in candidates[:5]))
        if candidates[0].file_size > MAX_BYTES:
            raise FeeFileError("too_big", candidates[0].filename)
        return _Limited(archive.open(candidates[0]))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FeeFileError("broken_zip", str(error)) from error


class _Limited(io.RawIOBase):
    """A file in a zip, which may be longer than its heading says."""

    def __init__(self, member):
        super().__init__()
        self._member, self._left = member, MAX_BYTES

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            data = self._member.read(len(buffer))
        except (zipfile.BadZipFile, EOFError) as error:
            raise FeeFileError("broken_zip", str(error)) from error
        self._left -= len(data)
        if self._left < 0:
            raise FeeFileError("too_big", self._member.name)
        buffer[:len(data)] = data
        return len(data)


def _find_columns(lines):
    """{what: position of its column}, from the stacked headings."""
    above = deque(maxlen=STACKED_LINES - 1)
    for number, cells in lines:
        row = [cell.upper() for cell in cells or ()]
        if row[:2] == ["HCPCS", "MOD"]:
            return _match_columns([*above, row])
        above.append(row)
        if number == MAX_HEADING_LINES:
            break
    raise FeeFileError("no_headings")


def _match_columns(rows):
    names = [
        frozenset(re.findall(r"[A-Z]+", " ".join(
            row[position] for row in rows if position < len(row) and len(row[position]) <= LONGEST_HEADING
        )))
        for position in range(len(rows[-1]))
    ]
    wanted = {
        "status": lambda words: {"STATUS", "CODE"} <= words,
        "work": lambda words: {"WORK", "RVU"} <= words,
        "nonfacility": lambda words: {"NON", "PE", "RVU"} <= words and words & FACILITY,
        "facility": lambda words: {"PE", "RVU"} <= words and words & FACILITY and "NON" not in words,
        "malpractice": lambda words: "RVU" in words and words & {"MP", "MALPRACTICE"},
        "factor": lambda words: "FACTOR" in words and words & {"CONV", "CONVERSION"},
    }
    columns = {"code": 0, "modifier": 1}
    for what, is_meant in wanted.items():
        # While practice expenses were phased in, 2007 to 2013, what was paid is called transitioned.
        found = [position for position, words in enumerate(names) if is_meant(words)]
        found = [p for p in found if not {"FULLY", "IMPLEMENTED"} & names[p]] or found
        if found:
            columns[what] = found[0]
    if missing := {"work", "nonfacility", "facility", "malpractice"} - columns.keys():
        raise FeeFileError("no_column", ", ".join(sorted(missing)))
    return columns


def _read_row(line, cells, columns):
    """One line as a :class:`FeeRow`, or why it is none."""
    def cell(what):
        position = columns.get(what)
        return cells[position] if position is not None and position < len(cells) else ""

    code, modifier = cell("code").upper(), cell("modifier").upper()
    if not CODE.fullmatch(code):
        return Unreadable(line, "code", code[:20])
    if modifier and not MODIFIER.fullmatch(modifier):
        return Unreadable(line, "modifier", modifier[:20], code)
    if len(cells) <= max(columns[what] for what in ("work", "nonfacility", "facility", "malpractice")):
        return Unreadable(line, "cut", str(len(cells)), code)
    numbers = {}
    for what in ("work", "nonfacility", "facility", "malpractice", "factor"):
        try:
            numbers[what] = _to_number(cell(what))
        except InvalidOperation:
            return Unreadable(line, "number", cell(what)[:20], code)
    values = RelativeValues(
        numbers["work"], numbers["nonfacility"], numbers["facility"], numbers["malpractice"],
    )
    return FeeRow(line, code, modifier, cell("status").upper()[:1], values, numbers["factor"] or None)


def _to_number(text):
    """A figure of the file; NA and nothing weigh nothing."""
    if text.upper() in ("", "NA"):
        return Decimal(0)
    if not re.fullmatch(r"\d{1,9}(\.\d{0,6})?|\.\d{1,6}", text) or Decimal(text) > LARGEST_VALUE:
        raise InvalidOperation(text)
    return Decimal(text)
