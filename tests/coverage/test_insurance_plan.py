from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CoverageCommon


@tagged("post_install", "-at_install")
class TestPlansOfAPayer(CoverageCommon):
    def test_a_new_plan_is_billed_as_the_company_prefers(self):
        self.company.billing_default_mode = "split"
        plan = self.env["billing.insurance.plan"].create({"name": "New", "payer_id": self.payer.id})
        self.assertEqual(plan.billing_mode, "split")
        self.assertEqual(plan.timely_filing_days, 365)
        self.assertEqual(plan.currency_id, self.company.currency_id)

    def test_only_payers_have_plans(self):
        with self.assertRaisesRegex(
            ValidationError, "Ana López is not a payer, so Red Plan cannot be its plan"
        ):
            self.env["billing.insurance.plan"].create({"name": "Red Plan", "payer_id": self.ana.id})

    def test_negative_amounts_are_refused_by_name_and_amount(self):
        for name, label in (
            ("copay", "Copay"),
            ("deductible", "Deductible"),
            ("oop_max", "Out-of-pocket maximum"),
        ):
            with (
                self.assertRaisesRegex(ValidationError, f"{label} of “Blue Plan” cannot be negative .*5"),
                self.cr.savepoint(),
            ):
                self.blue[name] = -5.0

    def test_coinsurance_is_a_percentage(self):
        for percent in (-1.0, 100.5):
            with self.assertRaisesRegex(ValidationError, "between 0 and 100"), self.cr.savepoint():
                self.blue.coinsurance = percent
        self.blue.coinsurance = 100.0

    def test_days_to_file_are_neither_negative_nor_endless(self):
        for days in (-1, 5000000):
            with self.assertRaisesRegex(ValidationError, f"Blue Plan cannot have {days} days to file"), \
                    self.cr.savepoint():
                self.blue.timely_filing_days = days

    def test_a_plan_with_members_stays_in_its_company(self):
        other = self.env["res.company"].create({"name": "Second office"})
        self._cover(active=False)
        with self.assertRaisesRegex(UserError, "Blue Plan already has members"):
            self.blue.company_id = other
        self.green.company_id = other
        self.assertEqual(self.green.company_id, other)

    def test_a_plan_shows_its_members(self):
        coverage = self._cover()
        self.assertEqual((self.blue.coverage_count, self.green.coverage_count), (1, 0))
        action = self.blue.action_view_coverages()
        self.assertEqual(self.env["billing.coverage"].search(action["domain"]), coverage)

    def test_a_copy_says_that_it_is_one(self):
        copy = self.blue.copy()
        self.assertEqual((copy.name, copy.copay), ("Blue Plan (copy)", 25.0))
        self.assertFalse(copy.coverage_ids)

    def test_another_companys_prices_are_refused(self):
        other = self.env["res.company"].create({"name": "Second office"})
        self.env.user.company_ids += other
        prices = self.env["product.pricelist"].create({"name": "Contract", "company_id": other.id})
        with self.assertRaises(UserError):
            self.blue.pricelist_id = prices

    def test_a_payer_lists_its_plans(self):
        self.assertEqual(self.payer.plan_ids, self.blue + self.green)
        self.payer.write({"plan_ids": [Command.create({"name": "Third"})]})
        self.assertEqual(len(self.payer.plan_ids), 3)
