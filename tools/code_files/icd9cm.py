"""ICD-9-CM diagnoses, ``CMS32_DESC_LONG_DX.txt`` and ``CMS32_DESC_SHORT_DX.txt``: code without dot, blanks, text.

Some of these files are Latin-1. The list ended on 30 September 2015, so do all of its codes.
"""

import re

from .icd import ICD9, ICD9_LAST_DAY, icd9_with_dot, version_edition
from .lines import read_lines
from .rows import CodeRow, Format, Unreadable

LINE = re.compile(r"(\d{3,5}|V\d{2,4}|E\d{3,4}) +(\S.*)")
# No short text is longer.
SHORT = 24


def read_long(file):
    """Codes with the long text."""
    for row in read(file):
        yield row._replace(description=row.name, name=None) if isinstance(row, CodeRow) else row


def read(file):
    """Codes with the short text."""
    for item in read_lines(file, latin=True):
        if isinstance(item, Unreadable):
            yield item
            continue
        number, text = item
        code, _blank, words = text.partition(" ")
        if not ICD9.fullmatch(code):
            yield Unreadable(number, "code", {"code": code})
        elif not words.strip():
            yield Unreadable(number, "no_text", {"code": code})
        else:
            yield CodeRow(
                number, icd9_with_dot(code), words.strip(), None, "diagnosis", is_billable=True,
                date_to=ICD9_LAST_DAY,
            )


def looks_like(head):
    """Most of the first lines are such codes."""
    found = [bool(LINE.fullmatch(line)) for line in head.lines[:50]]
    return bool(found) and sum(found) * 2 > len(found)


def is_long(head):
    """Whether some text is longer than short texts ever are."""
    texts = [match[2] for line in head.lines if (match := LINE.fullmatch(line))]
    return any(len(text.strip()) > SHORT for text in texts)


FORMATS = tuple(
    Format(
        key=f"icd9cm_{length}",
        target="code",
        systems={"diagnosis": "ICD9CM"},
        looks_like=lambda head, wanted=length: looks_like(head) and is_long(head) == (wanted == "long"),
        read=reader,
        edition=version_edition,
    )
    for length, reader in (("long", read_long), ("short", read))
)
