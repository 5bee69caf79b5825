"""Reading a payer's answer: no database, every shape that people, files and services send."""

from datetime import date
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.eligibility import RESULTS, BadAnswerError, opening_for, read_answer

CENT = Decimal("0.01")
CENTS = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)


class TestReadAnswer(TestCase):
    def _refused(self, rule, **answer):
        with self.assertRaises(BadAnswerError) as caught:
            read_answer({"result": "active", **answer}, CENT)
        self.assertEqual(caught.exception.rule, rule)
        return caught.exception

    def test_numbers_dates_and_blanks_arrive_in_any_dress(self):
        answer = read_answer({
            "result": "active", "copay": " 25.5", "deductible": 500, "coinsurance": 20.0, "oop_max": None,
            "date_from": "2026-01-01", "date_to": date(2026, 12, 31), "member_number": "  M 1\n", "group_number": " ",
        }, CENT)
        self.assertEqual(answer.told, {
            "copay": Decimal("25.50"), "deductible": Decimal(500), "coinsurance": Decimal(20),
            "date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31), "member_number": "M 1",
        })

    def test_zero_is_an_answer_and_nothing_is_none(self):
        self.assertEqual(read_answer({"result": "active", "copay": 0.0, "deductible": "0"}, CENT).told,
                         {"copay": Decimal(0), "deductible": Decimal(0)})
        self.assertEqual(read_answer({"result": "unclear", "copay": False, "responder": ""}, CENT).told, {})

    def test_amounts_are_rounded_to_what_can_be_paid(self):
        self.assertEqual(read_answer({"result": "active", "copay": 10.005}, CENT).copay, Decimal("10.01"))
        self.assertEqual(read_answer({"result": "active", "copay": 10.5}, Decimal(1)).copay, Decimal(11))

    def test_what_cannot_be_meant_is_refused_with_its_name_and_value(self):
        for rule, name, value in (
            ("negative", "copay", -0.01),
            ("negative", "deductible_met", "-5"),
            ("negative", "coinsurance", -1),
            ("percent", "coinsurance", 100.5),
            ("not_a_number", "oop_max", "plenty"),
            ("not_a_number", "oop_max", float("nan")),
            ("not_a_number", "oop_max", [1]),
            ("not_a_date", "date_from", "01/02/2026"),
            ("unknown_field", "premium", 1),
        ):
            with self.subTest(rule=rule, name=name):
                error = self._refused(rule, **{name: value})
                self.assertEqual((error.field, error.value), (name, value))

    def test_what_contradicts_itself_is_refused(self):
        self._refused("unknown_result", result="maybe")
        self._refused("dates_reversed", date_from="2026-02-01", date_to="2026-01-31")
        self._refused("valid_before_answer", date="2026-02-02", valid_until="2026-02-01")
        self._refused("met_above_limit", deductible=500, deductible_met="500.01")
        self._refused("met_above_limit", oop_max=3000, oop_met=3001)
        self._refused("end_missing", result="inactive")
        self._refused("start_missing", result="other_plan", plan="Green Plan")

    def test_one_day_is_a_period_and_all_met_is_met(self):
        read_answer({"result": "active", "date_from": "2026-02-01", "date_to": "2026-02-01"}, CENT)
        read_answer({"result": "active", "deductible": 500, "deductible_met": 500}, CENT)

    @given(st.sampled_from(RESULTS), CENTS, CENTS, st.dates(), st.integers(0, 400))
    def test_reading_what_was_read_changes_nothing(self, result, copay, more, start, days):
        end = date.fromordinal(min(start.toordinal() + days, date.max.toordinal()))
        answer = read_answer({
            "result": result, "copay": str(copay), "deductible": copay + more, "deductible_met": copay,
            "date_from": start.isoformat(), "date_to": end,
        }, CENT)
        self.assertEqual(read_answer({"result": result, **answer.told}, CENT), answer)


class TestOpening(TestCase):
    def test_what_we_counted_ourselves_is_not_counted_twice(self):
        self.assertEqual(opening_for(Decimal(350), Decimal(80)), Decimal(270))

    def test_books_ahead_of_the_payer_leave_nothing_to_open_with(self):
        self.assertEqual(opening_for(Decimal(50), Decimal(80)), Decimal(0))

    @given(CENTS, CENTS)
    def test_opening_and_count_reach_what_the_payer_says_or_what_we_know(self, said, counted):
        self.assertEqual(opening_for(said, counted) + counted, max(said, counted))
