import re
from pathlib import Path

from odoo.tests import BaseCase

ROOT = Path(__file__).parents[1]


class TestHouse(BaseCase):
    """What is written about the house is true of it."""

    def test_each_path_that_the_readme_names_is_there(self):
        named = set(re.findall(r"`([\w*.-]+/[\w/*.-]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
        self.assertGreater(len(named), 100)
        self.assertEqual([path for path in sorted(named) if not any(ROOT.glob(path.rstrip("/")))], [])
