"""Every bad file is refused with a line and a reason, and the list is as it was."""

import base64
import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EDITION_2025, CodeImportCase, order_file


def bad_files():
    """{what is wrong: (content, name of the file, number of the line, what is said)}."""
    good, order = order_file(EDITION_2025), "icd10cm_order_2026.txt"
    record = f"G000800100{'3'}{'Administration':<80}{'Admin':<28}".ljust(268) + "1999010119990101".ljust(52) + "\r\n"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b" " * (32 << 20))
    entities = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>\n<ICD10CM.tabular>&c;'
    cases = {
        "a cut line": (good + "00005 Q12     1 cut", order, 5, "The line is cut"),
        "another encoding": (good.encode() + b"00005 Q12     1 \xe9" + b" " * 80 + b"x", order, 5, ".*UTF-8"),
        "a record of another length": (
            record + record[:290] + "\r\n" + record, "HCPC2026_CONTR_ANWEB.txt", 2, "The record has 290 characters",
        ),
        "a code twice": (order_file([*EDITION_2025, ("Q11", 1, "Again")]), order, 5, "Q11 stands in line 4 already"),
        "an end before its start": (
            "code,name,valid from,valid until\nA,Advice,2026-02-01,2026-01-01\n", "own.csv", 2,
            "The code would end on 01/01/2026, before it starts on 02/01/2026",
        ),
        "entities": (entities, "tabular.xml", 2, ".*entities"),
        "a zip bomb": (bomb.getvalue(), "a.zip", 1, ".*200 times its size"),
        "nothing": ("", order, 1, "The file is empty"),
        "blanks": ("\r\n  \r\n", order, 1, "The file is empty"),
        "a heading that is nowhere": (
            "code,name,parent\nA,Advice,NOWHERE\n", "own.csv", 2, "A stands under NOWHERE",
        ),
        "a code under itself": (
            "code,name,parent\nA,Advice,B\nB,Bone,A\n", "own.csv", 2, "A would stand under itself, by way of B",
        ),
        "a day that there is not": (
            "code,name,valid from\nA,Advice,2028-02-29\nB,Bone,2/29/2026\n", "own.csv", 3, "“2/29/2026” is no date",
        ),
        "a spreadsheet that is none": (b"PK\x03\x04 not a zip", "pairs.xlsx", 1, "The archive is broken"),
    }
    return {
        what: (content.encode() if isinstance(content, str) else content, *rest)
        for what, (content, *rest) in cases.items()
    }


@tagged("post_install", "-at_install")
class TestBadFilesChangeNothing(CodeImportCase):
    """Every bad file is refused with a line and a reason, and the list is as it was."""

    def _assert_refused(self, content, words, name, **options):
        before = (self._codes(), self.importer.search_count([]))
        with self.assertRaisesRegex(UserError, words) as caught, self.cr.savepoint():
            self._load(content, name, **options)
        self.assertIn("nothing was changed", str(caught.exception))
        self.assertEqual((self._codes(), self.importer.search_count([])), before)

    def test_by_method_a_bad_file_is_refused_with_line_and_reason(self):
        self._load(EDITION_2025)
        for what, (content, name, line, words) in bad_files().items():
            with self.subTest(what):
                self._assert_refused(content, f"Line {line}: {words}", name)

    def test_on_the_screen_a_bad_file_is_shown_with_line_and_reason_and_cannot_be_loaded(self):
        self._load(EDITION_2025)
        for what, (content, name, line, words) in bad_files().items():
            with self.subTest(what):
                before = (self._codes(), self.importer.search_count([]))
                wizard = self.env["billing.code.import.wizard"].create({
                    "file": base64.b64encode(content), "filename": name,
                })
                if wizard.problem:
                    # Not even opened: an empty file, or an archive that is none.
                    self.assertRegex(wizard.problem, f"Line {line}: {words}")
                else:
                    wizard.system_id = self.system
                    wizard.action_preview()
                    self.assertRegex(wizard.line_ids[0].text, words)
                    self.assertEqual((wizard.line_ids[0].what, wizard.line_ids[0].line), ("unreadable", line))
                with self.assertRaisesRegex(UserError, f"Line {line}: {words}"), self.cr.savepoint():
                    wizard.action_import()
                self.assertEqual((self._codes(), self.importer.search_count([])), before)

    def test_a_file_that_nobody_knows_is_refused(self):
        with self.assertRaisesRegex(UserError, "looks like none of the files"):
            self._load("Dear office,\nthank you.\n", "letter.txt")

    def test_bad_lines_can_be_left_out_and_then_nothing_ends(self):
        self._load(EDITION_2025)
        loading = self._load(
            order_file(EDITION_2025[:3]) + "00004 Q12     1 cut", "icd10cm_order_2026.txt", skip_unreadable=True,
        )
        self.assertEqual((self._counts(loading), loading.unreadable_count), ((0, 0, 0, 3), 1))
        self.assertIn("Line 4: The line is cut", loading.report)
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "False", True)])
