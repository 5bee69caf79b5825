"""Who pays what under the rules of a plan: worked by hand, and over any services, rules and limits."""

from decimal import Decimal
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.benefit_split import Benefits, Cover, Limit, Piece, Share, Terms, split_services

CENT = Decimal("0.01")


def d(text):
    return Decimal(text)


def benefits(**figures):
    return Benefits(**{name: None if value is None else d(value) for name, value in figures.items()})


def split(services, *covers, unit=CENT):
    """Divide services given as (name, amount) or (name, amount, units)."""
    pieces = [Piece(name, d(amount), *(d(units) for units in rest)) for name, amount, *rest in services]
    return split_services(pieces, covers, unit)


class TestOneServiceByExample(TestCase):
    """Each row: what is known, and the figures of the split that somebody worked out on paper."""

    # The whole sequence on a charge of 500: allowed 400, deductible 100, copay 20, then 25 % of 280 = 70.
    WORKED = (
        ("nothing known: the payer pays all", "500", {}, {}, {}, {"payer": "500"}),
        (
            "discount, deductible, copay, coinsurance",
            "500", {"deductible_left": "100", "copay": "20", "coinsurance": "0.25"}, {"allowed": d("400")}, {},
            {"discount": "100", "deductible": "100", "copay": "20", "coinsurance": "70", "payer": "210"},
        ),
        (
            "the maximum of 150 takes 40 of the coinsurance away",
            "500", {"deductible_left": "100", "copay": "20", "coinsurance": "0.25", "oop_left": "150"},
            {"allowed": d("400")}, {},
            {"discount": "100", "deductible": "100", "copay": "20", "coinsurance": "30", "payer": "250"},
        ),
        (
            "… and of the 250 that the payer would pay, its limit of 180 leaves 70",
            "500", {"deductible_left": "100", "copay": "20", "coinsurance": "0.25", "oop_left": "150"},
            {"allowed": d("400"), "rule": 1}, {1: Limit(amount_left=d("180"))},
            {"discount": "100", "deductible": "100", "copay": "20", "coinsurance": "30", "over_limit": "70",
             "payer": "180"},
        ),
        (
            "not covered: the whole charge goes on, no discount, no deductible",
            "500", {"deductible_left": "100", "copay": "20"}, {"covered": False, "allowed": d("400")}, {},
            {"not_covered": "500"},
        ),
        (
            "allowed above the charge takes nothing off",
            "500", {"coinsurance": "0.1"}, {"allowed": d("600")}, {}, {"coinsurance": "50", "payer": "450"},
        ),
        (
            "the payer recognises nothing: all is its discount",
            "500", {"copay": "20"}, {"allowed": d("0")}, {}, {"discount": "500"},
        ),
        (
            "while the deductible is not met, the payer is left with its discount only",
            "500", {"deductible_left": "1000"}, {"allowed": d("380")}, {}, {"discount": "120", "deductible": "380"},
        ),
        (
            "a rule without deductible",
            "500", {"deductible_left": "100", "coinsurance": "0.2"}, {"deductible_applies": False}, {},
            {"coinsurance": "100", "payer": "400"},
        ),
        (
            "the share of the rule instead of the coverage's",
            "500", {"coinsurance": "0.2"}, {"coinsurance": d("0.5")}, {}, {"coinsurance": "250", "payer": "250"},
        ),
        (
            "the rule says that the payer pays all",
            "500", {"coinsurance": "0.2"}, {"coinsurance": d("0")}, {}, {"payer": "500"},
        ),
        (
            "no copay, because the rule names one of zero",
            "500", {"copay": "20"}, {"rule": 1, "copay": d("0")}, {}, {"payer": "500"},
        ),
        (
            "a copay of its own instead of the usual one",
            "500", {"copay": "20"}, {"rule": 1, "copay": d("75")}, {}, {"copay": "75", "payer": "425"},
        ),
        (
            "a fixed amount after deductible and copay; the rest is the patient's",
            "500", {"deductible_left": "100", "copay": "20"}, {"payer_fixed": d("300")}, {},
            {"deductible": "100", "copay": "20", "coinsurance": "80", "payer": "300"},
        ),
        (
            "a fixed amount never exceeds what is left to pay",
            "500", {"deductible_left": "400"}, {"payer_fixed": d("300")}, {}, {"deductible": "400", "payer": "100"},
        ),
    )

    def test_worked_on_paper(self):
        for name, charge, known, terms, limits, expected in self.WORKED:
            with self.subTest(name):
                cover = Cover("blue", benefits(**known), {"visit": Terms(**terms)}, limits)
                [answer] = split([("visit", charge)], cover).answers
                share = Share(**{"payer": d("0"), **{kind: d(amount) for kind, amount in expected.items()}})
                self.assertEqual(answer.shares, (share,))
                self.assertEqual(share.charge, d(charge))

    def test_what_the_maximum_takes_off_is_told(self):
        cover = Cover("blue", benefits(coinsurance="0.5", oop_left="30"))
        steps = [(step.kind, step.amount) for step in split([("visit", "100")], cover).steps()]
        self.assertEqual(steps, [("coinsurance", d("30")), ("capped", d("20.00")), ("payer", d("70"))])


class TestLimitsOfUnits(TestCase):
    """At most so many units: a service can be within the limit in part."""

    def _split(self, services, left, **known):
        names = {name for name, *_rest in services}
        terms = {name: Terms(rule=1) for name in names}
        return split(services, Cover("blue", benefits(**known), terms, {1: Limit(units_left=d(left))}))

    def test_three_of_five_units_are_left(self):
        [share] = self._split([("therapy", "500", "5")], "3", coinsurance="0.2").answers[0].shares
        self.assertEqual(share, Share(payer=d("240"), coinsurance=d("60.00"), over_limit=d("200")))

    def test_odd_cents_fall_to_the_units_beyond(self):
        [share] = self._split([("therapy", "100", "3")], "2").answers[0].shares
        self.assertEqual((share.payer, share.over_limit), (d("66.66"), d("33.34")))

    def test_half_units_count_by_halves(self):
        [share] = self._split([("therapy", "90", "1.5")], "1").answers[0].shares
        self.assertEqual((share.payer, share.over_limit), (d("60"), d("30")))

    def test_what_is_beyond_uses_up_no_deductible(self):
        split_ = self._split([("first", "100", "1"), ("second", "100", "1")], "1", deductible_left="150")
        self.assertEqual(split_.reasons(), {"deductible": d("100"), "over_limit": d("100")})

    def test_services_under_one_rule_share_its_limit_in_their_order(self):
        shares = self._split([("a", "60", "2"), ("b", "60", "2"), ("c", "60", "2")], "3").answers[0].shares
        self.assertEqual([share.over_limit for share in shares], [d("0"), d("30"), d("60")])

    def test_the_allowed_amount_counts_for_the_units_within(self):
        terms = {"therapy": Terms(rule=1, allowed=d("400"))}
        cover = Cover("blue", benefits(), terms, {1: Limit(units_left=d("3"))})
        [share] = split([("therapy", "500", "5")], cover).answers[0].shares
        self.assertEqual(share, Share(payer=d("240"), discount=d("60"), over_limit=d("200")))

    def test_nothing_left(self):
        split_ = self._split([("therapy", "500", "5")], "0", copay="20")
        self.assertEqual((split_.patient(), split_.reasons()), (d("500"), {"over_limit": d("500")}))


class TestLimitsOfMoney(TestCase):
    """The payer pays no more than so much."""

    def test_services_under_one_rule_share_it_in_their_order(self):
        terms = {name: Terms(rule=1) for name in "abc"}
        cover = Cover("blue", benefits(coinsurance="0.1"), terms, {1: Limit(amount_left=d("150"))})
        shares = split([("a", "100"), ("b", "100"), ("c", "100")], cover).answers[0].shares
        self.assertEqual([share.payer for share in shares], [d("90"), d("60"), d("0")])
        self.assertEqual([share.over_limit for share in shares], [d("0"), d("30"), d("90")])

    def test_services_under_other_rules_leave_it_alone(self):
        terms = {"a": Terms(rule=1), "b": Terms(rule=2)}
        cover = Cover("blue", benefits(), terms, {1: Limit(amount_left=d("150"))})
        self.assertEqual(split([("a", "100"), ("b", "100"), ("c", "100")], cover).payer(), d("300"))


class TestCopaysOfAVisit(TestCase):
    """One copay per visit, and one for each rule that names its own."""

    def _copays(self, services, terms, **known):
        cover = Cover("blue", benefits(**known), terms)
        return [share.copay for share in split(services, cover).answers[0].shares]

    def test_services_without_a_copay_of_their_own_share_the_usual_one(self):
        services = [("a", "10"), ("b", "60"), ("c", "60")]
        self.assertEqual(self._copays(services, {}, copay="25"), [d("10"), d("15"), d("0")])

    def test_a_rule_s_copay_comes_beside_the_usual_one(self):
        services = [("visit", "100"), ("mri", "600")]
        terms = {"mri": Terms(rule=1, copay=d("150"))}
        self.assertEqual(self._copays(services, terms, copay="25"), [d("25"), d("150")])

    def test_a_visit_with_nothing_but_such_services_has_no_usual_copay(self):
        self.assertEqual(self._copays([("mri", "600")], {"mri": Terms(rule=1, copay=d("150"))}, copay="25"), [d("150")])

    def test_services_under_one_rule_pay_its_copay_once(self):
        services = [("sugar", "35"), ("lipids", "40"), ("strep", "30")]
        terms = {name: Terms(rule=1, copay=d("50")) for name, _amount in services}
        self.assertEqual(self._copays(services, terms, copay="25"), [d("35"), d("15"), d("0")])

    def test_two_rules_two_copays(self):
        services = [("lab", "35"), ("mri", "600")]
        terms = {"lab": Terms(rule=1, copay=d("10")), "mri": Terms(rule=2, copay=d("150"))}
        self.assertEqual(self._copays(services, terms), [d("10"), d("150")])


class TestTheNextCoverage(TestCase):
    """What one coverage leaves is asked of the next, by its own benefits and rules."""

    def test_the_second_pays_half_of_what_the_first_leaves(self):
        blue = Cover("blue", benefits(coinsurance="0.2"))
        gold = Cover("gold", benefits(coinsurance="0.5"))
        whole = split([("visit", "500")], blue, gold)
        self.assertEqual((whole.payer("blue"), whole.payer("gold"), whole.patient()), (d("400"), d("50"), d("50")))

    def test_what_the_first_does_not_cover_goes_on_in_full(self):
        blue = Cover("blue", benefits(copay="20"), {"dental": Terms(covered=False)})
        gold = Cover("gold", benefits(coinsurance="0.5"))
        whole = split([("dental", "300")], blue, gold)
        self.assertEqual((whole.payer("blue"), whole.payer("gold"), whole.patient()), (d("0"), d("150"), d("150")))

    def test_what_nobody_covers_is_the_patients_and_the_first_s_word_for_it_stays(self):
        blue = Cover("blue", benefits(), {"dental": Terms(covered=False)})
        gold = Cover("gold", benefits(), {"dental": Terms(covered=False)})
        whole = split([("dental", "300")], blue, gold)
        self.assertEqual([(piece.kind, piece.cover) for piece in whole.rest], [("not_covered", "blue")])

    def test_a_deductible_that_the_next_does_not_take_up_stays_a_deductible(self):
        blue = Cover("blue", benefits(deductible_left="100"))
        gold = Cover("gold", benefits(), {"visit": Terms(covered=False)})
        whole = split([("visit", "500")], blue, gold)
        self.assertEqual(whole.reasons(), {"deductible": d("100")})
        self.assertEqual(whole.rest[0].cover, "blue")

    def test_what_a_second_one_leaves_too_keeps_who_left_it_first(self):
        blue = Cover("blue", benefits(deductible_left="100"))
        gold = Cover("gold", benefits(coinsurance="0.5"))
        green = Cover("green", benefits(coinsurance="0.5"))
        [piece] = split([("visit", "500")], blue, gold, green).rest
        self.assertEqual((piece.amount, piece.kind, piece.cover), (d("25"), "coinsurance", "green"))
        self.assertEqual(piece.earlier, ("deductible", "blue"))

    def test_the_second_s_allowed_amount_counts_against_what_is_left(self):
        blue = Cover("blue", benefits(coinsurance="0.2"))
        gold = Cover("gold", benefits(), {"visit": Terms(allowed=d("350"))})
        whole = split([("visit", "500")], blue, gold)
        self.assertEqual((whole.payer("gold"), whole.discount("gold")), (d("100"), d("0")))
        denied = Cover("blue", benefits(), {"visit": Terms(covered=False)})
        whole = split([("visit", "500")], denied, gold)
        self.assertEqual((whole.payer("gold"), whole.discount("gold")), (d("350"), d("150")))

    def test_pieces_of_one_service_count_its_units_once(self):
        blue = Cover("blue", benefits(deductible_left="100", coinsurance="0.5"))
        gold = Cover("gold", benefits(), {"therapy": Terms(rule=1)}, {1: Limit(units_left=d("2"))})
        whole = split([("therapy", "300", "4")], blue, gold)
        # Of 100 deductible and 100 coinsurance, two of the four units are within the second's limit.
        self.assertEqual((whole.payer("gold"), whole.patient()), (d("100"), d("100")))

    def test_every_figure_is_told_in_order(self):
        blue = Cover("blue", benefits(deductible_left="100", coinsurance="0.2"), {"visit": Terms(allowed=d("400"))})
        gold = Cover("gold", benefits(copay="30"))
        told = [(step.cover, step.kind, step.amount) for step in split([("visit", "500")], blue, gold).steps()]
        self.assertEqual(told, [
            ("blue", "discount", d("100")),
            ("blue", "deductible", d("100")),
            ("blue", "coinsurance", d("60.00")),
            ("blue", "payer", d("240")),
            ("gold", "copay", d("30")),
            ("gold", "payer", d("130")),
        ])


class TestWhatIsRefused(TestCase):
    def test_terms_and_limits_that_make_no_sense(self):
        for make in (
            lambda: Terms(copay=d("-1")),
            lambda: Terms(payer_fixed=d("-1")),
            lambda: Terms(allowed=d("-1")),
            lambda: Terms(coinsurance=d("1.01")),
            lambda: Limit(units_left=d("-1")),
            lambda: Limit(amount_left=d("-0.01")),
            lambda: split([("visit", "100", "0")]),
            lambda: split([("visit", "-1")]),
            lambda: split([("visit", "0.001")]),
        ):
            with self.assertRaises(ValueError):
                make()


# === OVER ANY SERVICES, RULES AND LIMITS === #

money = st.integers(0, 10**6).map(lambda cents: cents * CENT)
fractions = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
RULES = (None, 1, 1, 2)
any_terms = st.builds(
    Terms,
    rule=st.sampled_from(RULES),
    covered=st.booleans(),
    coinsurance=st.none() | fractions,
    payer_fixed=st.none() | money,
    copay=st.none() | money,
    deductible_applies=st.booleans(),
    allowed=st.none() | money,
)
any_limit = st.one_of(
    st.just(Limit()),
    st.integers(0, 100).map(lambda tenths: Limit(units_left=Decimal(tenths) / 10)),
    money.map(lambda amount: Limit(amount_left=amount)),
)
any_benefits = st.builds(
    Benefits, copay=money, deductible_left=money, coinsurance=fractions, oop_left=st.none() | money,
)
NAMES = tuple("abcd")


def covers(key):
    return st.builds(
        Cover,
        key=st.just(key),
        benefits=any_benefits,
        terms=st.fixed_dictionaries({name: any_terms for name in NAMES[:3]}),
        limits=st.dictionaries(st.sampled_from((1, 2)), any_limit),
    )


any_services = st.lists(
    st.builds(
        Piece, line=st.sampled_from(NAMES), amount=money, units=st.integers(1, 80).map(lambda n: Decimal(n) / 10),
    ),
    max_size=4,
    unique_by=lambda piece: piece.line,
)
any_covers = st.lists(st.sampled_from(("blue", "gold", "green")), max_size=3, unique=True).flatmap(
    lambda keys: st.tuples(*(covers(key) for key in keys))
)


class TestAlways(TestCase):
    @given(services=any_services, asked=any_covers)
    def test_no_share_is_negative_and_all_add_up_to_the_charge(self, services, asked):
        whole = split_services(services, asked, CENT)
        for answer in whole.answers:
            for piece, share in zip(answer.pieces, answer.shares, strict=True):
                self.assertGreaterEqual(min(vars(share).values()), 0)
                self.assertEqual(share.charge, piece.amount)
        for line in (None, *whole.lines):
            payers = whole.payer(line=line) + whole.discount(line=line)
            self.assertEqual(payers + whole.patient(line), whole.charge(line))
            self.assertEqual(sum(whole.reasons(line).values(), Decimal(0)), whole.patient(line))
        self.assertEqual(whole.charge(), sum((piece.amount for piece in services), Decimal(0)))

    @given(services=any_services, asked=any_covers)
    def test_what_is_told_adds_up_to_what_was_asked(self, services, asked):
        whole = split_services(services, asked, CENT)
        for line in whole.lines:
            for cover in asked:
                steps = whole.steps(line, cover.key)
                self.assertEqual(
                    sum(step.amount for step in steps if step.kind != "capped"), steps[0].base if steps else 0,
                )

    @given(services=any_services, asked=any_covers)
    def test_the_patients_share_never_exceeds_maximum_deductible_or_allowed_amount(self, services, asked):
        for answer in split_services(services, asked, CENT).answers:
            known = answer.cover.benefits
            if known.oop_left is not None:
                self.assertLessEqual(answer.total("patient"), known.oop_left)
            self.assertLessEqual(answer.total("deductible"), known.deductible_left)
            for line, terms in answer.cover.terms.items():
                if terms.allowed is not None and terms.covered:
                    recognised = answer.total("patient", line) + answer.total("payer", line)
                    self.assertLessEqual(recognised, terms.allowed)

    @given(services=any_services, asked=any_covers)
    def test_no_limit_is_exceeded(self, services, asked):
        for answer in split_services(services, asked, CENT).answers:
            for rule, limit in answer.cover.limits.items():
                if limit.amount_left is None:
                    continue
                lines = [line for line, terms in answer.cover.terms.items() if terms.rule == rule]
                self.assertLessEqual(sum(answer.total("payer", line) for line in lines), limit.amount_left)

    @given(services=any_services, cover=covers("blue"), data=st.data())
    def test_equal_services_may_come_in_any_order(self, services, cover, data):
        # The first service again under other names, on the same terms.
        if not services:
            return
        first, *others = services
        twins = [Piece(f"twin {number}", first.amount, first.units) for number in range(2)]
        terms = {**cover.terms, **{twin.line: cover.get_terms(first.line) for twin in twins}}
        cover = Cover(cover.key, cover.benefits, terms, cover.limits)
        equals = [first, *twins]
        usual = split_services([*equals, *others], [cover], CENT)
        mixed = split_services([*data.draw(st.permutations(equals)), *others], [cover], CENT)
        self.assertEqual((usual.payer(), usual.discount()), (mixed.payer(), mixed.discount()))
        self.assertEqual(usual.reasons(), mixed.reasons())

    @settings(max_examples=50)
    @given(
        charges=st.lists(st.integers(0, 1000), max_size=6),
        figures=st.tuples(
            st.integers(0, 2000), st.integers(0, 200), st.integers(0, 100), st.none() | st.integers(0, 3000),
        ),
        data=st.data(),
    )
    def test_whole_amounts_may_come_in_any_order(self, charges, figures, data):
        """Without odd cents and under the same terms even different services can change places."""
        deductible, copay, percent, maximum = figures
        cover = Cover("blue", Benefits(
            copay=Decimal(copay), deductible_left=Decimal(deductible), coinsurance=Decimal(percent) / 100,
            oop_left=None if maximum is None else Decimal(maximum),
        ))
        pieces = [Piece(number, Decimal(charge)) for number, charge in enumerate(charges)]
        usual = split_services(pieces, [cover], CENT)
        mixed = split_services(data.draw(st.permutations(pieces)), [cover], CENT)
        self.assertEqual(usual.patient(), mixed.patient())

    @given(services=any_services, cover=covers("blue"))
    def test_one_more_coverage_never_costs_the_patient_more(self, services, cover):
        alone = split_services(services, [cover], CENT)
        both = split_services(services, [cover, Cover("gold", benefits(coinsurance="0.5"))], CENT)
        self.assertLessEqual(both.patient(), alone.patient())
