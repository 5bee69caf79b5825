from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .test_register import RegisterCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAllowances(RegisterCase):
    """What was given away, why, to whom, and who decided."""

    def _allowances(self, *groups, column="amount_adjusted", domain=()):
        return self._sum_rows("billing.allowance.item", groups, column, domain)

    def test_reasons_stand_with_group_code_and_account(self):
        _invoice, _answer, patient_invoice = self._answered()
        self._decide(patient_invoice, 4.20)
        self.assertEqual(self._allowances("kind", "reason_group", "reason_code", "account_id"), {
            ("allowance", "CO", "45", self.allowance_account): 120.0,
            ("writeoff", "OFFICE", self.small_balance.code, self.writeoff_account): 4.20,
        })
        self.assertFalse(
            self.env["billing.allowance.item"].search([("reason_id", "=", self.pr_1.id)]),
            "what is passed on is given to nobody",
        )
        self.assertAllowancesTie()

    def test_a_write_off_says_who_asked_and_who_decided(self):
        invoice = self._bill(is_self_pay=True)
        coordinator = new_test_user(self.env, login="cora", groups="billing_coordinator.group_coordinator")
        decision = self.env["billing.adjustment"].with_user(coordinator).create({
            "move_id": invoice.id, "reason_id": self.small_balance.id, "amount": 200.0, "date": "2026-03-14",
        })
        decision.with_user(self.env.user).action_approve()
        self.env.flush_all()
        [item] = self.env["billing.allowance.item"].search([])
        self.assertEqual((item.requested_by_id, item.approver_id), (coordinator, self.env.user))
        self.assertEqual((item.amount, item.kind, item.debtor_id), (200.0, "writeoff", self.patient))
        self.assertEqual(item.action_view_source()["res_model"], "billing.adjustment")
        self._answered()
        of_payers = self.env["billing.allowance.item"].search([("reason_id", "=", self.co_45.id)])
        self.assertFalse(of_payers.approver_id)
        self.assertEqual(of_payers.action_view_source()["res_model"], "account.move")

    def test_what_was_taken_back_counts_against_its_reason(self):
        _invoice, answer, patient_invoice = self._answered()
        decision = self._decide(patient_invoice, 10.0)
        decision.action_reverse()
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong", money="keep")
        self.assertEqual(self._allowances("reason_id"), {})
        self.assertEqual(self._allowances("date:day"), {
            fields.Date.to_date("2026-03-10"): 120.0, fields.Date.to_date("2026-03-14"): 10.0,
            fields.Date.to_date("2026-03-15"): -120.0, fields.Date.to_date("2026-03-16"): -10.0,
        })
        self.assertAllowancesTie()

    def test_by_procedure_payer_and_provider(self):
        code = self.env["billing.code"].create({
            "system_id": self.env["billing.code.system"].create({"name": "Our own codes", "code": "OWN7"}).id,
            "code": "V1", "name": "A visit",
        })
        encounter = self._create_encounter()
        encounter.line_ids.code_id = code
        invoice = self._bill(encounter)
        self._answer(invoice.claim_ids, 380.0, [(self.co_45, 120.0)])
        self.assertEqual(
            self._allowances("billing_code_id", "payer_id", "provider_id", "patient_id"),
            {(code, self.payer, self.provider, self.patient): 120.0},
        )

    def test_credit_notes_line_by_line_with_their_taxes_and_refunds(self):
        tax = self.env["account.tax"].create({"name": "21 %", "amount": 21.0, "type_tax_use": "sale"})
        tax.refund_repartition_line_ids.account_id = self.company_data["default_account_tax_sale"]
        taxed = self._create_service("Taxed visit", 100.0, taxes=tax)
        invoice = self._bill(is_self_pay=True, services=[taxed])
        self._pay(invoice)
        invoice.encounter_id._unbill("wrong")
        self._refund(self.patient, 121.0)
        by_account = self._allowances("account_id", column="amount_credited")
        self.assertEqual(sorted(by_account.values()), [21.0, 100.0])
        self.assertEqual(self._allowances("kind", column="amount_credited"), {"credit_note": 121.0})
        self.assertEqual(self._allowances("kind", "debtor_id", column="amount_refunded"), {
            ("refund", self.patient): 121.0,
        })
        self.assertEqual(self._allowances("kind"), {})
        self.assertAllowancesTie()

    def test_the_accounts_hold_what_the_reasons_say_and_what_was_posted_past_billing(self):
        self._answered()
        by_hand = self.env["account.move"].create({
            "move_type": "entry", "date": "2026-03-13", "line_ids": [
                Command.create({"account_id": self._receivable().id, "partner_id": self.payer.id, "credit": 9.0}),
                Command.create({"account_id": self.allowance_account.id, "debit": 9.0}),
            ],
        })
        by_hand.action_post()
        account = self._sum_items([("account_id", "=", self.allowance_account.id)], lambda item: item.account_id)
        self.assertEqual(account, {self.allowance_account: 129.0})
        self.assertEqual(self._allowances("account_id"), {self.allowance_account: 120.0})
        past = self._sum_rows("billing.profit.item", ["account_id"], "amount", [("kind", "=", "other")])
        self.assertEqual(past, {self.allowance_account: -9.0}, "the difference, by name")

    def test_a_reason_with_an_account_of_its_own(self):
        own = self.allowance_account.copy({"name": "Contract of Blue Insurance"})
        self.co_45.with_company(self.company).account_id = own
        self._answered()
        self.assertEqual(self._allowances("account_id"), {own: 120.0})
        self.assertAllowancesTie()
        self.assertProfitTies()
