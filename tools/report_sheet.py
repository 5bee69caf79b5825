"""A report as a spreadsheet that people go on working with: one sheet a currency, numbers as numbers, rows streamed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_range

from .report_table import Column, Kind, Part, Table

# Rows that one sheet of a spreadsheet can hold.
MOST_ROWS = 1_048_576
FIRST_ROW = 4
TOTAL_ROW, HEAD_ROW = FIRST_ROW - 2, FIRST_ROW - 1
# SUM of what a filter leaves.
SUM_OF_SHOWN = 109
WIDTHS = {
    Kind.TEXT: 26, Kind.DATE: 12, Kind.MONTH: 16, Kind.MOMENT: 18, Kind.INTEGER: 10, Kind.NUMBER: 12, Kind.PERCENT: 12,
    Kind.DAYS: 10, Kind.MONEY: 16,
}
A4, LETTER = 9, 1


def write_sheet(
    table: Table, file: BinaryIO, told: Callable[[int], None] = lambda count: None, paper: int = A4,
) -> None:
    """Write a table as XLSX. Memory does not grow with the rows.

    :param file: to write to
    :param told: is told every now and then how many rows more are written
    :param paper: size of paper to print on, by its number in spreadsheets
    :raises OverflowError: a sheet cannot hold as many rows
    """
    book = xlsxwriter.Workbook(file, {
        "constant_memory": True,
        # Whatever people typed is text: nothing that begins with "=" counts, no address becomes a link.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    })
    book.set_properties({"title": table.title, "comments": table.question})
    try:
        styles = _Styles(book)
        for part in table.parts:
            _Sheet(book, styles, table, part, paper).write(told)
        if not table.parts:
            _write_nothing(book, styles, table)
    finally:
        book.close()


def _write_nothing(book, styles, table):
    sheet = book.add_worksheet(_sheet_name(table.title))
    for row, text in enumerate((table.title, " · ".join(table.asked), table.words.get("empty", ""))):
        sheet.write_string(row, 0, text, styles.get(bold=row == 0))


def _sheet_name(text):
    """A name that spreadsheets accept."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in text)[:31].strip() or "-"


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book):
        self._book = book
        self._made = {}

    def get(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


class _Sheet:
    """The sheet of one currency."""

    def __init__(self, book, styles, table, part: Part, paper):
        self.table, self.part, self.styles = table, part, styles
        # Amounts without a currency are no money, and have nothing to be told apart by.
        self.sheet = book.add_worksheet(_sheet_name(part.title or table.title))
        self.columns: list[Column] = [
            *table.levels,
            *(table.details if table.with_details else ()),
            *table.amounts,
        ]
        self.paper = paper

    def write(self, told):
        count = self.part.total.count if self.table.with_details else sum(
            1 for _leaf in self.part.leaves(len(self.table.levels))
        )
        last = FIRST_ROW + count - 1
        if last >= MOST_ROWS:
            raise OverflowError(count)
        self._set_up(last)
        self._write_head(max(last, FIRST_ROW))
        formats = [self._format(column) for column in self.columns]
        writers = [self._writer(column) for column in self.columns]
        for offset, values in enumerate(self._rows()):
            for index, value in enumerate(values):
                if value is not None and value != "":
                    writers[index](FIRST_ROW + offset, index, value, formats[index])
            if offset % 1000 == 999:
                told(1000)
        told(count % 1000)

    def _rows(self) -> Iterable[tuple]:
        if self.table.with_details:
            for row in self.part.details():
                yield (*row.labels, *row.cells, *row.amounts)
        else:
            for groups in self.part.leaves(len(self.table.levels)):
                yield (*(group.label for group in groups), *(groups[-1] if groups else self.part.total).figures)

    # === HOW IT LOOKS === #

    def _set_up(self, last):
        sheet = self.sheet
        for index, column in enumerate(self.columns):
            width = max(WIDTHS[column.kind], min(len(column.label) + 4, 40))
            sheet.set_column(index, index, width)
        sheet.freeze_panes(FIRST_ROW, 0)
        sheet.autofilter(HEAD_ROW, 0, max(last, FIRST_ROW), len(self.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(self.paper)
        sheet.repeat_rows(HEAD_ROW)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")

    def _write_head(self, last):
        table, sheet, get = self.table, self.sheet, self.styles.get
        sheet.write_string(0, 0, f"{table.title} – {table.question}", get(bold=True, font_size=14))
        sheet.write_string(1, 0, " · ".join(table.asked), get(font_color="#555555"))
        firsts = len(self.columns) - len(table.amounts)
        if firsts:
            sheet.write_string(TOTAL_ROW, 0, self._total_label(), get(bold=True))
        for index, (column, figure) in enumerate(
            zip(table.amounts, self.part.total.figures, strict=True), start=firsts,
        ):
            self._write_total(index, column, figure, last)
        for index, column in enumerate(self.columns):
            align = "right" if column.kind.is_number else "left"
            sheet.write_string(
                HEAD_ROW, index, column.label, get(bold=True, text_wrap=True, bottom=1, valign="bottom", align=align),
            )

    def _total_label(self):
        return " ".join(filter(None, (self.table.words.get("total", "Total"), self.part.title)))

    def _write_total(self, index, column, figure, last):
        if not column.has_total or figure is None:
            return
        style = self._format(column, bold=True)
        if column.is_sum:
            # It follows the filter; who cannot calculate shows the figure that was read from the books.
            cells = xl_range(FIRST_ROW, index, last, index)
            self.sheet.write_formula(TOTAL_ROW, index, f"=SUBTOTAL({SUM_OF_SHOWN},{cells})", style, figure)
        else:
            self.sheet.write_number(TOTAL_ROW, index, figure, style)

    def _format(self, column, **more):
        numbers = {
            Kind.DATE: "yyyy-mm-dd",
            Kind.MONTH: "mmmm yyyy",
            Kind.MOMENT: "yyyy-mm-dd hh:mm",
            Kind.INTEGER: "#,##0",
            Kind.DAYS: "#,##0.0" if column.digits else "#,##0",
            Kind.PERCENT: _number_format(column.digits),
            Kind.NUMBER: _number_format(column.digits),
            Kind.MONEY: _number_format(self.part.currency.digits),
        }
        if column.kind == Kind.DATE:
            # Format 14 is written in the way of whoever opens the sheet.
            return self.styles.get(num_format=14, align="left", **more)
        if column.kind in numbers:
            align = {} if column.kind.is_number else {"align": "left"}
            return self.styles.get(num_format=numbers[column.kind], **align, **more)
        return self.styles.get(**more)

    def _writer(self, column):
        if column.kind.is_number:
            return self.sheet.write_number
        if column.kind in (Kind.DATE, Kind.MONTH, Kind.MOMENT):
            return self._write_day
        return self.sheet.write_string

    def _write_day(self, row, index, value, style):
        """A day as a day; what a group of rows without one is called is a word."""
        if isinstance(value, date):
            return self.sheet.write_datetime(row, index, value, style)
        return self.sheet.write_string(row, index, value, style)


def _number_format(digits):
    return "#,##0." + "0" * digits if digits else "#,##0"
