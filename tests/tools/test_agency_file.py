import csv
import io
import unittest
from decimal import Decimal

import openpyxl

from ...tools.agency_file import Layout, Line, Problem, read, write

COLUMNS = ("Reference", "Amount")


class TestAgencyFile(unittest.TestCase):
    """Files to agencies and back."""

    def test_amounts_have_the_sign_of_the_layout_and_texts_their_separator(self):
        content = write([["Name", "Amount"], ["Neu; Nora", Decimal("1234.50")]], Layout(decimal_sign=","))
        self.assertEqual(content, '\ufeffName;Amount\r\n"Neu; Nora";1234,50\r\n'.encode())

    def test_no_spreadsheet_takes_a_name_for_a_formula(self):
        rows = [["=1+1", "+49 30 1234", "-", "@x", Decimal("-5.00")]]
        text = write(rows, Layout(encoding="utf-8")).decode()
        self.assertEqual(
            next(csv.reader(io.StringIO(text), delimiter=";")), ["'=1+1", "+49 30 1234", "-", "'@x", "-5.00"],
        )
        sheet = openpyxl.load_workbook(io.BytesIO(write(rows, Layout(kind="xlsx")))).active
        self.assertEqual([cell.data_type for cell in sheet[1]], ["s", "s", "s", "s", "n"])
        self.assertEqual(sheet["A1"].value, "=1+1")

    def test_letters_that_an_encoding_does_not_know_are_refused(self):
        with self.assertRaises(UnicodeEncodeError):
            write([["Łucja"]], Layout(encoding="cp1252"))

    def test_a_report_is_read_whatever_the_order_and_case_of_its_columns(self):
        content = b"AMOUNT;Name;reference\r\n1,234.50;Neu;PLC-1\r\n\r\n50;Alt;PLC-2\r\n1284.50;;TOTAL\r\n"
        lines, problems = read(content, Layout(), COLUMNS)
        self.assertEqual(lines, [Line(2, "PLC-1", Decimal("1234.50")), Line(4, "PLC-2", Decimal(50))])
        self.assertEqual(problems, [])

    def test_amounts_with_a_comma(self):
        lines, _problems = read(b"Reference;Amount\nA;1.234,50\nB;12,5\nC;7\n", Layout(decimal_sign=","), COLUMNS)
        self.assertEqual([line.amount for line in lines], [Decimal("1234.50"), Decimal("12.5"), Decimal(7)])

    def test_what_is_no_amount_is_said_with_its_line(self):
        content = b"Reference;Amount\nA;12,50\nB;abc\n;5\nC;1,23.4\nD;nan\nE;\n"
        lines, problems = read(content, Layout(), COLUMNS)
        self.assertEqual(lines, [])
        self.assertEqual(problems, [
            Problem(2, "amount", "12,50"), Problem(3, "amount", "abc"), Problem(4, "reference", ""),
            Problem(5, "amount", "1,23.4"), Problem(6, "amount", "nan"), Problem(7, "amount", ""),
        ])

    def test_a_missing_column_is_named(self):
        self.assertEqual(read(b"Number;Amount\n1;5\n", Layout(), COLUMNS), ([], [Problem(1, "column", "Reference")]))
        self.assertEqual(len(read(b"", Layout(), COLUMNS)[1]), 2)
