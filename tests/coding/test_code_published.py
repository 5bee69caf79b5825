"""The lists as their publishers give them out, where they are at hand."""

from pathlib import Path
from unittest import skipUnless

from odoo.tests import tagged

from .common import CodeImportCase

# Beside the addon, or beside the folder that it lies in.
PLACES = [place / "shared" / "data" / "codes" for place in Path(__file__).resolve().parents]
REAL = next(filter(Path.is_dir, PLACES), None)


@skipUnless(REAL, "the published files are not here")
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
