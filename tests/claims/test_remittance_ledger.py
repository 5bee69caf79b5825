from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRemittanceLedger(BillingCase):
    """Answers of payers as they come: several reasons, services and claims at once, denials, reversals."""

    def _fill(self, remittance, *answers):
        """Type (paid, [(reason, amount)]) into the lines, in their order."""
        for line, (paid, adjustments) in zip(remittance.line_ids, answers, strict=True):
            line.write({
                "amount_paid": paid,
                "adjustment_ids": [
                    Command.create({"reason_id": reason.id, "amount": amount}) for reason, amount in adjustments
                ],
            })
        return remittance

    def _patient_invoices(self, *moves):
        found = self.env["account.move"].concat(*moves)
        return found.encounter_id.invoice_ids.filtered(
            lambda move: move.partner_id == self.patient and move.move_type == "out_invoice"
        )

    def _decide(self, invoice, reason, amount, **values):
        adjustment = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": reason.id, "amount": amount, "date": "2026-03-14", **values,
        })
        adjustment.action_approve()
        return adjustment

    # === WHAT AN ANSWER MAY SAY === #

    def test_deductible_coinsurance_and_copay_stand_as_lines_of_one_patient_invoice(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 200.0, [
            (self.co_45, 120.0), (self.pr_1, 100.0), (self.pr_2, 55.0), (self.pr_3, 25.0),
        ])
        self.assertItems(answer.entry_id, [
            (self.allowance_account, self.payer, 120.0, 0.0),
            (self.transfer_account, self.payer, 100.0, 0.0),
            (self.transfer_account, self.payer, 55.0, 0.0),
            (self.transfer_account, self.payer, 25.0, 0.0),
            (self._receivable(), self.payer, 0.0, 300.0),
        ])
        patient_invoice = self._patient_invoices(invoice)
        self.assertItems(patient_invoice, [
            (self._receivable(), self.patient, 180.0, 0.0),
            (self.transfer_account, self.patient, 0.0, 100.0),
            (self.transfer_account, self.patient, 0.0, 55.0),
            (self.transfer_account, self.patient, 0.0, 25.0),
        ])
        self.assertEqual(
            patient_invoice.invoice_line_ids.mapped("adjustment_reason_id"), self.pr_1 + self.pr_2 + self.pr_3,
        )
        self.assertConserved()

    def test_several_services_of_a_claim_keep_their_own_answers(self):
        other = self._create_service("Blood test", 60.0)
        invoice = self._bill(services=[self.service, other])
        answer = self._fill(
            self._prepare_answer(invoice.claim_ids, 330.0),
            (300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)]),
            (30.0, [(self.pr_2, 30.0)]),
        )
        answer.action_post()
        patient_invoice = self._patient_invoices(invoice)
        self.assertEqual(
            patient_invoice.invoice_line_ids.mapped(lambda line: (line.encounter_line_id.product_id, line.price_unit)),
            [(self.service, 80.0), (other, 30.0)],
        )
        self.assertEqual(self._flow(invoice), {
            "charge": 560.0, "paid": 330.0, "adjusted": 120.0, "transferred": 110.0,
        })
        self.assertConserved()

    def test_one_cheque_for_several_claims_credits_each_of_them(self):
        first, second, third = (self._bill(date="2026-03-06") for _visit in range(3))
        claims = (first + second + third).claim_ids
        answer = self._fill(
            self._prepare_answer(claims, 650.0),
            (300.0, [(self.co_45, 200.0)]),
            (350.0, [(self.co_45, 150.0)]),
            (0.0, [(self.pr_1, 500.0)]),
        )
        answer.action_post()
        receivable = self._receivable()
        self.assertItems(answer.payment_id.move_id, [
            (answer.payment_id.outstanding_account_id, self.payer, 650.0, 0.0),
            (receivable, self.payer, 0.0, 300.0),
            (receivable, self.payer, 0.0, 350.0),
        ])
        credits = answer.payment_id.move_id.line_ids.filtered(lambda item: item.account_id == receivable)
        self.assertEqual(credits.billing_invoice_id, first + second)
        self.assertEqual(
            [(claim.amount_paid, claim.amount_adjusted, claim.amount_transferred) for claim in claims.sorted("id")],
            [(300.0, 200.0, 0.0), (350.0, 150.0, 0.0), (0.0, 0.0, 500.0)],
        )
        self.assertEqual(set(claims.mapped("state")), {"settled"})
        self.assertEqual(self._owed(self.payer), 0.0)
        self.assertConserved()

    def test_odd_cents_over_many_services_lose_nothing(self):
        services = [(self.service, price) for price in (0.01, 33.33, 66.67, 0.99, 7.77)]
        invoice = self._bill(services=services)
        answer = self._fill(self._prepare_answer(invoice.claim_ids, 36.28), *(
            (round(price / 3, 2), [(self.co_45, round(price - round(price / 3, 2), 2))]) for _service, price in services
        ))
        answer.amount = sum(answer.line_ids.mapped("amount_paid"))
        answer.action_post()
        self.assertEqual((invoice.claim_ids.state, invoice.payment_state), ("settled", "paid"))
        self.assertConserved()

    # === DENIALS === #

    def test_what_is_denied_stays_open_beside_what_is_paid(self):
        other = self._create_service("Blood test", 60.0)
        invoice = self._bill(services=[self.service, other])
        answer = self._fill(
            self._prepare_answer(invoice.claim_ids, 500.0), (500.0, []), (0.0, [(self.co_50, 60.0)]),
        )
        answer.action_post()
        claim = invoice.claim_ids
        self.assertFalse(answer.entry_id)
        self.assertEqual((claim.state, claim.amount_paid, claim.amount_open), ("denied", 500.0, 60.0))
        self.assertConserved()

    def test_a_denied_part_is_answered_again_and_only_that_part(self):
        other = self._create_service("Blood test", 60.0)
        invoice = self._bill(services=[self.service, other])
        claim = invoice.claim_ids
        self._fill(
            self._prepare_answer(claim, 500.0), (500.0, []), (0.0, [(self.co_50, 60.0)]),
        ).action_post()
        second = self._prepare_answer(claim, 60.0, reference="CHK 2")
        self.assertEqual(second.line_ids.mapped("amount_asked"), [0.0, 60.0])
        self._fill(second, (0.0, []), (60.0, [])).action_post()
        self.assertEqual((claim.state, claim.amount_open), ("settled", 0.0))
        self.assertConserved()

    def test_not_covered_goes_to_the_patient_as_a_whole(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 0.0, [(self.pr_96, 500.0)])
        self.assertFalse(answer.payment_id)
        self.assertItems(answer.entry_id, [
            (self.transfer_account, self.payer, 500.0, 0.0),
            (self._receivable(), self.payer, 0.0, 500.0),
        ])
        self.assertItems(self._patient_invoices(invoice), [
            (self._receivable(), self.patient, 500.0, 0.0),
            (self.transfer_account, self.patient, 0.0, 500.0),
        ])
        self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertConserved()

    def test_not_covered_goes_to_the_next_payer_first(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoice = self._bill()
        self._answer(invoice.claim_ids, 0.0, [(self.pr_96, 500.0)])
        self.assertEqual((self._owed(self.payer), self._owed(self.payer_b), self._owed(self.patient)), (0, 500.0, 0))
        self.assertConserved()

    def test_a_claim_whose_coverage_had_ended_is_passed_on_to_the_patient_by_decision(self):
        invoice = self._bill()
        decision = self._decide(invoice, self.pr_96, 500.0)
        self.assertItems(decision.entry_id, [
            (self.transfer_account, self.payer, 500.0, 0.0),
            (self._receivable(), self.payer, 0.0, 500.0),
        ])
        patient_invoice = self._patient_invoices(invoice)
        self.assertItems(patient_invoice, [
            (self._receivable(), self.patient, 500.0, 0.0),
            (self.transfer_account, self.patient, 0.0, 500.0),
        ])
        self.assertEqual((patient_invoice.billing_adjustment_id, invoice.claim_ids.state), (decision, "settled"))
        self.assertConserved()
        decision.action_reverse()
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (500.0, 0.0))
        self.assertEqual(patient_invoice.payment_state, "reversed")
        self.assertConserved()

    def test_a_part_given_up_is_not_asked_again_in_the_next_answer(self):
        invoice = self._bill()
        self._decide(invoice, self.small_balance, 100.0)
        answer = self._prepare_answer(invoice.claim_ids, 400.0)
        self.assertEqual(answer.line_ids.amount_asked, 400.0)
        self._fill(answer, (400.0, [])).action_post()
        self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertConserved()

    # === DECISIONS OF THE OFFICE === #

    def test_a_small_balance_of_the_patient_is_written_off(self):
        invoice = self._bill()
        self._answer(invoice.claim_ids, 495.80, [(self.pr_1, 4.20)])
        patient_invoice = self._patient_invoices(invoice)
        decision = self._decide(patient_invoice, self.small_balance, 4.20)
        self.assertItems(decision.entry_id, [
            (self.writeoff_account, self.patient, 4.20, 0.0),
            (self._receivable(), self.patient, 0.0, 4.20),
        ])
        self.assertEqual(patient_invoice.payment_state, "paid")
        self.assertConserved()

    def test_prompt_payment_leaves_a_discount_with_a_reason(self):
        invoice = self._bill()
        self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        patient_invoice = self._patient_invoices(invoice)
        self._pay(patient_invoice, 72.0)
        decision = self._decide(patient_invoice, self.env.ref("billing_coordinator.reason_office_prompt"), 8.0)
        self.assertItems(decision.entry_id, [
            (self.company.billing_discount_account_id, self.patient, 8.0, 0.0),
            (self._receivable(), self.patient, 0.0, 8.0),
        ])
        self.assertEqual(self._flow(patient_invoice), {"received": 80.0, "paid": 72.0, "adjusted": 8.0})
        self.assertConserved()

    def test_charity_of_60_percent_of_a_self_pay_visit(self):
        invoice = self._bill(is_self_pay=True)
        self.assertEqual((invoice.partner_id, invoice.claim_ids.ids), (self.patient, []))
        decision = self._decide(invoice, self.env.ref("billing_coordinator.reason_office_charity"), 300.0)
        self.assertItems(decision.entry_id, [
            (self.company.billing_charity_account_id, self.patient, 300.0, 0.0),
            (self._receivable(), self.patient, 0.0, 300.0),
        ])
        self.assertEqual(self._owed(self.patient), 200.0)
        self.assertConserved()

    def test_a_write_off_over_several_services_keeps_the_odd_cents(self):
        invoice = self._bill(services=[(self.service, 33.33)] * 3, is_self_pay=True)
        decision = self._decide(invoice, self.small_balance, 10.0)
        self.assertEqual(
            sorted(decision.entry_id.line_ids.filtered("adjustment_reason_id").mapped("debit")), [3.33, 3.33, 3.34],
        )
        self.assertEqual(self._owed(self.patient), 89.99)
        self.assertConserved()

    def test_a_write_off_is_taken_back_and_owed_again(self):
        invoice = self._bill(is_self_pay=True)
        self._pay(invoice, 450.0)
        decision = self._decide(invoice, self.small_balance, 50.0)
        self.assertEqual(invoice.payment_state, "paid")
        decision.action_reverse()
        self.assertEqual((decision.state, self._owed(self.patient)), ("reversed", 50.0))
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "paid": 450.0, "open": 50.0})
        self.assertConserved()
        again = self._decide(invoice, self.small_balance, 50.0)
        self.assertEqual((again.state, self._owed(self.patient)), ("posted", 0.0))
        self.assertConserved()

    # === MONEY THAT DOES NOT FIT === #

    def test_what_a_payer_sends_beyond_the_claim_waits_as_its_credit(self):
        invoice = self._bill()
        self._answer(invoice.claim_ids, 500.0)
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.payer.id,
            "amount": 30.0, "date": "2026-03-12", "journal_id": self.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        self.assertEqual(self._owed(self.payer), -30.0)
        second = self._bill()
        answer = self._prepare_answer(second.claim_ids, 470.0, "CHK 9", credit_amount=30.0)
        self.assertEqual(answer.payer_credit, 30.0)
        self._fill(answer, (500.0, [])).action_post()
        self.assertEqual((self._owed(self.payer), second.claim_ids.state), (0.0, "settled"))
        self.assertEqual(answer.payer_credit, 0.0)
        self.assertConserved()

    def test_what_a_patient_pays_too_much_stays_as_their_credit_and_is_refunded(self):
        invoice = self._bill(is_self_pay=True)
        self._pay(invoice, 530.0)
        self.assertEqual(self._owed(self.patient), -30.0)
        self.assertConserved()
        refund = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "customer", "partner_id": self.patient.id,
            "amount": 30.0, "date": "2026-03-13", "journal_id": self.company.billing_payment_journal_id.id,
        })
        refund.action_post()
        open_items = self.env["account.move.line"].search([
            ("partner_id", "=", self.patient.id), ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False), ("parent_state", "=", "posted"),
        ])
        open_items.reconcile()
        self.assertEqual(self._owed(self.patient), 0.0)
        self.assertConserved()

    # === REVERSALS === #

    def test_reversing_an_answer_paid_from_earlier_credit_gives_the_credit_back(self):
        """The claim is asked again; what it is asked is not matched with the credit that returns to the payer."""
        first, second = self._bill(), self._bill()
        kept = self._answer(first.claim_ids, 300.0, [(self.co_45, 200.0)])
        kept._reverse(fields.Date.to_date("2026-03-11"), "wrong claim", money="keep")
        answer = self._answer(second.claim_ids, 500.0, amount=200.0, credit_amount=300.0)
        self.assertEqual((second.claim_ids.state, answer.payer_credit), ("settled", 0.0))
        answer._reverse(fields.Date.to_date("2026-03-15"), "bounced")
        self.assertItems(answer.entry_id.reversal_move_ids, [
            (self._receivable(), self.payer, 300.0, 0.0),
            (self._receivable(), self.payer, 0.0, 300.0),
        ])
        self.assertEqual(self._flow(second), {"charge": 500.0, "open": 500.0})
        self.assertEqual((second.claim_ids.state, second.claim_ids.amount_open), ("ready", 500.0))
        self.assertEqual((answer.payer_credit, self._owed(self.payer)), (300.0, 700.0))
        self.assertConserved()

    def test_money_that_came_past_billing_is_not_asked_again(self):
        """The accountant has put the cheque on the invoice before the paper with the reasons arrives."""
        invoice = self._bill(services=[(self.service, 400.0), (self.service, 100.0)])
        self._pay(invoice, 300.0)
        answer = self._prepare_answer(invoice.claim_ids, 0.0)
        self.assertEqual(answer.line_ids.mapped("amount_asked"), [160.0, 40.0])
        answer.line_ids[0].adjustment_ids = [
            Command.create({"reason_id": self.co_45.id, "amount": 90.0}),
            Command.create({"reason_id": self.pr_1.id, "amount": 70.0}),
        ]
        answer.line_ids[1].adjustment_ids = [Command.create({"reason_id": self.co_45.id, "amount": 40.0})]
        answer.action_post()
        self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (0.0, 70.0))
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "paid": 300.0, "adjusted": 130.0, "transferred": 70.0})
        self.assertConserved()
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        self.assertEqual(invoice.claim_ids.amount_open, 200.0)
        self.assertConserved()

    def test_kept_credit_that_an_accountant_applies_by_hand_has_paid_the_other_claim(self):
        first, second = self._bill(), self._bill()
        kept = self._answer(first.claim_ids, 300.0, [(self.co_45, 200.0)])
        kept._reverse(fields.Date.to_date("2026-03-11"), "wrong claim", money="keep")
        credit = self.env["account.move.line"].search([
            ("partner_id", "=", self.payer.id), ("amount_residual", "<", 0), ("parent_state", "=", "posted"),
        ])
        second.js_assign_outstanding_line(credit.id)
        self.assertEqual(self._flow(second), {"charge": 500.0, "paid": 300.0, "open": 200.0})
        self.assertEqual((second.claim_ids.amount_paid, second.claim_ids.amount_open), (300.0, 200.0))
        self.assertConserved()

    def test_credit_that_waits_on_two_accounts_pays_one_claim(self):
        """The payer's receivable account was changed between two cheques that fitted no claim."""
        old = self._receivable(self.payer)
        journal = self.company.billing_payment_journal_id
        other = old.copy({"code": "121999", "name": "Payers (new)"})
        for account, amount, date in ((old, 30.0, "2026-03-11"), (other, 40.0, "2026-03-12")):
            self.payer.property_account_receivable_id = account
            self.env["account.payment"].create({
                "payment_type": "inbound", "partner_type": "customer", "partner_id": self.payer.id,
                "amount": amount, "date": date, "journal_id": journal.id,
            }).action_post()
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 60.0, [(self.co_45, 440.0)], amount=0.0, credit_amount=60.0)
        self.assertItems(answer.entry_id, [
            (other, self.payer, 0.0, 440.0),
            (self.allowance_account, self.payer, 440.0, 0.0),
            (other, self.payer, 0.0, 60.0),
            (old, self.payer, 30.0, 0.0),
            (other, self.payer, 30.0, 0.0),
        ])
        self.assertEqual((invoice.claim_ids.state, answer.payer_credit), ("settled", 10.0))
        self.assertConserved()
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        self.assertEqual((invoice.claim_ids.amount_open, answer.payer_credit), (500.0, 70.0))
        self.assertConserved()

    def test_reversal_that_takes_the_money_back_leaves_no_money_to_match_with_the_bank(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        answer._reverse(fields.Date.to_date("2026-03-15"), "bounced")
        outstanding = self.env["account.move.line"].search([
            ("account_id", "=", answer.payment_id.outstanding_account_id.id), ("parent_state", "=", "posted"),
        ])
        self.assertEqual(len(outstanding), 2)
        self.assertEqual(set(outstanding.mapped("reconciled")), {True})
        self.assertEqual(answer.payment_id.state, "canceled")
        self.assertEqual(self._owed(self.payer), 500.0)
        self.assertConserved()

    def test_reversal_with_bank_statement_matched_keeps_the_money(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        self._match_with_bank(answer.payment_id)
        moves = self.env["account.move"].search_count([])
        with self.assertRaisesRegex(
            UserError,
            "is matched with a bank statement, so the money is really there. Reverse it and keep the money as credit",
        ), self.env.cr.savepoint():
            answer._reverse(fields.Date.to_date("2026-03-15"), "bounced")
        self.assertEqual((answer.state, self.env["account.move"].search_count([])), ("posted", moves))
        wizard = self.env["billing.remittance.reverse"].create({"remittance_id": answer.id, "reason": "wrong claim"})
        self.assertEqual(wizard.money, "keep")
        wizard.action_reverse()
        self.assertEqual((self._owed(self.payer), answer.payer_credit), (200.0, 300.0))
        self.assertEqual(invoice.claim_ids.amount_open, 500.0)
        self.assertConserved()

    def _match_with_bank(self, payment):
        line = self.env["account.bank.statement.line"].create({
            "journal_id": payment.journal_id.id, "amount": payment.amount, "date": payment.date, "payment_ref": "in",
        })
        _liquidity, suspense, _other = line.with_context(skip_account_move_synchronization=True)._seek_for_lines()
        suspense.account_id = payment.outstanding_account_id
        outstanding = payment.move_id.line_ids.filtered(
            lambda item: item.account_id == payment.outstanding_account_id,
        )
        (suspense + outstanding).reconcile()

    def test_a_remittance_over_several_claims_is_taken_back_claim_by_claim(self):
        first, second = self._bill(), self._bill()
        answer = self._fill(
            self._prepare_answer((first + second).claim_ids, 500.0),
            (200.0, [(self.co_45, 300.0)]),
            (300.0, [(self.pr_1, 200.0)]),
        )
        answer.action_post()
        for money, owed in (("keep", 500.0), ("take_back", 1000.0)):
            with self.subTest(money=money), self.env.cr.savepoint() as savepoint:
                answer._reverse(fields.Date.to_date("2026-03-15"), "wrong", money=money)
                self.assertEqual((first + second).claim_ids.mapped("amount_open"), [500.0, 500.0])
                self.assertEqual(self._owed(self.payer), owed)
                self.assertEqual(self._owed(self.patient), 0.0)
                self.assertConserved()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_reversing_the_primary_undoes_secondary_patient_and_write_off(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoice = self._bill()
        primary = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        second_claim = invoice.encounter_id.claim_ids - invoice.claim_ids
        secondary = self._answer(second_claim, 50.0, [(self.pr_2, 30.0)])
        patient_invoice = self._patient_invoices(invoice)
        self._pay(patient_invoice, 25.80)
        write_off = self._decide(patient_invoice, self.small_balance, 4.20)
        self.assertEqual(self._owed(self.patient), 0.0)
        older = self.env["account.partial.reconcile"].search([])
        primary._reverse(fields.Date.to_date("2026-03-15"), "wrong patient", money="keep")
        self.assertFalse(older - older.exists(), "nothing older is un-reconciled")
        self.assertEqual([primary.state, secondary.state, write_off.state], ["reversed"] * 3)
        self.assertEqual((invoice.claim_ids.amount_open, invoice.claim_ids.state), (500.0, "ready"))
        self.assertEqual(second_claim.state, "void")
        self.assertEqual(self._owed(self.payer), 200.0, "500 owed, 300 kept")
        self.assertEqual(self._owed(self.payer_b), -50.0, "its money stays as credit")
        self.assertEqual(self._owed(self.patient), -25.80, "their money stays as credit")
        self.assertConserved()
        again = self._answer(
            invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)], reference="CHK X",
            amount=0.0, credit_amount=300.0,
        )
        new_claim = invoice.encounter_id.claim_ids.filtered(lambda c: c.payer_id == self.payer_b and c.state != "void")
        self.assertEqual((len(new_claim), new_claim.amount_open), (1, 80.0))
        self._answer(new_claim, 50.0, [(self.pr_2, 30.0)], reference="CHK Y", amount=0.0, credit_amount=50.0)
        self.assertEqual((self._owed(self.payer), self._owed(self.payer_b)), (0.0, 0.0))
        self.assertFalse(again.payment_id)
        self.assertEqual(self._owed(self.patient), 4.20)
        self.assertConserved()

    def test_the_patients_old_money_pays_the_corrected_bill_with_odoos_own_button(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        self._pay(self._patient_invoices(invoice))
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        again = self._answer(invoice.claim_ids, 430.0, [(self.pr_1, 70.0)], reference="CHK 2")
        new_invoice = again.caused_move_ids.filtered("billing_kind")
        credit = self.env["account.move.line"].search([
            ("partner_id", "=", self.patient.id), ("account_id.account_type", "=", "asset_receivable"),
            ("amount_residual", "<", 0), ("parent_state", "=", "posted"),
        ])
        new_invoice.js_assign_outstanding_line(credit.id)
        self.assertEqual((new_invoice.amount_residual, self._owed(self.patient)), (0.0, -10.0))
        self.assertConserved()

    def test_a_reversed_remittance_is_not_reversed_twice(self):
        answer = self._answer(self._bill().claim_ids, 500.0)
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        owed = self._owed(self.payer)
        with self.assertRaisesRegex(UserError, "is “Reversed” and cannot become"), self.env.cr.savepoint():
            answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        self.assertEqual(self._owed(self.payer), owed)
        self.assertConserved()

    # === UNDOING THE BILLING === #

    def test_a_credit_note_voids_the_claim_and_the_visit_is_to_bill_again(self):
        invoice = self._bill()
        encounter = invoice.encounter_id
        credit_note = encounter._unbill("wrong code")
        self.assertItems(credit_note, [
            (self._receivable(), self.payer, 0.0, 500.0),
            (self.company_data["default_account_revenue"], self.payer, 500.0, 0.0),
        ])
        self.assertEqual((encounter.state, invoice.claim_ids.state), ("ready", "void"))
        self.assertEqual((self._owed(self.payer), invoice.payment_state), (0.0, "reversed"))
        again = encounter._bill(fields.Date.to_date("2026-03-10"))
        self.assertEqual((encounter.state, again.claim_ids.state, len(encounter.claim_ids)), ("billed", "ready", 2))
        self.assertConserved()

    def test_odoos_own_credit_note_wizard_does_the_same(self):
        invoice = self._bill()
        credit_note = self._reverse_invoice(invoice, reason="wrong code", post=True)
        self.assertEqual(credit_note.billing_kind, "charge")
        self.assertEqual((invoice.encounter_id.state, invoice.claim_ids.state), ("ready", "void"))
        self.assertConserved()

    def test_a_self_pay_visit_that_was_paid_leaves_the_money_as_credit(self):
        invoice = self._bill(is_self_pay=True)
        self._pay(invoice, 200.0)
        invoice.encounter_id._unbill("wrong patient")
        self.assertEqual(self._owed(self.patient), -200.0)
        self.assertConserved()

    def test_a_partly_credited_visit_is_undone_for_the_rest_only(self):
        invoice = self._bill(is_self_pay=True)
        credit_note = self._reverse_invoice(invoice, reason="one unit less")
        credit_note.invoice_line_ids.price_unit = 100.0
        credit_note.action_post()
        self.assertEqual((self._owed(self.patient), invoice.encounter_id.state), (400.0, "billed"))
        self.assertConserved()
        with self.assertRaisesRegex(
            UserError, r"cannot go back as a whole: \$.100.00 of .* has been credited already. Credit the rest",
        ), self.env.cr.savepoint():
            invoice.encounter_id._unbill("wrong patient")
        rest = self._reverse_invoice(invoice, reason="wrong patient")
        with self.assertRaisesRegex(UserError, "was credited before; .*400.00 of it is left"), self.env.cr.savepoint():
            rest.action_post()
        rest.invoice_line_ids.price_unit = 400.0
        rest.action_post()
        self.assertEqual((self._owed(self.patient), invoice.encounter_id.state), (0.0, "ready"))
        self.assertConserved()

    def test_a_partly_credited_claim_is_answered_for_the_rest(self):
        invoice = self._bill()
        credit_note = self._reverse_invoice(invoice, reason="one unit less")
        credit_note.invoice_line_ids.price_unit = 100.0
        credit_note.action_post()
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 100.0)])
        self.assertEqual((answer.state, invoice.claim_ids.state, self._owed(self.payer)), ("posted", "settled", 0.0))
        self.assertConserved()

    def test_a_written_off_invoice_is_not_credited_on_top(self):
        invoice = self._bill(is_self_pay=True)
        decision = self._decide(invoice, self.small_balance, 50.0)
        with self.assertRaisesRegex(UserError, f"{decision.name}.* has been posted on it. Reverse that first"):
            self._reverse_invoice(invoice, reason="wrong", post=True)

    def test_a_decision_falls_on_the_service_that_is_open(self):
        other = self._create_service("Blood test", 60.0)
        invoice = self._bill(services=[self.service, other])
        theirs = self.env["billing.adjustment.reason"].create({
            "group": "PR", "code": "A1", "name": "Refused, the patient's share", "effect": "hold",
        })
        self._fill(
            self._prepare_answer(invoice.claim_ids, 500.0), (500.0, []), (0.0, [(theirs, 60.0)]),
        ).action_post()
        decision = self._decide(invoice, self.pr_96, 60.0)
        patient_invoice = decision.caused_move_ids.filtered("billing_kind")
        self.assertEqual(patient_invoice.invoice_line_ids.encounter_line_id.product_id, other)
        self.assertConserved()

    def test_a_credit_note_left_in_draft_is_not_posted_once_the_payer_has_answered(self):
        invoice = self._bill()
        credit_note = self._reverse_invoice(invoice, reason="wrong code")
        self._answer(invoice.claim_ids, 300.0, [(self.co_45, 200.0)])
        with self.assertRaisesRegex(UserError, "has answered its claim"), self.env.cr.savepoint():
            credit_note.action_post()
        self.assertEqual((invoice.claim_ids.state, self._owed(self.payer)), ("settled", 0.0))
        self.assertConserved()

    # === WHO IS ASKED === #

    def test_the_guarantor_is_asked_and_not_the_child(self):
        child = self._create_patient("Leo López", guarantor_id=self.patient.id)
        self._create_coverage(child, self.plan)
        invoice = self._bill(patient=child)
        self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        self.assertEqual((self._owed(child), self._owed(self.patient)), (0.0, 80.0))
        patient_invoice = invoice.encounter_id.invoice_ids - invoice
        self.assertEqual((patient_invoice.partner_id, patient_invoice.billing_patient_id), (self.patient, child))
        self.assertConserved()

    def test_a_child_filed_under_its_parents_contact_is_asked_through_the_parent(self):
        child = self._create_patient("Leo López", parent_id=self.patient.id)
        self.assertEqual(child.commercial_partner_id, self.patient)
        self._create_coverage(child, self.plan)
        invoice = self._bill(patient=child)
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        patient_invoice = answer.caused_move_ids.filtered("billing_kind")
        self.assertEqual(patient_invoice.partner_id, child)
        self._decide(patient_invoice, self.small_balance, 10.0)
        self._pay(patient_invoice, 30.0)
        self.assertEqual((patient_invoice.amount_residual, self._owed(self.patient)), (40.0, 40.0))
        self.assertConserved()
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        self.assertEqual(self._owed(self.patient), -30.0)
        self.assertConserved()

    def test_a_payers_branch_is_paid_through_its_head_office(self):
        branch = self._create_payer("Blue Claims Dept", parent_id=self.payer.id, is_company=False)
        plan = self._create_plan("Branch Plan", branch)
        patient = self._create_patient("Eva Roth")
        self._create_coverage(patient, plan)
        invoice = self._bill(patient=patient)
        self.assertEqual(invoice.commercial_partner_id, self.payer)
        answer = self._answer(invoice.claim_ids, 420.0, [(self.co_45, 80.0)])
        self.assertEqual((invoice.payment_state, self._owed(self.payer)), ("paid", 0.0))
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong", money="keep")
        self.assertEqual(self._owed(self.payer), 80.0)
        self.assertConserved()

    def test_archived_people_and_services_do_not_stop_what_was_billed(self):
        invoice = self._bill()
        self.service.product_tmpl_id.active = False
        self.patient.active = False
        self.payer.active = False
        self.coverage.active = False
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        self.assertEqual(self._owed(self.patient), 80.0)
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        self.assertEqual((self._owed(self.patient), self._owed(self.payer)), (0.0, 500.0))
        self.assertConserved()

    def test_a_coverage_added_after_billing_is_asked_for_what_is_left(self):
        invoice = self._bill()
        self._create_coverage(self.patient, self.plan_b, rank="2")
        self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        self.assertEqual((self._owed(self.payer_b), self._owed(self.patient)), (80.0, 0.0))
        self.assertConserved()

    def test_a_plan_that_becomes_split_later_changes_nothing_that_was_billed(self):
        invoice = self._bill()
        self.plan.write({"billing_mode": "split", "coinsurance": 20.0})
        self._answer(invoice.claim_ids, 420.0, [(self.pr_2, 80.0)])
        self.assertEqual(self._owed(self.patient), 80.0)
        self.assertConserved()

    def test_two_patients_merged_into_one_owe_what_they_owed(self):
        twin = self._create_patient("Anna Lopez")
        twin_invoice = self._bill(patient=twin)
        invoice = self._bill(is_self_pay=True)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.patient + twin).ids, self.patient)
        self.assertFalse(twin.exists())
        self.assertEqual(self._owed(self.patient), 1000.0)
        self.assertEqual((twin_invoice + invoice).billing_patient_id, self.patient)
        self.assertEqual(self.patient.coverage_ids, self.coverage)
        self.assertConserved()

    def test_merging_a_patient_into_an_ordinary_contact_keeps_the_account_number(self):
        contact = self.env["res.partner"].create({"name": "Ana L."})
        number = self.patient.billing_account_number
        invoice = self._bill()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.patient + contact).ids, contact)
        self.assertEqual((contact.is_billing_account, contact.billing_account_number), (True, number))
        self.assertEqual((invoice.billing_patient_id, contact.coverage_ids), (contact, self.coverage))

    def test_merging_two_insured_patients_loses_no_coverage(self):
        twin = self._create_patient("Anna Lopez")
        other = self._create_coverage(twin, self.plan_b)
        with self.assertRaisesRegex(UserError, "are in force on the same days"):
            self.env["base.partner.merge.automatic.wizard"]._merge((self.patient + twin).ids, self.patient)
        self.env.invalidate_all()
        self.assertTrue(other.exists(), "a coverage never disappears silently")
        other.date_from = "2027-01-01"
        self.coverage.date_to = "2026-12-31"
        self.env["base.partner.merge.automatic.wizard"]._merge((self.patient + twin).ids, self.patient)
        self.assertEqual(self.patient.coverage_ids, other + self.coverage)
