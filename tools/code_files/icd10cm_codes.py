"""ICD-10-CM codes file, ``icd10cm_codes_YYYY.txt``: billable codes only, with the long text.

A code without dot, filled up with blanks, then the text.
"""

import re

from .icd import ICD10, fiscal_edition, with_dot
from .lines import read_lines
from .rows import CodeRow, Format, Unreadable

LINE = re.compile(r"([A-Z](?=[A-Z]*[0-9])[0-9A-Z]{2,6})(?: +|\t)(\S.*)")


def read(file):
    """Billable codes with their text."""
    for item in read_lines(file):
        if isinstance(item, Unreadable):
            yield item
            continue
        number, text = item
        code, _blank, words = text.replace("\t", " ").partition(" ")
        if not ICD10.fullmatch(code):
            yield Unreadable(number, "code", {"code": code})
        elif not words.strip():
            yield Unreadable(number, "no_text", {"code": code})
        else:
            yield CodeRow(number, with_dot(code), None, words.strip(), "diagnosis", is_billable=True)


def looks_like(head):
    """The first lines are such codes. V and E codes are ICD-9-CM's as well, so A to C are looked for."""
    lines = [LINE.fullmatch(line) for line in head.lines[:20]]
    return len(lines) > 0 and sum(bool(line) for line in lines) * 2 > len(lines) and any(
        line and line[1][0] not in "VE" for line in lines
    )


FORMAT = Format(
    key="icd10cm_codes",
    target="code",
    systems={"diagnosis": "ICD10CM"},
    looks_like=looks_like,
    read=read,
    edition=fiscal_edition,
    covers="billable",
)
