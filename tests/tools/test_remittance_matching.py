from datetime import date
from decimal import Decimal as D
from unittest import TestCase

from ...tools import remittance_matching as matching
from ...tools.remittance_matching import Answered, Asked, AskedService, find

DAY = date(2026, 3, 5)


def ours(number):
    return AskedService(id=number, code="99213", charges=frozenset({D(500)}), date=DAY, asked=D(500))


ANA = Asked(1, "C-2026-00001", payer=7, payer_number="ICN1", names=("Ana López",), members=frozenset({"M1"}), date=DAY,
            services=(ours(11),))
BEN = Asked(2, "C-2026-00002", payer=7, names=("Ben Roth",), members=frozenset({"M2"}), date=DAY, services=(ours(12),))


def look(claims=(ANA, BEN), **values):
    answer = Answered(**{"number": "", "payer": 7, "charge": D(500), **values})
    by_number, by_payer_number = {}, {}
    for claim in claims:
        by_number.setdefault(matching.number_key(claim.number), []).append(claim)
        if claim.payer_number:
            by_payer_number.setdefault(matching.number_key(claim.payer_number), []).append(claim)
    return find(answer, "C-", by_number, by_payer_number, claims)


class TestClaims(TestCase):
    """Which claim an answer is about."""

    def test_our_number_counts_however_it_is_written(self):
        for number in ("C-2026-00001", "c 2026 00001", "C202600001", "202600001", "XY9C202600001"):
            decision = look(number=number, name="ANA LOPEZ")
            self.assertEqual((decision.claim, decision.how), (1, "number"), number)

    def test_a_number_that_is_only_part_of_ours_is_none(self):
        self.assertIsNone(look(number="00001").claim)

    def test_the_payers_number_counts_where_ours_is_missing(self):
        decision = look(number="LOST", payer_number="icn-1", name="Lopez Ana")
        self.assertEqual((decision.claim, decision.how), (1, "payer_number"))

    def test_patient_day_and_charge_count_where_no_number_does(self):
        decision = look(name="LOPEZ, ANA", date=DAY)
        self.assertEqual((decision.claim, decision.how), (1, "patient"))

    def test_a_member_number_counts_where_there_is_no_name(self):
        self.assertEqual(look(members=frozenset({"m-2"}), date=DAY).claim, 2)

    def test_another_currency_waits_although_the_number_fits_and_is_no_candidate(self):
        decision = look(number="C-2026-00001", name="ANA LOPEZ", date=DAY, currency=2)
        self.assertEqual((decision.claim, decision.reason, decision.other), (None, "other_currency", 1))
        self.assertEqual(decision.candidates, ())
        self.assertIsNone(look(name="LOPEZ, ANA", date=DAY, currency=2).claim)

    def test_another_name_waits_although_the_number_fits(self):
        decision = look(number="C-2026-00001", name="GRETA HOLM")
        self.assertEqual((decision.claim, decision.reason, decision.other), (None, "other_patient", 1))
        self.assertEqual(decision.candidates[0].signs, ("number", "charge"))

    def test_another_payer_waits(self):
        self.assertEqual(look(number="C-2026-00001", payer=8).reason, "other_payer")

    def test_a_claim_taken_back_waits(self):
        self.assertEqual(look([ANA._replace(is_void=True)], number="C-2026-00001").reason, "void")

    def test_two_that_fit_wait_with_both(self):
        twin = ANA._replace(id=3, number="C-2026-00003", payer_number="")
        decision = look([ANA, twin], name="ANA LOPEZ", date=DAY)
        self.assertEqual((decision.claim, decision.reason), (None, "several"))
        self.assertEqual([candidate.claim for candidate in decision.candidates], [1, 3])

    def test_another_charge_is_only_a_candidate(self):
        decision = look(name="ANA LOPEZ", date=DAY, charge=D(480))
        self.assertEqual((decision.claim, decision.reason), (None, "unknown"))
        self.assertEqual(decision.candidates[0].signs, ("patient", "date"))

    def test_a_claim_on_which_nothing_is_open_is_no_candidate_unless_a_number_names_it(self):
        done = ANA._replace(is_settled=True)
        self.assertEqual(look([done], name="ANA LOPEZ", date=DAY, charge=D(480)).candidates, ())
        self.assertTrue(look([done], number=ANA.number, name="GRETA HOLM").candidates)

    def test_nothing_in_common_gives_no_candidate(self):
        self.assertEqual(look(name="GRETA HOLM", charge=D(3)).candidates, ())
