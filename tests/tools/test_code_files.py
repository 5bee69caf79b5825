"""Readers of published code files: each layout, hit and miss, and files that mean harm. No database."""

import io
import zipfile
from datetime import date
from pathlib import Path
from unittest import TestCase, skipUnless

from hypothesis import given
from hypothesis import strategies as st

from ...tools import code_files
from ...tools.code_files import BadFileError, Unreadable
from ...tools.code_files import source as code_source

# Beside the addon, or beside the folder that it lies in.
PLACES = [place / "shared" / "data" / "codes" for place in Path(__file__).resolve().parents]
REAL = next(filter(Path.is_dir, PLACES), None)
ORDER = (
    "00001 A00     0 Cholera                                                      Cholera\r\n"
    "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           Cholera due to Vibrio cholerae 01, "
    "biovar cholerae\r\n"
    "00003 A01     0 Typhoid and paratyphoid fevers                               Typhoid and paratyphoid fevers\r\n"
    "00004 A010    0 Typhoid fever                                                Typhoid fever\r\n"
    "00005 A0100   1 Typhoid fever, unspecified                                   Typhoid fever, unspecified\r\n"
)


def read(content, name="codes.txt", form=None, member=None):
    """What a file is taken for, and its rows."""
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    found = code_files.detect(file, name, member)
    chosen = code_files.BY_KEY[form] if form else found.format
    with code_files.open_rows(file, chosen, found.name if found.members else None) as rows:
        return chosen.key, list(rows)


def bad(rows):
    """The unreadable lines as (line, reason)."""
    return [(row.line, row.reason) for row in rows if isinstance(row, Unreadable)]


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    """A zip of {name: content}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def hcpcs(code="G0008", kind="3", text="Administration of influenza virus vaccine", short="Admin influenza virus vac",
          added="19990101", ended="", length=320):
    record = f"{code:>5}00100{kind}{text:<80}{short:<28}"
    record = f"{record:<268}{added:<8}{added:<8}{ended:<8}N"
    return f"{record:<{length}}"[:length] + "\r\n"


class TestReadableLists(TestCase):
    def test_the_order_file_has_headings_parents_and_both_texts(self):
        key, rows = read(ORDER)
        self.assertEqual(key, "icd10cm_order")
        self.assertEqual(
            [(row.code, row.is_billable, row.parent) for row in rows],
            [("A00", False, ""), ("A00.0", True, "A00"), ("A01", False, ""), ("A01.0", False, "A01"),
             ("A01.00", True, "A01.0")],
        )
        self.assertEqual(rows[1].name, "Cholera due to Vibrio cholerae 01, biovar cholerae")

    def test_the_codes_file_has_billable_codes_only(self):
        key, rows = read("A000    Cholera due to Vibrio cholerae 01, biovar cholerae\nA0100   Typhoid fever\n")
        self.assertEqual(key, "icd10cm_codes")
        self.assertEqual([(row.code, row.name, row.is_billable) for row in rows][1], ("A01.00", None, True))

    def test_a_fiscal_year_begins_in_october_and_an_update_in_april(self):
        for name, expected in (
            ("icd10cm_order_2026.txt", ("2026", date(2025, 10, 1))),
            ("icd10cm-order-April-1-2026.txt", ("2026-04", date(2026, 4, 1))),
            ("order.txt", (None, None)),
        ):
            self.assertEqual(tuple(code_files.detect(io.BytesIO(ORDER.encode()), name).edition), expected, name)

    def test_the_tabular_list_makes_codes_of_seventh_characters(self):
        key, rows = read("""<?xml version="1.0" encoding="utf-8"?><ICD10CM.tabular><chapter><section>
            <diag><name>T15</name><desc>Foreign body on external eye</desc>
            <sevenChrDef><extension char="A">initial encounter</extension></sevenChrDef>
            <diag><name>T15.0</name><desc>Foreign body in cornea</desc>
            <diag><name>T15.02</name><desc>Foreign body in cornea, left eye</desc></diag></diag></diag>
            <diag><name>A09</name><desc>Gastroenteritis</desc></diag></section></chapter></ICD10CM.tabular>""")
        self.assertEqual(key, "icd10cm_tabular")
        self.assertEqual(
            [(row.code, row.is_billable, row.parent) for row in rows],
            [("T15", False, ""), ("T15.0", False, "T15"), ("T15.02", False, "T15.0"), ("T15.02XA", True, "T15.02"),
             ("A09", True, "")],
        )
        self.assertEqual(rows[3].description, "Foreign body in cornea, left eye, initial encounter")

    def test_hcpcs_texts_run_over_several_records(self):
        content = hcpcs("LT", "7", "Left side") + hcpcs(text="Administration of", ended="20101231") + (
            "G000800200" + "4" + f"{'influenza virus vaccine':<80}" + "\r\n"
        )
        key, rows = read(content, "HCPC2016_CONTR_ANWEB.txt")
        self.assertEqual(key, "hcpcs")
        self.assertEqual([(row.code, row.kind) for row in rows], [("LT", "modifier"), ("G0008", "procedure")])
        self.assertEqual(rows[1].description, "Administration of influenza virus vaccine")
        self.assertEqual((rows[1].date_from, rows[1].date_to), (date(1999, 1, 1), date(2010, 12, 31)))

    def test_old_diagnoses_are_long_or_short_and_ended_with_their_list(self):
        long = b"0010  Cholera due to vibrio cholerae\nE8000 Railway accident\n38600 M\xe9ni\xe8re's disease\n"
        key, rows = read(long, "CMS32_DESC_LONG_DX.txt")
        self.assertEqual((key, rows[1].code, rows[2].description), ("icd9cm_long", "E800.0", "Ménière's disease"))
        self.assertEqual({row.date_to for row in rows}, {date(2015, 9, 30)})
        self.assertEqual(read("0010  Cholera d/t vib cholerae\n")[0], "icd9cm_short")

    def test_a_crosswalk_leads_in_its_own_direction(self):
        key, rows = read("0010  A000    00000\n3657  NoDx    11000\n9999  T8611   10112\n")
        self.assertEqual(key, "gem_9_to_10")
        self.assertEqual((rows[0].code_from, rows[0].code_to), ("001.0", "A00.0"))
        self.assertEqual((rows[1].code_to, rows[1].is_no_map), (None, True))
        self.assertEqual((rows[2].is_combination, rows[2].scenario, rows[2].choice), (True, 1, 2))
        self.assertEqual(read("A000    0010  00000\nA001    0011  00000\n")[0], "gem_10_to_9")

    def test_pairs_begin_behind_their_preamble_in_text_and_in_spreadsheets(self):
        table = [
            ["CPT only copyright 2025 American Medical Association.", "", "", "", "", "", ""],
            ["Column 1", "Column 2", "*=in existence prior to 1996", "Effective Date", "Deletion Date *=no data",
             "Modifier 0=not allowed 1=allowed 9=not applicable", "PTP Edit Rationale"],
            ["11042", "97597", "", "20260101", "*", "1", "Misuse of column two code"],
            ["11043", "97597", "*", "19960101", "20051231", "0", "Mutually exclusive"],
            ["11044", "97597", "", "20260101", "20260101", "9", "Standards"],
        ]
        text = "\r\n".join("\t".join(row) for row in table)
        key, rows = read(text, "ccipra-v311r0-f1.TXT")
        self.assertEqual(key, "ncci_pairs")
        self.assertEqual(rows[0][1:5], ("11042", "97597", date(2026, 1, 1), None))
        self.assertEqual([row.modifier_allowed for row in rows], [True, False, True])
        self.assertEqual(rows[2].date_to, rows[2].date_from, "never counted")
        from openpyxl import Workbook

        book, buffer = Workbook(), io.BytesIO()
        for row in table:
            book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
        book.save(buffer)
        self.assertEqual(read(buffer.getvalue(), "ccipra-v311r0-f1.xlsx"), (key, [
            row._replace(line=row.line) for row in rows
        ]))

    def test_unit_limits_are_per_line_or_per_day(self):
        key, rows = read(
            "MUE,,,\nHCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
            "97110,8,3 Date of Service Edit: Clinical,Clinical: Data\n"
            '11042,1,1 Line Edit,"Code Descriptor / CPT Instruction"\n', "MCR_MUE_PractitionerServices_2026Q1.csv",
        )
        self.assertEqual(key, "ncci_units")
        self.assertEqual([(row.code, row.units, row.per) for row in rows], [("97110", 8, "day"), ("11042", 1, "line")])

    def test_remark_and_reason_codes_are_told_apart_by_their_codes(self):
        heading = "Code,Description,Start Date,Last Modified,Stop Date\n"
        self.assertEqual(read(heading + "M1,X-ray not taken,1/1/1997,,\nN5,Missing,1/1/2000,,\n")[0], "remark_codes")
        key, rows = read(heading + "45,Charge exceeds,1/1/1995,,\n17,Old,1/1/1995,,6/30/2009\n")
        self.assertEqual((key, rows[1].date_to, rows[1].kind), ("reason_codes", date(2009, 6, 30), "reason"))

    def test_a_table_of_our_own_names_its_columns_as_it_likes(self):
        key, rows = read("Valid From;CODE;Long Description;Billable\n2026-01-01;H100;By phone;yes\n;H2;Talk;no\n")
        self.assertEqual(key, "plain_table")
        self.assertEqual(rows[0][1:4], ("H100", None, "By phone"))
        self.assertEqual((rows[0].date_from, rows[1].is_billable), (date(2026, 1, 1), False))

    @given(st.lists(st.tuples(
        st.from_regex(r"[A-Z][0-9]{2}[0-9A-Z]{0,4}", fullmatch=True), st.booleans(),
        st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40),
    ), min_size=1, max_size=20))
    def test_whatever_stands_in_an_order_file_is_read_back(self, codes):
        content = "".join(
            f"{number:05} {code:<7} {int(billable)} {text[:60]:<60} {text}\n"
            for number, (code, billable, text) in enumerate(codes, 1)
        )
        _key, rows = read(content, form="icd10cm_order")
        self.assertEqual(
            [(row.code.replace(".", ""), row.is_billable, row.description) for row in rows],
            [(code, billable, text.strip()) for code, billable, text in codes],
        )

    @given(st.binary(max_size=2000))
    def test_whatever_bytes_arrive_nothing_but_rows_and_complaints_come_out(self, content):
        for form in code_files.FORMATS:
            try:
                with code_files.open_rows(io.BytesIO(content), form) as rows:
                    found = list(rows)
            except BadFileError as error:
                found = [error.unreadable]
            self.assertTrue(found)
            for row in found:
                self.assertGreaterEqual(row.line, 1)


class TestBadFiles(TestCase):
    def test_a_cut_line_is_told_by_its_number(self):
        self.assertEqual(bad(read(ORDER + "00006 A0101   1 Typhoid men")[1]), [(6, "cut")])

    def test_a_record_of_the_wrong_length_is_told_by_its_number(self):
        content = hcpcs() + hcpcs("G0009", length=300) + hcpcs("G0010")
        self.assertEqual(bad(read(content)[1]), [(2, "length")])

    def test_an_end_before_the_start_is_told_by_its_number(self):
        self.assertEqual(bad(read(hcpcs() + hcpcs("G0009", ended="19981231"))[1]), [(2, "order")])
        self.assertEqual(
            bad(read("code,name,valid from,valid until\nA,Advice,2026-02-01,2026-01-01\n")[1]), [(2, "order")],
        )

    def test_another_encoding_is_told_by_its_line(self):
        self.assertEqual(bad(read(ORDER.encode() + b"00006 A0101   1 " + b"M\xe9" * 60)[1]), [(6, "encoding")])
        self.assertEqual(bad(read("\ufeff".encode("utf-16") + ORDER.encode("utf-16"), form="icd10cm_order")[1]),
                         [(1, "utf16")])

    def test_a_day_that_never_was_is_told_by_its_line(self):
        self.assertEqual(bad(read(hcpcs(added="20260230"))[1]), [(1, "date")])

    def test_an_empty_file_is_refused(self):
        for content in (b"", b"\r\n  \r\n"):
            with self.assertRaises(BadFileError) as caught:
                read(content)
            self.assertEqual(caught.exception.unreadable[:2], (1, "empty"))

    def test_a_line_without_end_is_no_text(self):
        self.assertEqual(bad(read(b"00001 A00     0 " + b"x" * (1 << 17), form="icd10cm_order")[1]), [(1, "endless")])

    def test_a_document_type_is_refused_before_it_is_parsed(self):
        bomb = (
            '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>\n'
            "<ICD10CM.tabular><diag><name>A00</name><desc>&b;</desc></diag></ICD10CM.tabular>"
        )
        self.assertEqual(bad(read(bomb)[1]), [(2, "entities")])
        self.assertEqual(bad(read(bomb.encode("utf-16"), form="icd10cm_tabular")[1]), [(2, "entities")])

    def test_broken_xml_is_told_by_its_line(self):
        self.assertEqual(
            bad(read("<ICD10CM.tabular>\n<diag><name>A00</name>\n</ICD10CM.tabular>")[1]), [(3, "xml")],
        )

    def test_a_small_zip_that_would_become_huge_is_refused(self):
        with self.assertRaises(BadFileError) as caught:
            read(zipped({"icd10cm_order_2026.txt": b" " * (64 << 20)}))
        self.assertEqual(caught.exception.unreadable.reason, "zip_ratio")

    def test_a_zip_that_lies_about_its_sizes_is_stopped_while_it_unpacks(self):
        content, limit = zipped({"a.txt": b"x" * 5000}, zipfile.ZIP_STORED), code_source.MAX_BYTES
        code_source.MAX_BYTES = 1000
        try:
            with self.assertRaises(BadFileError), code_source.open_member(io.BytesIO(content), "a.txt"):
                pass
        finally:
            code_source.MAX_BYTES = limit

    def test_a_zip_of_too_many_files_is_refused(self):
        with self.assertRaises(BadFileError) as caught:
            read(zipped({f"{number}.txt": b"x" for number in range(201)}))
        self.assertEqual(caught.exception.unreadable.reason, "zip_members")

    def test_a_broken_or_useless_zip_is_refused(self):
        content = zipped({"order.txt": ORDER})
        for broken, reason in (
            (content[:-30], "zip_broken"), (zipped({"readme.pdf": b"%PDF"}), "zip_nothing"),
        ):
            with self.assertRaises(BadFileError) as caught:
                read(broken)
            self.assertEqual(caught.exception.unreadable.reason, reason)

    def test_a_spreadsheet_that_is_none_is_refused(self):
        self.assertEqual(bad(read(zipped({"[Content_Types].xml": "<x/>"}), "pairs.xlsx", form="ncci_pairs")[1]),
                         [(1, "spreadsheet")])


class TestArchives(TestCase):
    def test_of_an_archive_the_richest_file_is_taken(self):
        content = zipped({"readme.txt": "Read me", "icd10cm_codes_2026.txt": "A000    Cholera\n",
                          "Table and Index/icd10cm_order_2026.txt": ORDER})
        found = code_files.detect(io.BytesIO(content), "2026-code-descriptions.zip")
        self.assertEqual((found.format.key, found.name), ("icd10cm_order", "Table and Index/icd10cm_order_2026.txt"))
        self.assertEqual(found.edition.date_from, date(2025, 10, 1))
        self.assertEqual(len(read(content)[1]), 5)

    def test_another_file_of_the_archive_can_be_asked_for(self):
        content = zipped({"icd10cm_order_2026.txt": ORDER, "icd10cm_codes_2026.txt": "A000    Cholera\n"})
        self.assertEqual(read(content, "x.zip", member="icd10cm_codes_2026.txt")[0], "icd10cm_codes")


@skipUnless(REAL, "the published files are not here")
class TestPublishedFiles(TestCase):
    def test_every_line_of_every_published_file_is_understood(self):
        for name, key, count in (
            ("HCPC2016_CONTR_ANWEB.txt", "hcpcs", 6293),
            ("CMS32_DESC_LONG_DX.txt", "icd9cm_long", 14567),
            ("CMS32_DESC_SHORT_DX.txt", "icd9cm_short", 14567),
            ("2013_I9gem.txt", "gem_9_to_10", 23912),
        ):
            with self.subTest(file=name), (REAL / name).open("rb") as file:
                found = code_files.detect(file, name)
                self.assertEqual(found.format.key, key)
                with code_files.open_rows(file, found.format) as lines:
                    rows = list(lines)
                self.assertEqual((len(rows), bad(rows)), (count, []))
