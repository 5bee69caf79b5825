"""A company can bill as soon as it has a chart of accounts, and says what is missing while it has none."""

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..models.res_company import ACCOUNTS, JOURNALS, POSTING_FIELDS


@tagged("post_install", "-at_install")
class TestCompanySetup(AccountTestInvoicingCommon):
    """What an accountant finds in the settings of Billing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.clerk = cls.env["res.users"].create({
            "name": "Carla Clerk",
            "login": "carla.clerk",
            "group_ids": [Command.link(cls.env.ref("billing_coordinator.group_coordinator").id)],
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        })

    def _company_without_chart(self, **values):
        return self.env["res.company"].create({"name": "New Practice", **values})

    def _load_chart(self, company, template="generic_coa"):
        self.env["account.chart.template"].try_loading(template, company, install_demo=False)

    def _settings(self, company):
        return {fname: company[fname].id for fname in (*POSTING_FIELDS, "billing_patient_term_id")}

    def _default_journal(self, company):
        return self.env["account.move"].with_company(company).new({"move_type": "out_invoice"}).journal_id

    # === WHAT IS CREATED === #

    def test_a_company_with_a_chart_can_bill_at_once(self):
        for fname in POSTING_FIELDS:
            self.assertTrue(self.company[fname], fname)
        self.company._billing_check_setup()

    def test_the_accounts_are_of_the_kind_that_an_accountant_expects(self):
        kinds = {fname: self.company[fname].account_type for fname in ACCOUNTS}
        self.assertEqual(kinds["billing_transfer_account_id"], "asset_current")
        self.assertTrue(self.company.billing_transfer_account_id.reconcile)
        self.assertEqual(kinds["billing_allowance_account_id"], "income")
        self.assertEqual(kinds["billing_charity_account_id"], "income")
        self.assertEqual(kinds["billing_writeoff_account_id"], "expense")
        self.assertEqual(kinds["billing_bad_debt_account_id"], "expense")

    def test_discounts_use_the_account_that_the_chart_has_for_them(self):
        self.assertEqual(
            self.company.billing_discount_account_id,
            self.company.account_journal_early_pay_discount_loss_account_id,
        )

    def test_account_codes_are_as_long_as_the_others_and_used_once(self):
        created = [fname for fname in ACCOUNTS if fname != "billing_discount_account_id"]
        accounts = self.env["account.account"].union(*(self.company[fname] for fname in created))
        codes = accounts.with_company(self.company).mapped("code")
        self.assertEqual(len(set(codes)), len(created))
        self.assertEqual({len(code) for code in codes}, {6})
        receivable = self.company_data["default_account_receivable"]
        self.assertEqual(codes[0][:3], receivable.code[:3], "transfers stand beside receivables")
        self.assertEqual(codes[1][:3], self.company.income_account_id.code[:3], "allowances beside revenue")

    def test_the_new_sales_journal_is_never_offered_first(self):
        transfer_journal = self.company.billing_transfer_journal_id
        self.assertEqual(transfer_journal.type, "sale")
        self.assertEqual(transfer_journal.default_account_id, self.company.billing_transfer_account_id)
        self.assertEqual(self._default_journal(self.company), self.company_data["default_journal_sale"])
        self.assertEqual(self.company.billing_charge_journal_id, self.company_data["default_journal_sale"])
        self.assertEqual(self.company.billing_payment_journal_id, self.company_data["default_journal_bank"])
        adjustment_journal = self.company.billing_adjustment_journal_id
        entry = self.env["account.move"].new({"move_type": "entry"})
        self.assertNotEqual(entry.journal_id, adjustment_journal)

    def test_a_journal_code_in_use_is_avoided(self):
        company = self._company_without_chart()
        self.env["account.journal"].create(
            {"name": "Print", "code": "PRT", "type": "general", "company_id": company.id}
        )
        # As an installation beside an accountant's own chart: nothing is deleted, and PRT is taken.
        company.chart_template = "generic_coa"
        self._prepare_own_accounts(company)
        company._billing_setup()
        self.assertEqual(company.billing_transfer_journal_id.code, "PRT1")
        self.assertEqual(company.billing_adjustment_journal_id.code, "BADJ")

    def _prepare_own_accounts(self, company):
        self.env["account.account"].with_company(company).create([
            {"name": "Receivable", "code": "1200", "account_type": "asset_receivable", "reconcile": True},
            {"name": "Fees", "code": "4000", "account_type": "income"},
        ])

    def test_a_chart_without_accounts_of_the_kind_gets_codes_all_the_same(self):
        company = self._company_without_chart()
        company.chart_template = "generic_coa"
        self._prepare_own_accounts(company)
        company._billing_setup()
        accounts = {fname: company[fname].with_company(company).code for fname in ACCOUNTS}
        self.assertEqual(accounts["billing_allowance_account_id"], "4001")
        self.assertEqual(accounts["billing_transfer_account_id"], "100000")
        self.assertEqual(accounts["billing_writeoff_account_id"], "600000")

    def test_names_are_kept_in_english_whoever_installs(self):
        company = self._company_without_chart()
        self._load_chart(company)
        self.assertEqual(
            company.billing_transfer_account_id.with_context(lang="en_US").name, "Responsibility transfer"
        )

    def test_patients_pay_within_thirty_days(self):
        thirty_days = self.env.ref("account.account_payment_term_30days")
        self.assertEqual(self.company.billing_patient_term_id, thirty_days)

    # === AGAIN AND LATER === #

    def test_set_up_twice_changes_nothing(self):
        before = self._settings(self.company)
        accounts = self.env["account.account"].search_count([])
        journals = self.env["account.journal"].search_count([])
        self.company._billing_setup()
        self.assertEqual(self._settings(self.company), before)
        self.assertEqual(self.env["account.account"].search_count([]), accounts)
        self.assertEqual(self.env["account.journal"].search_count([]), journals)

    def test_set_up_again_reads_each_company_once(self):
        companies = self.company | self.setup_other_company()["company"]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            companies._billing_setup()

    def test_a_company_that_gets_its_chart_later_is_set_up_then(self):
        company = self._company_without_chart()
        company._billing_setup()
        self.assertFalse(company.billing_transfer_account_id)
        self._load_chart(company)
        company._billing_check_setup()
        self.assertEqual(company.billing_transfer_account_id.company_ids, company)

    def test_a_chart_loaded_again_keeps_accounts_journals_and_choices(self):
        choice = self.company.billing_allowance_account_id.copy()
        self.company.billing_bad_debt_account_id = choice
        before = self._settings(self.company)
        self._load_chart(self.company, self.company.chart_template)
        self.assertEqual(self._settings(self.company), before)

    def test_another_chart_brings_new_accounts_while_the_books_are_empty(self):
        company = self._company_without_chart()
        self._load_chart(company)
        journal = company.billing_transfer_journal_id
        company.chart_template = False
        self._load_chart(company)
        self.assertFalse(journal.exists())
        company._billing_check_setup()

    def test_what_was_taken_off_is_found_again_and_not_made_twice(self):
        account = self.company.billing_allowance_account_id
        self.company.billing_allowance_account_id = False
        self.company._billing_setup()
        self.assertEqual(self.company.billing_allowance_account_id, account)

    def test_what_was_taken_off_and_archived_is_put_back(self):
        account = self.company.billing_allowance_account_id
        journal = self.company.billing_adjustment_journal_id
        self.company.write({"billing_allowance_account_id": False, "billing_adjustment_journal_id": False})
        account.active = False
        journal.active = False
        self.company._billing_setup()
        self.assertEqual(self.company.billing_allowance_account_id, account)
        self.assertEqual(self.company.billing_adjustment_journal_id, journal)
        self.assertTrue(account.active and journal.active)

    def test_a_patient_term_that_somebody_removed_stays_removed(self):
        self.company.write({"billing_patient_term_id": False, "billing_bad_debt_account_id": False})
        self.company._billing_setup()
        self.assertFalse(self.company.billing_patient_term_id)

    # === BRANCHES AND OTHER COMPANIES === #

    def test_a_branch_posts_to_its_root_company_s_accounts(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.cr.precommit.run()
        for fname in (*ACCOUNTS, *JOURNALS):
            self.assertEqual(branch[fname], self.company[fname], fname)
        self.assertEqual(branch.billing_charge_journal_id, self.company.billing_charge_journal_id)
        self.assertEqual(branch.billing_patient_term_id, self.company.billing_patient_term_id)
        branch._billing_check_setup()
        before = self._default_journal(branch)
        self.assertNotEqual(before, self.company.billing_transfer_journal_id)

    def test_a_branch_bills_in_its_own_sales_journal_where_it_has_one(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        journal = self.env["account.journal"].create(
            {"name": "Branch sales", "code": "BRS", "type": "sale", "company_id": branch.id}
        )
        self.env.cr.precommit.run()
        self.assertEqual(branch.billing_charge_journal_id, journal)

    def test_two_companies_share_nothing(self):
        other = self.setup_other_company()["company"]
        for fname in POSTING_FIELDS:
            self.assertTrue(other[fname], fname)
            self.assertNotEqual(other[fname], self.company[fname], fname)

    def test_another_company_s_account_is_refused(self):
        other = self.setup_other_company()["company"]
        with self.assertRaises(UserError):
            self.company.billing_allowance_account_id = other.billing_allowance_account_id
        with self.assertRaises(UserError):
            self.company.billing_transfer_journal_id = other.billing_transfer_journal_id

    # === WHAT IS SAID === #

    def test_a_company_without_chart_is_told_what_to_do(self):
        company = self._company_without_chart()
        with self.assertRaisesRegex(UserError, "New Practice has no chart of accounts yet. Install one in"):
            company.with_user(self.clerk)._billing_check_setup()

    def test_an_administrator_is_led_to_the_settings(self):
        company = self._company_without_chart()
        with self.assertRaises(RedirectWarning) as caught:
            company._billing_check_setup()
        self.assertEqual(caught.exception.args[1], self.env.ref("account.action_account_config").id)
        self.company.billing_allowance_account_id = False
        with self.assertRaises(RedirectWarning) as caught:
            self.company._billing_check_setup()
        self.assertEqual(
            caught.exception.args[1], self.env.ref("billing_coordinator.res_config_settings_action").id
        )

    def test_what_is_missing_is_named(self):
        self.company.write({"billing_allowance_account_id": False, "billing_adjustment_journal_id": False})
        with self.assertRaisesRegex(UserError, "chosen for: Allowances account, Adjustments journal"):
            self.company.with_user(self.clerk)._billing_check_setup()

    def test_a_company_without_bank_journal_can_bill_all_the_same(self):
        self.company.billing_payment_journal_id = False
        self.company._billing_check_setup()

    def test_the_transfer_account_must_allow_reconciliation(self):
        account = self.company.billing_transfer_account_id.copy({"reconcile": False})
        with self.assertRaisesRegex(ValidationError, "does not allow reconciliation"):
            self.company.billing_transfer_account_id = account
        self.company.billing_transfer_account_id.reconcile = False
        with self.assertRaisesRegex(UserError, "does not allow reconciliation"):
            self.company.with_user(self.clerk)._billing_check_setup()

    def test_no_setting_in_days_goes_beyond_the_calendar(self):
        for name in (
            "verification_days", "verify_days", "verify_ahead_days", "coverage_notice_days", "authorization_days",
            "good_faith_long_notice", "good_faith_request_days", "estimate_dispute_days",
        ):
            with self.subTest(name=name), self.assertRaises(ValidationError), self.cr.savepoint():
                self.env.company[f"billing_{name}"] = 2000000

    def test_limits_are_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "must not be negative"):
            self.company.billing_adjustment_limit = -1

    # === THE SETTINGS PAGE === #

    def test_the_button_creates_what_is_missing(self):
        self.company.billing_writeoff_account_id = False
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.billing_state, "incomplete")
        settings.action_billing_setup()
        self.assertTrue(self.company.billing_writeoff_account_id)
        self.assertEqual(self.env["res.config.settings"].create({}).billing_state, "ready")

    def test_the_button_says_when_there_is_no_chart(self):
        company = self._company_without_chart()
        settings = self.env["res.config.settings"].create({"company_id": company.id})
        self.assertEqual(settings.billing_state, "no_chart")
        with self.assertRaises(RedirectWarning):
            settings.action_billing_setup()

    def test_a_choice_made_on_the_page_is_kept_by_the_company(self):
        account = self.company.billing_discount_account_id.copy()
        self.env["res.config.settings"].create(
            {"billing_discount_account_id": account.id, "billing_adjustment_limit": 75.0}
        ).execute()
        self.assertEqual(self.company.billing_discount_account_id, account)
        self.assertEqual(self.company.billing_adjustment_limit, 75.0)
