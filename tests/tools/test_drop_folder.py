import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from odoo.addons.billing_coordinator.tools import drop_folder
from odoo.addons.billing_coordinator.tools.drop_folder import DropError

NAME = "837P-000000001.txt"


class TestDropFolder(unittest.TestCase):
    """A file for somebody else's transfer program: whole, in the right place, and once."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.folder = self.root / "out"
        self.folder.mkdir()

    def _seen(self):
        """What a transfer program sees: names that do not begin with a dot."""
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))

    def assertRefused(self, reason, call, *args):
        with self.assertRaises(DropError) as caught:
            call(*args)
        self.assertEqual(caught.exception.reason, reason)

    # === WHERE === #

    def test_only_folders_below_the_one_allowed(self):
        check, root = drop_folder.check_folder, str(self.root)
        self.assertEqual(check(str(self.folder), root), Path(self.folder).resolve())
        self.assertRefused("relative", check, "out", root)
        self.assertRefused("no_root", check, str(self.folder), "")
        self.assertRefused("outside", check, root, root)
        self.assertRefused("outside", check, "/", root)
        self.assertRefused("outside", check, str(self.folder), "/")
        self.assertRefused("outside", check, f"{root}/out/../..", root)
        self.assertRefused("outside", check, f"{root}-other", root)
        self.assertRefused("missing", check, f"{root}/none", root)
        (self.root / "file").write_text("")
        self.assertRefused("missing", check, f"{root}/file", root)

    def test_a_link_that_leads_out_is_outside(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            (self.root / "link").symlink_to(elsewhere)
            self.assertRefused("outside", drop_folder.check_folder, str(self.root / "link"), str(self.root))

    def test_a_folder_without_rights_is_refused(self):
        with patch("os.access", return_value=False):
            self.assertRefused("not_writable", drop_folder.check_folder, str(self.folder), str(self.root))

    # === NAMES === #

    def test_names_have_the_control_number_and_leave_the_folder_never(self):
        make = drop_folder.make_name
        self.assertEqual(make("837P-{submitter}-{number}.txt", "000007", submitter="AB 12"), "837P-AB12-000007.txt")
        self.assertEqual(make("{date}_{number}", "7", date="20260316"), "20260316_7")
        for pattern in ("837P.txt", "../{number}", "/{number}", ".{number}", "{number}/x", "{number} x", "{0}{number}"):
            with self.subTest(pattern):
                self.assertRefused("name", make, pattern, "7")

    # === ONCE === #

    def test_a_file_is_laid_down_whole_and_once(self):
        self.assertTrue(drop_folder.drop(self.folder, NAME, b"claims"))
        self.assertEqual(self._seen(), [NAME])
        self.assertEqual((self.folder / NAME).read_bytes(), b"claims")
        self.assertFalse(drop_folder.drop(self.folder, NAME, b"claims"))
        self.assertTrue(drop_folder.was_dropped(self.folder, NAME))

    def test_what_was_taken_away_is_not_laid_down_again(self):
        drop_folder.drop(self.folder, NAME, b"claims")
        (self.folder / NAME).unlink()
        self.assertFalse(drop_folder.drop(self.folder, NAME, b"claims"))
        self.assertEqual(self._seen(), [])

    def test_another_content_under_the_same_name_is_refused(self):
        drop_folder.drop(self.folder, NAME, b"claims")
        self.assertRefused("other", drop_folder.drop, self.folder, NAME, b"other")
        (self.folder / "foreign.txt").write_bytes(b"foreign")
        self.assertRefused("other", drop_folder.drop, self.folder, "foreign.txt", b"claims")
        self.assertEqual((self.folder / "foreign.txt").read_bytes(), b"foreign")

    def test_the_same_file_laid_down_by_hand_is_recognised(self):
        (self.folder / NAME).write_bytes(b"claims")
        self.assertFalse(drop_folder.drop(self.folder, NAME, b"claims"))
        self.assertTrue(drop_folder.was_dropped(self.folder, NAME))

    def test_stopped_anywhere_it_goes_on_and_ends_with_one_whole_file(self):
        real = drop_folder._sync
        # Each step ends with the folder being saved: the power fails before the first, the second … of them.
        for fails_at in range(1, 4):
            with self.subTest(fails_at):
                name, calls = f"n{fails_at}.txt", []

                def sync(folder, calls=calls, fails_at=fails_at):
                    calls.append(folder)
                    if len(calls) == fails_at:
                        raise KeyboardInterrupt
                    real(folder)

                with patch.object(drop_folder, "_sync", sync), self.assertRaises(KeyboardInterrupt):
                    drop_folder.drop(self.folder, name, b"claims")
                was_there = (self.folder / name).exists()
                self.assertEqual(drop_folder.was_dropped(self.folder, name), was_there)
                self.assertEqual(drop_folder.drop(self.folder, name, b"claims"), not was_there)
                self.assertEqual((self.folder / name).read_bytes(), b"claims")
        self.assertEqual(self._seen(), ["n1.txt", "n2.txt", "n3.txt"])

    def test_a_disk_that_is_full_is_told(self):
        full = OSError(28, "No space left on device")
        with patch("os.open", side_effect=full), self.assertRaises(DropError) as caught:
            drop_folder.drop(self.folder, NAME, b"claims")
        self.assertEqual((caught.exception.reason, caught.exception.detail), ("failed", "No space left on device"))
        self.assertEqual(self._seen(), [])
