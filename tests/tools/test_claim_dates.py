"""Which days a claim is asked for, by its place of service and its diagnoses."""

from unittest import TestCase

from ...tools.claim_dates import is_inpatient, is_pregnancy


class TestClaimDates(TestCase):
    """A stay in hospital and a pregnancy."""

    def test_a_stay_is_asked_for_where_patients_stay(self):
        self.assertEqual([place for place in ("11", "21", "22", "23", "31", "51", "61", "") if is_inpatient(place)],
                         ["21", "31", "51", "61"])

    def test_the_last_period_is_asked_for_with_a_pregnancy_of_either_revision(self):
        for revision, code, is_asked in (
            ("10", "O80", True), ("10", "Z34.00", True), ("10", "Z3A.12", True), ("10", "z33.1", True),
            ("10", "Z35", False), ("10", "J06.9", False), ("9", "650", True), ("9", "V22.0", True),
            ("9", "629.9", False), ("9", "680.0", False), ("9", "O80", False),
        ):
            self.assertEqual(is_pregnancy([("10", ""), (revision, code)]), is_asked, code)
        self.assertFalse(is_pregnancy([]))
