"""The claim form CMS-1500: every box at its line and column, and what does not go on it."""

import datetime
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.claim_content import Accident, Address, Dates, Diagnosis, Party
from ...tools.cms1500 import find_problems, layout
from ...tools.cms1500.boxes import LAST_COLUMN, PLACES, SERVICE_COLUMNS, SHADED_COLUMNS, find_place
from .claim_examples import ANA, BLUE, HOME, PRACTICE, STEIN, make_claim, make_dependent, make_secondary, make_service

SIGNED = datetime.date(2026, 3, 16)
LETTERS = "ABCDEFGHIJKLMNOPQ"


def read(form, line, column, width):
    """What a line printer would have put there."""
    return form.find_text(line, column, width)


def tell(problems):
    return [(problem.box, problem.reason, problem.value, problem.room, problem.service) for problem in problems]


class FormCase(TestCase):
    """Shortcuts for forms."""

    def assertPrinted(self, form, expected):
        """Every (line, column, text): it stands there, and nothing right before and after it in the same word."""
        for line, column, text in expected:
            with self.subTest(line=line, column=column):
                self.assertEqual(read(form, line, column, len(text)), text)

    def assertBlank(self, form, *places):
        for line, column, width in places:
            with self.subTest(line=line, column=column):
                self.assertEqual(read(form, line, column, width).strip(), "")


class TestGrid(FormCase):
    """Where each box is, as the grid of the form says."""

    def test_every_box_of_the_upper_half_stands_at_its_line_and_column(self):
        [form] = layout(make_claim(
            patient=ANA._replace(phone="(503) 555-0142"), accident=Accident("auto", "CA", datetime.date(2026, 2, 1)),
            dates=Dates(
                onset=datetime.date(2026, 2, 3), unable_from=datetime.date(2026, 2, 4),
                unable_to=datetime.date(2026, 2, 9), admission=datetime.date(2026, 2, 5),
                discharge=datetime.date(2026, 2, 6),
            ),
            referring=Party("Eva Klein", True, "Klein", "Eva", "Rosa", npi="1234567893"), note="See letter",
            insured=make_claim().insured._replace(plan_name="Blue Plan"),
        ))
        self.assertPrinted(form, [
            (-4, 41, "BLUE INSURANCE"), (-3, 41, "PO BOX 100"), (-2, 41, "CHICAGO IL 60601"),
            (3, 31, "X"), (3, 50, "M123456"),
            (5, 1, "LOPEZ, ANA, M"), (5, 31, "05 17 1980"), (5, 47, "X"), (5, 50, "LOPEZ, ANA, M"),
            (7, 1, "7 ELM AVENUE APT 3"), (7, 33, "X"), (7, 50, "7 ELM AVENUE APT 3"),
            (9, 1, "SPRINGFIELD"), (9, 26, "IL"), (9, 50, "SPRINGFIELD"), (9, 74, "IL"),
            (11, 1, "62704"), (11, 15, "503 5550142"), (11, 50, "62704"),
            (13, 50, "GRP7"), (15, 41, "X"), (15, 53, "05 17 1980"), (15, 75, "X"),
            (17, 35, "X"), (17, 45, "CA"), (19, 41, "X"), (19, 50, "BLUE PLAN"), (21, 57, "X"),
            (24, 7, "SIGNATURE ON FILE"), (24, 55, "SIGNATURE ON FILE"),
            (27, 2, "02 03 2026"), (27, 16, "431"), (27, 31, "439"), (27, 37, "02 01 2026"),
            (27, 54, "02 04 2026"), (27, 68, "02 09 2026"),
            (29, 1, "DN EVA R KLEIN"), (29, 33, "1234567893"), (29, 54, "02 05 2026"), (29, 68, "02 06 2026"),
            (31, 1, "SEE LETTER"), (31, 57, "X"),
        ])
        self.assertBlank(
            form, (-1, 41, 31), (3, 1, 30), (5, 42, 1), (7, 38, 10), (13, 1, 28), (15, 1, 28), (15, 35, 1), (15, 68, 1),
            (17, 41, 1), (21, 1, 28), (21, 52, 1), (28, 30, 19), (31, 52, 1),
        )
        self.assertEqual(form.problems, ())

    def test_every_box_of_the_lower_half_stands_at_its_line_and_column(self):
        [form] = layout(make_claim(
            services=(
                make_service(charge="1234.50", modifiers=("25", "59", "LT", "GA"), pointers="AB", emergency=True,
                             units=Decimal("1.50"), note="See report"),
                make_service(2, "99199", "80.00", date_to=datetime.date(2026, 3, 7), rendering=PRACTICE),
            ),
            diagnoses=(Diagnosis("A", "J06.9"), Diagnosis("B", "I10")), authorization="AUTH-99", frequency="7",
            original_reference="ICN-0099", paid_by_patient=Decimal(20),
        ), SIGNED)
        self.assertPrinted(form, [
            (32, 42, "0"), (33, 3, "J069"), (33, 16, "I10"), (33, 50, "7"), (33, 62, "ICN-0099"), (35, 50, "AUTH99"),
            (38, 1, "ZZSEE REPORT"), (38, 65, "ZZ"), (38, 68, "207Q00000X"),
            (39, 1, "03 05 26 03 05 26 11 Y  99213"), (39, 33, "25 59 LT GA AB"), (39, 50, " 1234 50 1.5"),
            (39, 68, "1679576722"),
            (41, 1, "03 05 26 03 07 26 11    99199"), (41, 45, "A "), (41, 50, "   80 00 1"), (41, 68, "1234567893"),
            (51, 1, "123456789"), (51, 19, "X"), (51, 23, "CLM00041"), (51, 38, "X"), (51, 51, "  1314 50"),
            (51, 62, "   20 00"),
            (52, 66, "555 0102000"), (53, 23, "HILLSIDE FAMILY PRACTICE"), (54, 23, "12 HILL STREET"),
            (55, 23, "SPRINGFIELD IL 62701-0012"), (53, 50, "HILLSIDE FAMILY PRACTICE"), (54, 50, "12 HILL STREET"),
            (55, 1, "SIGNATURE ON FILE"), (55, 50, "SPRINGFIELD IL 62701-0012"),
            (56, 6, "03 16 26"), (56, 24, "1234567893"), (56, 51, "1234567893"), (56, 63, "ZZ261QP2300X"),
        ])
        self.assertBlank(form, (40, 1, 62), (43, 1, 78), (51, 17, 1), (51, 43, 1))
        self.assertEqual(form.problems, ())
        self.assertEqual((form.total, form.paid, form.services), (Decimal("1314.50"), Decimal(20), (1, 2)))

    def test_twelve_diagnoses_stand_in_three_rows_of_four(self):
        [form] = layout(make_claim(
            diagnoses=tuple(Diagnosis(letter, f"E11.{number}") for number, letter in enumerate(LETTERS[:12])),
        ))
        for number in range(12):
            self.assertPrinted(form, [(33 + number // 4, 3 + 13 * (number % 4), f"E11{number}")])
        self.assertEqual(form.problems, ())

    def test_no_two_boxes_share_a_place(self):
        taken = set()
        keys = [(key, 0) for key in PLACES]
        keys += [(key, row) for key in (*SERVICE_COLUMNS, *SHADED_COLUMNS) for row in range(6)]
        for key, row in keys:
            place = find_place(key, row)
            cells = {(place.line, column) for column in range(place.column, place.column + place.width)}
            self.assertFalse(cells & taken, key)
            self.assertLessEqual(place.column + place.width - 1, LAST_COLUMN, key)
            taken |= cells

    def test_amounts_stand_at_the_right_and_part_with_the_blank_when_they_need_its_room(self):
        for charge, text in (
            ("0", "    0 00"), ("7.05", "    7 05"), ("99999.99", "99999 99"), ("123456.78", "12345678"),
        ):
            [form] = layout(make_claim(services=(make_service(charge=charge),)))
            self.assertPrinted(form, [(39, 50, text)])
            self.assertEqual(form.problems, ())


class TestPeople(FormCase):
    """Whose claim it is."""

    def test_a_child_is_the_patient_and_the_mother_is_insured(self):
        [form] = layout(make_dependent())
        self.assertPrinted(form, [
            (5, 1, "LOPEZ, BEN"), (5, 31, "01 02 2018"), (5, 42, "X"), (5, 50, "LOPEZ, ANA, M"), (7, 42, "X"),
            (15, 53, "05 17 1980"), (15, 75, "X"),
        ])
        self.assertBlank(form, (7, 33, 1), (7, 38, 1), (7, 47, 1))

    def test_who_is_neither_man_nor_woman_is_not_crossed(self):
        [form] = layout(make_claim(patient_sex="other"))
        self.assertBlank(form, (5, 42, 1), (5, 47, 1))
        self.assertEqual(form.problems, ())

    def test_a_long_name_loses_its_initial_then_the_end_of_the_first_name(self):
        for last, first, text in (
            ("Featherstonehaugh", "Maximilian", "FEATHERSTONEHAUGH, MAXIMILIA"),
            ("Wolfeschlegelsteinhausenberger", "Hubert", "WOLFESCHLEGELSTEINHAUSENB, H"),
            ("Brown-Smith", "Ann", "BROWN-SMITH, ANN, M"),
        ):
            [form] = layout(make_claim(patient=ANA._replace(last=last, first=first)))
            self.assertEqual(read(form, 5, 1, 30).strip(), text)
            self.assertEqual(form.problems, ())

    def test_marks_are_taken_off_letters_and_other_scripts_are_a_problem(self):
        [form] = layout(make_claim(patient=Party("", True, "Łukasz-Müßig", "Éloïse", "Ø", "Jr.", address=HOME)))
        self.assertEqual(read(form, 5, 1, 30).strip(), "LUKASZ-MUSSIG JR, ELOISE, O")
        self.assertEqual(form.problems, ())
        [form] = layout(make_claim(patient=Party("王芳", True, "王", "芳", address=HOME)))
        self.assertEqual(tell(form.problems), [("2", "letters", "王, 芳", 0, 0)])
        self.assertEqual(read(form, 5, 1, 30).strip(), "?, ?")

    def test_a_street_is_shortened_as_the_post_does_and_never_cut(self):
        long = Address("1200 North Saint Bartholomew Boulevard", "", "Springfield", "IL", "627040012", "US")
        [form] = layout(make_claim(patient=ANA._replace(address=long)))
        self.assertEqual(tell(form.problems), [("5", "too_wide", "1200 N SAINT BARTHOLOMEW BLVD", 28, 0)])
        shorter = long._replace(street="12 1/2 North Bartholomew Street", street2="#4")
        [form] = layout(make_claim(patient=ANA._replace(address=shorter)))
        self.assertEqual(read(form, 7, 1, 28).strip(), "12 1/2 N BARTHOLOMEW ST 4")
        self.assertEqual(read(form, 11, 1, 12).strip(), "62704-0012")
        self.assertEqual(form.problems, ())

    def test_a_telephone_of_another_country_has_no_room(self):
        [form] = layout(make_claim(patient=ANA._replace(phone="+49 30 1234567")))
        self.assertBlank(form, (11, 15, 12))
        self.assertEqual(form.problems, ())


class TestPayers(FormCase):
    """Box 1, and how a second payer and Medicare want it."""

    def test_the_kind_of_payer_is_crossed_once(self):
        for filing, column in (("MB", 1), ("MC", 8), ("CH", 15), ("VA", 24), ("CI", 31), ("WC", 45), ("ZZ", 45)):
            [form] = layout(make_claim(filing=filing))
            self.assertEqual(read(form, 3, 1, 48).strip(), "X", filing)
            self.assertPrinted(form, [(3, column, "X")])
        [form] = layout(make_claim(filing="CI", insured=make_claim().insured._replace(group_number="")))
        self.assertPrinted(form, [(3, 45, "X")])

    def test_the_second_payer_reads_who_was_first_and_what_it_paid(self):
        [form] = layout(make_secondary())
        self.assertPrinted(form, [
            (-4, 41, "GOLD INSURANCE"), (3, 50, "G9"), (13, 1, "LOPEZ, ANA, M"), (15, 1, "GRP7"),
            (21, 1, "BLUE INSURANCE"), (21, 52, "X"), (39, 50, "  120 00"), (51, 51, "   120 00"), (51, 62, "   60 00"),
        ])
        self.assertEqual(form.problems, ())

    def test_a_first_payer_that_has_not_answered_leaves_paid_empty(self):
        blue = make_secondary().others[0]
        [form] = layout(make_claim(others=(blue._replace(paid=None, services={}),)))
        self.assertPrinted(form, [(21, 52, "X")])
        self.assertBlank(form, (51, 62, 8))

    def test_a_payer_that_paid_nothing_is_told_as_nothing(self):
        blue = make_secondary().others[0]
        [form] = layout(make_secondary(others=(blue._replace(paid=Decimal(0), services={}),)))
        self.assertPrinted(form, [(51, 62, "    0 00")])

    def test_medicare_first_is_told_that_nobody_is_before_it(self):
        [form] = layout(make_claim(filing="MB"))
        self.assertPrinted(form, [(13, 50, "NONE"), (3, 50, "M123456")])
        self.assertBlank(
            form, (5, 50, 29), (7, 33, 15), (7, 50, 29), (15, 53, 26), (21, 52, 6), (38, 65, 14), (56, 63, 16),
        )
        self.assertEqual(form.problems, ())

    def test_medicare_second_reads_the_policy_before_it_and_what_the_patient_paid(self):
        [form] = layout(make_secondary(filing="MB", paid_by_patient=Decimal(15)))
        self.assertPrinted(form, [
            (5, 50, "SAME"), (7, 50, "SAME"), (7, 33, "X"), (13, 50, "GRP7"), (15, 53, "05 17 1980"),
            (19, 50, "BLUE INSURANCE"), (51, 62, "   15 00"),
        ])
        self.assertBlank(form, (13, 1, 28), (15, 1, 28), (21, 1, 28), (21, 52, 6))


class TestManyServices(FormCase):
    """More than fits on one form."""

    def _make(self, count, **values):
        return make_claim(services=tuple(
            make_service(number, charge=f"{number}00.00") for number in range(1, count + 1)
        ), **values)

    def test_seven_services_take_two_forms_each_with_its_own_total(self):
        first, second = layout(self._make(7, paid_by_patient=Decimal(2200)))
        self.assertEqual((first.number, first.count, second.number, second.count), (1, 2, 2, 2))
        self.assertPrinted(first, [(49, 50, "  600 00"), (51, 51, "  2100 00"), (51, 62, " 2100 00")])
        self.assertPrinted(second, [(39, 50, "  700 00"), (51, 51, "   700 00"), (51, 62, "  100 00")])
        self.assertBlank(second, (41, 1, 78))
        for form in (first, second):
            self.assertPrinted(form, [(5, 1, "LOPEZ, ANA, M"), (33, 3, "J069"), (51, 23, "CLM00041")])
            self.assertEqual(form.problems, ())

    def test_services_of_another_authorization_have_a_form_of_their_own(self):
        services = (
            make_service(1), make_service(2, authorization="B-2"), make_service(3),
            make_service(4, authorization="A-1"),
        )
        first, second = layout(make_claim(services=services, authorization="A-1"))
        self.assertEqual((first.services, second.services), ((1, 3, 4), (2,)))
        self.assertEqual((read(first, 35, 50, 5), read(second, 35, 50, 5)), ("A1   ", "B2   "))
        self.assertEqual((first.total, second.total), (Decimal(360), Decimal(120)))

    @given(
        st.lists(st.decimals(0, 9999, places=2), min_size=1, max_size=20),
        st.decimals(0, 100000, places=2),
        st.decimals(0, 50000, places=2),
    )
    def test_totals_and_payments_of_the_forms_are_those_of_the_claim(self, charges, by_patient, by_payer):
        services = tuple(make_service(number, charge=str(charge)) for number, charge in enumerate(charges, 1))
        blue = make_secondary().others[0]._replace(paid=by_payer, services={})
        forms = layout(make_secondary(services=services, others=(blue,), paid_by_patient=by_patient))
        self.assertEqual(len(forms), -(-len(charges) // 6))
        self.assertEqual(sum(form.total for form in forms), sum(charges))
        self.assertEqual(sum(form.paid for form in forms), by_patient + by_payer)
        self.assertEqual([number for form in forms for number in form.services], list(range(1, len(charges) + 1)))

    def test_a_claim_without_services_is_one_form_that_says_so(self):
        [form] = layout(make_claim(services=()))
        self.assertEqual(form.total, 0)


class TestProblems(FormCase):
    """What a payer would send back: named, never cut."""

    def assertProblems(self, content, *expected):
        self.assertEqual(tell(find_problems(layout(content))), list(expected))

    def test_thirteen_diagnoses_are_refused(self):
        self.assertProblems(
            make_claim(diagnoses=tuple(Diagnosis(letter, "I10") for letter in LETTERS[:13])),
            ("21", "too_many", "13", 12, 0),
        )

    def test_numbers_that_are_too_long_are_named_with_their_room(self):
        for values, problem in (
            ({"number": "CLM-2026-0000000041"}, ("26", "too_wide", "CLM20260000000041", 14, 0)),
            ({"authorization": "9" * 30}, ("23", "too_wide", "9" * 30, 29, 0)),
            ({"insured": make_claim().insured._replace(member_number="9" * 30)}, ("1a", "too_wide", "9" * 30, 29, 0)),
            ({"frequency": "7", "original_reference": "9" * 18}, ("22", "too_wide", "9" * 18, 17, 0)),
            ({"billing": PRACTICE._replace(npi="12345678931")}, ("33a", "too_wide", "12345678931", 10, 0)),
        ):
            found = tell(find_problems(layout(make_claim(**values))))
            self.assertIn(problem, found)

    def test_a_charge_that_is_too_high_is_never_cut(self):
        claim = make_claim(services=(make_service(charge="1234567.89"),))
        self.assertProblems(claim, ("24F", "too_wide", "123456789", 8, 1))

    def test_a_service_says_what_is_wrong_with_it(self):
        for values, problem in (
            ({"date_from": None}, ("24A", "missing", "", 0, 1)),
            ({"code": ""}, ("24D", "missing", "", 0, 1)),
            ({"code": "99213TOO"}, ("24D", "too_wide", "99213TOO", 7, 1)),
            ({"modifiers": ("25", "59", "LT", "GA", "XS")}, ("24D", "too_many", "25 59 LT GA XS", 4, 1)),
            ({"pointers": "AZ"}, ("24E", "pointer", "Z", 0, 1)),
            ({"pointers": ""}, ("24E", "missing", "", 0, 1)),
            ({"units": Decimal("0.3333")}, ("24G", "too_wide", "0.3333", 3, 1)),
            ({"units": Decimal(0)}, ("24G", "missing", "", 0, 1)),
            ({"charge": Decimal("-5.00")}, ("24F", "negative", "-5.00", 0, 1)),
            ({"note": "long " * 15}, ("24", "too_wide", "ZZ" + "LONG " * 14 + "LONG", 61, 1)),
        ):
            with self.subTest(problem=problem):
                self.assertIn(problem, tell(find_problems(layout(make_claim(services=(make_service(**values),))))))

    def test_what_must_not_be_empty_is_missing(self):
        content = make_claim(
            payer=Party(), insured=make_claim().insured._replace(member_number="", party=Party()), patient=Party(),
            patient_birth=None, billing=Party(), rendering=None, diagnoses=(), frequency="8", place="",
        )
        missing = {problem.box for problem in find_problems(layout(content)) if problem.reason == "missing"}
        self.assertEqual(missing, {
            "carrier", "1a", "2", "3", "4", "5", "7", "21", "22", "24B", "24J", "25", "32", "33", "33a",
        })

    def test_dollars_only_and_the_total_of_the_claim(self):
        self.assertProblems(make_claim(currency="EUR"), ("28", "currency", "EUR", 0, 0))
        self.assertProblems(make_claim(total=Decimal(119)), ("28", "total", "119.00", 0, 0))
        self.assertProblems(make_claim(diagnosis_system="11"), ("21", "revision", "11", 0, 0))

    def test_a_note_takes_two_lines_and_no_more(self):
        note = "The patient was seen twice on the same day because of a fall"
        [form] = layout(make_claim(note=note))
        self.assertPrinted(form, [
            (30, 26, "THE PATIENT WAS SEEN"), (31, 1, "TWICE ON THE SAME DAY BECAUSE OF A FALL"),
        ])
        self.assertEqual(form.problems, ())
        [form] = layout(make_claim(note=f"{note}, and a third time"))
        [problem] = form.problems
        self.assertEqual((problem.box, problem.reason, problem.room), ("19", "too_wide", 71))

    def test_a_third_date_has_no_room(self):
        day = datetime.date(2026, 2, 1)
        content = make_claim(
            accident=Accident("other", "", day), dates=Dates(onset=day.replace(day=2), first_seen=day.replace(day=3)),
        )
        self.assertProblems(content, ("15", "no_room", "02/03/2026", 1, 0))

    def test_faults_are_marked_where_they_are(self):
        [form] = layout(make_claim(patient_birth=None, insured=make_claim().insured._replace(member_number="9" * 30)))
        self.assertEqual(
            [(entry.box, entry.text, entry.line, entry.column) for entry in form.entries if entry.is_wrong],
            [("1a", "9" * 29, 3, 50), ("3", "", 5, 31)],
        )

    @given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=90))
    def test_whatever_is_typed_stays_in_its_box(self, name, street, note):
        party = Party(name, True, name, name, name, address=HOME._replace(street=street, city=name, zip=note))
        forms = layout(make_claim(
            patient=party, payer=BLUE._replace(name=name), referring=STEIN._replace(last=name), note=note,
            billing=PRACTICE._replace(name=street), services=(make_service(note=note, code=name),),
        ))
        for entry in forms[0].entries:
            self.assertLessEqual(len(entry.text), entry.width)
            self.assertTrue(entry.text.isascii())
            self.assertEqual(entry.text, entry.text.upper())
