"""ICD-10-CM order file, ``icd10cm_order_YYYY.txt``: every code of the list, headers included, in its order.

Columns (from 1): 1–5 order number, 7–13 code without dot, 15 flag (1 billable, 0 header), 17–76 short, 78– long text.
"""

import re

from .icd import ICD10, fiscal_edition, with_dot
from .lines import read_lines
from .rows import CodeRow, Format, Unreadable

LINE = re.compile(r"\d{5} [A-Z0-9]{3,7} {1,5}[01] \S")


def read(file):
    """Codes with short and long text; the parent is the code above whose characters a code begins with."""
    above = []
    for item in read_lines(file):
        if isinstance(item, Unreadable):
            yield item
            continue
        row = read_line(*item)
        if isinstance(row, Unreadable):
            yield row
            continue
        while above and not row.code.startswith(above[-1]):
            above.pop()
        yield row._replace(parent=above[-1] if above else "")
        above.append(row.code)


def read_line(number, text):
    """One line of the file."""
    if len(text) < 78 or not text[77:].strip():
        return Unreadable(number, "cut", {"length": len(text), "expected": 78})
    code = text[6:13].strip()
    if not ICD10.fullmatch(code):
        return Unreadable(number, "code", {"code": code})
    if text[14] not in "01":
        return Unreadable(number, "flag", {"value": text[14]})
    return CodeRow(
        number, with_dot(code), text[16:76].strip(), text[77:].strip(), "diagnosis", is_billable=text[14] == "1",
    )


FORMAT = Format(
    key="icd10cm_order",
    target="code",
    systems={"diagnosis": "ICD10CM"},
    looks_like=lambda head: any(LINE.match(line) for line in head.lines[:3]),
    read=read,
    edition=fiscal_edition,
)
