"""HCPCS Level II, ``HCPCyyyy_CONTR_ANWEB.txt``: procedures and modifiers in records of 320 bytes.

Columns (from 1): code 1–5 (a modifier stands in 4–5), sequence 6–10, record 11 (3 procedure, 7 modifier, 4 and 8 go on
with the one before), long text 12–91, short text 92–119, added 269–276, terminated 285–292. Records that go on may be
cut behind their text.
"""

import re

from .icd import calendar_edition
from .lines import read_lines, squeeze, to_date
from .rows import CodeRow, Format, Unreadable

LENGTH, TEXT_ENDS = 320, 91
FIRST, MORE = {"3": "procedure", "7": "modifier"}, "48"
CODE = {"procedure": re.compile(r"[A-Z][0-9]{4}"), "modifier": re.compile(r"[A-Z][A-Z0-9]")}
RECORD = re.compile(r"(?:[A-Z]\d{4}|   [A-Z][A-Z0-9])\d{5}[37]")


def read(file):
    """Codes with their whole text; a code is complete when the next one begins."""
    current, texts = None, []
    for item in read_lines(file):
        record = item if isinstance(item, Unreadable) else read_record(*item)
        if isinstance(record, Unreadable):
            if current:
                yield finish(current, texts)
            current = None
            yield record
        elif isinstance(record, str):
            if current is None:
                continue  # goes on with a code that could not be read
            if record[:5].strip() != current.code:
                yield Unreadable(item[0], "continuation", {"code": record[:5].strip(), "before": current.code})
                continue
            texts.append(record[11:TEXT_ENDS])
        else:
            if current:
                yield finish(current, texts)
            current, texts = record, [record.description]
    if current:
        yield finish(current, texts)


def finish(row, texts):
    """A code with the texts of its records joined."""
    return row._replace(description=squeeze(" ".join(texts)))


def read_record(number, text):
    """One record: the row that it begins, the text itself when it goes on, or what is wrong."""
    record = text[10:11]
    if record in MORE and record:
        short = len(text) < TEXT_ENDS or TEXT_ENDS < len(text) != LENGTH
        return Unreadable(number, "length", {"length": len(text), "expected": TEXT_ENDS}) if short else text
    if len(text) != LENGTH:
        return Unreadable(number, "length", {"length": len(text), "expected": LENGTH})
    if record not in FIRST:
        return Unreadable(number, "flag", {"value": record})
    return read_first(number, text, FIRST[record])


def read_first(number, text, kind):
    """The record that begins a code."""
    code = text[:5].strip()
    if not CODE[kind].fullmatch(code):
        return Unreadable(number, "code", {"code": code})
    try:
        date_from, date_to = to_date(text[268:276]), to_date(text[284:292])
    except ValueError as error:
        return Unreadable(number, "date", {"value": str(error)})
    if date_from and date_to and date_to < date_from:
        return Unreadable(number, "order", {"date_from": date_from, "date_to": date_to})
    if not text[11:TEXT_ENDS].strip():
        return Unreadable(number, "no_text", {"code": code})
    return CodeRow(
        number, code, squeeze(text[91:119]) or squeeze(text[11:TEXT_ENDS]), text[11:TEXT_ENDS], kind,
        is_billable=True, date_from=date_from, date_to=date_to,
    )


FORMAT = Format(
    key="hcpcs",
    target="code",
    systems={"procedure": "HCPCS", "modifier": "MOD"},
    looks_like=lambda head: any(RECORD.match(line) for line in head.lines[:2]),
    read=read,
    edition=calendar_edition,
)
