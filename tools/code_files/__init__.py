"""Reading published code files: pure, one row after the other, no database.

A format is one module with a ``FORMAT``; another one is added by one line in ``FORMATS``. The first that a file looks
like is taken.
"""

from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

from . import gem, hcpcs, icd9cm, icd10cm_codes, icd10cm_order, icd10cm_tabular, ncci_pairs, ncci_units, plain_table
from .rows import (
    BadFileError, CeilingRow, CodeRow, CrosswalkRow, Edition, Format, Head, PairRow, Unreadable,
)
from .source import list_members, open_member, read_head

FORMATS = (
    icd10cm_order.FORMAT,
    icd10cm_tabular.FORMAT,
    hcpcs.FORMAT,
    *gem.FORMATS,
    ncci_pairs.FORMAT,
    ncci_units.FORMAT,
    icd10cm_codes.FORMAT,
    *icd9cm.FORMATS,
    *plain_table.FORMATS,
)
BY_KEY = {item.key: item for item in FORMATS}


class Found(NamedTuple):
    """What a file was found to be: format, name (inside its zip), edition, setting, and the other files of the zip."""

    format: Format | None
    name: str
    edition: Edition = Edition()
    setting: str | None = None
    members: tuple = ()


def detect(file: BinaryIO, name: str, member: str | None = None) -> Found:
    """Look at a file and say what it is.

    Of a zip the file is taken that fits the first of our formats; ``member`` names another one.

    :raise BadFileError: empty, or a zip that cannot be opened or is too big
    """
    members = list_members(file)
    if not members:
        return detect_one(file, name, name)
    found = []
    for candidate in [member] if member else members:
        with open_member(file, candidate) as unpacked:
            found.append((detect_one(unpacked, candidate, name), candidate))
    ranks = {item.key: rank for rank, item in enumerate(FORMATS)}
    best, candidate = min(found, key=lambda pair: ranks.get(pair[0].format and pair[0].format.key, len(ranks)))
    return best._replace(name=candidate, members=tuple(members))


def detect_one(file, name, outer):
    """What a file outside or inside a zip is; the edition may stand in the name of either."""
    head = read_head(file, name)
    if not head.start.strip():
        raise BadFileError(1, "empty")
    form = next((item for item in FORMATS if item.looks_like(head)), None)
    if form is None:
        return Found(None, name)
    edition = form.edition(head)
    if edition == Edition():
        edition = form.edition(head._replace(name=outer))
    return Found(form, name, edition, form.setting(head))


@contextmanager
def open_rows(file: BinaryIO, form: Format, member: str | None = None):
    """The rows of a file, or of one file of a zip: typed rows and :class:`Unreadable`, one at a time.

    A file that cannot be read further ends with an :class:`Unreadable`; an empty one is one.
    """
    file.seek(0)
    if member and list_members(file):
        with open_member(file, member) as unpacked:
            yield safely(form.read(unpacked))
    else:
        check_spreadsheet(file)
        yield safely(form.read(file))


def check_spreadsheet(file):
    """A workbook is a zip, too: the same limits."""
    list_members(file)


def safely(rows):
    """Rows until the file breaks off."""
    count = 0
    try:
        for row in rows:
            count += 1
            yield row
    except BadFileError as error:
        count += 1
        yield error.unreadable
    if not count:
        yield Unreadable(1, "empty")


__all__ = [
    "BY_KEY", "FORMATS", "BadFileError", "CeilingRow", "CodeRow", "CrosswalkRow", "Edition", "Format", "Found", "Head",
    "PairRow", "Unreadable", "detect", "open_rows",
]
