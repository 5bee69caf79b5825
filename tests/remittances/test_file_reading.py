import os
import tempfile
from pathlib import Path
from unittest import skipUnless

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.tools.x12 import faults

from ..common import TODAY
from ..tools import x12_files as x12
from .file_common import RemittanceFileCase

FILES = os.environ.get("BILLING_X12_FILES", "")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReading(RemittanceFileCase):
    """Files are read or refused, and nothing is half done."""

    def test_every_fault_of_the_reader_has_words(self):
        words = self.env["billing.remittance.file"]._get_fault_words()
        self.assertEqual(set(faults.REASONS) - set(words), set())

    def test_a_file_that_is_no_remittance_is_refused_and_says_what_to_do(self):
        file = self._take(b"Dear office, here is your money.", "letter.txt")
        self.assertEqual(file.state, "refused")
        self.assertIn("it is no X12 file. Nothing was posted. Ask whoever sent “letter.txt”", file.refusal)

    def test_a_file_of_another_kind_is_refused(self):
        file = self._take(x12.wrap(x12.answer_999(), kind="999"), "ack.999")
        self.assertEqual(file.state, "refused")
        self.assertIn("The file holds no remittance. Nothing was posted.", file.refusal)
        self.assertIn("no remittance but of another kind: “999”", file.fault_text)

    def test_an_empty_file_is_sent_back_at_once(self):
        with self.assertRaisesRegex(UserError, "“empty.835” is empty."):
            self._take(b" \n", "empty.835")

    def test_a_payment_that_is_cut_off_posts_nothing_and_the_others_do(self):
        claim, other = self._create_claim(), self._create_claim()
        whole = x12.wrap(self._payment(self._clp(claim)), self._payment(self._clp(other), trace="TRACE-2"))
        file = self._take(whole[:whole.rindex(b"SE*")], "cut.835")
        self.assertEqual(
            self._became(file), ([("posted", ""), ("held", "damaged")], [("posted", "")]),
        )
        self.assertIn("cut off", file.transaction_ids.sorted("position")[1].reason_text)
        self.assertEqual(other.amount_open, 500.0)
        # The whole file comes later: only what was damaged is posted now.
        again = self._take(whole, "whole.835")
        self.assertEqual(
            self._became(again),
            ([("duplicate", "twice"), ("posted", "")], [("duplicate", "duplicate"), ("posted", "")]),
        )
        self.assertConserved()

    def test_a_file_dropped_on_the_list_is_taken_in(self):
        claim = self._create_claim()
        attachment = self.env["ir.attachment"].create({"name": "drop.835", "raw": self._file(self._clp(claim))})
        action = self.env["billing.remittance.file"].create_document_from_attachment(attachment.ids)
        file = self.env["billing.remittance.file"].browse(action["res_id"])
        self.assertEqual((file.name, file.state, claim.state), ("drop.835", "read", "settled"))
        self.assertFalse(attachment.exists())

    def test_large_files_are_read_in_the_background_in_batches(self):
        claims = self.env["billing.claim"].union(*(self._create_claim() for _number in range(5)))
        self.patch_reading(AT_ONCE=10, BATCH=2)
        file = self._take(self._file(*(
            self._clp(claim, control=f"ICN-{claim.id}") for claim in claims
        )))
        self.assertEqual(file.state, "new")
        with self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_read_remittances").method_direct_trigger()
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")] * 5))
        self.assertEqual(file.progress, 100.0)
        self.assertConserved()

    def patch_reading(self, **values):
        from odoo.addons.billing_coordinator.models.remittances import remittance_file_reading

        for name, value in values.items():
            self.patch(remittance_file_reading, name, value)

    def test_files_of_the_folder_are_taken_once_and_put_away(self):
        claim = self._create_claim()
        with tempfile.TemporaryDirectory() as root:
            self.env["ir.config_parameter"].set_param("billing_coordinator.remittance_folder", root)
            folder = Path(root, str(self.company.id))
            folder.mkdir()
            Path(folder, "blue.835").write_bytes(self._file(self._clp(claim)))
            Path(folder, "late.835.part").write_bytes(b"ISA")
            Path(folder, "link.835").symlink_to("/etc/hostname")
            with self.enter_registry_test_mode():
                self.env.ref("billing_coordinator.cron_pick_up_remittances").method_direct_trigger()
            self.assertEqual(sorted(os.listdir(folder)), ["done", "late.835.part", "link.835"])
            self.assertEqual(os.listdir(Path(folder, "done")), ["blue.835"])
            file = self.env["billing.remittance.file"].search([("name", "=", "blue.835")])
            self.assertEqual((file.source, file.state), ("folder", "new"))
            # It is put there again, as if the process had been killed before it was put away.
            Path(folder, "blue.835").write_bytes(self._file(self._clp(claim)))
            with self.enter_registry_test_mode():
                self.env.ref("billing_coordinator.cron_pick_up_remittances").method_direct_trigger()
            self.assertEqual(len(os.listdir(Path(folder, "done"))), 2)
            self.assertEqual(self.env["billing.remittance.file"].search_count([("name", "=", "blue.835")]), 1)

    def test_a_folder_that_is_not_absolute_is_no_folder(self):
        self.env["ir.config_parameter"].set_param("billing_coordinator.remittance_folder", "somewhere")
        self.assertIsNone(self.env["billing.remittance.file"]._get_folder())

    @skipUnless(FILES, "BILLING_X12_FILES names no folder of public files")
    def test_public_files_are_read_or_refused_and_post_nothing_that_is_not_ours(self):
        self._create_claim()
        moves = self.env["account.move"].search_count([])
        for path in sorted(Path(FILES).rglob("*")):
            if path.is_file() and b"835" in path.read_bytes()[:20000] and path.suffix != ".md":
                with self.subTest(path.name):
                    content = path.read_bytes()
                    file = self.env["billing.remittance.file"]._take_in_all([(path.name, content)])
                    if file.state == "new":
                        file.sudo()._read()
                        file.sudo().transaction_ids._work()
                    self.assertIn(file.state, ("read", "refused"))
                    self.assertNotIn("posted", file.transaction_ids.mapped("state"))
                    self.assertTrue(all(payment.reason_text for payment in file.transaction_ids))
                    self.assertEqual(file.refusal is not False, file.state == "refused")
        self.assertEqual(self.env["account.move"].search_count([]), moves)
