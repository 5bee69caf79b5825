"""The check digit of provider numbers."""

from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.npi import is_valid_npi


def with_check_digit(body):
    return next(body + str(digit) for digit in range(10) if is_valid_npi(body + str(digit)))


class TestProviderNumber(TestCase):
    def test_the_example_of_the_standard_is_valid(self):
        self.assertTrue(is_valid_npi("1234567893"))

    def test_a_wrong_check_digit_is_found(self):
        for digit in "012456789":
            self.assertFalse(is_valid_npi("123456789" + digit))

    def test_other_shapes_are_refused(self):
        for text in (
            "",
            "123456789",
            "12345678933",
            "12345678 93",
            "123456789X",
            "3234567891",
            "１２３４５６７８９３",
        ):
            self.assertFalse(is_valid_npi(text), text)

    @given(st.from_regex(r"[12][0-9]{8}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
    def test_one_wrong_digit_is_always_found(self, body, position, shift):
        right = with_check_digit(body)
        wrong = str((int(right[position]) + shift) % 10)
        self.assertFalse(is_valid_npi(right[:position] + wrong + right[position + 1 :]))

    @given(st.from_regex(r"[12][0-9]{8}", fullmatch=True))
    def test_every_number_has_exactly_one_check_digit(self, body):
        self.assertEqual(sum(is_valid_npi(body + str(digit)) for digit in range(10)), 1)
