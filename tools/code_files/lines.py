"""Lines of text files, one at a time: numbered, decoded, with what cannot be decoded told by its line."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date as Date
from typing import BinaryIO

from .rows import BadFileError, Unreadable

LONGEST_LINE = 1 << 16
# The mark with which old systems end a text file.
END_OF_FILE = b"\x1a"
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Between Latin-1's letters stand characters that no publisher writes: whoever finds them reads another encoding.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_lines(file: BinaryIO, *, latin: bool = False) -> Iterator[tuple[int, str] | Unreadable]:
    """The lines of a file that are not empty, as (number, text without the end of the line).

    :param latin: bytes that are no UTF-8 are read as Latin-1, as some publishers write
    :raise BadFileError: a line without end, or UTF-16
    """
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        if number == 1:
            if raw.startswith(WIDE):
                raise BadFileError(1, "utf16")
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            raise BadFileError(number, "endless")
        raw = raw.rstrip(b"\r\n")
        if not raw.strip() or raw.strip() == END_OF_FILE:
            continue
        text = decode(raw, latin)
        yield Unreadable(number, "encoding") if text is None else (number, text)


def decode(raw: bytes, latin: bool = False) -> str | None:
    """The text of a line; None when it is in no encoding that is expected."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        if not latin:
            return None
        text = raw.decode("latin-1")
    return None if CONTROL.search(text) else text


def to_date(text: str) -> Date | None:
    """A date as publishers write it: 20260101, 2026-01-01 or 1/31/2026. Empty: None.

    :raise ValueError: no such day; with what stands there
    """
    text = written = text.strip()
    if not text:
        return None
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        month, day, year = match.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    if re.fullmatch(r"\d{8}|\d{4}-\d{2}-\d{2}", text):
        with suppress(ValueError):
            return Date.fromisoformat(text)
    raise ValueError(written)


def squeeze(text: str) -> str:
    """Words with one blank between them."""
    return " ".join(text.split())
