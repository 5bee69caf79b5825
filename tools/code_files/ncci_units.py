"""NCCI medically unlikely edits (MUE), CSV or spreadsheet: how many units of a code are paid.

Columns behind some lines of preamble: code, value, indicator (1 line edit, 2 and 3 date of service edit), rationale.
"""

import re

from .icd import calendar_edition
from .rows import BadFileError, CeilingRow, Format, Unreadable
from .tables import read_table

CODE = re.compile(r"[0-9A-Z]{5}")
PER = {"1": "line", "2": "day", "3": "day"}
HEADING = re.compile(r"mue\s+value", re.IGNORECASE)


def read(file):
    """Ceilings; what stands before the first one is preamble."""
    started = False
    for item in read_table(file):
        if isinstance(item, Unreadable):
            yield item
            continue
        number, cells = item
        if not started:
            started = len(cells) > 1 and bool(CODE.fullmatch(cells[0]) and re.fullmatch(r"\d+", cells[1]))
            if not started:
                continue
        yield read_line(number, cells)
    if not started:
        raise BadFileError(1, "no_rows")


def read_line(number, cells):
    """One ceiling."""
    if len(cells) < 3:
        return Unreadable(number, "columns", {"count": len(cells), "expected": 3})
    code, units, indicator = cells[:3]
    if not CODE.fullmatch(code):
        return Unreadable(number, "code", {"code": code})
    if not re.fullmatch(r"\d{1,9}", units):
        return Unreadable(number, "number", {"value": units})
    if indicator[:1] not in PER:
        return Unreadable(number, "flag", {"value": indicator})
    return CeilingRow(number, code, int(units), PER[indicator[:1]], cells[3] if len(cells) > 3 else None)


def looks_like(head):
    """The heading says so; of a spreadsheet only the name can be read at a glance."""
    if head.start.startswith(b"PK"):
        return bool(re.search(r"mue", head.name, re.IGNORECASE))
    return any(HEADING.search(line) for line in head.lines[:30])


def setting(head):
    """Whose limits these are: the heading names them, or the file does."""
    words = " ".join([head.name, *(line for line in head.lines[:30] if HEADING.search(line))]).lower()
    if "outpatient" in words or "hospital" in words or "facility" in words:
        return "facility"
    return "supplier" if "dme" in words or "supplier" in words else "practitioner"


FORMAT = Format(
    key="ncci_units",
    target="ceiling",
    systems={"ceiling": "HCPCS"},
    looks_like=looks_like,
    read=read,
    edition=calendar_edition,
    setting=setting,
)
