"""What does not fit into an 837P file is refused with its loop, element and box; everything else is accepted."""

import datetime
from decimal import Decimal
from unittest import TestCase

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ...tools.claim_content import (
    Accident,
    Address,
    Adjustment,
    Dates,
    Diagnosis,
    Insured,
    OtherPayer,
    Party,
    ServiceAnswer,
)
from ...tools.x12.characters import ALLOWED, to_basic
from ...tools.x12.claim837 import MAX_CONTROL_NUMBER, Submitter, check, write
from ...tools.x12.page import write_number
from ...tools.x12.problems import REASONS, Problem, WriteError
from .claim_examples import (
    ANA,
    PRACTICE,
    STEIN,
    judge,
    make_batch,
    make_claim,
    make_dependent,
    make_secondary,
    make_service,
)


class TestClaim837Refused(TestCase):
    def assertRefused(self, claim, *expected):
        """The problems of a claim, each as (loop, element, box, reason, value)."""
        self.assertEqual([tuple(problem[:5]) for problem in check(claim)], list(expected))

    # === WHAT IS MISSING === #

    def test_whoever_is_missing_something_is_named_with_the_box(self):
        self.assertRefused(
            make_claim(billing=PRACTICE._replace(npi="", tax_id="")),
            ("2010AA", "NM109", "33a", "missing", "Hillside Family Practice"),
            ("2010AA", "REF02", "25", "missing", "Hillside Family Practice"),
        )
        self.assertRefused(
            make_claim(rendering=STEIN._replace(npi="")), ("2310B", "NM109", "24J", "missing", "Ruth Stein"),
        )
        self.assertRefused(
            make_claim(rendering=STEIN._replace(npi="1234567890")), ("2310B", "NM109", "24J", "npi", "1234567890"),
        )
        self.assertRefused(
            make_claim(patient_birth=None), ("2010BA", "DMG02", "3", "missing", ""),
        )
        self.assertRefused(
            make_dependent(patient_birth=None, patient=ANA._replace(address=Address())),
            ("2010CA", "N301", "5", "missing", ""), ("2010CA", "N401", "5", "missing", ""),
            ("2010CA", "N402", "5", "missing", ""), ("2010CA", "N403", "5", "missing", ""),
            ("2010CA", "DMG02", "3", "missing", ""),
        )
        insured = make_claim().insured._replace(member_number=" ")
        self.assertRefused(make_claim(insured=insured), ("2010BA", "NM109", "1a", "missing", ""))
        self.assertRefused(make_claim(payer_code=""), ("2010BB", "NM109", "1", "missing", ""))
        self.assertRefused(make_claim(place=""), ("2300", "CLM05-1", "24B", "missing", ""))
        self.assertRefused(make_claim(frequency="7"), ("2300", "REF*F8", "22", "missing", ""))
        self.assertRefused(
            make_claim(accident=Accident("auto")),
            ("2300", "CLM11-4", "10b", "missing", ""), ("2300", "DTP*439", "14", "missing", ""),
        )
        self.assertRefused(
            make_claim(services=(), diagnoses=()),
            ("2300", "HI", "21", "missing", ""), ("2400", "LX01", "24", "missing", ""),
        )

    def test_addresses_are_those_that_the_post_office_knows(self):
        for change, problem in (
            ({"zip": "62701"}, ("2010AA", "N403", "33", "zip_nine", "62701")),
            ({"zip": "6270"}, ("2010AA", "N403", "33", "zip", "6270")),
            ({"state": "Illinois"}, ("2010AA", "N402", "33", "state", "ILLINOIS")),
            ({"country": "USA"}, ("2010AA", "N404", "33", "country", "USA")),
            ({"street": "P.O. Box 12"}, ("2010AA", "N301", "33", "po_box", "P.O. Box 12")),
            ({"street2": "PO Box 12"}, ("2010AA", "N301", "33", "po_box", "12 Hill Street")),
            ({"street": "x" * 56}, ("2010AA", "N301", "33", "too_long", "x" * 56)),
        ):
            billing = PRACTICE._replace(address=PRACTICE.address._replace(**change))
            self.assertRefused(make_claim(billing=billing), problem)

    # === WHAT IS TOO MUCH === #

    def test_there_is_room_for_twelve_diagnoses_and_fifty_services(self):
        diagnoses = tuple(Diagnosis(letter, f"S{number}0.01") for number, letter in enumerate("ABCDEFGHIJKLM", 10))
        self.assertRefused(make_claim(diagnoses=diagnoses), ("2300", "HI", "21", "too_many", "13"))
        services = tuple(make_service(number) for number in range(1, 52))
        self.assertRefused(make_claim(services=services), ("2400", "LX01", "24", "too_many", "51"))
        self.assertRefused(
            make_claim(services=(make_service(modifiers=("Q1", "Q2", "Q3", "Q4", "Q5")),)),
            ("2400", "SV101-6", "24D", "too_many", "5"),
        )
        self.assertRefused(make_claim(number="A" * 21), ("2300", "CLM01", "26", "too_long", "A" * 21))
        self.assertRefused(make_claim(number="a*b"), ("2300", "CLM01", "26", "number", "a*b"))
        self.assertRefused(make_claim(note="x" * 81), ("2300", "NTE02", "19", "too_long", "x" * 81))
        self.assertRefused(
            make_claim(services=(make_service(control_number="9" * 31),)),
            ("2400", "REF*6R", "", "too_long", "9" * 31),
        )

    def test_codes_are_what_they_are_said_to_be(self):
        service = make_service(code="OFFICE-VISIT", modifiers=("2",), pointers="AX", place="OFF")
        self.assertRefused(
            make_claim(services=(service,), diagnoses=(Diagnosis("A", "J06.9"), Diagnosis("B", "cough"))),
            ("2300", "HI", "21B", "diagnosis", "cough"),
            ("2400", "SV101-2", "24D", "procedure", "OFFICE-VISIT"),
            ("2400", "SV101-3", "24D", "modifier", "2"),
            ("2400", "SV105", "24B", "code", "OFF"),
            ("2400", "SV107", "24E", "pointer", "X"),
        )
        self.assertEqual(check(make_claim(services=(service,)))[0].service, 1)
        self.assertRefused(
            make_claim(diagnoses=(Diagnosis("A", "J06.9"), Diagnosis("B", "J069"))),
            ("2300", "HI", "21", "twice", "J069"),
        )
        self.assertRefused(make_claim(filing="XX"), ("2000B", "SBR09", "1", "code", "XX"))
        self.assertRefused(make_claim(currency="dollar"), ("2000A", "CUR02", "", "currency", "dollar"))

    # === WHAT DOES NOT ADD UP === #

    def test_amounts_add_up(self):
        self.assertRefused(make_claim(total=Decimal(119)), ("2300", "CLM02", "28", "total", "119"))
        self.assertRefused(
            make_claim(services=(make_service(charge="1.005"),)), *(
                ("2300", "CLM02", "28", "amount", "1.005"), ("2400", "SV102", "24F", "amount", "1.005"),
            ),
        )
        claim = make_secondary()
        other = claim.others[0]
        answer = other.services[1]._replace(adjustments=(Adjustment("CO", "45", Decimal(40)),))
        self.assertRefused(
            claim._replace(others=(other._replace(services={1: answer}),)),
            ("2320", "AMT*D", "29", "balance", "20.00"), ("2430", "SVD02", "", "balance", "20.00"),
        )

    def test_days_follow_one_another(self):
        self.assertRefused(
            make_claim(
                services=(make_service(date_to=datetime.date(2026, 3, 1)),),
                dates=Dates(unable_from=datetime.date(2026, 3, 2), unable_to=datetime.date(2026, 3, 1)),
            ),
            ("2300", "DTP*314", "16", "order", "2026-03-01"), ("2400", "DTP*472", "24A", "order", "2026-03-01"),
        )

    # === BATCHES === #

    def test_a_batch_is_refused_with_the_problems_of_all_its_claims(self):
        with self.assertRaises(WriteError) as refused:
            write(make_batch(
                make_claim(place=""), make_claim(number="CLM-1"), make_claim(number="CLM-1"),
                make_dependent(patient_birth=None), sender_id="", control_number=MAX_CONTROL_NUMBER + 1,
            ))
        self.assertEqual(
            [(problem.claim, problem.where, problem.reason) for problem in refused.exception.problems],
            [
                ("", "ISA ISA13", "sender"), ("", "ISA ISA06", "missing"), ("", "GS GS02", "missing"),
                ("CLM-00041", "2300 CLM05-1 (box 24B)", "missing"),
                ("CLM-1", "2300 CLM01 (box 26)", "twice"),
                ("CLM-00042", "2010CA DMG02 (box 3)", "missing"),
            ],
        )
        self.assertIn("CLM-00041: 2300 CLM05-1 (box 24B) is missing", str(refused.exception))

    def test_an_envelope_needs_its_sender_and_its_claims(self):
        with self.assertRaises(WriteError) as refused:
            write(make_batch()._replace(submitter=Submitter("", "H")))
        self.assertEqual(
            [(problem.where, problem.reason) for problem in refused.exception.problems],
            [("2300 CLM01", "missing"), ("1000A NM103", "missing"), ("1000A NM109", "too_short"),
             ("1000A PER04", "missing"), ("1000A PER02", "missing")],
        )
        with self.assertRaises(WriteError):
            write(make_batch(make_claim())._replace(submitter=Submitter("Hill", "HILL", email="a b@c*d")))

    def test_every_reason_has_words(self):
        for reason in REASONS:
            problem = Problem("2300", "CLM01", "26", reason, "x", "C-1", 2)
            self.assertEqual(problem.where, "2300 CLM01 (box 26), service 2")
            self.assertTrue(problem.words)

    # === CHARACTERS === #

    def test_texts_are_written_as_their_nearest(self):
        for text, basic in {
            "José  López-Müller": "JOSE LOPEZ-MULLER", "Straße": "STRASSE", "Łódź": "LODZ", "O’Neil": "O'NEIL",
            "a*b:c~d^e": "A B C-D E", "Smørrebrød & Søn": "SMORREBROD & SON", "№ 5": "NO 5", "王": "", "½": "1/2",
        }.items():
            self.assertEqual(to_basic(text), basic)

    @given(st.text())
    def test_no_text_leaves_the_basic_set(self, text):
        basic = to_basic(text)
        self.assertLessEqual(set(basic), ALLOWED)
        self.assertEqual(to_basic(basic), basic)

    def test_numbers_have_no_zeros_behind(self):
        for number, text in {
            "500.00": "500", "0": "0", "0.00": "0", "0.50": "0.5", "12.34": "12.34", "1E+2": "100", "-1": "",
            "0.001": "", "NaN": "", "Infinity": "", "10000000000": "",
        }.items():
            self.assertEqual(write_number(Decimal(number), 2), text, number)


# === WHATEVER CONTENT === #

words = st.one_of(st.sampled_from(["", "Ana", "López", "a*b~c:d", "PO Box 1", "王", "Hill Street 5"]),
                  st.text(max_size=70))
numbers = st.sampled_from(["", "1234567893", "1679576722", "12-3456789", "99", "M1", "99213", "A" * 60])
amounts = st.sampled_from([Decimal(text) for text in ("0", "60", "120.00", "40", "0.5", "-3", "1.005", "1E+9")])
days = st.sampled_from([None, *(datetime.date(year, 2, 28) for year in (1600, 1950, 2026))])
# Not Quebec: the map has no province of that code (test_foreign_addresses_name_their_country).
addresses = st.builds(
    Address, words, words, words, st.sampled_from(["", "IL", "ZZ", "ON", "il"]),
    st.sampled_from(["", "62701", "62701-0012", "H2X 1Y4", "xx"]), st.sampled_from(["", "US", "CA", "DE", "D", "PR"]),
)
parties = st.builds(
    Party, words, st.booleans(), words, words, words, words, numbers, numbers,
    st.sampled_from(["", "EI", "SY", "XX"]), st.sampled_from(["", "207Q00000X", "doctor"]), numbers, addresses,
)
insured = st.builds(Insured, parties, numbers, days, words, st.sampled_from(["self", "spouse", "child", "x"]), words,
                    words, words)
adjustments = st.lists(
    st.builds(Adjustment, st.sampled_from(["CO", "PR", "OA", "XX"]), st.sampled_from(["45", "", "1", "A1"]), amounts,
              st.sampled_from([None, Decimal(1), Decimal("-2"), Decimal("0.25")])),
    max_size=8,
).map(tuple)
services = st.lists(
    st.builds(
        make_service, st.integers(1, 3), st.sampled_from(["99213", "99199", "x", "", "g0101"]), amounts.map(str),
        modifiers=st.lists(st.sampled_from(["25", "Q1", "x"]), max_size=5).map(tuple),
        pointers=st.sampled_from(["A", "AB", "", "Z"]), units=amounts, place=st.sampled_from(["", "11", "x"]),
        date_from=days, date_to=days, emergency=st.booleans(), note=words, description=words, authorization=numbers,
        rendering=st.none() | parties, tax=amounts, control_number=numbers,
    ),
    max_size=3,
).map(tuple)
others = st.lists(
    st.builds(
        OtherPayer, parties, numbers, insured, st.integers(0, 3), st.sampled_from(["CI", "MB", "XX"]),
        st.none() | amounts, adjustments,
        st.dictionaries(st.integers(1, 3), st.builds(
            ServiceAnswer, amounts, amounts, st.sampled_from(["99213", "x"]), st.just(()), adjustments, days,
        ), max_size=2),
        numbers, days,
    ),
    max_size=2,
).map(tuple)
changes = st.fixed_dictionaries({}, optional={
    "number": numbers, "payer": parties, "payer_code": numbers, "insured": insured, "patient": parties,
    "billing": parties, "services": services, "total": amounts, "frequency": st.sampled_from(["1", "7", "8", "9"]),
    "original_reference": numbers, "rank": st.integers(0, 4), "filing": st.sampled_from(["CI", "MB", "", "XX"]),
    "patient_birth": days, "patient_sex": words, "diagnosis_system": st.sampled_from(["9", "10", "11"]),
    "diagnoses": st.lists(st.builds(Diagnosis, st.sampled_from("ABC"), st.sampled_from(["J06.9", "724.2", "x"])),
                          max_size=3).map(tuple),
    "paid_by_patient": amounts, "place": st.sampled_from(["", "11", "x1"]), "authorization": words,
    "referring": parties, "rendering": parties, "facility": parties, "supervising": parties, "pay_to": parties,
    "accident": st.builds(Accident, st.sampled_from(["", "auto", "other", "x"]), st.sampled_from(["", "IL"]), days),
    "dates": st.builds(Dates, days, days, days, days, days, days, days), "note": words,
    "values": st.just((("Referral", "R7"),)), "accepts_assignment": st.booleans(), "others": others,
    "currency": st.sampled_from(["USD", "EUR", "x"]), "secondary_reason": st.sampled_from(["", "12", "x"]),
})
makers = st.sampled_from([make_claim, make_dependent, make_secondary])


def write_or_refuse(claim):
    """The file of one claim, or what is in its way."""
    try:
        return write(make_batch(claim)), ()
    except WriteError as refused:
        return None, refused.problems


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(makers, changes)
def test_whatever_a_claim_says_it_is_refused_or_accepted_by_the_guides_map(make, changed):
    pytest.importorskip("pyx12")
    data, problems = write_or_refuse(make(**changed))
    assert (data is None) == bool(problems)
    assert all(problem.reason in REASONS and problem.words for problem in problems)
    assert data is None or judge(data) == []


@settings(max_examples=60, deadline=None)
@given(makers, st.fixed_dictionaries({}, optional={
    "note": words, "authorization": words, "original_reference": words,
    "values": st.lists(st.tuples(words, words), max_size=2).map(tuple),
    "patient_sex": words, "accepts_assignment": st.booleans(), "assigns_benefits": st.booleans(),
    "release_signed": st.booleans(), "rank": st.integers(1, 3), "place": st.sampled_from(["11", "21", "12"]),
    "dates": st.builds(Dates, *([st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))] * 3)),
    "paid_by_patient": st.decimals(0, 10000, places=2), "frequency": st.sampled_from("17"),
}))
def test_claims_with_odd_words_are_accepted_by_the_guides_map(make, changed):
    pytest.importorskip("pyx12")
    data, problems = write_or_refuse(make(**changed))
    assert problems or judge(data) == []
