from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import RemittanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestBankStatement(RemittanceCase):
    """The payment of a remittance meets the bank statement by the payer's trace number."""

    def test_the_statement_line_finds_the_payment_by_its_trace_number(self):
        """Statement: Dr bank 350 / Cr outstanding receipts 350, matched with the payment's Dr outstanding receipts 350.

        Among the items that Odoo offers for the line, exactly one carries the number that the bank has written.
        """
        first, second = self._bill(), self._bill()
        one = self._remit(
            350.0, [(first.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("WO", "X", 50.0)],
            reference="EFT 0042",
        )
        self._remit(350.0, [(second.claim_ids, 350.0, [(self.co_45, 150.0)])], reference="EFT 0043")
        journal = one.payment_id.journal_id
        line = self.env["account.bank.statement.line"].create({
            "journal_id": journal.id, "date": "2026-03-13", "amount": 350.0,
            "payment_ref": "HCCLAIMPMT BLUE INS TRN*1*EFT 0042*1512345678",
        })
        # What Odoo and its reconciliation tools offer for a line.
        offered = self.env["account.move.line"].search([
            *line._get_default_amls_matching_domain(), ("account_id", "=", one.payment_id.outstanding_account_id.id),
        ])
        self.assertEqual(len(offered), 2, "same amount, same payer: only the number tells them apart")
        found = offered.filtered(lambda item: item.move_id.ref in line.payment_ref)
        self.assertEqual(found.move_id, one.payment_id.move_id)
        self.assertIn("EFT 0042", found.name)
        _liquidity, suspense, _other = line.with_context(skip_account_move_synchronization=True)._seek_for_lines()
        suspense.account_id = found.account_id
        (suspense + found).reconcile()
        self.assertItems(line.move_id, [
            (journal.default_account_id, None, 350.0, 0.0),
            (one.payment_id.outstanding_account_id, None, 0.0, 350.0),
        ])
        self.assertTrue(found.reconciled and line.is_reconciled)
        self.assertTrue(one.payment_id.is_matched)
        self.assertConserved()
        with self.assertRaisesRegex(UserError, "is matched with a bank statement"), self.env.cr.savepoint():
            one._reverse(one.date, "bounced")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestOtherCurrencies(RemittanceCase):
    """Books in dollars, claims in euros at changing rates, and in a currency without cents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[
            ("1900-01-01", 0.90), ("2026-03-11", 0.83), ("2026-03-15", 0.97),
        ])
        cls.yen = cls.setup_other_currency("JPY", rates=[("1900-01-01", 150.0)], rounding=1.0)

    def _story(self, currency, charge):
        """Answered; taken back and paid out of for another claim, with interest, something kept and something that
        waits; carried on by a later one; all of it reversed."""
        first, second, third = (
            self._bill(services=[(self.service, charge)], currency_id=currency.id) for _visit in range(3)
        )
        part = currency.round(charge / 7)
        answer = self._answer(first.claim_ids, charge - 2 * part, [(self.co_45, part), (self.pr_1, part)])
        taken = charge - 2 * part
        later = self._remit(
            currency.round(charge - taken + 3 * part), [(second.claim_ids, charge, [])], taken=answer.line_ids,
            provider=[("WO", "OP 5", -part), ("L6", "", -part)], amount_unapplied=part, currency_id=currency.id,
            date="2026-03-15",
        )
        self.assertEqual(self._flow(first), {"charge": charge, "open": charge})
        self.assertEqual(self._flow(second), {"charge": charge, "paid": charge})
        self.assertEqual([amount for amount, _name in self._own_items()], [-part, -part])
        self.assertConserved()
        last = self._remit(
            currency.round(charge - 2 * part), [(third.claim_ids, charge, [])], provider=[("WO", "OP 5", part)],
            credit_amount=part, currency_id=currency.id, date="2026-03-16",
        )
        self.assertEqual(self._own_items(), [])
        self.assertConserved()
        last._reverse(last.date, "wrong")
        later._reverse(last.date, "wrong")
        self.assertEqual(self._flow(first), {
            "charge": charge, "paid": taken, "adjusted": part, "transferred": part,
        })
        self.assertConserved()

    def test_euros_at_changing_rates(self):
        self._story(self.euro, 500.0)

    def test_yen_without_cents(self):
        self._story(self.yen, 50_000.0)

    def test_the_reasons_are_taken_back_at_the_rate_that_they_had(self):
        invoice = self._bill(services=[(self.service, 500.0)], currency_id=self.euro.id)
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 200.0)], date="2026-03-10")
        later = self._remit(
            0.0, taken=answer.line_ids, amount_unapplied=300.0, currency_id=self.euro.id, date="2026-03-15",
        )
        posted, undone = (
            move.line_ids.filtered("adjustment_reason_id").balance for move in (answer.entry_id, later.entry_id)
        )
        self.assertEqual((posted, undone), (222.22, -222.22))
        self.assertConserved()


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestOtherCompanies(RemittanceCase):
    """What is taken back, kept or waiting in one company's books says nothing about the other's."""

    def test_two_companies_of_one_office_do_not_touch_each_other(self):
        other_data = self.setup_other_company(name="Second Practice")
        company = other_data["company"]
        company._billing_setup()
        self.env.user.company_ids += company
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company + company).ids})
        plan = self._create_plan("Second Plan", self.payer, company_id=company.id)
        self._create_coverage(self.patient, plan)
        self.service.taxes_id = False
        self.service.with_company(company).property_account_income_id = other_data["default_account_revenue"]
        mine = self._bill()
        theirs = self._bill(company_id=company.id)
        kept = self._remit(450.0, [(mine.claim_ids, 500.0, [])], provider=[("FB", "T 1", 50.0)])
        self._remit(400.0, [(theirs.claim_ids, 450.0, [(self.co_45, 50.0)])], provider=[("FB", "T 1", 50.0)],
                    company_id=company.id)
        announced = self._remit(100.0, provider=[("FB", "T 1", -100.0)], company_id=company.id)
        self.assertEqual(kept.provider_adjustment_ids.amount_open, 50.0, "met by its own company's only")
        self.assertEqual(announced.provider_adjustment_ids.amount_open, -50.0)
        self._remit(30.0, company_id=company.id, amount_unapplied=30.0)
        self.assertEqual(kept.payer_credit, 0.0)
        with self.assertRaisesRegex(ValidationError, "another company"), self.env.cr.savepoint():
            self._remit(0.0, taken=kept.line_ids, amount_unapplied=500.0, company_id=company.id)
        self.assertConserved(self.company + company)
        self.assertEqual(fields.Date.to_string(kept.date), "2026-03-12")
