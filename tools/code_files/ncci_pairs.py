"""NCCI procedure-to-procedure edits, text or spreadsheet: two codes of which the second is not paid beside the first.

Columns behind some lines of preamble: column 1, column 2, ``*`` if before 1996, effective date, deletion date (``*`` =
still counts), modifier indicator (0 never, 1 with a modifier, 9 deleted from its first day), rationale.
"""

import re

from .icd import calendar_edition
from .lines import to_date
from .rows import BadFileError, Format, PairRow, Unreadable
from .tables import read_table

CODE = re.compile(r"[0-9A-Z]{5}")
COLUMNS = 6
OPEN = "*"


def read(file):
    """Pairs; what stands before the first one is preamble."""
    started = False
    for item in read_table(file):
        if isinstance(item, Unreadable):
            yield item
            continue
        number, cells = item
        if not started:
            started = len(cells) > 1 and bool(CODE.fullmatch(cells[0]) and CODE.fullmatch(cells[1]))
            if not started:
                continue
        yield read_line(number, cells)
    if not started:
        raise BadFileError(1, "no_rows")


def read_line(number, cells):
    """One pair."""
    if len(cells) < COLUMNS:
        return Unreadable(number, "columns", {"count": len(cells), "expected": COLUMNS})
    code_1, code_2, _before, first, last, indicator = cells[:COLUMNS]
    for code in (code_1, code_2):
        if not CODE.fullmatch(code):
            return Unreadable(number, "code", {"code": code})
    if code_1 == code_2:
        return Unreadable(number, "same", {"code": code_1})
    try:
        date_from = to_date(first)
        date_to = None if last in (OPEN, "") else to_date(last)
    except ValueError as error:
        return Unreadable(number, "date", {"value": str(error)})
    if indicator not in ("0", "1", "9"):
        return Unreadable(number, "flag", {"value": indicator})
    if indicator == "9":
        # Deleted as if it had never been: on its first day it does no harm, as a modifier lifts it.
        date_to = date_from
    if date_from and date_to and date_to < date_from:
        return Unreadable(number, "order", {"date_from": date_from, "date_to": date_to})
    return PairRow(
        number, code_1, code_2, date_from, date_to, indicator != "0", cells[COLUMNS] if len(cells) > COLUMNS else None,
    )


def looks_like(head):
    """The heading says so; of a spreadsheet only the name can be read at a glance."""
    if head.start.startswith(b"PK"):
        return bool(re.search(r"cci|ptp", head.name, re.IGNORECASE))
    text = "\n".join(head.lines[:20]).lower()
    return "column 1" in text and "column 2" in text and "modifier" in text


def setting(head):
    """Practitioner edits come in ccipra files, those of hospitals in cciopc ones."""
    return "facility" if re.search(r"opc|oph|hospital|facility", head.name, re.IGNORECASE) else "practitioner"


FORMAT = Format(
    key="ncci_pairs",
    target="pair",
    systems={"pair": "HCPCS"},
    looks_like=looks_like,
    read=read,
    edition=calendar_edition,
    # Published in parts, and with their deletion dates: what a part does not name goes on.
    is_complete=False,
    setting=setting,
)
