"""Who pays what when the benefits are known: deductible, copay, coinsurance, and never over the limit."""

from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.benefit_split import Benefits, Share, split_charges

CENT = Decimal("0.01")


def d(text):
    return Decimal(text)


def split(charges, unit=CENT, **benefits):
    return split_charges(
        [d(charge) for charge in charges],
        Benefits(**{name: value if value is None else d(value) for name, value in benefits.items()}),
        unit,
    )


class TestPatientsShareByExample(TestCase):
    def test_without_benefits_to_pay_the_payer_pays_all(self):
        self.assertEqual(split(["500"]), [Share(payer=d("500"))])

    def test_the_payer_pays_eighty_percent(self):
        self.assertEqual(split(["100"], coinsurance="0.2"), [Share(payer=d("80.00"), coinsurance=d("20.00"))])

    def test_a_third_of_an_odd_amount_adds_up(self):
        """The ledger cases' number 5: 99.99 at one third."""
        [share] = split_charges([d("99.99")], Benefits(coinsurance=Decimal(1) / 3), CENT)
        self.assertEqual((share.patient, share.payer), (d("33.33"), d("66.66")))

    def test_half_a_cent_is_the_patients(self):
        [share] = split(["0.05"], coinsurance="0.5")
        self.assertEqual((share.patient, share.payer), (d("0.03"), d("0.02")))

    def test_the_deductible_comes_first_and_coinsurance_on_the_rest(self):
        [share] = split(["500"], deductible_left="80", coinsurance="0.1")
        self.assertEqual(share, Share(payer=d("378"), deductible=d("80"), coinsurance=d("42")))

    def test_the_deductible_is_used_up_in_the_order_of_the_lines(self):
        shares = split(["50", "50", "50"], deductible_left="80")
        self.assertEqual([share.deductible for share in shares], [d("50"), d("30"), d("0")])

    def test_a_copay_is_paid_once_per_visit(self):
        shares = split(["100", "60"], copay="25")
        self.assertEqual([share.copay for share in shares], [d("25"), d("0")])

    def test_a_copay_is_never_added_on_top_of_the_charge(self):
        shares = split(["10", "60"], copay="25")
        self.assertEqual([share.copay for share in shares], [d("10"), d("15")])
        [share] = split(["10"], copay="25")
        self.assertEqual((share.patient, share.payer), (d("10"), d("0")))

    def test_deductible_copay_and_coinsurance_together(self):
        [share] = split(["200"], deductible_left="50", copay="30", coinsurance="0.25")
        self.assertEqual(
            share, Share(payer=d("90"), deductible=d("50"), copay=d("30"), coinsurance=d("30.00"))
        )

    def test_the_limit_takes_away_coinsurance_first_then_copay_then_deductible(self):
        terms = {"deductible_left": "50", "copay": "30", "coinsurance": "0.25"}
        [share] = split(["200"], **terms, oop_left="100")
        self.assertEqual((share.deductible, share.copay, share.coinsurance), (d("50"), d("30"), d("20")))
        [share] = split(["200"], **terms, oop_left="60")
        self.assertEqual((share.deductible, share.copay, share.coinsurance), (d("50"), d("10"), d("0")))
        [share] = split(["200"], **terms, oop_left="20")
        self.assertEqual((share.deductible, share.copay, share.coinsurance), (d("20"), d("0"), d("0")))

    def test_the_limit_counts_over_all_lines_of_the_visit(self):
        shares = split(["100", "100", "100"], coinsurance="0.5", oop_left="80")
        self.assertEqual([share.patient for share in shares], [d("50"), d("30"), d("0")])

    def test_a_limit_already_reached_leaves_everything_to_the_payer(self):
        self.assertEqual(split(["75"], copay="25", oop_left="0")[0].patient, 0)

    def test_a_free_service_costs_nobody_anything(self):
        self.assertEqual(split(["0", "40"], copay="25")[0], Share(payer=d("0")))

    def test_a_currency_without_cents(self):
        [share] = split(["1001"], unit=Decimal(1), coinsurance="0.2")
        self.assertEqual((share.patient, share.payer), (d("200"), d("801")))

    def test_no_charges_no_shares(self):
        self.assertEqual(split([], copay="25"), [])


class TestWhatIsRefused(TestCase):
    def test_a_negative_charge(self):
        with self.assertRaisesRegex(ValueError, "negative"):
            split(["-1"])

    def test_a_charge_that_cannot_be_paid_in_the_currency(self):
        with self.assertRaisesRegex(ValueError, "multiple"):
            split(["1.005"])

    def test_benefits_that_make_no_sense(self):
        for terms in (
            {"copay": d("-1")},
            {"oop_left": d("-1")},
            {"coinsurance": d("1.1")},
            {"coinsurance": d("-0.1")},
        ):
            with self.subTest(terms=terms), self.assertRaises(ValueError):
                Benefits(**terms)


class TestPatientsShareAlways(TestCase):
    """Over any charges and benefits."""

    money = st.integers(0, 10**7).map(lambda cents: cents * CENT)
    benefits = st.builds(
        Benefits,
        copay=money,
        deductible_left=money,
        coinsurance=st.integers(0, 10000).map(lambda points: Decimal(points) / 10000),
        oop_left=st.none() | money,
    )
    charges = st.lists(money, max_size=12)

    @given(charges=charges, benefits=benefits)
    def test_payer_and_patient_add_up_to_the_charge_and_nobody_is_negative(self, charges, benefits):
        shares = split_charges(charges, benefits, CENT)
        self.assertEqual([share.charge for share in shares], charges)
        for share in shares:
            self.assertGreaterEqual(min(share.payer, share.deductible, share.copay, share.coinsurance), 0)

    @given(charges=charges, benefits=benefits)
    def test_no_limit_is_exceeded(self, charges, benefits):
        shares = split_charges(charges, benefits, CENT)
        self.assertLessEqual(sum(share.deductible for share in shares), benefits.deductible_left)
        self.assertLessEqual(sum(share.copay for share in shares), benefits.copay)
        if benefits.oop_left is not None:
            self.assertLessEqual(sum(share.patient for share in shares), benefits.oop_left)

    @given(charges=charges, benefits=benefits)
    def test_deductible_and_copay_are_taken_as_far_as_charges_and_limit_allow(self, charges, benefits):
        shares = split_charges(charges, benefits, CENT)
        fixed = min(sum(charges), benefits.deductible_left + benefits.copay)
        taken = sum(share.patient for share in shares)
        self.assertGreaterEqual(taken, min(fixed, fixed if benefits.oop_left is None else benefits.oop_left))

    @given(charges=charges, benefits=benefits, more=money)
    def test_a_tighter_limit_never_costs_the_patient_more(self, charges, benefits, more):
        if benefits.oop_left is None:
            return
        wider = Benefits(
            benefits.copay, benefits.deductible_left, benefits.coinsurance, benefits.oop_left + more
        )
        tight, wide = (sum(s.patient for s in split_charges(charges, b, CENT)) for b in (benefits, wider))
        self.assertLessEqual(tight, wide)
