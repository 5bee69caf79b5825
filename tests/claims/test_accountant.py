from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccountant(BillingCase):
    """An accountant works on billing's invoices with Odoo's own tools: nothing gets lost, nothing is hidden."""

    def _answered(self):
        """A claim answered 300 paid, 120 discount, 80 to the patient; gives (invoice, answer, patient's invoice)."""
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        return invoice, answer, answer.caused_move_ids.filtered("billing_kind")

    def _entry(self, partner, amount, account=None):
        """A posted manual entry that credits the debtor's receivable; gives that item."""
        entry = self.env["account.move"].create({
            "move_type": "entry", "date": "2026-03-12", "line_ids": [
                Command.create({
                    "account_id": self._receivable(partner).id, "partner_id": partner.id, "credit": amount,
                }),
                Command.create({
                    "account_id": (account or self.company_data["default_account_expense"]).id, "debit": amount,
                }),
            ],
        })
        entry.action_post()
        return entry.line_ids.filtered("credit")

    def _differences(self):
        self.env.flush_all()
        charges, _balances = self.env["billing.conservation"]._find_differences(self.company)
        return {record.charge_id: record.difference for record in charges}

    def _outstanding(self, payment):
        return payment.move_id.line_ids.filtered(lambda item: item.account_id == payment.outstanding_account_id)

    # === RECONCILING BY HAND === #

    def test_an_entry_made_by_hand_shows_as_a_difference(self):
        invoice, _answer, patient_invoice = self._answered()
        item = self._entry(self.patient, 30.0)
        (item + patient_invoice._get_billing_receivable_item()).reconcile()
        self.assertEqual(self._differences(), {invoice: 30.0})
        self.assertEqual(self._flow(patient_invoice), {"received": 80.0, "open": 50.0, "unexplained": 30.0})
        item.remove_move_reconcile()
        self.assertEqual(self._differences(), {})

    def test_an_entry_made_by_hand_on_the_payers_invoice_shows_as_a_difference(self):
        invoice = self._bill()
        item = self._entry(self.payer, 100.0)
        (item + invoice._get_billing_receivable_item()).reconcile()
        self.assertEqual(self._differences(), {invoice: 100.0})

    def test_a_patient_invoice_set_off_against_an_ordinary_vendor_bill_by_hand_shows_as_a_difference(self):
        invoice = self._bill(is_self_pay=True)
        ordinary = self._create_invoice_one_line(
            move_type="out_refund", partner_id=self.patient, price_unit=40.0, tax_ids=[], post=True,
            invoice_date="2026-03-10",
        )
        items = invoice._get_billing_receivable_item() + ordinary.line_ids.filtered(
            lambda item: item.account_id == self._receivable(),
        )
        items.reconcile()
        self.assertEqual(self._differences(), {invoice: 40.0})

    def test_unreconciling_an_answer_and_reconciling_it_again_changes_nothing(self):
        invoice, _answer, patient_invoice = self._answered()
        before = self._flow(invoice)
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(invoice.amount_residual, 500.0)
        self.assertEqual(self._flow(invoice), before, "the items still speak of the invoice")
        self.assertConserved()
        for item in self.env["account.move.line"].search([("billing_invoice_id", "=", invoice.id)]):
            if item.account_id == self._receivable():
                (item + invoice._get_billing_receivable_item()).reconcile()
        self.assertEqual((invoice.amount_residual, self._flow(invoice)), (0.0, before))
        self.assertConserved()
        self._pay(patient_invoice)
        patient_invoice._get_billing_receivable_item().remove_move_reconcile()
        self.assertEqual(self._flow(patient_invoice), {"received": 80.0, "open": 80.0})
        self.assertConserved()

    def test_a_payment_for_one_claim_applied_to_another_by_hand_is_still_explained(self):
        first, second = self._bill(), self._bill()
        answer = self._answer(first.claim_ids, 500.0)
        first.line_ids.remove_move_reconcile()
        paid = answer.payment_id.move_id.line_ids.filtered(lambda item: item.account_id == self._receivable())
        (paid + second._get_billing_receivable_item()).reconcile()
        self.assertEqual((first.amount_residual, second.amount_residual), (500.0, 0.0))
        self.assertConserved()

    def test_the_payers_invoice_paid_with_odoos_payment_wizard_settles_the_claim(self):
        invoice = self._bill()
        self._pay(invoice)
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "paid": 500.0})
        self.assertEqual(invoice.claim_ids.amount_open, 0.0)
        self.assertConserved()

    def test_a_bank_statement_line_matched_with_the_invoice_is_money(self):
        invoice = self._bill(is_self_pay=True)
        self.pay_with_statement_line(invoice, self.company.billing_payment_journal_id.id, "2026-03-12", 500.0)
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "paid": 500.0})
        self.assertConserved()

    def test_a_write_off_in_odoos_payment_wizard_is_part_of_the_payment(self):
        invoice = self._bill(is_self_pay=True)
        self._register_payment(
            invoice, payment_date="2026-03-12", amount=495.0, payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertConserved()

    def test_a_payment_of_a_patient_is_cancelled_and_the_bill_is_open_again(self):
        invoice = self._bill(is_self_pay=True)
        payment = self._pay(invoice)
        payment.action_draft()
        self.assertConserved()
        payment.action_cancel()
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "open": 500.0})
        self.assertEqual(self._owed(self.patient), 500.0)
        self.assertConserved()

    def test_credit_of_one_visit_pays_another_with_odoos_button(self):
        first = self._bill(is_self_pay=True)
        self._pay(first)
        first.encounter_id._unbill("wrong day")
        second = self._bill(is_self_pay=True)
        credit = self.env["account.move.line"].search([
            ("partner_id", "=", self.patient.id), ("amount_residual", "<", 0), ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
        ])
        self.assertEqual(len(credit), 1)
        second.js_assign_outstanding_line(credit.id)
        self.assertEqual((second.amount_residual, self._owed(self.patient)), (0.0, 0.0))
        self.assertConserved()

    # === WAYS OF INVOICING === #

    def test_payment_terms_with_instalments_and_early_discount(self):
        self.company.billing_patient_term_id = self.env["account.payment.term"].create({
            "name": "Thirds", "line_ids": [
                Command.create({"value": "percent", "value_amount": 33.33, "nb_days": 0}),
                Command.create({"value": "percent", "value_amount": 33.33, "nb_days": 30}),
                Command.create({"value": "percent", "value_amount": 33.34, "nb_days": 60}),
            ],
        })
        _invoice, answer, patient_invoice = self._answered()
        items = patient_invoice.line_ids.filtered(lambda item: item.account_id == self._receivable())
        self.assertEqual((len(items), sum(items.mapped("balance"))), (3, 80.0))
        self._pay(patient_invoice, 30.0)
        self.assertEqual(self._flow(patient_invoice), {"received": 80.0, "paid": 30.0, "open": 50.0})
        self.assertConserved()
        answer._reverse(fields.Date.to_date("2026-03-16"), "wrong")
        self.assertEqual(self._owed(self.patient), -30.0)
        self.assertConserved()

    def test_an_early_payment_discount_is_taken_in_the_payment(self):
        self.company.billing_patient_term_id = self.env["account.payment.term"].create({
            "name": "2 % within 10 days", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })
        tax = self.env["account.tax"].create({"name": "21 %", "amount": 21.0, "type_tax_use": "sale"})
        for computation in ("included", "excluded", "mixed"):
            with self.subTest(computation=computation):
                self.company.billing_patient_term_id.early_pay_discount_computation = computation
                invoice = self._bill(
                    services=[self._create_service("Taxed", 99.99, taxes=tax)], is_self_pay=True, date="2026-03-12",
                )
                self._pay(invoice, date="2026-03-13")
                self.assertEqual(invoice.payment_state, "paid")
                self.assertConserved()

    def test_an_early_payment_discount_in_a_split_visit_adds_up(self):
        self.company.billing_patient_term_id = self.env["account.payment.term"].create({
            "name": "2 % within 10 days", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "early_pay_discount_computation": "mixed",
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })
        self.plan.billing_mode = "split"
        self.coverage.coinsurance = 100 / 3
        tax = self.env["account.tax"].create({"name": "21 %", "amount": 21.0, "type_tax_use": "sale"})
        invoices = self._bill(services=[self._create_service("Taxed", 99.99, taxes=tax)], date="2026-03-12")
        patient_invoice = invoices.filtered(lambda move: move.partner_id == self.patient)
        self._pay(patient_invoice, date="2026-03-13")
        self.assertEqual(patient_invoice.payment_state, "paid")
        self.assertConserved()

    def test_a_fiscal_position_of_the_payer_maps_neither_transfers_nor_shares(self):
        other = self.env["account.account"].create({
            "name": "Elsewhere", "code": "ELSE1", "account_type": "asset_current", "reconcile": True,
        })
        position = self.env["account.fiscal.position"].create({"name": "Abroad", "account_ids": [Command.create({
            "account_src_id": self.transfer_account.id, "account_dest_id": other.id,
        })]})
        (self.payer + self.patient).property_account_position_id = position
        _invoice, _answer, patient_invoice = self._answered()
        self.assertIn(self.transfer_account, patient_invoice.line_ids.account_id)
        self.assertConserved()

    def test_a_tax_due_on_payment_moves_only_between_tax_accounts(self):
        self.company.tax_exigibility = True
        base = self.env["account.account"].create({"name": "Base", "code": "BASE1", "account_type": "income"})
        waiting = self.env["account.account"].create({
            "name": "Tax waiting", "code": "WAIT1", "account_type": "liability_current", "reconcile": True,
        })
        self.company.account_cash_basis_base_account_id = base
        tax = self.env["account.tax"].create({
            "name": "On payment", "amount": 21.0, "type_tax_use": "sale", "tax_exigibility": "on_payment",
            "cash_basis_transition_account_id": waiting.id,
        })
        invoice = self._bill(services=[self._create_service("Taxed", 100.0, taxes=tax)])
        answer = self._answer(invoice.claim_ids, 60.0, [(self.co_45, 21.0), (self.pr_1, 40.0)])
        patient_invoice = answer.caused_move_ids.filtered("billing_kind")
        self._pay(patient_invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertConserved()
        answer._reverse(fields.Date.to_date("2026-03-16"), "wrong")
        self.assertEqual(self._owed(self.payer), 121.0)
        self.assertConserved()

    def test_a_company_that_books_reversals_in_red_storno(self):
        self.company.account_storno = True
        invoice, answer, patient_invoice = self._answered()
        self._pay(patient_invoice, 30.0)
        answer._reverse(fields.Date.to_date("2026-03-16"), "wrong", money="keep")
        self.assertEqual(
            (self._owed(self.payer), self._owed(self.patient), invoice.claim_ids.amount_open), (200.0, -30.0, 500.0),
        )
        self.assertConserved()
        self._answer(
            invoice.claim_ids, 300.0, [(self.co_45, 200.0)], reference="CHK 2", amount=0.0, credit_amount=300.0,
        )
        self.assertEqual((self._owed(self.payer), invoice.claim_ids.state), (0.0, "settled"))
        other = self._bill()
        other.encounter_id._unbill("wrong")
        self.assertEqual(self._owed(self.payer), 0.0)
        self.assertConserved()

    def test_credit_note_over_a_part_and_the_payers_money_for_the_rest_settle_the_claim(self):
        """Odoo calls such an invoice reversed, not paid; the claim has nothing open all the same."""
        invoice = self._bill()
        credit_note = self._reverse_invoice(invoice, reason="less")
        credit_note.invoice_line_ids.price_unit = 100.0
        credit_note.action_post()
        other = self._bill()
        kept = self._answer(other.claim_ids, 400.0, [(self.co_45, 100.0)])
        kept._reverse(fields.Date.to_date("2026-03-16"), "wrong claim", money="keep")
        credit = self.env["account.move.line"].search([
            ("partner_id", "=", self.payer.id), ("amount_residual", "<", 0), ("parent_state", "=", "posted"),
        ])
        invoice.js_assign_outstanding_line(credit.id)
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "adjusted": 100.0, "paid": 400.0})
        self.assertEqual(invoice.claim_ids.state, "settled")
        invoice.js_remove_outstanding_partial(credit.matched_debit_ids.id)
        self.assertEqual((invoice.claim_ids.state, invoice.claim_ids.amount_open), ("ready", 400.0))
        self.assertConserved()

    def test_journals_secured_with_a_hash(self):
        company = self.company
        journals = (
            company.billing_charge_journal_id + company.billing_transfer_journal_id
            + company.billing_adjustment_journal_id + company.billing_payment_journal_id
        )
        journals.restrict_mode_hash_table = True
        invoice, answer, patient_invoice = self._answered()
        self.assertTrue(invoice.inalterable_hash and patient_invoice.inalterable_hash)
        self._pay(patient_invoice)
        answer._reverse(fields.Date.to_date("2026-03-16"), "wrong")
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (500.0, -80.0))
        self.assertConserved()

    def test_a_charge_is_counted_once_in_odoos_invoice_analysis(self):
        invoice, _answer, patient_invoice = self._answered()
        self.env.flush_all()
        lines = self.env["account.invoice.report"].search([("move_id", "in", (invoice + patient_invoice).ids)])
        self.assertEqual(lines.move_id, invoice)

    # === WHAT AN ACCOUNTANT IS REFUSED === #

    def assertRefused(self, moves, actions, sentence):
        """Each action is refused with the sentence, and leaves everything as it was."""
        counts = [self.env[model].search_count([]) for model in ("account.move", "account.partial.reconcile")]
        for name in actions:
            with self.subTest(action=name), self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
                getattr(moves, name)()
        self.env.invalidate_all()
        self.assertEqual(
            counts, [self.env[model].search_count([]) for model in ("account.move", "account.partial.reconcile")],
        )
        self.assertConserved()

    def test_an_invoice_with_a_claim_is_not_reset_or_cancelled(self):
        invoice = self._bill()
        self.assertRefused(
            invoice, ("button_draft", "button_cancel"),
            f"{invoice.name} was posted by billing and is not edited. Open visit {invoice.encounter_id.name} .* and "
            "undo",
        )
        self.assertEqual((invoice.state, invoice.claim_ids.state), ("posted", "ready"))

    def test_what_came_out_of_a_remittance_is_not_reset_or_cancelled(self):
        _invoice, answer, patient_invoice = self._answered()
        sentence = f"posted by billing and is not edited. It came out of remittance {answer.name} .*: reverse that one"
        for moves in (patient_invoice, answer.entry_id, answer.payment_id.move_id):
            self.assertRefused(moves, ("button_draft", "button_cancel"), sentence)
        self.assertRefused(answer.payment_id, ("action_draft", "action_cancel", "unlink"), sentence)
        self.assertEqual((answer.payment_id.state, answer.payment_id.move_id.state), ("paid", "posted"))

    def test_what_came_out_of_a_remittance_is_not_reversed_by_itself(self):
        _invoice, answer, patient_invoice = self._answered()
        sentence = f"cannot be reversed by itself. It came out of remittance {answer.name}"
        for move in (patient_invoice, answer.entry_id, answer.payment_id.move_id):
            with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
                self._reverse_invoice(move, reason="no")
        self.assertConserved()

    def test_an_answered_invoice_is_not_credited(self):
        invoice, answer, _patient_invoice = self._answered()
        with self.assertRaisesRegex(
            UserError,
            f"{invoice.name} cannot be credited: {self.payer.name} has answered its claim in {answer.name} .*. "
            "Reverse that remittance first.",
        ), self.env.cr.savepoint():
            self._reverse_invoice(invoice, reason="no")
        self.assertConserved()

    def test_a_charge_credited_after_its_answer_was_taken_back_leaves_nothing_open(self):
        invoice, answer, _patient_invoice = self._answered()
        answer._reverse(answer.date, "Typed wrongly", money="take_back")
        self._reverse_invoice(invoice, is_modify=False, reason="Wrong patient").action_post()
        self.assertEqual(invoice.claim_ids.state, "void")
        self.assertEqual(self._owed(self.payer), 0.0)
        self.assertFalse(invoice._get_billing_receivables())
        self.assertConserved()

    def test_a_visit_unbilled_after_its_answer_was_taken_back_leaves_nothing_open(self):
        invoice, answer, _patient_invoice = self._answered()
        answer._reverse(answer.date, "Typed wrongly", money="take_back")
        invoice.encounter_id._unbill("Wrong patient")
        self.assertEqual(self._owed(self.payer), 0.0)
        self.assertFalse(invoice._get_billing_receivables())
        self.assertConserved()

    def test_odoos_reverse_and_correct_leaves_no_second_invoice_for_the_visit(self):
        invoice = self._bill()
        with self.assertRaisesRegex(UserError, "undo its billing, correct it"), self.env.cr.savepoint():
            self._reverse_invoice(invoice, is_modify=True, reason="correct")
        self.assertEqual(invoice.encounter_id.state, "billed")

    def test_the_entry_of_a_write_off_is_not_undone_by_itself(self):
        invoice = self._bill(is_self_pay=True)
        decision = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": self.small_balance.id, "amount": 40.0, "date": "2026-03-14",
        })
        decision.action_approve()
        self.assertRefused(decision.entry_id, ("button_draft", "button_cancel"), f"Reverse {decision.name} .* instead")
        with self.assertRaisesRegex(UserError, f"Reverse {decision.name}"), self.env.cr.savepoint():
            self._reverse_invoice(decision.entry_id, reason="no")

    def test_the_credit_note_of_a_visit_stays(self):
        invoice = self._bill()
        credit_note = invoice.encounter_id._unbill("wrong")
        self.assertRefused(
            credit_note, ("button_draft", "button_cancel"), "It is a credit note for visit .*; bill the visit again",
        )

    def test_an_amount_typed_over_on_a_posted_payment_moves_no_money(self):
        _invoice, answer, _patient_invoice = self._answered()
        items = self._items(answer.payment_id.move_id)
        answer.payment_id.amount = 10.0
        self.env.flush_all()
        self.assertEqual(self._items(answer.payment_id.move_id), items)
        self.assertConserved()

    def test_duplicating_an_invoice_of_billing_makes_an_ordinary_one(self):
        invoice = self._bill()
        copy = invoice.copy({"invoice_date": "2026-03-12"})
        self.assertFalse(copy.billing_kind or copy.encounter_id or copy.invoice_line_ids.encounter_line_id)
        copy.action_post()
        self.assertConserved()
