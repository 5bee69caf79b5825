from datetime import date
from decimal import Decimal as D
from unittest import TestCase

from ...tools.remittance_matching import Answered, AnsweredService, AskedService
from ...tools.remittance_services import Share, find_undone, pair_services, share_out

DAY = date(2026, 3, 5)
CENT = D("0.01")


def ours(number, charge="500", code="99213", modifiers=(), **values):
    return AskedService(id=number, code=code, modifiers=modifiers, charges=frozenset({D(charge)}), date=DAY,
                        asked=D(charge), **values)


def theirs(charge="500", code="99213", **values):
    return AnsweredService(**{"charge": D(charge), "code": code, "date": DAY, **values})


def adds_up(share):
    """Charge − adjustments = paid (835 TR3, 1.10.2.1.1)."""
    return share.charge - sum(share.adjustments.values()) == share.paid


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
            self.assertTrue(adds_up(share))
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
        self.assertTrue(all(adds_up(share) and share.paid >= 0 for share in shares.values()))

    def test_a_reversal_is_divided_like_what_it_takes_back(self):
        asked = [ours(1, "100"), ours(2, "200")]
        answer = Answered("", 7, charge=D(300), paid=D(100), adjustments=(("CO", "45", D(200)),))
        turned = Answered("", 7, charge=D(-300), paid=D(-100), adjustments=(("CO", "45", D(-200)),))
        posted = share_out(answer, [], asked, CENT)
        self.assertEqual(find_undone(share_out(turned, [], asked, CENT), [posted]), 0)

    def test_a_reversal_takes_back_the_latest_one_with_its_amounts(self):
        one = {1: Share(D(500), D(300), {("CO", "45"): D(200)})}
        other = {1: Share(D(500), D(310), {("CO", "45"): D(190)})}
        turned = {1: Share(D(-500), D(-300), {("CO", "45"): D(-200)})}
        self.assertEqual(find_undone(turned, [one, one, other]), 1)
        self.assertIsNone(find_undone(turned, [other]))
        self.assertIsNone(find_undone(turned, []))
