import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.models.filing import filing_batch_handing
from odoo.addons.billing_coordinator.models.filing.filing_route import DROP_ROOT

from ..common import TODAY
from .common import FilingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFilingDrop(FilingCase):
    """Files laid down for the office's transfer program: in the allowed folder, and once."""

    def setUp(self):
        super().setUp()
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        self.folder = self.root / "clearing"
        self.folder.mkdir()
        self.env["ir.config_parameter"].set_param(DROP_ROOT, str(self.root))
        self.route.sudo().drop_path = str(self.folder)

    def _seen(self):
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))

    def test_only_an_administrator_chooses_the_folder(self):
        values = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        max_ = new_test_user(self.env, login="max-f", groups="billing_coordinator.group_manager", **values)
        for attempt in (
            lambda: self.route.with_user(max_).write({"drop_path": "/tmp"}),
            lambda: self.route.with_user(max_).write({"drop_path": False}),
            lambda: self.route.with_user(max_).create({"name": "X", "format": "paper", "drop_path": "/tmp"}),
        ):
            with self.assertRaisesRegex(AccessError, "is chosen by an administrator of the system only"):
                attempt()
        # What stands there already is no change.
        self.route.with_user(max_).write({"drop_path": str(self.folder), "sequence": 3})
        self.assertFalse(self.route.with_user(max_).copy().drop_path)
        ada = new_test_user(
            self.env, login="ada-f", groups="billing_coordinator.group_manager,base.group_system", **values,
        )
        self.route.with_user(ada).write({"drop_path": False})

    def test_the_folder_lies_below_the_one_that_the_server_allows(self):
        for path, sentence in (
            ("clearing", "Clearing House, Drop folder: “clearing” is no whole path. Begin it with a slash."),
            (str(self.root), "does not lie below the folder that the administrator of the server allows"),
            (f"{self.folder}/../..", "does not lie below the folder"),
            (f"{self.root}/none", "is no folder of the server. Have it made first."),
        ):
            with self.subTest(path), self.assertRaises(ValidationError) as caught:
                self.route.drop_path = path
            self.assertIn(sentence, str(caught.exception))
        self.env["ir.config_parameter"].set_param(DROP_ROOT, False)
        with self.assertRaisesRegex(ValidationError, "the system parameter billing_coordinator.drop_root is empty"):
            self.route.drop_path = f"{self.folder}/."

    def test_handing_over_lays_the_file_down_and_submits_the_claims(self):
        claim = self._claim()
        batch = self._send(claim)
        self.assertEqual(self._seen(), [])
        self.assertIsNone(batch.action_hand_over())
        self.assertEqual(self._seen(), [batch.file_name])
        self.assertEqual((self.folder / batch.file_name).read_bytes(), batch.file_id.raw)
        self.assertIn(batch.interchange_number, batch.file_name)
        self.assertEqual((batch.state, claim.state), ("handed", "sent"))
        (self.folder / batch.file_name).unlink()
        with self.assertRaisesRegex(UserError, "Nothing is handed over twice"):
            batch.action_hand_over()
        self.assertEqual(self._seen(), [])

    def test_a_server_stopped_before_it_could_save_sends_nothing_twice(self):
        claim = self._claim()
        batch = self._send(claim)
        self.env.flush_all()
        lay_down = type(batch)._lay_down

        def stopped(self, content):
            lay_down(self, content)
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint(), \
                patch.object(type(batch), "_lay_down", stopped):
            batch.action_hand_over()
        self.env.invalidate_all()
        self.assertEqual((batch.state, claim.state, self._seen()), ("made", "ready", [batch.file_name]))
        # The transfer program has taken it away meanwhile.
        (self.folder / batch.file_name).unlink()
        for forbidden in (batch.action_make, batch.action_drop):
            with self.assertRaisesRegex(UserError, "Press Hand over: it is recognised, and nothing is sent twice"):
                forbidden()
        batch.action_hand_over()
        self.assertEqual((batch.state, claim.state, self._seen()), ("handed", "sent", []))
        self.assertEqual(len(claim.submission_ids), 1)

    def test_what_cannot_be_laid_down_is_not_handed_over(self):
        claim = self._claim()
        batch = self._send(claim)
        (self.folder / batch.file_name).write_bytes(b"foreign")
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "with another content has been in"), self.env.cr.savepoint():
            batch.action_hand_over()
        self.env.invalidate_all()
        self.assertEqual((batch.state, claim.state), ("made", "ready"))
        self.assertEqual((self.folder / batch.file_name).read_bytes(), b"foreign")
        (self.folder / batch.file_name).unlink()
        self.folder.rename(self.root / "gone")
        with self.assertRaisesRegex(UserError, "is no folder of the server"), self.env.cr.savepoint():
            batch.action_hand_over()

    def test_the_file_is_laid_down_when_nothing_else_can_fail(self):
        batch = self._send(self._claim())
        with patch.object(filing_batch_handing.drop_folder, "drop") as drop, \
                patch.object(type(batch.line_ids.claim_id), "_submit", side_effect=UserError("stop")), \
                self.assertRaisesRegex(UserError, "stop"), self.env.cr.savepoint():
            batch.action_hand_over()
        drop.assert_not_called()

    def test_what_lay_in_the_folder_is_not_taken_back(self):
        batch = self._send(self._claim())
        batch.action_hand_over()
        self.assertEqual(batch.dropped_in, str(self.folder))
        self.route.sudo().drop_path = False
        with self.assertRaisesRegex(UserError, "your transfer program may have sent it. Ask the receiver"):
            batch.action_take_back()
