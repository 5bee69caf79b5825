"""Files that go to a collection agency, and those that come back: CSV in the office's layout, or a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import xlsxwriter

__all__ = ["Layout", "Line", "Problem", "read", "write"]

# A spreadsheet would take a text that begins like this for a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
PHONE = set("+0123456789 ()./-")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a file looks.

    :param kind: "csv" or "xlsx"
    :param separator: between the columns of a CSV file
    :param encoding: of a CSV file, as Python names it
    :param decimal_sign: of amounts in a CSV file
    """

    kind: str = "csv"
    separator: str = ";"
    encoding: str = "utf-8-sig"
    decimal_sign: str = "."


@dataclass(frozen=True)
class Line:
    """A sum that an agency reports.

    :param number: of the line in the file, as an editor counts
    """

    number: int
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Problem:
    """A line that cannot be used: "reference" and "amount" are empty or unreadable, "column" is missing in the head."""

    number: int
    what: str
    value: str


def write(rows: Sequence[Sequence[object]], layout: Layout) -> bytes:
    """The file with these rows; the first one is the head.

    Amounts (``Decimal``) are written as numbers, all else as text that no spreadsheet takes for a formula.

    :raise UnicodeEncodeError: the encoding has no such letter
    """
    if layout.kind == "xlsx":
        return _write_sheet(rows)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout.separator, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_to_text(value, layout.decimal_sign) for value in row])
    return out.getvalue().encode(layout.encoding)


def _to_text(value: object, decimal_sign: str) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", decimal_sign)
    return _make_harmless(str(value or ""))


def _make_harmless(text: str) -> str:
    return f"'{text}" if text.startswith(DANGEROUS) and not PHONE.issuperset(text) else text


def _write_sheet(rows: Sequence[Sequence[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, Decimal):
                    sheet.write_number(y, x, value)
                else:
                    sheet.write_string(y, x, str(value or ""))
    return out.getvalue()


def read(content: bytes, layout: Layout, columns: tuple[str, str]) -> tuple[list[Line], list[Problem]]:
    """The sums that a CSV file reports.

    Upper and lower case do not matter, nor do empty lines and the rows of a control total without reference.

    :param columns: names in the head of the reference and the amount
    :raise UnicodeDecodeError: the content is in another encoding
    """
    rows = csv.reader(io.StringIO(content.decode(layout.encoding), newline=""), delimiter=layout.separator)
    head = [_simplify(name) for name in next(rows, [])]
    missing = [name for name in columns if _simplify(name) not in head]
    if missing:
        return [], [Problem(1, "column", name) for name in missing]
    places = [head.index(_simplify(name)) for name in columns]
    lines, problems = [], []
    for row in rows:
        reference, amount = (row[place].strip() if place < len(row) else "" for place in places)
        if not any(value.strip() for value in row) or reference.upper() == "TOTAL":
            continue
        number_read = _read_amount(amount, layout.decimal_sign)
        if not reference:
            problems.append(Problem(rows.line_num, "reference", reference))
        elif number_read is None:
            problems.append(Problem(rows.line_num, "amount", amount))
        else:
            lines.append(Line(rows.line_num, reference, number_read))
    return lines, problems


def _simplify(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def _read_amount(text: str, decimal_sign: str) -> Decimal | None:
    """The amount that a text says; None where it says none."""
    thousands = "," if decimal_sign == "." else "."
    cleaned = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace("'", "")
    whole, sign, rest = cleaned.rpartition(decimal_sign) if decimal_sign in cleaned else (cleaned, "", "")
    if thousands in rest or (thousands in whole and not _are_thousands(whole, thousands)):
        return None
    try:
        amount = Decimal(whole.replace(thousands, "") + ("." + rest if sign else ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _are_thousands(whole: str, sign: str) -> bool:
    """Whether a sign stands where thousands are parted: 1,234,567."""
    first, *others = whole.lstrip("+-").split(sign)
    return 0 < len(first) <= 3 and all(len(group) == 3 for group in others)
