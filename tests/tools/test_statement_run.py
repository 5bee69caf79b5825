import unittest
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ...tools.statement_run import Choices, Facts, day_in_month, find_reason, is_cycle

OWES = Facts(balance=Decimal(100), asked=Decimal(100), asked_company=Decimal(100), beyond_plan=Decimal(100))


class TestStatementRun(unittest.TestCase):
    """Who gets a statement, and why not."""

    def _reason(self, is_chosen=False, choices=None, **facts):
        return find_reason(replace(OWES, **facts), choices or Choices(), is_chosen)

    def test_whoever_owes_something_gets_one(self):
        self.assertEqual(self._reason(), "")

    def test_each_reason_is_found_and_can_be_waived(self):
        for key, facts in (
            ("disputed", {"asked": Decimal(0), "disputed": Decimal(100)}),
            ("placed", {"asked": Decimal(0), "placed": Decimal(100)}),
            ("plan", {"asked": Decimal(10), "beyond_plan": Decimal(0), "is_plan_kept": True}),
            ("plan", {"asked": Decimal(0), "later": Decimal(100)}),
            ("case", {"is_written_to": True}),
            ("hold", {"is_held": True}),
            ("address", {"way": "address"}),
        ):
            skip = Choices().skip
            self.assertEqual(self._reason(**facts), key)
            self.assertEqual(self._reason(choices=Choices(skip=skip - {key}), **facts), "")
            self.assertEqual(self._reason(is_chosen=True, **facts), "")
        for bar in ("bankrupt", "deceased", "minor", "stopped"):
            self.assertEqual(self._reason(bar=bar), bar)
            self.assertEqual(self._reason(bar=bar, choices=Choices(skip=frozenset())), "")

    def test_nobody_can_waive_that_there_is_nothing_to_say_or_nowhere_to_send_it(self):
        nothing = Choices(skip=frozenset())
        for facts, key in (({"balance": Decimal(0)}, "nothing"), ({"balance": Decimal(-5)}, "nothing"),
                           ({"way": "no_address"}, "no_address")):
            self.assertEqual(self._reason(choices=nothing, is_chosen=True, **facts), key)

    def test_a_plan_with_a_missed_instalment_or_a_bill_beside_it_gets_a_statement(self):
        self.assertEqual(self._reason(beyond_plan=Decimal(0), is_plan_kept=False), "")
        self.assertEqual(self._reason(beyond_plan=Decimal(5), is_plan_kept=True), "")

    def test_the_minimum_is_what_has_to_be_asked_for_at_least(self):
        choices = Choices(amount_min=Decimal(5))
        for asked, key in (("4.99", "minimum"), ("5", ""), ("5.01", "")):
            self.assertEqual(
                self._reason(asked=Decimal(asked), asked_company=Decimal(asked), choices=choices), key,
            )
        # 500 yen are worth 3 euros: what counts is the currency of the company.
        self.assertEqual(self._reason(asked=Decimal(500), asked_company=Decimal("3.10"), choices=choices), "minimum")

    def test_days_since_the_last_one(self):
        choices = Choices(recent_days=14)
        self.assertEqual(
            [self._reason(days_since=days, choices=choices) for days in (None, 0, 13, 14)],
            ["", "recent", "recent", ""],
        )
        self.assertEqual(self._reason(days_since=0, choices=Choices()), "")

    def test_monthly_comes_once_in_each_month(self):
        def monthly(today, last):
            return is_cycle("monthly", date.fromisoformat(today), last and date.fromisoformat(last))

        self.assertTrue(monthly("2026-03-16", None))
        self.assertTrue(monthly("2026-02-28", "2026-01-31"))
        self.assertTrue(monthly("2028-02-29", "2028-01-31"))
        self.assertTrue(monthly("2026-03-01", "2026-02-28"))
        self.assertTrue(monthly("2027-01-31", "2026-12-31"))
        self.assertFalse(monthly("2028-02-29", "2028-02-01"))

    def test_quarterly_comes_in_four_months_of_the_year_and_on_request_never_by_itself(self):
        months = [month for month in range(1, 13) if is_cycle("quarterly", date(2026, month, 28), None)]
        self.assertEqual(months, [1, 4, 7, 10])
        self.assertFalse(is_cycle("quarterly", date(2026, 4, 30), date(2026, 4, 1)))
        self.assertFalse(is_cycle("request", date(2026, 4, 30), None))

    def test_of_a_shorter_month_it_is_the_last_day(self):
        for day, today, expected in (
            (31, "2026-02-10", "2026-02-28"), (31, "2028-02-10", "2028-02-29"), (29, "2027-02-01", "2027-02-28"),
            (30, "2026-04-01", "2026-04-30"), (31, "2026-04-01", "2026-04-30"), (1, "2026-03-31", "2026-03-01"),
        ):
            self.assertEqual(day_in_month(day, date.fromisoformat(today)).isoformat(), expected)
