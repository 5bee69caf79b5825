from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTwoCompanies(BillingCase):
    """One office bills for two companies: the same patients and payers, two sets of books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_data_2 = cls.setup_other_company(name="Second Practice")
        cls.company_2 = cls.company_data_2["company"]
        cls.company_2._billing_setup()
        cls.env.user.company_ids += cls.company_2
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": (cls.company + cls.company_2).ids})
        cls.plan_2 = cls._create_plan("Second Plan", cls.payer, company_id=cls.company_2.id)
        cls.coverage_2 = cls._create_coverage(cls.patient, cls.plan_2)
        cls.service.taxes_id = False
        revenue = cls.company_data_2["default_account_revenue"]
        cls.service.with_company(cls.company_2).property_account_income_id = revenue

    def _items_of(self, company):
        items = self.env["account.move.line"].search([("company_id", "=", company.id), ("parent_state", "=", "posted")])
        return {item.id: (item.balance, item.amount_residual, item.reconciled) for item in items}

    def _owed_in(self, partner, company):
        items = self.env["account.move.line"].search([
            ("partner_id", "=", partner.id), ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("company_id", "=", company.id),
        ])
        return company.currency_id.round(sum(items.mapped("amount_residual")))

    def test_a_patient_known_to_both_has_two_balances(self):
        first = self._bill()
        second = self._bill(company_id=self.company_2.id)
        self.assertEqual((first.company_id, second.company_id), (self.company, self.company_2))
        self.assertEqual((first.billing_coverage_id, second.billing_coverage_id), (self.coverage, self.coverage_2))
        self.assertEqual(
            [(self._owed_in(self.payer, company)) for company in (self.company, self.company_2)], [500.0, 500.0],
        )
        before = self._items_of(self.company)
        answer = self._answer(second.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        self.assertEqual(answer.payment_id.company_id, self.company_2)
        self.assertEqual((answer.caused_move_ids | answer.entry_id).company_id, self.company_2)
        self.assertEqual(self._items_of(self.company), before, "company 1 is not touched")
        self.assertEqual(
            [self._owed_in(self.patient, company) for company in (self.company, self.company_2)], [0.0, 80.0],
        )
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        second.encounter_id._unbill("wrong")
        self.assertEqual(self._items_of(self.company), before, "company 1 is not touched")
        self.assertConserved(self.company + self.company_2)

    def test_money_for_one_company_is_no_credit_in_the_other(self):
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.payer.id, "amount": 500.0,
            "date": "2026-03-10", "journal_id": self.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        claim = self._bill(company_id=self.company_2.id).claim_ids
        answer = self._answer(claim, 500.0, amount=0.0, credit_amount=500.0, post=False)
        self.assertEqual(answer.payer_credit, 0.0)
        with self.assertRaisesRegex(UserError, "has only .*0.00 unapplied"):
            answer.action_post()

    def test_visits_of_two_companies_are_billed_together_each_in_its_own_books(self):
        encounters = self._create_encounter() + self._create_encounter(company_id=self.company_2.id)
        encounters.action_ready()
        moves = encounters._bill(fields.Date.to_date("2026-03-06"))
        self.assertEqual(moves.company_id, self.company + self.company_2)
        for move in moves:
            self.assertEqual(move.line_ids.account_id.company_ids, move.company_id)
            self.assertEqual(move.journal_id, move.company_id.billing_charge_journal_id)
        self.assertConserved(self.company + self.company_2)

    def test_the_limit_and_accounts_are_those_of_the_company_of_the_invoice(self):
        invoice = self._bill(company_id=self.company_2.id, is_self_pay=True)
        decision = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": self.small_balance.id, "amount": 4.20, "date": "2026-03-14",
        })
        decision.action_approve()
        self.assertEqual((decision.company_id, decision.entry_id.company_id), (self.company_2, self.company_2))
        self.assertIn(self.company_2.billing_writeoff_account_id, decision.entry_id.line_ids.account_id)
        self.assertConserved(self.company + self.company_2)

    def test_one_company_may_be_closed_while_the_other_is_open(self):
        self.company.fiscalyear_lock_date = "2026-03-31"
        invoice = self._bill(company_id=self.company_2.id)
        self._answer(invoice.claim_ids, 500.0)
        with self.assertRaisesRegex(UserError, "the books of company_1_data are closed"):
            self._bill()
        self.assertConserved(self.company + self.company_2)
