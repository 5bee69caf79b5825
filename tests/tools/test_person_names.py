"""Names of people as they are typed, and their parts as claims want them."""

from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.person_names import split_name


class TestPersonNames(TestCase):
    def test_names_are_taken_apart(self):
        for name, parts in {
            "Ana López": ("López", "Ana", "", ""),
            "Ana María López": ("López", "Ana", "María", ""),
            "López García, Ana María": ("López García", "Ana", "María", ""),
            "Dr. Ruth Stein": ("Stein", "Ruth", "", ""),
            "Prof. Dr. med. Ruth Stein": ("Stein", "Ruth", "", ""),
            "Ruth Stein, MD": ("Stein", "Ruth", "", ""),
            "Stein, Ruth, M.D.": ("Stein", "Ruth", "", ""),
            "Ruth Stein MD PhD": ("Stein", "Ruth", "", ""),
            "Ludwig van Beethoven": ("van Beethoven", "Ludwig", "", ""),
            "María de la Cruz": ("de la Cruz", "María", "", ""),
            "John Q. Public Jr.": ("Public", "John", "Q.", "JR"),
            "Public, John, III": ("Public", "John", "", "III"),
            "Public Sr, John": ("Public", "John", "", "SR"),
            "Sr. Juan Pérez": ("Pérez", "Juan", "", ""),
            "Madonna": ("Madonna", "", "", ""),
            "Bao Do": ("Do", "Bao", "", ""),
            "Van Morrison": ("Morrison", "Van", "", ""),
            "YO YO MA": ("MA", "YO", "YO", ""),
            "RUTH STEIN MD": ("STEIN", "RUTH", "", ""),
            "Don Smith": ("Smith", "Don", "", ""),
            "MA": ("MA", "", "", ""),
            "  ": ("", "", "", ""),
            "": ("", "", "", ""),
        }.items():
            self.assertEqual(tuple(split_name(name)), parts, name)

    @given(st.text(max_size=40))
    def test_whoever_has_a_name_has_a_family_name(self, name):
        self.assertEqual(bool(split_name(name).last), bool(name.replace(",", " ").split()))
