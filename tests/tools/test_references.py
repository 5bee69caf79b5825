import unittest

from hypothesis import given
from hypothesis import strategies as st

from ...tools.references import find_references, normalise

NUMBERS = ["PP-2026-00012", "PP-2026-00013", "PP-2026-00120"]


class TestReferences(unittest.TestCase):
    """Finding a plan's number in what people type into a bank transfer."""

    def _find(self, text):
        return find_references([text], NUMBERS)[0]

    def test_banks_drop_hyphens_and_people_add_blanks(self):
        for text in ("PP-2026-00012", "pp 2026 00012", "Rate PP202600012 danke", "PP/2026/00012", "Plan:PP-2026-00012"):
            self.assertEqual(self._find(text), "PP-2026-00012", text)

    def test_a_number_that_goes_on_is_another_one(self):
        for text in ("PP-2026-000123", "PP-2026-001200", "PP-2026-0001"):
            self.assertIsNone(self._find(text), text)

    def test_two_numbers_leave_it_to_people(self):
        self.assertIsNone(self._find("PP-2026-00012 and PP-2026-00013"))
        self.assertEqual(self._find("PP-2026-00012 PP-2026-00012"), "PP-2026-00012")

    def test_short_numbers_are_found_in_anything_and_therefore_never(self):
        self.assertEqual(find_references(["Invoice 12, P12"], ["12", "P-12", "1/2"]), [None])

    def test_numbers_of_figures_alone_stand_by_themselves(self):
        self.assertEqual(find_references(["4100012", "a 100012 b", "1000123"], ["100012"]), [None, "100012", None])

    def test_nothing_is_found_in_nothing(self):
        self.assertEqual(find_references(["", None], NUMBERS), [None, None])
        self.assertEqual(find_references([], NUMBERS), [])
        self.assertEqual(find_references(["PP-2026-00012"], []), [None])

    @given(st.text(max_size=30), st.sampled_from(NUMBERS), st.sampled_from(["-", " ", "", "/", "."]))
    def test_whatever_is_typed_around_it_the_number_is_found_or_nothing(self, around, number, between):
        text = f"{around} {number.replace('-', between)} {around}"
        found = self._find(text)
        if not any(letter.isdigit() for letter in normalise(around)):
            self.assertEqual(found, number)
        else:
            self.assertIn(found, (number, None))
