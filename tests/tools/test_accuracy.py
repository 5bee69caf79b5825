import unittest
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ...tools.accuracy import (
    Ceiling,
    Code,
    Document,
    Edits,
    Pair,
    Person,
    Policy,
    Service,
    Terms,
    find_flaws,
    worst,
)
from ...tools.accuracy_bill import check_content, check_insurance, check_people, check_prices, check_totals
from ...tools.accuracy_codes import check_diagnoses, check_modifiers, check_procedures
from ...tools.accuracy_edits import check_pairs, check_twice, check_units

DAY = date(2026, 3, 5)
CODE = Code(text="99213", system="CPT")
OTHER = Code(text="36415", system="CPT")
MOD_59 = Code(text="59", system="MOD", kind="modifier")
COLD = Code(text="J06.9", system="ICD10CM", kind="diagnosis")
ANA = Person(name="Ana López", birth_date=date(1980, 4, 1))
SERVICE = Service(
    key=1, name="Office visit", product=7, code=CODE, pointers=1, price=Decimal(100), amount=Decimal(100), provider=3,
)
POLICY = Policy(plan="Blue Plan", payer="Blue Insurance", member_number="M-12", subscriber=ANA)
VISIT = Document(
    kind="visit", date=DAY, today=date(2026, 3, 16), services=(SERVICE,), diagnoses=(COLD,), patient=ANA,
    provider="Dr. Stein", npi="1234567893", office="Practice", office_npi="1234567893", policy=POLICY,
    total=Decimal(100), total_of_services=Decimal(100),
)


class TestAccuracy(unittest.TestCase):
    """Each check, hit and miss, without a database."""

    def _find(self, check, document=VISIT, terms=None, edits=None, **changes):
        """The kinds that a check finds."""
        document = replace(document, **changes)
        return [flaw.kind for flaw in check(document, terms or Terms(), edits or Edits())]

    def _with(self, *changes):
        """The services of a visit: the usual one with these changes, one for each dictionary."""
        return tuple(replace(SERVICE, **{"key": number, **change}) for number, change in enumerate(changes, start=1))

    def test_a_visit_in_order_has_no_flaw(self):
        checks = (check_content, check_totals, check_procedures, check_diagnoses, check_modifiers, check_twice,
                  check_pairs, check_units, check_prices, check_insurance, check_people)
        self.assertEqual(find_flaws(VISIT, Terms(), Edits(), checks), [])

    def test_the_worst_of_several_levels_counts(self):
        self.assertEqual(worst(["note", "stop", "warn"]), "stop")
        self.assertEqual(worst(["note", "warn"]), "warn")
        self.assertEqual(worst([]), "clean")

    # === CODES === #

    def test_a_payer_wants_a_procedure_code_and_nobody_else_does(self):
        services = self._with({"code": None})
        self.assertEqual(self._find(check_procedures, services=services), ["code_missing"])
        self.assertEqual(self._find(check_procedures, services=services, policy=None), [])

    def test_a_code_counts_from_its_first_to_its_last_day(self):
        for first, last, found in (
            (DAY, DAY, []),
            (date(2026, 3, 6), None, ["code_date"]),
            (None, date(2026, 3, 4), ["code_date"]),
        ):
            code = replace(CODE, date_from=first, date_to=last)
            self.assertEqual(self._find(check_procedures, services=self._with({"code": code})), found)

    def test_the_29th_of_february_is_a_day_like_others(self):
        code = replace(CODE, date_from=date(2028, 2, 29), date_to=date(2028, 2, 29))
        services = self._with({"code": code})
        self.assertEqual(self._find(check_procedures, services=services, date=date(2028, 2, 29)), [])
        self.assertEqual(self._find(check_procedures, services=services, date=date(2028, 3, 1)), ["code_date"])

    def test_a_heading_an_archived_code_and_one_of_another_kind_are_told_apart(self):
        for change, found in (
            ({"is_billable": False}, ["code_header"]),
            ({"is_active": False}, ["code_archived"]),
            ({"kind": "diagnosis"}, ["code_unknown"]),
        ):
            services = self._with({"code": replace(CODE, **change)})
            self.assertEqual(self._find(check_procedures, services=services), found)

    def test_a_payer_that_names_its_lists_knows_no_other(self):
        for system, found in (("HCPCS", ["code_system"]), ("CPT", [])):
            policy = replace(POLICY, systems=frozenset({system}))
            self.assertEqual(self._find(check_procedures, policy=policy), found)

    def test_insurers_are_told_why_and_employers_are_not(self):
        self.assertEqual(self._find(check_diagnoses, diagnoses=()), ["diagnosis_missing"])
        self.assertEqual(self._find(check_diagnoses, diagnoses=(), policy=replace(POLICY, asks_identity=False)), [])
        self.assertEqual(self._find(check_diagnoses, diagnoses=(), kind="estimate"), [])
        self.assertEqual(self._find(check_diagnoses, diagnoses=(replace(COLD, is_billable=False),)), ["code_header"])

    def test_what_a_coming_visit_will_find_nobody_knows_yet(self):
        for days, found in ((-1, ["diagnosis_missing"]), (0, ["diagnosis_missing"]), (1, [])):
            day = DAY + timedelta(days=days)
            self.assertEqual(self._find(check_diagnoses, diagnoses=(), date=day, today=DAY), found)

    def test_a_service_points_to_one_to_four_of_several_diagnoses(self):
        both = (COLD, replace(COLD, text="I10"))
        for pointers, found in ((0, ["pointer_missing"]), (1, []), (4, []), (5, ["pointer_many"])):
            services = self._with({"pointers": pointers})
            self.assertEqual(self._find(check_diagnoses, services=services, diagnoses=both), found)
        self.assertEqual(self._find(check_diagnoses, services=self._with({"pointers": 0})), [], "there is one only")

    def test_modifiers_are_in_use_stand_without_gap_and_include_the_one_that_is_wanted(self):
        old = replace(MOD_59, date_to=date(2025, 12, 31))
        for change, found in (
            ({"modifiers": (MOD_59,)}, []),
            ({"modifiers": (old,)}, ["code_date"]),
            ({"has_modifier_gap": True}, ["modifier_gap"]),
            ({"modifiers_needed": ("GP", "GO")}, ["modifier_needed"]),
            ({"modifiers_needed": ("gp", "59"), "modifiers": (MOD_59,)}, []),
        ):
            self.assertEqual(self._find(check_modifiers, services=self._with(change)), found)

    # === AMONG ONE ANOTHER === #

    def test_the_same_service_stands_once(self):
        self.assertEqual(self._find(check_twice, services=self._with({}, {})), ["twice"])
        self.assertEqual(self._find(check_twice, services=self._with({}, {"modifiers": (MOD_59,)})), [])
        self.assertEqual(self._find(check_twice, services=self._with({}, {"provider": 4})), [])
        self.assertEqual(self._find(check_twice, services=self._with({}, {"code": OTHER})), [])
        self.assertEqual(self._find(check_twice, others=self._with({})), ["twice_elsewhere"])
        self.assertEqual(self._find(check_twice, others=self._with({"code": OTHER})), [])

    def test_without_codes_the_product_tells_services_apart(self):
        self.assertEqual(self._find(check_twice, services=self._with({"code": None}, {"code": None})), ["twice"])
        self.assertEqual(
            self._find(check_twice, services=self._with({"code": None}, {"code": None, "product": 8})), [],
        )

    def test_of_a_pair_one_is_paid_unless_a_modifier_says_otherwise(self):
        pair = Pair(code_1="99213", code_2="36415", system="CPT", modifier_allowed=True)
        both = self._with({"code": OTHER}, {})
        apart = self._with({"code": OTHER, "modifiers": (MOD_59,)}, {})
        unrelated = self._with({"code": OTHER, "modifiers": (replace(MOD_59, text="GT"),)}, {})

        def find(pair, services, **changes):
            edits = Edits(pairs={("99213", "36415"): [pair]})
            return self._find(check_pairs, services=services, edits=edits, **changes)

        self.assertEqual(find(pair, both), ["pair_modifier"])
        self.assertEqual(find(pair, apart), [])
        self.assertEqual(find(pair, unrelated), ["pair_modifier"])
        self.assertEqual(find(replace(pair, modifier_allowed=False), apart), ["pair"])
        self.assertEqual(find(replace(pair, date_to=date(2026, 3, 4)), both), [])
        self.assertEqual(find(replace(pair, system="OWN"), both), [])
        self.assertEqual(find(pair, self._with({}), others=self._with({"code": OTHER})), ["pair_modifier"])
        self.assertEqual(find(pair, self._with({}, {"code": OTHER, "provider": 9})), [])

    def test_units_are_counted_in_the_line_or_on_the_day(self):
        def find(per, services, others=()):
            edits = Edits(ceilings={("CPT", "99213"): [Ceiling(code="99213", system="CPT", units=2, per=per)]})
            return self._find(check_units, services=services, others=others, edits=edits)

        two, three = {"units": Decimal(2)}, {"units": Decimal(3)}
        self.assertEqual(find("line", self._with(two, two)), [])
        self.assertEqual(find("line", self._with(three)), ["units_line"])
        self.assertEqual(find("day", self._with(two)), [])
        self.assertEqual(find("day", self._with(two, two)), ["units_day"], "once, not for each line")
        self.assertEqual(find("day", self._with(two), others=self._with({})), ["units_day"])
        self.assertEqual(find("day", self._with(two), others=self._with({"provider": 9})), [])

    def test_of_several_ceilings_the_one_that_began_last_counts(self):
        old, new = (
            Ceiling(code="99213", system="CPT", units=units, per=per, date_from=begin)
            for units, per, begin in ((2, "day", None), (4, "line", date(2026, 1, 1)))
        )
        for ceilings in ([old, new], [new, old]):
            edits = Edits(ceilings={("CPT", "99213"): ceilings})
            for units, found in ((4, []), (5, ["units_line"])):
                services = self._with({"units": Decimal(units)})
                self.assertEqual(self._find(check_units, services=services, edits=edits), found, units)

    def test_units_are_counted_by_list(self):
        edits = Edits(ceilings={
            (system, "99213"): [Ceiling(code="99213", system=system, units=units, per="day")]
            for system, units in (("CPT", 9), ("OWN", 1))
        })
        services = self._with({"units": Decimal(2)}, {"units": Decimal(2), "code": Code(text="99213", system="OWN")})
        self.assertEqual(self._find(check_units, services=services, edits=edits), ["units_day"])

    def test_what_is_published_for_hcpcs_speaks_of_its_first_level_too(self):
        services = self._with({}, {"code": OTHER, "units": Decimal(4)})
        both = (["pair"], ["units_day"])
        for system, found in (("HCPCS", both), ("CPT", both), ("OWN", ([], []))):
            edits = Edits(
                pairs={("99213", "36415"): [Pair(code_1="99213", code_2="36415", system=system)]},
                ceilings={(system, "36415"): [Ceiling(code="36415", system=system, units=3)]},
            )
            for check, kinds in zip((check_pairs, check_units), found, strict=True):
                self.assertEqual(self._find(check, services=services, edits=edits), kinds, system)

    def test_how_many_units_there_are_is_told_in_full(self):
        edits = Edits(ceilings={("CPT", "99213"): [Ceiling(code="99213", system="CPT", units=2, per="line")]})
        for units, told in (("10", "10"), ("100", "100"), ("2.50", "2.5")):
            [flaw] = check_units(replace(VISIT, services=self._with({"units": Decimal(units)})), Terms(), edits)
            self.assertEqual(flaw.facts["units"], told)

    # === THE BILL === #

    def test_there_is_something_to_bill(self):
        self.assertEqual(self._find(check_content, services=()), ["no_services"])
        self.assertEqual(self._find(check_content, total=Decimal(0)), ["nothing_to_bill"])
        self.assertEqual(self._find(check_content, total=Decimal(0), kind="claim"), [])

    def test_sums_are_right_to_the_unit_of_the_currency(self):
        third = {"price": Decimal("33.333"), "amount": Decimal("33.33")}
        self.assertEqual(self._find(check_totals, services=self._with(third)), [])
        self.assertEqual(self._find(check_totals, services=self._with({"amount": Decimal("99.99")})), ["total_service"])
        self.assertEqual(self._find(check_totals, total=Decimal("100.01")), ["total"])
        self.assertEqual(self._find(check_totals, total=Decimal("100.01"), kind="claim"), ["total"])
        discounted = {"units": Decimal(3), "discount": Decimal(10), "amount": Decimal(270)}
        self.assertEqual(self._find(check_totals, services=self._with(discounted)), [])
        for half in ("0.62", "0.63"):
            drug = {"units": Decimal(5), "price": Decimal("0.125"), "amount": Decimal(half)}
            self.assertEqual(self._find(check_totals, services=self._with(drug)), [], half)

    def test_a_price_is_off_beyond_the_share_that_is_tolerated(self):
        terms = Terms(price_tolerance=Decimal("0.10"))
        for expected, found in (("100", []), ("110", []), ("111.12", ["price_off"]), ("90", ["price_off"]), ("91", [])):
            services = self._with({"expected": Decimal(expected)})
            self.assertEqual(self._find(check_prices, services=services, terms=terms), found, expected)
        self.assertEqual(self._find(check_prices, services=self._with({"amount": Decimal(0)})), ["price_zero"])

    def test_deadlines_are_near_on_the_day_of_notice_and_past_the_day_after(self):
        for deadline, found in (
            (None, []),
            (date(2026, 4, 16), []),
            (date(2026, 4, 15), ["filing_near"]),
            (date(2026, 3, 16), ["filing_near"]),
            (date(2026, 3, 15), ["filing_past"]),
        ):
            policy = replace(POLICY, deadline=deadline)
            self.assertEqual(self._find(check_insurance, policy=policy), found, deadline)

    def test_insurance_is_in_force_and_confirmed(self):
        for change, found in (
            ({"is_in_force": False}, ["coverage_ended"]),
            ({"verification": "unverified"}, ["eligibility_old"]),
            ({"verification": "problem", "answer": "inactive", "verified_on": DAY}, ["eligibility_problem"]),
        ):
            self.assertEqual(self._find(check_insurance, policy=replace(POLICY, **change)), found)
        lost = ("Blue Plan", date(2026, 2, 28))
        self.assertEqual(self._find(check_insurance, policy=None, lost=lost), ["coverage_none"])
        self.assertEqual(self._find(check_insurance, policy=None), [], "nobody was ever insured")
        unverified = replace(POLICY, verification="unverified")
        self.assertEqual(self._find(check_insurance, policy=unverified, kind="claim"), [])

    def test_payers_are_told_who_rendered_the_service(self):
        for changes, found in (
            ({"provider": "", "npi": ""}, ["provider_missing"]),
            ({"npi": ""}, ["npi_missing"]),
            ({"npi": "1234567890"}, ["npi_wrong"]),
            ({"office_npi": ""}, ["npi_office"]),
        ):
            self.assertEqual(self._find(check_people, **changes), found)
        self.assertEqual(self._find(check_people, npi="", terms=Terms(wants_npi=False)), [], "outside the US")
        self.assertEqual(self._find(check_people, npi="", policy=replace(POLICY, asks_identity=False)), [])

    def test_member_numbers_are_letters_and_digits(self):
        for number in ("M-12", "1EG4-TE5-MK73", "AB 12.3/4", "Ñ12"):
            self.assertEqual(self._find(check_people, policy=replace(POLICY, member_number=number)), [], number)
        for number in ("", "7", "??", "M--1", "-12", "A" * 31, "12#4"):
            self.assertEqual(
                self._find(check_people, policy=replace(POLICY, member_number=number)), ["member_number"], number,
            )

    def test_people_have_a_possible_date_of_birth_and_an_address(self):
        for change, found in (
            ({"birth_date": None}, ["birth_date_missing"]),
            ({"birth_date": date(2026, 3, 6)}, ["birth_date_wrong"]),
            ({"birth_date": DAY}, []),
            ({"birth_date": date(1902, 1, 1)}, ["birth_date_wrong"]),
            ({"address_missing": ("street",)}, ["address_missing"]),
        ):
            self.assertEqual(self._find(check_people, patient=replace(ANA, **change), policy=replace(
                POLICY, subscriber=None,
            )), found, change)

    def test_a_policy_holder_is_looked_at_as_well_as_the_patient(self):
        holder = replace(ANA, name="Luis López", birth_date=None)
        flaws = list(check_people(replace(VISIT, policy=replace(POLICY, subscriber=holder)), Terms(), Edits()))
        self.assertEqual([(flaw.kind, flaw.place, flaw.facts["person"]) for flaw in flaws],
                         [("birth_date_missing", "subscriber", "Luis López")])
