import datetime
import unittest

from hypothesis import given
from hypothesis import strategies as st

from ...tools.likeness import (
    ALIKE,
    Person,
    common,
    email_key,
    is_alike,
    is_candidate,
    is_likely,
    likeness,
    member_keys,
    name_key,
    phone_digits,
)

BORN = datetime.date(1984, 2, 29)
OTHER_DAY = datetime.date(1990, 7, 1)


class TestNames(unittest.TestCase):
    def test_accents_case_order_and_punctuation_make_no_difference(self):
        for typed in ("Ana López", "ANA LOPEZ", "López, Ana", "lopez  ana", "Dr. Ana López", "Ana Lo\u0301pez"):
            self.assertEqual(name_key(typed), "ana lopez", typed)

    def test_letters_that_are_no_accents_are_written_as_people_do(self):
        self.assertEqual(name_key("Jürgen Strauß"), "jurgen strauss")
        self.assertEqual(name_key("Søren Łukasz"), "lukasz soren")
        self.assertEqual(name_key("O’Brien"), name_key("O'Brien"))

    def test_legal_forms_are_no_part_of_a_companys_name(self):
        self.assertEqual(name_key("Lakeside Logistics, Inc."), name_key("LAKESIDE LOGISTICS"))
        self.assertEqual(name_key("SA"), "sa", "a name that is nothing else is kept")

    def test_a_small_typo_is_the_same_name(self):
        for one, other in (
            ("Margaret Whitfield", "Margret Whitfield"),
            ("Stefan Becker", "Stephan Becker"),
            ("Ana López", "Anna Lopez"),
            ("Carmen Ortega Ruiz", "Carmen Ortega"),
            ("John Smith", "Jon Smith"),
            ("Grace Kim", "Kim Grace"),
        ):
            self.assertTrue(is_alike(one, other), f"{one} / {other}: {likeness(one, other):.2f}")

    def test_other_people_are_other_people(self):
        for one, other in (
            ("Lucía Ortega", "Mateo Ortega"),
            ("Stefan Becker", "Emma Becker"),
            ("Ana López", "Eva López"),
            ("James Carter", "Jane Carver"),
            ("Ana", "Ana López"),
            ("Robert Hayes", "Linda Novak"),
        ):
            self.assertFalse(is_alike(one, other), f"{one} / {other}: {likeness(one, other):.2f}")

    def test_an_initial_stands_for_a_name(self):
        self.assertTrue(is_alike("M. Whitfield", "Margaret Whitfield"))
        self.assertFalse(is_alike("S. Whitfield", "Margaret Whitfield"))

    def test_nothing_is_like_nothing(self):
        for empty in ("", None, "  ", "-"):
            self.assertEqual(likeness(empty, "Ana"), 0.0)
            self.assertEqual(likeness(empty, empty), 0.0)

    @given(st.text(max_size=30), st.text(max_size=30))
    def test_likeness_does_not_depend_on_who_comes_first(self, one, other):
        self.assertAlmostEqual(likeness(one, other), likeness(other, one))
        self.assertGreaterEqual(likeness(one, other), 0.0)
        self.assertLessEqual(likeness(one, other), 1.0)

    @given(st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyzéü", min_size=2, max_size=9), min_size=1, max_size=4))
    def test_the_same_parts_in_any_order_are_the_same_name(self, parts):
        self.assertEqual(likeness(" ".join(parts), " ".join(reversed(parts))), 1.0)
        self.assertGreater(1.0, ALIKE)


class TestNumbers(unittest.TestCase):
    def test_a_phone_number_is_its_last_digits(self):
        for typed in ("(708) 555-0111", "708.555.0111", "+1 708 555 0111", "0017085550111"):
            self.assertEqual(phone_digits(typed), "085550111", typed)

    def test_too_few_digits_are_no_number(self):
        for typed in ("", None, "ext. 12", "555-1"):
            self.assertEqual(phone_digits(typed), "")

    def test_an_address_is_compared_without_case(self):
        self.assertEqual(email_key(" Ana@Example.COM "), "ana@example.com")


class TestSamePerson(unittest.TestCase):
    ana = Person("Ana López", BORN, "(708) 555-0111", "ana@example.com", frozenset({"M-1"}))

    def _reasons(self, **values):
        other = Person(**values)
        reasons = common(self.ana, other)
        return reasons, is_likely(reasons, self.ana, other)

    def test_same_birth_date_and_similar_name_is_likely_the_same_person(self):
        self.assertEqual(self._reasons(name="Lopez Anna", birth_date=BORN), (("birth", "name"), True))

    def test_same_phone_or_member_number_alone_may_be_the_family(self):
        self.assertEqual(
            self._reasons(name="Eva López", birth_date=OTHER_DAY, phone="708 555 0111"), (("phone",), False),
        )
        self.assertEqual(self._reasons(name="Eva López", members=frozenset({"M-1"})), (("member",), False))

    def test_same_phone_and_name_is_likely_the_same_person(self):
        self.assertEqual(self._reasons(name="ANA LOPEZ", phone="7085550111"), (("name", "phone"), True))

    def test_a_member_number_is_the_same_however_it_is_set_apart(self):
        for number in ("m-1", "M 1", "m1", " M-1 "):
            self.assertEqual(self._reasons(name="Eva López", members=frozenset({number})), (("member",), False))
        self.assertNotIn("member", self._reasons(name="Eva López", members=frozenset({"M-10"}))[0])
        self.assertEqual(member_keys({"-", "", "a 1"}), {"A1"})

    def test_same_member_number_and_birth_date_is_who_has_married(self):
        self.assertEqual(
            self._reasons(name="Ana Ruiz", birth_date=BORN, members=frozenset({"M-1"})), (("member", "birth"), True),
        )

    def test_the_same_name_on_another_birthday_is_somebody_else(self):
        self.assertEqual(self._reasons(name="Ana Lopez", birth_date=OTHER_DAY), (("name",), False))
        self.assertEqual(self._reasons(name="Ana Lopez"), (("name",), True))

    def test_a_birth_date_alone_is_shared_by_strangers(self):
        reasons, likely = self._reasons(name="Robert Hayes", birth_date=BORN)
        self.assertEqual((reasons, likely, is_candidate(reasons)), (("birth",), False, False))

    def test_what_is_unknown_is_no_likeness(self):
        self.assertEqual(common(Person(), Person()), ())
