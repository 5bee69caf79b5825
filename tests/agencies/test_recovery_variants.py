from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRecoveryVariants(AgencyCase):
    """What else an agency may report: parts, too much, other currencies, taxes, mistakes."""

    def test_many_parts_cost_what_one_sum_costs(self):
        self.agreement.fee_minimum = 30.0
        self._open_cases()
        placement = self._place()
        commissions = [self._report((placement, amount)).amount_commission for amount in (20.0, 80.0, 100.0, 33.33)]
        # All of the first, then nothing until a quarter is more than 30: 25 % of 233.33 in the end.
        self.assertEqual(commissions, [20.0, 10.0, 20.0, 8.33])
        self.assertEqual((placement.amount_recovered, placement.amount_commission), (233.33, 58.33))
        self.assertEqual((self.january.amount_residual, self.february.amount_residual), (0.0, 366.67))
        self.assertConserved()

    def test_what_is_paid_in_full_ends_and_is_open_again_after_a_mistake(self):
        self._open_cases()
        placement = self._place()
        recovery = self._report((placement, 600.0), pays="net")
        self.assertEqual((placement.state, placement.item_ids.mapped("is_running")), ("closed", [False, False]))
        recovery.action_reverse()
        self.assertEqual((placement.state, placement.amount_open, placement.amount_recovered), ("placed", 600.0, 0.0))
        self.assertEqual(placement.item_ids.mapped("is_running"), [True, True])

    def test_a_mistake_is_taken_back_by_reversals_and_can_be_typed_again(self):
        self._open_cases()
        placement = self._place()
        recovery = self._report((placement, 100.0), pays="net", reference="R-1")
        payment, bill, netting, _again = self._moves(recovery)
        recovery.action_reverse()
        reversals = recovery.caused_move_ids - (payment | bill | netting)
        self.assertItems(reversals.filtered(lambda move: move.reversed_entry_id == payment), [
            (self._bank(payment), self.nora, 0.0, 75.0), (self.receivable, self.nora, 75.0, 0.0),
        ])
        self.assertItems(reversals.filtered(lambda move: move.reversed_entry_id == netting), [
            (self.payable, self.agency, 0.0, 25.0), (self.receivable, self.nora, 25.0, 0.0),
        ])
        refund = reversals.filtered(lambda move: move.reversed_entry_id == bill)
        self.assertEqual((refund.move_type, refund.state), ("in_refund", "posted"))
        self.assertItems(refund, [
            (self.commission_account, self.agency, 0.0, 25.0), (self.payable, self.agency, 25.0, 0.0),
        ])
        self.assertEqual((recovery.state, payment.origin_payment_id.state), ("reversed", "canceled"))
        self.assertEqual((self._owed(self.nora), self.january.amount_residual), (600.0, 200.0))
        self.assertTrue(all(line.reconciled for line in recovery.caused_move_ids.line_ids
                            if line.account_id in (self.receivable, self.payable)))
        self.assertConserved()
        self._report((placement, 40.0), pays="net", reference="R-1")
        self.assertEqual((placement.amount_recovered, placement.amount_open), (40.0, 560.0))
        self.assertConserved()

    def test_later_money_of_written_off_debt_is_taken_back_as_well(self):
        self._open_cases()
        placement = self._place()
        placement._return()
        decision = placement._write_off().filtered(lambda one: one.move_id == self.january)
        recovery = self._report((placement, 50.0))
        with self.assertRaisesRegex(UserError, "only .*150.00 is still written off. Reverse that recovery first"):
            decision.action_reverse()
        recovery.action_reverse()
        self.assertEqual((self._owed(self.nora), self._flow(self.january)), (0.0, {"charge": 200.0, "adjusted": 200.0}))
        self.assertConserved()
        decision.action_reverse()
        self.assertEqual(self._owed(self.nora), 200.0)
        self.assertConserved()

    def test_too_much_stays_the_debtors_credit(self):
        self._open_cases()
        for pays in ("gross", "net"):
            with self.subTest(pays=pays), self.env.cr.savepoint() as savepoint:
                placement = self._place()
                self._report((placement, 650.0), pays=pays)
                self.assertEqual((placement.state, placement.amount_open), ("closed", 0.0))
                self.assertEqual(self._owed(self.nora), -50.0)
                self.assertEqual((self.january.payment_state, self.february.payment_state), ("paid", "paid"))
                self.assertConserved()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_credit_from_what_was_kept_pays_a_later_bill_and_is_explained(self):
        self._open_cases()
        placement = self._place()
        recovery = self._report({"placement_id": placement.id, "amount": 800.0, "commission_told": 700.0}, pays="net")
        self.assertEqual((recovery.amount_received, self._owed(self.nora)), (100.0, -200.0))
        later = self._bill_nora(150.0, "2026-03-01")
        credit = self.env["account.move.line"].search([
            ("partner_id", "=", self.nora.id), ("account_id", "=", self.receivable.id), ("amount_residual", "<", 0),
        ])
        for item in credit:
            later.js_assign_outstanding_line(item.id)
        self.assertEqual(self._flow(later), {"charge": 150.0, "paid": 150.0})
        self.assertConserved()

    def test_two_debts_of_one_person_each_get_their_own_money(self):
        self._open_cases()
        first = self._place()
        new = self._bill_nora(100.0, "2026-01-20")
        second = self._place(self._open_cases())
        self.assertEqual((second.item_ids.move_id, second.amount_placed), (new, 100.0))
        self._report((first, 30.0), (second, 60.0), pays="net")
        self.assertEqual((first.amount_open, second.amount_open, new.amount_residual), (570.0, 40.0, 40.0))
        self.assertConserved()

    def test_taxes_of_the_agencys_bill_are_kept_as_well(self):
        tax = self.env["account.tax"].create({"name": "19 %", "amount": 19.0, "type_tax_use": "purchase"})
        self.agreement.tax_ids = tax
        self._open_cases()
        placement = self._place()
        recovery = self._report((placement, 100.0), pays="net")
        self.assertEqual((recovery.amount_received, recovery.bill_id.amount_total), (70.25, 29.75))
        self.assertEqual((recovery.bill_id.amount_residual, self.january.amount_residual), (0.0, 100.0))
        self.assertConserved()

    def test_what_the_debtor_paid_us_costs_commission_where_agreed(self):
        self.agreement.fee_on_direct = True
        self._open_cases()
        placement = self._place()
        self._pay(self.january, 80.0)
        self.assertEqual((placement.amount_direct, placement.amount_recovered), (80.0, 0.0))
        recovery = self._report((placement, 100.0), pays="net", post=False)
        recovery.action_take_direct()
        self.assertEqual(
            recovery.line_ids.mapped(lambda line: (line.kind, line.amount, line.commission)),
            [("agency", 100.0, 25.0), ("direct", 80.0, 20.0)],
        )
        recovery.amount_received = 55.0
        recovery.action_post()
        payment, bill, netting, _again = self._moves(recovery)
        self.assertEqual((payment.origin_payment_id.amount, bill.amount_total, bill.amount_residual), (55.0, 45.0, 0.0))
        self.assertItems(netting, [
            (self.payable, self.agency, 45.0, 0.0), (self.receivable, self.nora, 0.0, 45.0),
        ])
        self.assertEqual((placement.amount_open, placement.amount_direct), (420.0, 80.0))
        with self.assertRaisesRegex(UserError, "No debtor of Rigor Inkasso has paid us anything new"):
            self._report((placement, 1.0), post=False).action_take_direct()
        self.assertConserved()

    def test_what_came_before_is_no_payment_at_the_agency(self):
        self._pay(self.january, 50.0)
        self._open_cases()
        placement = self._place()
        self.assertEqual((placement.amount_placed, placement.amount_direct), (550.0, 0.0))

    def test_another_sum_than_the_report_says_is_refused(self):
        self._open_cases()
        placement = self._place()
        sentence = r"100.00 collected − .*25.00 kept by Rigor Inkasso is .*75.00, and .*74.00"
        with self.assertRaisesRegex(UserError, sentence):
            self._report((placement, 100.0), pays="net", received=74.0)

    def test_the_same_reference_twice_is_refused(self):
        self._open_cases()
        placement = self._place()
        self._report((placement, 10.0), reference="R-1")
        with self.assertRaisesRegex(UserError, "is here already: it is RCV.* of 03/16/2026. Nothing was changed"):
            self._report((placement, 10.0), reference="R-1")

    def test_what_was_never_with_the_agency_is_refused(self):
        other = self.env["res.partner"].create({"name": "Sanft", "is_collection_agency": True})
        agreement = self._agree(agency_id=other.id, name="Sanft 1")
        self._open_cases()
        placement = self._place()
        with self.assertRaisesRegex(UserError, "of Nora Neu was never with Sanft"):
            self._report((placement, 10.0), agreement=agreement)

    def test_a_posted_report_is_not_edited_and_its_entries_neither(self):
        self._open_cases()
        recovery = self._report((self._place(), 100.0), pays="net")
        line = {"placement_id": recovery.line_ids.placement_id.id, "amount": 1.0}
        for change in (
            lambda: recovery.write({"reference": "X"}),
            lambda: recovery.sudo().write({"bill_id": False}),
            lambda: recovery.write({"line_ids": [Command.create(line)]}),
            lambda: recovery.line_ids.write({"amount": 1.0}),
            lambda: recovery.line_ids.create({"recovery_id": recovery.id, **line}),
            recovery.line_ids.unlink,
        ):
            with self.assertRaisesRegex(UserError, "is posted and is not edited. Reverse it and type it again"):
                change()
        with self.assertRaisesRegex(UserError, "has postings behind it and cannot be deleted. Reverse it instead"):
            recovery.unlink()
        for change in (
            recovery.bill_id.button_draft,
            recovery.netting_id.button_draft,
            lambda: recovery.bill_id.write({"billing_recovery_id": False}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_money_that_the_bank_confirms_is_not_taken_back(self):
        self._open_cases()
        recovery = self._report((self._place(), 100.0))
        payment = self._moves(recovery)[0].origin_payment_id
        waiting = payment.move_id.line_ids.filtered(lambda item: item.account_id == payment.outstanding_account_id)
        line = self.env["account.bank.statement.line"].create({
            "journal_id": recovery.journal_id.id, "amount": 100.0, "date": TODAY, "payment_ref": "Rigor",
        })
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.with_context(skip_readonly_check=True).account_id = waiting.account_id
        (suspense | waiting).reconcile()
        with self.assertRaisesRegex(UserError, "matched with a bank statement"):
            recovery.action_reverse()

    def test_in_a_foreign_currency_and_one_without_cents(self):
        for name, digits, price, collected, commission in (
            ("EUR", 0.01, 300.0, 99.99, 25.0), ("JPY", 1.0, 1010.0, 1001.0, 250.0),
        ):
            with self.subTest(currency=name):
                currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
                currency.write({"active": True, "rounding": digits, "rate_ids": [Command.create({
                    "name": "2026-01-01", "rate": 2.0, "company_id": self.company.id,
                }), Command.create({"name": "2026-03-10", "rate": 4.0, "company_id": self.company.id})]})
                person = self._create_patient(f"Fremd {name}")
                visit = self._create_encounter(
                    person, [(self.service, price)], date="2026-01-10", currency_id=currency.id,
                )
                invoice = self._bill(visit, date="2026-01-10")
                self.assertEqual(invoice.currency_id, currency)
                case = self._open_cases().filtered(lambda case, person=person: case.partner_id == person)
                placement = self._place(case)
                self.assertEqual((placement.currency_id, placement.amount_placed, placement.rate),
                                 (currency, price, 4.0))
                recovery = self._report((placement, collected), pays="net")
                _payment, bill, netting, _again = self._moves(recovery)
                self.assertEqual((bill.currency_id, bill.amount_total, bill.amount_residual),
                                 (currency, commission, 0.0))
                self.assertEqual(sum(netting.line_ids.mapped("amount_currency")), 0.0)
                self.assertEqual(currency.round(invoice.amount_residual - (price - collected)), 0.0)
                self.assertEqual(currency.round(placement.amount_open - (price - collected)), 0.0)
                placement._return()
                placement._write_off()
                self.assertEqual(placement.amount_open, 0.0)
                self._report((placement, currency.round(price - collected)), pays="net")
                self.assertConserved()
                recovery.action_reverse()
                self.assertConserved()

    def test_two_companies_each_with_its_own(self):
        other = self.setup_other_company(name="Second Practice")["company"]
        other._billing_setup()
        self.env.user.company_ids |= other
        self._open_cases()
        here = self._place()
        there = self.env["res.company"].browse(other.id)
        with self.assertRaises(UserError):
            self._agree(company_id=there.id, name="There", tax_ids=[Command.set(self.env["account.tax"].create({
                "name": "x", "type_tax_use": "purchase", "company_id": self.company.id,
            }).ids)])
        agreement = self._agree(company_id=there.id, name="There")
        with self.assertRaises(UserError):
            self._report((here, 10.0), agreement=agreement)
