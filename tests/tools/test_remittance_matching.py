from datetime import date
from decimal import Decimal as D
from unittest import TestCase

from ...tools import remittance_matching as matching
from ...tools.remittance_matching import (
    Answered,
    AnsweredService,
    Asked,
    AskedService,
    Share,
    find,
    pair_services,
    share_out,
)

DAY = date(2026, 3, 5)
CENT = D("0.01")


def ours(number, charge="500", code="99213", modifiers=(), **values):
    return AskedService(id=number, code=code, modifiers=modifiers, charges=frozenset({D(charge)}), date=DAY,
                        asked=D(charge), **values)


def theirs(charge="500", code="99213", **values):
    return AnsweredService(**{"charge": D(charge), "code": code, "date": DAY, **values})


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


class TestServices(TestCase):
    """Which service each line of an answer is."""

    def test_our_line_number_counts_most(self):
        self.assertEqual(pair_services([theirs(control_number="12")], [ours(11), ours(12)]), [12])
        self.assertEqual(pair_services([theirs(control_number="14")], [ours(12, lines=(12, 14))]), [12])

    def test_modifiers_tell_lines_apart(self):
        asked = [ours(11, modifiers=("25",)), ours(12, modifiers=("59",))]
        lines = [theirs(modifiers=("59",)), theirs(modifiers=("25",))]
        self.assertEqual(pair_services(lines, asked), [12, 11])

    def test_modifiers_that_the_payer_dropped_do_no_harm(self):
        self.assertEqual(pair_services([theirs()], [ours(11, modifiers=("25",)), ours(12, "80")]), [11])

    def test_equal_lines_without_modifiers_are_not_guessed(self):
        asked = [ours(11, modifiers=("25",)), ours(12, modifiers=("59",))]
        self.assertEqual(pair_services([theirs(), theirs()], asked), [None, None])

    def test_equal_lines_stand_for_one_another(self):
        self.assertEqual(pair_services([theirs(), theirs()], [ours(11), ours(12)]), [11, 12])

    def test_the_code_that_was_billed_counts_where_the_payer_changed_it(self):
        asked = [ours(11, code="80048"), ours(12, code="84443")]
        lines = [theirs(code="80050", original_code="84443"), theirs(code="80050", original_code="80048")]
        self.assertEqual(pair_services(lines, asked), [12, 11])

    def test_a_changed_code_on_the_only_line_counts_by_its_charge(self):
        self.assertEqual(pair_services([theirs(code="99212")], [ours(11)]), [11])

    def test_what_the_payer_divided_is_put_together(self):
        asked = [ours(11), ours(12, "80", code="36415")]
        lines = [theirs("300"), theirs("200"), theirs("80", code="36415")]
        self.assertEqual(pair_services(lines, asked), [11, 11, 12])

    def test_a_strange_line_is_nobodys(self):
        self.assertEqual(pair_services([theirs("7", code="X")], [ours(11), ours(12)]), [None])


class TestShares(TestCase):
    """What of an answer falls on which service, to the cent."""

    def test_a_claim_without_lines_is_divided_by_charge(self):
        answer = Answered("", 7, charge=D(300), paid=D(100), adjustments=(("CO", "45", D(150)), ("PR", "1", D(50))))
        shares = share_out(answer, [], [ours(1, "100"), ours(2, "200")], CENT)
        self.assertEqual(sum(share.paid for share in shares.values()), D(100))
        self.assertEqual(sum(share.adjustments["CO", "45"] for share in shares.values()), D(150))
        for share in shares.values():
            self.assertTrue(matching.is_balanced(share))
            self.assertGreaterEqual(share.paid, 0)

    def test_reasons_of_the_claim_lower_what_its_lines_pay(self):
        answer = Answered("", 7, charge=D(300), paid=D(90), adjustments=(("CO", "253", D(10)),), services=(
            theirs("100", paid=D(0), adjustments=(("CO", "50", D(100)),)),
            theirs("200", paid=D(100), adjustments=(("CO", "45", D(100)),)),
        ))
        shares = share_out(answer, [1, 2], [ours(1, "100"), ours(2, "200")], CENT)
        self.assertEqual(shares[1], Share(D(100), D(0), {("CO", "50"): D(100)}))
        self.assertEqual(shares[2], Share(D(200), D(90), {("CO", "45"): D(100), ("CO", "253"): D(10)}))

    def test_odd_cents_are_lost_nowhere(self):
        asked = [ours(number, "33.33") for number in (1, 2, 3)]
        answer = Answered("", 7, charge=D("99.99"), paid=D("0.01"), adjustments=(("CO", "45", D("99.98")),))
        shares = share_out(answer, [], asked, CENT)
        self.assertEqual(sum(share.paid for share in shares.values()), D("0.01"))
        self.assertTrue(all(matching.is_balanced(share) and share.paid >= 0 for share in shares.values()))

    def test_a_reversal_is_divided_like_what_it_takes_back(self):
        asked = [ours(1, "100"), ours(2, "200")]
        answer = Answered("", 7, charge=D(300), paid=D(100), adjustments=(("CO", "45", D(200)),))
        turned = Answered("", 7, charge=D(-300), paid=D(-100), adjustments=(("CO", "45", D(-200)),))
        posted = share_out(answer, [], asked, CENT)
        self.assertEqual(matching.find_undone(share_out(turned, [], asked, CENT), [posted]), 0)

    def test_a_reversal_takes_back_the_latest_one_with_its_amounts(self):
        one = {1: Share(D(500), D(300), {("CO", "45"): D(200)})}
        other = {1: Share(D(500), D(310), {("CO", "45"): D(190)})}
        turned = {1: Share(D(-500), D(-300), {("CO", "45"): D(-200)})}
        self.assertEqual(matching.find_undone(turned, [one, one, other]), 1)
        self.assertIsNone(matching.find_undone(turned, [other]))
        self.assertIsNone(matching.find_undone(turned, []))
