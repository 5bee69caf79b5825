"""Loading published lists: what becomes of each code, and that bad files change nothing."""

import base64
import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from unittest import skipUnless

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.billing_coordinator.models.coding import code_import_run
from odoo.addons.billing_coordinator.wizards import code_import_wizard

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "codes"
EDITION_2025 = (
    ("Q10", 0, "Headaches"), ("Q101", 1, "Headache, mild"), ("Q102", 1, "Headache, strong"), ("Q11", 1, "Hiccups"),
)


def order_file(codes):
    """Codes as an ICD-10-CM order file."""
    return "".join(
        f"{number:05} {code:<7} {billable} {text[:60]:<60} {text}\r\n"
        for number, (code, billable, text) in enumerate(codes, 1)
    )


class CodeImportCase(TransactionCase):
    """A list of its own, so that what is loaded meets nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["billing.code.system"].create({
            "name": "Test list", "code": "TESTLIST", "default_kind": "diagnosis",
        })
        cls.importer = cls.env["billing.code.import"]

    def _load(self, content, name="icd10cm_order_2025.txt", **options):
        if not isinstance(content, str | bytes):
            content = order_file(content)
        file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
        return self.importer._load_file(file, name, **{"system": self.system, **options})

    def _codes(self):
        """What stands in the list: {code: (from, until, billable)}, versions in order."""
        found = {}
        for code in self.env["billing.code"].search([("system_id", "=", self.system.id)], order="code, date_from"):
            found.setdefault(code.code, []).append((str(code.date_from), str(code.date_to), code.is_billable))
        return found

    def _code(self, code, **more):
        domain = [("system_id", "=", self.system.id), ("code", "=", code)]
        return self.env["billing.code"].search([*domain, *((key, "=", value) for key, value in more.items())])

    def _counts(self, loading):
        return (loading.new_count, loading.changed_count, loading.ended_count, loading.same_count)


@tagged("post_install", "-at_install")
class TestEditions(CodeImportCase):
    """One edition after the other: codes begin, change, end, and come back."""

    def test_the_first_edition_brings_its_codes_with_their_headings(self):
        loading = self._load(EDITION_2025)
        self.assertEqual((loading.state, self._counts(loading)), ("done", (4, 0, 0, 0)))
        self.assertEqual(self._code("Q10.1").parent_id, self._code("Q10"))
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "False", True)])
        self.assertEqual((self.system.edition, self.system.edition_date), ("2025", date(2024, 10, 1)))

    def test_the_same_file_again_changes_nothing_and_says_so(self):
        self._load(EDITION_2025)
        before = self._code("Q11").read()
        loading = self._load(EDITION_2025)
        self.assertEqual(self._counts(loading), (0, 0, 0, 4))
        self.assertIn("nothing was changed", loading.report)
        self.assertEqual(self._code("Q11").read(), before)

    def test_what_a_new_edition_drops_ends_on_the_day_before_and_is_kept(self):
        self._load(EDITION_2025)
        loading = self._load(EDITION_2025[:3], "icd10cm_order_2026.txt")
        self.assertEqual(self._counts(loading), (0, 0, 1, 3))
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "2025-09-30", True)])

    def test_new_words_mend_the_code_and_keep_its_translations(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self._load(EDITION_2025)
        code = self._code("Q11")
        code.with_context(lang="es_ES").name = "Hipo"
        loading = self._load([*EDITION_2025[:3], ("Q11", 1, "Hiccup")], "icd10cm_order_2026.txt")
        self.assertEqual(self._counts(loading), (0, 1, 0, 3))
        self.assertEqual((code.name, code.with_context(lang="es_ES").name), ("Hiccup", "Hipo"))
        self.assertEqual((code.edition, code.write_uid), ("2026", self.env.user))

    def test_texts_in_another_language_stand_beside_the_english_ones(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self._load(EDITION_2025)
        loading = self._load([("Q11", 1, "Hipo")], lang="es_ES", is_complete=False)
        code = self._code("Q11")
        self.assertEqual(self._counts(loading), (0, 1, 0, 0))
        self.assertEqual((code.name, code.with_context(lang="es_ES").name), ("Hiccups", "Hipo"))
        self.assertEqual(self._counts(self._load([("Q11", 1, "Hipo")], lang="es_ES", is_complete=False)), (0, 0, 0, 1))

    def test_a_code_that_becomes_a_heading_is_a_second_version_from_then_on(self):
        self._load(EDITION_2025)
        user = new_test_user(self.env, login="fan", groups="billing_coordinator.group_readonly")
        old = self._code("Q11")
        old.with_user(user).action_toggle_favourite()
        self._load([*EDITION_2025[:3], ("Q11", 0, "Hiccups"), ("Q111", 1, "Loud")], "icd10cm_order_2026.txt")
        self.assertEqual(
            self._codes()["Q11"], [("2024-10-01", "2025-09-30", True), ("2025-10-01", "False", False)],
        )
        new = self._code("Q11") - old
        self.assertEqual(self._code("Q11.1").parent_id, new)
        self.assertTrue(new.with_user(user).is_favourite)

    def test_an_older_edition_loaded_later_fills_the_time_before(self):
        self._load(EDITION_2025[:3], "icd10cm_order_2026.txt")
        loading = self._load(EDITION_2025)
        self.assertEqual(self._counts(loading), (1, 3, 0, 0))
        self.assertEqual(self._codes()["Q10.1"], [("2024-10-01", "False", True)])
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "2025-09-30", True)], "the later edition dropped it")
        self.assertEqual(self.system.edition, "2026")

    def test_a_wrong_file_is_mended_by_the_right_one(self):
        self._load(EDITION_2025)
        self._load(EDITION_2025[:1], "icd10cm_order_2026.txt")
        loading = self._load(EDITION_2025, "icd10cm_order_2026.txt")
        self.assertEqual(self._counts(loading), (0, 3, 0, 1))
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "False", True)])

    def test_a_part_of_a_list_ends_nothing(self):
        self._load(EDITION_2025)
        self._load(EDITION_2025[:1], "icd10cm_order_2026.txt", is_complete=False)
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "False", True)])

    def test_a_list_of_billable_codes_ends_no_heading(self):
        self._load(EDITION_2025)
        self._load("Q101    Headache, mild\nQ102    Headache, strong\n", "icd10cm_codes_2026.txt")
        self.assertEqual(self._codes()["Q10"], [("2024-10-01", "False", False)])
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "2025-09-30", True)])

    def test_a_code_typed_by_hand_is_known_again_whatever_its_case(self):
        self.env["billing.code"].create({
            "system_id": self.system.id, "code": "q11", "name": "Hiccups", "kind": "diagnosis",
            "date_from": "2015-10-01",
        })
        loading = self._load(EDITION_2025)
        self.assertEqual(self._counts(loading), (3, 1, 0, 0), "its long description was missing")
        self.assertEqual(len(self._code("q11")), 1)

    def test_dates_in_the_file_count_and_a_second_version_is_its_own_row(self):
        self._load("code,name,valid from,valid until\nH1,Old talk,2020-01-01,2024-12-31\nH1,New talk,2025-01-01,\n",
                   "own.csv")
        self.assertEqual(
            self._codes()["H1"], [("2020-01-01", "2024-12-31", True), ("2025-01-01", "False", True)],
        )
        self.assertEqual(self._code("H1", date_to=False).name, "New talk")

    def test_rows_are_as_the_orm_would_have_made_them(self):
        self._load(EDITION_2025)
        twin = self.env["billing.code.system"].create({"name": "Twin", "code": "TWIN"})
        made = self.env["billing.code"]
        for code in self._code("Q10") + self._code("Q10.1"):
            made += made.create({
                "system_id": twin.id, "code": code.code, "name": code.name, "description": code.description,
                "kind": "diagnosis", "is_billable": code.is_billable, "edition": "2025", "date_from": "2024-10-01",
                "parent_id": made[:1].id,
            })
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM billing_code WHERE id = ANY(%s) ORDER BY code", [made.ids])
        expected = self.env.cr.dictfetchall()
        self.env.cr.execute(
            "SELECT * FROM billing_code WHERE system_id = %s AND code IN ('Q10', 'Q10.1') ORDER BY code",
            [self.system.id],
        )
        for mine, theirs in zip(self.env.cr.dictfetchall(), expected, strict=True):
            for name in ("id", "system_id", "parent_id"):
                mine.pop(name), theirs.pop(name)
            self.assertEqual(mine, theirs)


@tagged("post_install", "-at_install")
class TestBadFilesChangeNothing(CodeImportCase):
    """Every bad file is refused with a line and a reason, and the list is as it was."""

    def _assert_refused(self, content, words, name="icd10cm_order_2026.txt", **options):
        before = (self._codes(), self.importer.search_count([]))
        with self.assertRaisesRegex(UserError, words) as caught, self.cr.savepoint():
            self._load(content, name, **options)
        self.assertIn("nothing was changed", str(caught.exception))
        self.assertEqual((self._codes(), self.importer.search_count([])), before)

    def test_lines_that_cannot_be_read_are_told(self):
        self._load(EDITION_2025)
        good = order_file(EDITION_2025)
        self._assert_refused(good + "00005 Q12     1 cut", "Line 5: The line is cut")
        self._assert_refused(good.encode() + b"00005 Q12     1 \xe9" + b" " * 80 + b"x", "Line 5: .* UTF-8")
        self._assert_refused(order_file([*EDITION_2025, ("Q11", 1, "Again")]), r"Line 5: Q11 stands in line 4 already")
        self._assert_refused(
            "code,name,valid from,valid until\nA,Advice,2026-02-01,2026-01-01\n",
            "Line 2: The code would end on 01/01/2026, before it starts on 02/01/2026", "own.csv",
        )
        self._assert_refused("", "Line 1: The file is empty")
        self._assert_refused('<!DOCTYPE a [<!ENTITY b "c">]>\n<ICD10CM.tabular/>', "Line 1: .* entities", "tabular.xml")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", b" " * (32 << 20))
        self._assert_refused(buffer.getvalue(), "200 times its size", "a.zip")
        self._assert_refused("code,name,parent\nA,Advice,NOWHERE\n", "Line 2: A stands under NOWHERE", "own.csv")

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


@tagged("post_install", "-at_install")
class TestWizard(CodeImportCase):
    """The same from the screen: look, then load; large files in the background."""

    def _wizard(self, content, name, **values):
        return self.env["billing.code.import.wizard"].create({
            "file": base64.b64encode(content.encode()), "filename": name, **values,
        })

    def test_the_file_says_what_it_is(self):
        wizard = self._wizard(order_file(EDITION_2025), "icd10cm_order_2025.txt")
        self.assertEqual((wizard.format, wizard.system_id.code, wizard.edition, wizard.date_from, wizard.is_complete),
                         ("icd10cm_order", "ICD10CM", "2025", date(2024, 10, 1), True))

    def test_a_screen_that_reads_sizes_only_does_not_hide_the_file(self):
        wizard = self.env["billing.code.import.wizard"].with_context(bin_size=True).create({
            "file": base64.b64encode(order_file(EDITION_2025).encode()), "filename": "icd10cm_order_2025.txt",
        })
        self.assertEqual((wizard.format, wizard.problem), ("icd10cm_order", False))

    def test_the_preview_shows_what_would_change_and_changes_nothing(self):
        self._load(EDITION_2025)
        before = self._codes()
        wizard = self._wizard(
            order_file([("Q10", 0, "Headaches"), ("Q101", 1, "Headache, light"), ("Q12", 1, "Sneezing")]) + "00009 X",
            "icd10cm_order_2026.txt", system_id=self.system.id,
        )
        wizard.system_id = self.system
        self.assertTrue(wizard.is_complete)
        self.assertEqual(wizard.date_from, date(2025, 10, 1))
        wizard.action_preview()
        self.assertEqual(
            (wizard.new_count, wizard.changed_count, wizard.ending_count, wizard.same_count, wizard.unreadable_count),
            (1, 1, 2, 1, 1),
        )
        self.assertEqual(
            [(line.what, line.line, line.code) for line in wizard.line_ids],
            [("unreadable", 4, False), ("new", 3, "Q12"), ("changed", 2, "Q10.1"), ("ending", 0, "Q10.2"),
             ("ending", 0, "Q11")],
        )
        self.assertEqual(self._codes(), before)
        self.assertFalse(self.importer.search_count([("system_id", "=", self.system.id), ("edition", "=", "2026")]))

    def test_loading_from_the_screen_and_by_method_give_the_same(self):
        self._wizard_load(order_file(EDITION_2025))
        by_screen = self._codes()
        self._code("Q10").child_ids.unlink()
        self.env["billing.code"].search([("system_id", "=", self.system.id)]).unlink()
        self._load(EDITION_2025)
        self.assertEqual(self._codes(), by_screen)

    def _wizard_load(self, content):
        wizard = self._wizard(content, "icd10cm_order_2025.txt")
        wizard.system_id = self.system
        wizard.action_preview()
        return self.importer.browse(wizard.action_import()["res_id"])

    def test_a_large_file_is_loaded_in_the_background_in_batches(self):
        self.patch(code_import_wizard, "AT_ONCE", 2)
        self.patch(code_import_run, "BATCH", 3)
        loading = self._wizard_load(order_file(EDITION_2025))
        self.assertEqual((loading.state, loading.progress), ("waiting", 0.0))
        with self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_load_codes").method_direct_trigger()
        loading.invalidate_recordset()
        self.assertEqual((loading.state, self._counts(loading), loading.progress), ("done", (4, 0, 0, 0), 100.0))
        self.assertEqual(self._code("Q10.1").parent_id, self._code("Q10"))
        self.assertFalse(loading.file)

    def test_a_bad_file_in_the_background_fails_with_its_reason_and_can_be_tried_again(self):
        loading = self.importer.create({
            "name": "x.txt", "format": "icd10cm_order", "system_id": self.system.id,
            "file": base64.b64encode(b"00001 Q10     1 cut"),
        })
        with self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_load_codes").method_direct_trigger()
        loading.invalidate_recordset()
        self.assertEqual(loading.state, "failed")
        self.assertIn("Line 1: The line is cut", loading.report)
        loading.action_retry()
        self.assertEqual(loading.state, "waiting")

    def test_what_was_cut_off_goes_on_where_it_stopped(self):
        loading = self.importer.create({
            "name": "icd10cm_order_2025.txt", "format": "icd10cm_order", "system_id": self.system.id,
            "edition": "2025", "date_from": "2024-10-01", "is_complete": True,
        })
        self.patch(code_import_run, "BATCH", 2)
        file = io.BytesIO(order_file(EDITION_2025).encode())

        def cut(done, remaining):
            raise ConnectionError

        with suppress(ConnectionError):
            loading._run(file, commit=cut)
        self.assertEqual((loading.state, loading.new_count, len(self._codes())), ("running", 2, 2))
        file.seek(0)
        loading._run(file, commit=lambda done, remaining: None)
        self.assertEqual(self._counts(loading), (4, 0, 0, 0))

    def test_only_managers_load_files(self):
        for role in ("readonly", "coordinator"):
            user = new_test_user(self.env, login=role, groups=f"billing_coordinator.group_{role}")
            with self.assertRaises(AccessError):
                self.importer.with_user(user)._load_file(io.BytesIO(order_file(EDITION_2025).encode()), "a.txt")
            with self.assertRaises(AccessError):
                self.env["billing.code.import.wizard"].with_user(user).create({})

    def test_lists_and_codes_are_shared_by_all_companies(self):
        other = self.env["res.company"].create({"name": "Second office"})
        there = new_test_user(
            self.env, login="there", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        loading = self._load(EDITION_2025)
        self.assertEqual(self._code("Q11").with_user(there).name, "Hiccups")
        self.assertEqual(loading.with_user(there).state, "done")


@skipUnless(REAL.is_dir(), "the published files are not here")
@tagged("post_install", "-at_install")
class TestPublishedLists(CodeImportCase):
    """The lists as their publishers give them out."""

    def test_every_published_file_is_loaded_and_known_again(self):
        for name, count, model in (
            ("HCPC2016_CONTR_ANWEB.txt", 6293, "billing.code"),
            ("CMS32_DESC_LONG_DX.txt", 14567, "billing.code"),
            ("CMS32_DESC_SHORT_DX.txt", 14567, "billing.code"),
            ("2013_I9gem.txt", 23912, "billing.code.crosswalk"),
        ):
            with self.subTest(file=name), (REAL / name).open("rb") as file:
                first = self.importer._load_file(file, name)
                file.seek(0)
                again = self.importer._load_file(file, name)
                self.assertEqual(sum(self._counts(first)) - first.ended_count, count)
                self.assertEqual(self._counts(again), (0, 0, 0, count))
                self.assertGreaterEqual(self.env[model].search_count([]), count)
        long = self.env["billing.code"].search([("code", "=", "386.00"), ("system_id.code", "=", "ICD9CM")])
        self.assertEqual((long.name, long.description), ("Meniere's disease NOS", "Ménière's disease, unspecified"))
