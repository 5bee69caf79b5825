import unittest

from odoo.addons.billing_coordinator.tools.letter_text import fill_in, find_unknown


class TestLetterText(unittest.TestCase):
    """Texts of letters, filled in."""

    def test_names_in_braces_are_filled_in(self):
        values = {"amount": "$100", "patient": "Ana"}
        self.assertEqual(fill_in("You denied {amount} of { patient }.", values), "You denied $100 of Ana.")

    def test_nothing_that_stands_in_a_text_is_run(self):
        text = "{amount.__class__} {0} {amount!r} {amount:>10} %s $x {} {{"
        self.assertEqual(fill_in(text, {"amount": "1"}), text)

    def test_a_value_is_not_read_for_names_again(self):
        self.assertEqual(fill_in("{patient}", {"patient": "{amount}", "amount": "100"}), "{amount}")

    def test_a_name_that_nobody_knows_stays_and_is_told(self):
        self.assertEqual(fill_in("{patinet}", {"patient": "Ana"}), "{patinet}")
        self.assertEqual(find_unknown("{patinet} {patient} {x} {patinet}", {"patient"}), ["patinet", "x"])
