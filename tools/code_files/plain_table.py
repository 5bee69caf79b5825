"""A plain table with headings, CSV or spreadsheet: the office's own list, or one that no other format fits.

Headings, in any order and spelling of blanks, dashes and case: code; name or short description; description; kind;
billable; parent; valid from; valid until. Of these code and one of the texts are needed.
"""

import re

from .icd import calendar_edition
from .lines import to_date
from .rows import BadFileError, CodeRow, Format, Unreadable
from .tables import read_table

HEADINGS = {
    "code": ("code", "codes", "procedurecode", "hcpcs", "carc", "rarc"),
    "name": ("name", "shortdescription", "short", "label", "title", "shortname"),
    "description": ("description", "longdescription", "long", "text", "message", "fulldescription"),
    "kind": ("kind", "type"),
    "billable": ("billable", "isbillable", "valid"),
    "parent": ("parent", "parentcode", "header", "parentid"),
    "date_from": ("validfrom", "datefrom", "start", "startdate", "from", "effective", "effectivedate", "begin"),
    "date_to": (
        "validuntil", "validto", "dateto", "stop", "stopdate", "until", "end", "enddate", "termination",
        "terminationdate", "deactivated", "deactivationdate",
    ),
}
NAMES = {alias: name for name, aliases in HEADINGS.items() for alias in aliases}
KINDS = ("procedure", "diagnosis", "modifier", "place", "remark", "reason")
YES, NO = ("1", "y", "yes", "true", "x"), ("0", "n", "no", "false", "header")
LONGEST_CODE = 32
REMARK = re.compile(r"(?:MA?|N)\d{1,4}")
REASON = re.compile(r"\d{1,3}|[A-Z]{1,2}\d{1,3}")


def read(file):
    """Codes of a table; its first row says which column is what."""
    columns = None
    for item in read_table(file):
        if isinstance(item, Unreadable):
            yield item
        elif columns is None:
            columns = read_headings(item[1])
            if "code" not in columns or not {"name", "description"} & set(columns):
                raise BadFileError(item[0], "headings")
        else:
            yield read_line(*item, columns)
    if columns is None:
        raise BadFileError(1, "empty")


def read_headings(cells):
    """{meaning: number of the column}; the first column of that meaning counts."""
    columns = {}
    for index, cell in enumerate(cells):
        name = NAMES.get(re.sub(r"[^a-z]", "", cell.lower()))
        if name:
            columns.setdefault(name, index)
    return columns


def read_line(number, cells, columns):
    """One code."""
    value = {name: cells[index] if index < len(cells) else None for name, index in columns.items()}
    if None in (value["code"], value.get("name", ""), value.get("description", "")):
        return Unreadable(number, "columns", {"count": len(cells), "expected": max(columns.values()) + 1})
    code, name, text = value["code"], value.get("name") or None, value.get("description") or None
    if not code or len(code) > LONGEST_CODE:
        return Unreadable(number, "code", {"code": code})
    if not name and not text:
        return Unreadable(number, "no_text", {"code": code})
    kind = (value.get("kind") or "").lower() or None
    if kind and kind not in KINDS:
        return Unreadable(number, "kind", {"value": kind})
    billable = (value.get("billable") or "").lower()
    if billable and billable not in YES + NO:
        return Unreadable(number, "flag", {"value": billable})
    try:
        date_from, date_to = to_date(value.get("date_from") or ""), to_date(value.get("date_to") or "")
    except ValueError as error:
        return Unreadable(number, "date", {"value": str(error)})
    if date_from and date_to and date_to < date_from:
        return Unreadable(number, "order", {"date_from": date_from, "date_to": date_to})
    return CodeRow(
        number, code, name, text, kind, is_billable=billable in YES if billable else None,
        parent=value.get("parent"), date_from=date_from, date_to=date_to,
    )


def reader(kind, pattern):
    """A reader for lists whose codes have one shape and are of one kind."""
    def read_kind(file):
        for row in read(file):
            if isinstance(row, CodeRow) and not pattern.fullmatch(row.code):
                yield Unreadable(row.line, "code", {"code": row.code})
            else:
                yield row._replace(kind=kind, is_billable=True) if isinstance(row, CodeRow) else row

    return read_kind


def looks_like(head):
    """The first line has headings that are known; a spreadsheet that nothing else fits is taken for a table."""
    if head.start.startswith(b"PK"):
        return True
    if not head.lines:
        return False
    columns = read_headings(re.split(r"[\t;,|]", head.lines[0].replace('"', "")))
    return "code" in columns and bool({"name", "description"} & set(columns))


def is_list_of(pattern):
    """Whether a table has headings, validity dates, and codes of this shape only in its first lines."""
    def fits(head):
        if head.start.startswith(b"PK") or not looks_like(head) or len(head.lines) < 2:
            return False
        cells = re.split(r"[\t;,|]", head.lines[0].replace('"', ""))
        columns = read_headings(cells)
        rows = [re.split(r"[\t;,|]", line.replace('"', "")) for line in head.lines[1:30]]
        codes = [row[columns["code"]].strip() for row in rows if len(row) > columns["code"]]
        published = {"code", "description", "date_from", "date_to"}
        return set(columns) == published and bool(codes) and all(pattern.fullmatch(code) for code in codes)

    return fits


FORMATS = (
    Format(
        key="remark_codes",
        target="code",
        systems={"remark": "RARC"},
        looks_like=is_list_of(REMARK),
        read=reader("remark", REMARK),
        edition=calendar_edition,
        is_complete=False,
    ),
    Format(
        key="reason_codes",
        target="code",
        systems={"reason": "CARC"},
        looks_like=is_list_of(REASON),
        read=reader("reason", REASON),
        edition=calendar_edition,
        is_complete=False,
    ),
    Format(
        key="plain_table",
        target="code",
        systems={},
        looks_like=looks_like,
        read=read,
        is_complete=False,
    ),
)
