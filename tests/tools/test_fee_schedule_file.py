"""The relative value file of the physician fee schedule, as it is published and as it arrives broken."""

import io
import zipfile
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.code_files.fee_schedule import FeeFileError, FeeRow, Unreadable, read_fee_schedule
from ...tools.fee_schedule import RelativeValues

# Made up; the layout is that of the years since 2014.
HEADINGS = """\
,,2026 National Physician Fee Schedule Relative Value File January Release,,,,,,,,,,,,,
,,RELEASED 12/29/2025,,,,,,,,,,,,,
,,,,NOT USED,,,,,,,,,,,
,,,,FOR,,NON-,NON-FAC,,FACILITY,,NON-,,,PHYSICIAN,
,,,STATUS,MEDICARE,WORK,FAC,NA,FACILITY,NA,MP,FACILITY,FACILITY,PCTC,SUPERVISION OF,CONV
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DIAGNOSTIC,FACTOR
"""
G0101 = "G0101,,not ours to read,A,,0.45,0.70,,0.18,,0.05,1.20,0.68,0,09,32.7442\n"
G0202_26 = "G0202,26,not ours to read,A,,.70,0.29,,0.29,,0.03,1.02,1.02,1,09,32.7442\n"
LINE = 7  # of the first code


def read(text, encoding="latin-1"):
    return list(read_fee_schedule(io.BytesIO(text.encode(encoding))))


def row(work, nonfacility, facility, malpractice):
    return RelativeValues(*map(Decimal, (work, nonfacility, facility, malpractice)))


class TestReading(TestCase):
    """Columns are found by the names that their stacked headings make."""

    def test_a_code_brings_its_relative_values_and_nothing_of_its_description(self):
        self.assertEqual(read(HEADINGS + G0101 + G0202_26), [
            FeeRow(LINE, "G0101", "", "A", row("0.45", "0.70", "0.18", "0.05"), Decimal("32.7442")),
            FeeRow(LINE + 1, "G0202", "26", "A", row("0.70", "0.29", "0.29", "0.03"), Decimal("32.7442")),
        ])

    def test_added_columns_do_not_shift_the_others(self):
        lines = (HEADINGS + G0101).splitlines()
        wider = "\n".join(
            ",".join([*line.split(",")[:4], "ADDED" if line.startswith("HCPCS") else "9", *line.split(",")[4:]])
            for line in lines
        )
        self.assertEqual(read(wider)[0].values, row("0.45", "0.70", "0.18", "0.05"))

    def test_while_expenses_were_phased_in_the_transitioned_ones_count(self):
        text = (
            ",,,,,FULLY,TRANSITIONED,FULLY,TRANSITIONED,\n"
            ",,,,,IMPLEMENTED,,IMPLEMENTED,,\n"
            ",,,STATUS,WORK,NON-FAC,NON-FAC,FACILITY,FACILITY,MP\n"
            "HCPCS,MOD,DESCRIPTION,CODE,RVU,PE RVU,PE RVU,PE RVU,PE RVU,RVU\n"
            "G0101,,x,A,0.45,9,0.70,9,0.18,0.05\n"
        )
        self.assertEqual(read(text)[0].values, row("0.45", "0.70", "0.18", "0.05"))

    def test_flat_headings_are_understood_as_well(self):
        text = (
            "HCPCS,MOD,DESCRIPTION,WORK_RVU,NON_FAC_PE_RVU,FAC_PE_RVU,MP_RVU,CONV_FACTOR\n"
            "G0101,,x,0.45,0.70,0.18,0.05,33\n"
        )
        self.assertEqual(read(text), [
            FeeRow(2, "G0101", "", "", row("0.45", "0.70", "0.18", "0.05"), Decimal(33)),
        ])

    def test_na_weighs_nothing(self):
        self.assertEqual(read(HEADINGS + G0101.replace("0.70", "NA"))[0].values.practice_nonfacility, 0)

    def test_the_zip_as_published_is_read(self):
        for others in ((), ("GPCI2026.csv", "readme.txt", "RVU26A.pdf")):
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in others:
                    archive.writestr(name, "something else")
                archive.writestr("PPRRVU2026_Jan_nonQPP.csv", HEADINGS + G0101)
            packed.seek(0)
            with self.subTest(others=others):
                self.assertEqual([found.code for found in read_fee_schedule(packed)], ["G0101"])

    def test_a_byte_order_mark_and_empty_lines_do_not_matter(self):
        text = HEADINGS.split("\n", 5)[5]
        flat = "HCPCS,MOD,DESCRIPTION,WORK RVU,NON-FAC PE RVU,FACILITY PE RVU,MP RVU\nG0101,,x,1,2,3,4\n\n,,,\n"
        self.assertTrue(text.startswith("HCPCS"))
        self.assertEqual(read("\ufeff" + flat, "utf-8")[0].values, row(1, 2, 3, 4))
        self.assertEqual(len(read(flat)), 1)

    def test_quoted_headings_after_a_byte_order_mark_and_any_line_ends_are_read(self):
        quoted = (
            '\ufeff"HCPCS","MOD","WORK RVU","NON-FAC PE RVU","FACILITY PE RVU","MP RVU"\n'
            '"G0101","","1","2","3","4"\n"G0102","26","5","6","7","8"\n'
        )
        for line_end in ("\n", "\r\n", "\r"):
            with self.subTest(line_end):
                found = read(quoted.replace("\n", line_end), "utf-8")
                self.assertEqual([(one.code, one.modifier, one.values.work) for one in found],
                                 [("G0101", "", 1), ("G0102", "26", 5)])


class TestBroken(TestCase):
    """A line that makes no sense says which one it is and why; the others are read all the same."""

    def _read_line(self, text):
        found = read(HEADINGS + text + G0101)
        self.assertIsInstance(found[-1], FeeRow)
        return found[0]

    def test_a_broken_line_says_where_and_why(self):
        for text, problem, detail, code in (
            ("G01,,x,A,,1,1,,1,,1,1,1,0,09,32\n", "code", "G01", ""),
            ("G0102,2-6,x,A,,1,1,,1,,1,1,1,0,09,32\n", "modifier", "2-6", "G0102"),
            ("G0102,,x,A,,1,1\n", "cut", "7", "G0102"),
            ("G0102,,x,A,,1,one,,1,,1,1,1,0,09,32\n", "number", "one", "G0102"),
            ("G0102,,x,A,,-1,1,,1,,1,1,1,0,09,32\n", "number", "-1", "G0102"),
            ("G0102,,x,A,,1e9,1,,1,,1,1,1,0,09,32\n", "number", "1e9", "G0102"),
            ("G0102,,x,A,,999999,1,,1,,1,1,1,0,09,32\n", "number", "999999", "G0102"),
        ):
            with self.subTest(text):
                self.assertEqual(self._read_line(text), Unreadable(LINE, problem, detail, code))

    def test_a_cell_without_an_end_is_a_broken_line(self):
        self.assertEqual(self._read_line('G0102,,"x,A,,1,1,,1,,1,1,1,0,09,32\n'), Unreadable(LINE, "broken", ""))

    def test_a_line_without_an_end_is_read_in_pieces(self):
        found = read(HEADINGS + "G0102,," + "x" * 200_000 + "\n" + G0101)
        self.assertTrue(all(isinstance(one, Unreadable) for one in found[:-1]))
        self.assertEqual(found[-1].code, "G0101")

    def _assert_refused(self, data, problem):
        with self.assertRaises(FeeFileError) as caught:
            list(read_fee_schedule(io.BytesIO(data)))
        self.assertEqual(caught.exception.problem, problem)

    def test_what_is_no_fee_schedule_is_refused_as_a_whole(self):
        self._assert_refused(b"", "empty")
        self._assert_refused(b"Dear Sir or Madam,\n" * 100, "no_headings")
        self._assert_refused((HEADINGS + G0101).encode("utf-16"), "no_headings")
        self._assert_refused(b"HCPCS,MOD,DESCRIPTION,WORK RVU\nG0101,,x,1\n", "no_column")
        self._assert_refused(b"PK\x03\x04 and then nothing", "broken_zip")

    def test_headings_alone_are_refused_for_they_would_end_every_price(self):
        self._assert_refused(HEADINGS.encode(), "no_codes")
        self._assert_refused((HEADINGS + "\n,,,\n").encode(), "no_codes")
        self.assertEqual(len(read(HEADINGS + '"G01\n')), 1)

    def _pack(self, **members):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(f"{name}.csv", text)
        return packed.getvalue()

    def test_a_zip_of_two_schedules_or_of_none_is_refused(self):
        self._assert_refused(self._pack(), "members")
        self._assert_refused(self._pack(PPRRVU_QPP=HEADINGS, PPRRVU_nonQPP=HEADINGS), "members")

    def test_a_spreadsheet_is_told_from_a_zip(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
        self._assert_refused(packed.getvalue(), "workbook")

    def test_a_zip_that_would_fill_the_memory_is_refused(self):
        big = self._pack(PPRRVU=b"0" * (201 * 1024 * 1024))
        self.assertLess(len(big), 1_000_000)
        self._assert_refused(big, "too_big")

    @given(data=st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused_never_anything_else(self, data):
        for content in (data, HEADINGS.encode() + data):
            try:
                found = list(read_fee_schedule(io.BytesIO(content)))
            except FeeFileError:
                continue
            self.assertTrue(all(isinstance(one, FeeRow | Unreadable) for one in found))
