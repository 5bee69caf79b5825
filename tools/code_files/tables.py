"""Rows of cells, from delimited text or from a spreadsheet, one at a time."""

import csv
from datetime import datetime

from .lines import read_lines, squeeze
from .rows import BadFileError, Unreadable

SPREADSHEET = b"PK\x03\x04"
DELIMITERS = "\t;,|"
WIDEST = 64


def read_table(file):
    """The rows of a table as (number, cells), or :class:`Unreadable`.

    Text is delimited by whatever its first lines have most of; a spreadsheet is read row by row, first sheet only.
    """
    start = file.read(4)
    file.seek(0)
    yield from read_sheet(file) if start == SPREADSHEET else read_text(file)


def read_text(file):
    """Delimited text. A cell in quotes may hold the delimiter, not the end of a line: so a cut line stays one."""
    delimiter = find_delimiter(file)
    for item in read_lines(file):
        if isinstance(item, Unreadable):
            yield item
            continue
        number, text = item
        try:
            [cells] = csv.reader([text], delimiter=delimiter, strict=True)
        except (csv.Error, ValueError):
            yield Unreadable(number, "quote")
            continue
        yield number, [squeeze(cell) for cell in cells]


def find_delimiter(file):
    """Which character the first lines have most of."""
    start = file.read(1 << 14).decode("utf-8", "replace")
    file.seek(0)
    return max(DELIMITERS, key=start.count) if any(mark in start for mark in DELIMITERS) else ","


def read_sheet(file):
    """The first sheet of a workbook; nothing but its values is looked at."""
    # Only here: whoever reads text needs no spreadsheets.
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # What a sheet says of its own size is not believed.
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=WIDEST), 1):
            cells = [to_text(value) for value in values]
            if any(cells):
                yield number, cells
    except (BadFileError, GeneratorExit):
        raise
    except Exception as error:
        # Whatever a broken workbook makes openpyxl or its XML and zip readers raise.
        raise BadFileError(1, "spreadsheet", message=squeeze(str(error))) from error


def to_text(value):
    """A cell as text: whole numbers without decimals, days in ISO form."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return squeeze(str(value))
