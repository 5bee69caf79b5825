from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CoverageCommon

JUNE = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestWhatThePatientPays(CoverageCommon):
    def test_a_coverage_starts_with_the_figures_of_its_plan(self):
        coverage = self._cover()
        self.assertEqual(
            (coverage.copay, coverage.deductible, coverage.coinsurance, coverage.oop_max),
            (25.0, 500.0, 20.0, 3000.0),
        )

    def test_a_members_own_figures_win_and_the_others_come_from_the_plan(self):
        coverage = self._cover(copay=0.0)
        self.assertEqual((coverage.copay, coverage.deductible), (0.0, 500.0))

    def test_changing_the_plans_figures_leaves_members_alone(self):
        coverage = self._cover()
        self.blue.copay = 40.0
        self.assertEqual(coverage.copay, 25.0)

    def test_changing_to_another_plan_brings_its_figures_except_those_typed_along(self):
        coverage = self._cover()
        coverage.write({"plan_id": self.green.id, "copay": 10.0})
        self.assertEqual((coverage.copay, coverage.deductible, coverage.coinsurance), (10.0, 0.0, 0.0))

    def test_negative_figures_are_refused(self):
        for name in ("copay", "deductible", "oop_max", "deductible_opening", "oop_opening"):
            with self.assertRaisesRegex(ValidationError, "cannot be negative"), self.cr.savepoint():
                self._cover(**{name: -1.0})
        with self.assertRaisesRegex(ValidationError, "between 0 and 100"), self.cr.savepoint():
            self._cover(coinsurance=101.0)


@tagged("post_install", "-at_install")
class TestWhatIsLeft(CoverageCommon):
    def test_in_decimals_ready_for_the_split(self):
        benefits = self._cover()._get_benefits(JUNE)
        self.assertEqual(benefits.copay, Decimal("25"))
        self.assertEqual(benefits.deductible_left, Decimal("500"))
        self.assertEqual(benefits.coinsurance, Decimal("0.2"))
        self.assertEqual(benefits.oop_left, Decimal("3000"))

    def test_a_third_is_read_as_typed(self):
        self.assertEqual(self._cover(coinsurance=33.33)._get_benefits(JUNE).coinsurance, Decimal("0.3333"))

    def test_without_a_limit_there_is_none(self):
        self.assertIsNone(self._cover(oop_max=0.0)._get_benefits(JUNE).oop_left)

    def test_what_was_met_before_counts_in_its_year_only(self):
        coverage = self._cover(
            date_from="2025-01-01",
            date_to=False,
            deductible_opening=120.5,
            oop_opening=200.0,
            opening_date="2026-03-15",
        )
        benefits = coverage._get_benefits(JUNE)
        self.assertEqual((benefits.deductible_left, benefits.oop_left), (Decimal("379.50"), Decimal("2800")))
        self.assertEqual(coverage._get_benefits(date(2027, 1, 1)).deductible_left, Decimal("500"))

    def test_without_a_date_it_counts_in_the_year_the_coverage_begins(self):
        self.assertEqual(
            self._cover(deductible_opening=100.0)._get_benefits(JUNE).deductible_left, Decimal("400")
        )

    def test_more_than_met_is_met(self):
        benefits = self._cover(deductible_opening=900.0, oop_opening=5000.0)._get_benefits(JUNE)
        self.assertEqual((benefits.deductible_left, benefits.oop_left), (Decimal(0), Decimal(0)))

    def test_later_rooms_add_what_the_ledger_says(self):
        coverage = self._cover(deductible_opening=100.0)
        get_used = type(coverage)._get_used

        def with_ledger(coverages, day):
            used = get_used(coverages, day)
            used[coverage]["deductible"] += Decimal("50")
            return used

        with patch.object(type(coverage), "_get_used", with_ledger):
            self.assertEqual(coverage._get_benefits(JUNE).deductible_left, Decimal("350"))

    def test_the_used_figures_may_be_asked_once_for_many(self):
        coverages = self._cover() + self._cover(patient_id=self.ben.id)
        used = coverages._get_used(JUNE)
        used[coverages[1]]["deductible"] = Decimal("499")
        self.assertEqual([c._get_benefits(JUNE, used=used).deductible_left for c in coverages], [500, 1])

    def test_in_the_currency_of_the_charges(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TBC",
                "symbol": "T",
                "rounding": 1.0,
                "rate_ids": [
                    Command.create({"name": "2026-01-01", "rate": 2.5, "company_id": self.company.id})
                ],
            }
        )
        benefits = self._cover(copay=25.5)._get_benefits(JUNE, currency=currency)
        self.assertEqual((benefits.copay, benefits.deductible_left), (Decimal(64), Decimal(1250)))
