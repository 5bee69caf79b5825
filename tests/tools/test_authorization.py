import unittest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...tools.authorization import Grant, Service, propose, why_not
from ...tools.code_range import covers

DAY = date(2026, 3, 5)
GRANT = Grant(
    key=1, is_granted=True, company=1, patient=7, policy=(3, "M-1"), coverage=5, provider=None, product=None,
    system=2, code="97110", code_to="", date_from=date(2026, 1, 1), date_to=date(2026, 6, 30), left=Decimal(10),
)
SERVICE = Service(
    key="a", company=1, patient=7, policy=(3, "M-1"), coverage=5, provider=20, product=40, system=2, code="97110",
    date=DAY, units=Decimal(2),
)


class TestWhyNot(unittest.TestCase):
    """A service is billed under an authorization that its payer gave for it, and under no other."""

    def test_a_range_holds_codes_of_its_own_kind_and_length(self):
        for code, first, last, covered in (
            ("97115", "97110", "97140", True), ("9711", "97110", "97140", False), ("0500T", "0001T", "0999T", True),
            ("0500F", "0001T", "0999T", False), ("97110", "97110", "", True), ("97111", "97110", "", False),
        ):
            with self.subTest(code=code, first=first, last=last):
                self.assertEqual(covers(code, first, last), covered)

    def test_what_agrees_is_taken(self):
        self.assertIsNone(why_not(GRANT, SERVICE))

    def test_the_first_disagreement_is_named(self):
        for reason, changes in (
            ("company", {"company": 2}),
            ("patient", {"patient": 8}),
            ("coverage", {"coverage": 6, "policy": (4, "M-1")}),
            ("service", {"code": "97111"}),
            ("service", {"code": ""}),
            ("service", {"system": 9}),
            ("date", {"date": date(2025, 12, 31)}),
            ("date", {"date": date(2026, 7, 1)}),
        ):
            with self.subTest(reason=reason, changes=changes):
                self.assertEqual(why_not(GRANT, SERVICE._replace(**changes)), reason)
        self.assertEqual(why_not(GRANT._replace(is_granted=False), SERVICE), "state")
        self.assertEqual(why_not(GRANT._replace(provider=21), SERVICE), "provider")

    def test_the_first_and_the_last_day_count(self):
        for day in (date(2026, 1, 1), date(2026, 6, 30)):
            self.assertIsNone(why_not(GRANT, SERVICE._replace(date=day)))
        self.assertIsNone(why_not(GRANT._replace(date_to=None), SERVICE._replace(date=date(2030, 1, 1))))

    def test_a_renewed_card_of_the_same_member_is_the_same_policy(self):
        self.assertIsNone(why_not(GRANT, SERVICE._replace(coverage=99)))

    def test_a_second_policy_with_the_same_payer_is_another_one(self):
        self.assertEqual(why_not(GRANT, SERVICE._replace(coverage=6, policy=(3, "M-2"))), "coverage")

    def test_a_range_holds_its_codes_whatever_their_case(self):
        grant = GRANT._replace(code="97110", code_to="97150")
        for code in ("97110", "97140", "97150"):
            self.assertIsNone(why_not(grant, SERVICE._replace(code=code)))
        for code in ("97109", "97151"):
            self.assertEqual(why_not(grant, SERVICE._replace(code=code)), "service")
        self.assertIsNone(why_not(GRANT._replace(code="pt-a", code_to="pt-m"), SERVICE._replace(code="PT-E")))

    def test_a_product_is_granted_whatever_its_code(self):
        grant = GRANT._replace(product=40, system=None, code="")
        self.assertIsNone(why_not(grant, SERVICE._replace(code="")))
        self.assertEqual(why_not(grant, SERVICE._replace(product=41)), "service")

    def test_a_service_without_provider_falls_under_anybodys(self):
        self.assertIsNone(why_not(GRANT._replace(provider=21), SERVICE._replace(provider=None)))


class TestPropose(unittest.TestCase):
    """Which authorization is proposed when several would do."""

    def test_the_most_specific_one_wins(self):
        wide = GRANT._replace(key=1, code="90000", code_to="99999", date_to=date(2026, 4, 1))
        narrow = GRANT._replace(key=2, code="97100", code_to="97199")
        exact = GRANT._replace(key=3)
        product = GRANT._replace(key=4, product=40, code="", system=None)
        grants = [wide, narrow, exact, product]
        for expected in (4, 3, 2, 1):
            self.assertEqual(propose([SERVICE], grants), {"a": expected})
            grants = [grant for grant in grants if grant.key != expected]

    def test_among_equals_the_one_that_ends_first_wins(self):
        later, never = GRANT._replace(key=2, date_to=date(2026, 12, 31)), GRANT._replace(key=3, date_to=None)
        self.assertEqual(propose([SERVICE], [never, later, GRANT]), {"a": 1})
        self.assertEqual(propose([SERVICE], [never, later]), {"a": 2})

    def test_the_coverage_itself_comes_before_its_renewed_card(self):
        renewed = GRANT._replace(key=2, coverage=6, date_to=date(2026, 4, 1))
        self.assertEqual(propose([SERVICE], [renewed, GRANT]), {"a": 1})

    def test_one_without_enough_units_is_passed_over(self):
        scarce = GRANT._replace(key=2, left=Decimal(1), date_to=date(2026, 4, 1))
        self.assertEqual(propose([SERVICE], [scarce, GRANT]), {"a": 1})
        self.assertEqual(propose([SERVICE], [scarce]), {})

    def test_a_service_keeps_the_one_it_has_while_that_fits_and_has_enough(self):
        better = GRANT._replace(key=2, product=40)
        chosen = SERVICE._replace(chosen=1)
        self.assertEqual(propose([chosen], [better, GRANT]), {"a": 1})
        self.assertEqual(propose([chosen], [better, GRANT._replace(left=Decimal(1))]), {"a": 2})
        self.assertEqual(propose([chosen], [better, GRANT._replace(is_granted=False)]), {"a": 2})
        first, scarce = SERVICE._replace(key="first"), GRANT._replace(left=Decimal(2))
        self.assertEqual(propose([first, chosen], [scarce]), {"a": 1}, "it is not taken away by an earlier one")

    def test_what_one_service_takes_is_not_offered_to_the_next(self):
        services = [SERVICE._replace(key=key) for key in "abc"]
        first = GRANT._replace(left=Decimal(4), date_to=date(2026, 4, 1))
        self.assertEqual(propose(services, [first, GRANT._replace(key=2, left=Decimal(2))]), {"a": 1, "b": 1, "c": 2})

    def test_other_peoples_authorizations_are_never_proposed(self):
        self.assertEqual(propose([SERVICE], [GRANT._replace(patient=8)]), {})

    @given(
        units=st.lists(st.integers(1, 5), max_size=12),
        lefts=st.lists(st.integers(0, 12), max_size=4),
    )
    def test_no_grant_is_ever_promised_beyond_what_is_left(self, units, lefts):
        services = [SERVICE._replace(key=f"s{n}", units=Decimal(u)) for n, u in enumerate(units)]
        grants = [GRANT._replace(key=n, left=Decimal(left)) for n, left in enumerate(lefts)]
        chosen = propose(services, grants)
        for grant in grants:
            promised = sum(service.units for service in services if chosen.get(service.key) == grant.key)
            self.assertLessEqual(promised, grant.left)
        for service in services:
            if service.key not in chosen:
                spare = [
                    grant.left - sum(s.units for s in services if chosen.get(s.key) == grant.key) for grant in grants
                ]
                self.assertTrue(all(rest < service.units for rest in spare), "refused although one had enough")
