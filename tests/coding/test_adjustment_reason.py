from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class TestReasonsSayWhatHappens(TransactionCase):
    def _ref(self, name):
        return self.env.ref(f"billing_coordinator.{name}")

    def test_a_payers_reason_reads_as_group_code_and_words(self):
        self.assertEqual(self._ref("reason_co_45").display_name, "CO-45 Discount agreed with the insurer")

    def test_our_own_reasons_need_no_code_to_be_read(self):
        self.assertEqual(self._ref("reason_office_small").display_name, "Small balance")

    def test_the_patients_shares_are_passed_on(self):
        for name in ("reason_pr_1", "reason_pr_2", "reason_pr_3", "reason_pr_96"):
            self.assertEqual(self._ref(name).effect, "transfer", name)

    def test_denials_wait_for_a_decision(self):
        for name in ("reason_co_16", "reason_co_29", "reason_co_50", "reason_oa_23"):
            self.assertEqual(self._ref(name).effect, "hold", name)

    def test_charity_and_bad_debt_need_a_manager(self):
        self.assertTrue(self._ref("reason_office_charity").needs_approval)
        self.assertTrue(self._ref("reason_office_baddebt").needs_approval)
        self.assertFalse(self._ref("reason_office_small").needs_approval)

    def test_every_reason_that_comes_with_the_addon_speaks_to_patients(self):
        self.assertFalse(self.env["billing.adjustment.reason"].search([("patient_text", "=", False)]))

    def test_group_and_code_name_one_reason(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["billing.adjustment.reason"].create(
                {"group": "PR", "code": "1", "name": "Again", "effect": "transfer"}
            )

    def test_a_reduction_must_say_what_it_posts_to(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["billing.adjustment.reason"].create(
                {"group": "CO", "code": "999", "name": "New", "effect": "reduce"}
            )

    def test_reasons_are_found_by_code_and_by_words(self):
        found = dict(self.env["billing.adjustment.reason"].name_search("agreed with the insurer"))
        self.assertIn(self._ref("reason_co_45").id, found)

    def test_reasons_can_be_grouped(self):
        groups = dict(self.env["billing.adjustment.reason"]._read_group([], ["group"], ["__count"]))
        self.assertIn("OFFICE", groups)


@tagged("post_install", "-at_install")
class TestReasonsKnowTheirAccount(AccountTestInvoicingCommon):
    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("billing_coordinator.group_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.expense = cls.company_data["default_account_expense"]
        cls.transfer = cls.env["account.account"].create(
            {
                "name": "Responsibility transfers",
                "code": "TRF100",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        cls.company.write(
            {
                "billing_allowance_account_id": cls.expense.id,
                "billing_transfer_account_id": cls.transfer.id,
            }
        )
        cls.allowance = cls.env.ref("billing_coordinator.reason_co_45")
        cls.deductible = cls.env.ref("billing_coordinator.reason_pr_1")

    def test_a_reduction_goes_to_the_companys_account_of_its_kind(self):
        self.assertEqual(self.allowance._get_account(self.company), self.expense)

    def test_a_reason_may_have_an_account_of_its_own_per_company(self):
        own = self.expense.copy({"name": "Contract discounts", "code": "ALW999"})
        self.allowance.with_company(self.company).account_id = own
        self.assertEqual(self.allowance._get_account(self.company), own)
        other = self.env["res.company"].sudo().create({"name": "Second office"}).sudo(False)
        with self.assertRaisesRegex(UserError, "Second office has no account for Allowances"):
            self.allowance._get_account(other)

    def test_a_transfer_always_passes_through_the_transfer_account(self):
        self.deductible.with_company(self.company).account_id = self.expense
        self.assertEqual(self.deductible._get_account(self.company), self.transfer)

    def test_a_denial_posts_nothing_by_itself(self):
        with self.assertRaisesRegex(UserError, "CO-50 .* is a denial and posts nothing"):
            self.env.ref("billing_coordinator.reason_co_50")._get_account(self.company)

    def test_a_missing_account_is_named_with_the_way_out(self):
        self.company.billing_allowance_account_id = False
        with self.assertRaisesRegex(UserError, "CO-45 .* no account for Allowances. Choose one in Settings"):
            self.allowance._get_account(self.company)
        self.company.billing_transfer_account_id = False
        with self.assertRaisesRegex(UserError, "PR-1 .* no account for Responsibility transfers"):
            self.deductible._get_account(self.company)
