import io
import unittest
from datetime import date, datetime

import openpyxl

from odoo.addons.billing_coordinator.tools.report_sheet import FIRST_ROW, write_sheet
from odoo.addons.billing_coordinator.tools.report_table import Column, Currency, Detail, Group, Kind, Part, Table

EURO, YEN = Currency("EUR", 2), Currency("JPY", 0)
DETAILS = [
    Column("name", "Bill"), Column("date", "Date", Kind.DATE), Column("moment", "Moment", Kind.MOMENT),
    Column("days", "Days late", Kind.DAYS, digits=0),
]
AMOUNTS = [
    Column("amount", "Amount", Kind.MONEY, has_total=True, is_sum=True),
    Column("rate", "Rate (%)", Kind.PERCENT, has_total=True),
    Column("foreign", "Foreign", Kind.NUMBER),
]
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "http://example.org", "12")


def make_part(currency=EURO, rows=2):
    groups = [Group((date(2026, month, 1),), date(2026, month, 1), 1, (10.5 * month, 50.0, None)) for month in (1, 2)]
    return Part(currency, Group((), None, rows, (31.5, 42.0, None)), {(): groups}, lambda: (
        Detail(
            (date(2026, 1, 1),), (date(2026, 1, 1),),
            (DANGEROUS[index % len(DANGEROUS)], date(2026, 1, 5), datetime(2026, 1, 5, 13, 30), 12),
            (10.5, 50.0, None),
        )
        for index in range(rows)
    ))


def make_table(*parts, with_details=True):
    return Table(
        "Who owes", "Who owes what?", ["As of today", "Company"], [Column("date:month", "Month", Kind.MONTH)], DETAILS,
        AMOUNTS, parts, with_details, words={"total": "Total", "empty": "Nothing."},
    )


def read_back(table, told=lambda count: None, data_only=False):
    file = io.BytesIO()
    write_sheet(table, file, told)
    file.seek(0)
    return openpyxl.load_workbook(file, data_only=data_only)


class TestReportSheet(unittest.TestCase):
    """A spreadsheet read back: numbers are numbers, days are days, and what people typed is text."""

    def test_a_sheet_is_ready_to_work_with(self):
        sheet = read_back(make_table(make_part()))["EUR"]
        self.assertEqual(sheet["A1"].value, "Who owes – Who owes what?")
        self.assertEqual(sheet["A2"].value, "As of today · Company")
        self.assertEqual([cell.value for cell in sheet[FIRST_ROW]], [
            "Month", "Bill", "Date", "Moment", "Days late", "Amount", "Rate (%)", "Foreign",
        ])
        self.assertEqual(sheet.freeze_panes, f"A{FIRST_ROW + 1}")
        self.assertEqual(sheet.auto_filter.ref, "A4:H6")
        self.assertEqual(sheet.print_title_rows, "$4:$4")
        self.assertEqual((sheet.page_setup.orientation, sheet.page_setup.fitToHeight), ("landscape", 0))
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.assertGreater(sheet.column_dimensions["B"].width, 20)

    def test_numbers_are_numbers_and_days_are_days(self):
        sheet = read_back(make_table(make_part()))["EUR"]
        month, _bill, day, moment, days, amount, rate, foreign = sheet[FIRST_ROW + 1]
        self.assertEqual((month.value, month.number_format), (datetime(2026, 1, 1), "mmmm yyyy"))
        self.assertEqual(day.value, datetime(2026, 1, 5))
        self.assertTrue(day.is_date)
        self.assertEqual(moment.value, datetime(2026, 1, 5, 13, 30))
        self.assertEqual((days.value, days.number_format), (12, "#,##0"))
        self.assertEqual((amount.value, amount.number_format), (10.5, "#,##0.00"))
        self.assertEqual((rate.value, rate.data_type), (50.0, "n"))
        self.assertIsNone(foreign.value)

    def test_totals_follow_the_filter_and_know_their_figure(self):
        formulas = read_back(make_table(make_part()))["EUR"][FIRST_ROW - 1]
        figures = read_back(make_table(make_part()), data_only=True)["EUR"][FIRST_ROW - 1]
        self.assertEqual((formulas[0].value, formulas[5].value), ("Total EUR", "=SUBTOTAL(109,F5:F6)"))
        self.assertEqual(figures[5].value, 31.5)
        self.assertEqual(formulas[6].value, 42.0, "a rate is no sum: as the analysis says")
        self.assertIsNone(formulas[7].value, "several currencies have no total")

    def test_currencies_have_sheets_and_formats_of_their_own(self):
        book = read_back(make_table(make_part(), make_part(YEN)))
        self.assertEqual(book.sheetnames, ["EUR", "JPY"])
        self.assertEqual(book["JPY"]["F5"].number_format, "#,##0")
        self.assertEqual(book["EUR"]["F5"].number_format, "#,##0.00")

    def test_what_people_typed_is_text_and_never_a_formula_or_a_link(self):
        sheet = read_back(make_table(make_part(rows=len(DANGEROUS))))["EUR"]
        for row, text in enumerate(DANGEROUS, start=FIRST_ROW + 1):
            cell = sheet.cell(row, 2)
            self.assertEqual((cell.value, cell.data_type, cell.hyperlink), (text, "s", None))

    def test_without_details_there_is_a_row_for_each_group(self):
        sheet = read_back(make_table(make_part(), with_details=False))["EUR"]
        self.assertEqual([cell.value for cell in sheet[FIRST_ROW]], ["Month", "Amount", "Rate (%)", "Foreign"])
        self.assertEqual([row[1].value for row in sheet.iter_rows(min_row=FIRST_ROW + 1)], [10.5, 21.0])

    def test_nothing_is_said_to_be_nothing(self):
        book = read_back(make_table())
        self.assertEqual(book.sheetnames, ["Who owes"])
        self.assertEqual(book.active["A3"].value, "Nothing.")

    def test_it_tells_how_far_it_is(self):
        told = []
        read_back(make_table(make_part(rows=2500)), told.append)
        self.assertEqual(told, [1000, 1000, 500])

    def test_more_rows_than_a_sheet_can_hold_are_refused(self):
        with self.assertRaises(OverflowError):
            write_sheet(make_table(make_part(rows=1_048_576)), io.BytesIO())
