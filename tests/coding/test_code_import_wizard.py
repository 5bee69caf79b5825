"""Loading from the screen: look, then load; large files in the background."""

import base64
import io
from contextlib import suppress
from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.billing_coordinator.models.coding import code_import_run
from odoo.addons.billing_coordinator.wizards import code_import_wizard

from .common import EDITION_2025, CodeImportCase, order_file


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

    def test_the_preview_warns_when_very_much_would_end_and_whoever_saw_it_may_load(self):
        many = [(f"Q{number}", 1, f"Trouble {number}") for number in range(10, 70)]
        self._load(many)
        wizard = self._wizard(order_file(many[:40]), "icd10cm_order_2026.txt")
        wizard.system_id = self.system
        wizard.action_preview()
        self.assertEqual(
            wizard.warning, "20 of the 60 entries that are valid until now would end (33 %), because the file does not "
            "name them.",
        )
        self.assertEqual(self.importer.browse(wizard.action_import()["res_id"]).ended_count, 20)
        wizard = self._wizard(order_file(many[:39]), "icd10cm_order_2027.txt")
        wizard.system_id = self.system
        wizard.action_preview()
        self.assertFalse(wizard.warning)

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

    def test_a_second_file_for_which_there_is_no_time_does_not_wait_for_tomorrow(self):
        other = self.env["billing.code.system"].create({
            "name": "Second list", "code": "TESTLIST2", "default_kind": "diagnosis",
        })
        loadings = self.importer.create([
            {
                "name": "icd10cm_order_2025.txt", "format": "icd10cm_order", "system_id": system.id,
                "file": base64.b64encode(order_file(EDITION_2025).encode()),
            }
            for system in (self.system, other)
        ])
        said = []

        def no_time(_cron, processed=0, *, remaining=None):
            said.append(remaining)
            return 0

        self.patch(self.env.registry["ir.cron"], "_commit_progress", no_time)
        self.importer._cron_load()
        self.assertEqual((loadings.mapped("state"), said[-1]), (["done", "waiting"], 1))
        self.importer._cron_load()
        self.assertEqual((loadings.mapped("state"), said[-1]), (["done", "done"], 0))

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

    def test_kinds_of_codes_are_named_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        here = self.env(context={"lang": "de_DE"})
        here.ref("billing_coordinator.selection__billing_code__kind__place").name = "Behandlungsort"
        for model, field in (
            ("billing.code.system", "default_kind"), ("billing.code.import", "kind"),
            ("billing.code.import.wizard", "kind"),
        ):
            kinds = dict(here[model].fields_get([field])[field]["selection"])
            self.assertEqual(kinds["place"], "Behandlungsort", model)

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
