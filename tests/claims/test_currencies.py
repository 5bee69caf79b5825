from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCurrencies(BillingCase):
    """The company keeps its books in dollars; visits are billed in euros, in a currency without cents, with mills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[
            ("1900-01-01", 0.90), ("2026-03-10", 0.83), ("2026-03-15", 0.97),
        ])

    def _bill_in(self, currency, *prices, **values):
        services = [(self.service, price) for price in prices or (500.0,)]
        return self._bill(services=services, currency_id=currency.id, **values)

    def _owed_in(self, partner, currency):
        items = self.env["account.move.line"].search([
            ("partner_id", "=", partner.id), ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("currency_id", "=", currency.id),
        ])
        return currency.round(sum(items.mapped("amount_residual_currency")))

    def assertSettledInBothCurrencies(self, partners):
        """Nothing is open, neither in the currency of the invoices nor in dollars."""
        items = self.env["account.move.line"].search([
            ("partner_id", "in", partners.ids), ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ])
        self.assertEqual(self.company.currency_id.round(sum(items.mapped("balance"))), 0.0)
        self.assertEqual(set(items.mapped("reconciled")), {True})

    def test_an_answer_at_another_rate_settles_in_euros_and_leaves_the_difference_where_odoo_puts_it(self):
        invoice = self._bill_in(self.euro)
        self.assertAlmostEqual(invoice.amount_total_signed, 555.56)
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        claim = invoice.claim_ids
        self.assertEqual(
            (claim.state, claim.amount_paid, claim.amount_adjusted, claim.amount_transferred, claim.amount_open),
            ("settled", 300.0, 120.0, 80.0, 0.0),
        )
        self.assertSettledInBothCurrencies(self.payer)
        patient_invoice = answer.caused_move_ids.filtered("billing_kind")
        self.assertEqual((patient_invoice.currency_id, patient_invoice.amount_total), (self.euro, 80.0))
        self.assertAlmostEqual(patient_invoice.amount_total_signed, 96.39)
        exchange = self.env["account.move"].search([("journal_id", "=", self.company.currency_exchange_journal_id.id)])
        self.assertTrue(exchange)
        self.assertConserved()

    def test_one_cheque_in_euros_for_several_claims_with_odd_cents(self):
        invoices = self._bill_in(self.euro, 33.33) + self._bill_in(self.euro, 33.34) + self._bill_in(self.euro, 0.01)
        answer = self._prepare_answer(invoices.claim_ids, 66.68)
        answer.action_pay_in_full()
        answer.action_post()
        self.assertEqual(set(invoices.claim_ids.mapped("state")), {"settled"})
        self.assertSettledInBothCurrencies(self.payer)
        self.assertConserved()

    def test_many_small_transfers_in_euros_leave_nothing_on_the_transfer_account(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        self.plan_b.write({"billing_mode": "split", "coinsurance": 100 / 3})
        invoice = self._bill_in(self.euro, 0.07, 0.11, 33.33, 9.99)
        answer = self._prepare_answer(invoice.claim_ids, 0.0)
        for line in answer.line_ids:
            third = round(line.amount_asked / 3, 2)
            line.adjustment_ids = [
                Command.create({"reason_id": reason.id, "amount": amount})
                for reason, amount in ((self.pr_1, third), (self.pr_2, round(line.amount_asked - third, 2)))
                if amount
            ]
        answer.action_post()
        self.assertEqual(self._owed_in(self.payer_b, self.euro) + self._owed_in(self.patient, self.euro), 43.50)
        self.assertConserved()

    def test_secondary_reversal_and_corrected_answer_in_euros(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoice = self._bill_in(self.euro, 333.33)
        answer = self._answer(invoice.claim_ids, 111.11, [(self.co_45, 133.33), (self.pr_1, 88.89)])
        second = invoice.encounter_id.claim_ids - invoice.claim_ids
        self._answer(second, 55.55, [(self.pr_2, 33.34)], date="2026-03-15")
        patient_invoice = invoice.encounter_id.invoice_ids.filtered(lambda move: move.partner_id == self.patient)
        self._pay(patient_invoice, date="2026-03-16")
        self.assertEqual(patient_invoice.payment_state, "paid")
        self.assertConserved()
        answer._reverse(fields.Date.to_date("2026-03-16"), "wrong", money="keep")
        self.assertEqual(
            [self._owed_in(partner, self.euro) for partner in (self.payer, self.payer_b, self.patient)],
            [222.22, -55.55, -33.34],
        )
        self.assertEqual(invoice.claim_ids.amount_open, 333.33)
        self.assertConserved()
        self._answer(
            invoice.claim_ids, 120.0, [(self.co_45, 213.33)], reference="CHK 2", date="2026-03-16",
            amount=8.89, credit_amount=111.11,
        )
        self.assertEqual((invoice.claim_ids.state, self._owed_in(self.payer, self.euro)), ("settled", 0.0))
        self.assertConserved()

    def test_the_patient_pays_a_bill_in_euros_with_dollars(self):
        invoice = self._bill_in(self.euro, 100.0, is_self_pay=True)
        self._register_payment(
            invoice, payment_date="2026-03-12", currency_id=self.company.currency_id.id, amount=60.24,
        )
        self.assertAlmostEqual(invoice.amount_residual, 50.0, delta=0.01)
        self.assertConserved()
        payments = self._register_payment(invoice, payment_date="2026-03-16")
        self.assertTrue(payments)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertConserved()

    def test_a_write_off_in_euros_is_reversed_at_another_rate(self):
        invoice = self._bill_in(self.euro, 100.0, is_self_pay=True)
        decision = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": self.small_balance.id, "amount": 33.33, "date": "2026-03-11",
        })
        decision.action_approve()
        decision._reverse(fields.Date.to_date("2026-03-15"), "after all")
        self.assertEqual((self._owed_in(self.patient, self.euro), self._flow(invoice)["open"]), (100.0, 100.0))
        self.assertConserved()
        self._pay(invoice, date="2026-03-16")
        self.assertEqual(self._flow(invoice)["open"], 33.33, "Odoo's wizard pays the invoice, not what was reopened")
        self.assertConserved()

    def test_a_credit_note_in_euros_at_another_rate_leaves_nobody_owing(self):
        invoice = self._bill_in(self.euro, 33.33, 66.66)
        invoice.encounter_id._unbill("wrong")
        self.assertSettledInBothCurrencies(self.payer)
        self.assertConserved()

    def test_a_currency_without_cents(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("1900-01-01", 133.0), ("2026-03-10", 127.0)])
        self.plan.write({"billing_mode": "split"})
        self.coverage.coinsurance = 100 / 3
        parts = self._bill_in(yen, 1001.0, 5.0)
        self.assertEqual(sum(parts.mapped("amount_total")), 1006.0)
        self.assertTrue(all(amount == int(amount) for amount in parts.mapped("amount_total")))
        claim = parts.claim_ids
        answer = self._prepare_answer(claim, 0.0)
        for line in answer.line_ids:
            line.write({"amount_paid": line.amount_asked - 1, "adjustment_ids": [
                Command.create({"reason_id": self.pr_2.id, "amount": 1.0}),
            ]})
        answer.amount = sum(answer.line_ids.mapped("amount_paid"))
        answer.action_post()
        self.assertEqual((claim.state, claim.amount_transferred), ("settled", 2.0))
        self.assertSettledInBothCurrencies(self.payer)
        self.assertConserved()

    def test_a_currency_with_mills(self):
        dinar = self.setup_other_currency("KWD", rounding=0.001, rates=[("1900-01-01", 0.307), ("2026-03-10", 0.311)])
        self.plan.write({"billing_mode": "split"})
        self.coverage.coinsurance = 100 / 3
        parts = self._bill_in(dinar, 10.001, 0.005)
        self.assertAlmostEqual(sum(parts.mapped("amount_total")), 10.006, places=6)
        claim = parts.claim_ids
        answer = self._prepare_answer(claim, 0.0)
        answer.line_ids[0].adjustment_ids = [Command.create({"reason_id": self.co_45.id, "amount": 0.001})]
        answer.action_pay_in_full()
        answer.action_post()
        self.assertEqual((claim.state, claim.amount_open), ("settled", 0.0))
        self.assertSettledInBothCurrencies(self.payer)
        self.assertConserved()

    def test_amounts_too_small_for_a_cent_of_the_books_are_settled_all_the_same(self):
        rupiah = self.setup_other_currency("IDR", rounding=1.0, rates=[("1900-01-01", 16000.0)])
        invoice = self._bill_in(rupiah, 50.0, 1_000_000.0)
        answer = self._prepare_answer(invoice.claim_ids, 0.0)
        answer.line_ids[0].adjustment_ids = [Command.create({"reason_id": self.pr_1.id, "amount": 50.0})]
        answer.line_ids[1].amount_paid = 1_000_000.0
        answer.amount = 1_000_000.0
        answer.action_post()
        self.assertEqual((invoice.claim_ids.state, invoice.claim_ids.amount_open), ("settled", 0.0))
        self.assertEqual(self._owed_in(self.patient, rupiah), 50.0)
        self.assertConserved()
        answer._reverse(fields.Date.to_date("2026-03-16"), "wrong")
        self.assertEqual((invoice.claim_ids.amount_open, self._owed_in(self.patient, rupiah)), (1_000_050.0, 0.0))
        self.assertConserved()

    def test_the_price_list_in_euros_makes_the_visit_one_in_euros(self):
        self.plan.pricelist_id = self.env["product.pricelist"].create({
            "name": "Blue EUR", "currency_id": self.euro.id, "item_ids": [Command.create({
                "compute_price": "fixed", "fixed_price": 400.0, "applied_on": "3_global",
            })],
        })
        invoice = self._bill()
        self.assertEqual((invoice.currency_id, invoice.amount_total), (self.euro, 400.0))
        self.assertEqual(invoice.claim_ids.currency_id, self.euro)
        self.assertConserved()
