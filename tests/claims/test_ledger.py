from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLedger(BillingCase):
    """The journal items that each event leaves: charge 500, payer A = Blue, payer B = Gold, patient = Ana."""

    def test_billing_asks_the_payer_for_the_whole_charge(self):
        invoice = self._bill()
        self.assertItems(invoice, [
            (self._receivable(), self.payer, 500.0, 0.0),
            (self.company_data["default_account_revenue"], self.payer, 0.0, 500.0),
        ])
        claim = invoice.claim_ids
        self.assertEqual((claim.payer_id, claim.state, claim.amount_open), (self.payer, "ready", 500.0))
        self.assertConserved()

    def test_full_pay_settles_the_claim_and_leaves_no_entry(self):
        invoice = self._bill()
        remittance = self._answer(invoice.claim_ids, 500.0)
        self.assertFalse(remittance.entry_id)
        self.assertItems(remittance.payment_id.move_id, [
            (remittance.payment_id.outstanding_account_id, self.payer, 500.0, 0.0),
            (self._receivable(), self.payer, 0.0, 500.0),
        ])
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertConserved()

    def test_allowance_and_deductible_reduce_and_pass_on(self):
        invoice = self._bill()
        remittance = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        self.assertItems(remittance.payment_id.move_id, [
            (remittance.payment_id.outstanding_account_id, self.payer, 300.0, 0.0),
            (self._receivable(), self.payer, 0.0, 300.0),
        ])
        self.assertItems(remittance.entry_id, [
            (self.allowance_account, self.payer, 120.0, 0.0),
            (self.transfer_account, self.payer, 80.0, 0.0),
            (self._receivable(), self.payer, 0.0, 200.0),
        ])
        patient_invoice = invoice.encounter_id.invoice_ids - invoice
        self.assertItems(patient_invoice, [
            (self._receivable(), self.patient, 80.0, 0.0),
            (self.transfer_account, self.patient, 0.0, 80.0),
        ])
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(patient_invoice.amount_residual, 80.0)
        self.assertEqual(self._flow(invoice), {
            "charge": 500.0, "paid": 300.0, "adjusted": 120.0, "transferred": 80.0,
        })
        self.assertConserved()

    def test_defaults_of_a_screen_do_not_fall_upon_the_entries(self):
        invoice = self._bill()
        remittance = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)], post=False)
        screen = {"default_line_ids": [(0, 0, {"claim_id": invoice.claim_ids.id})], "default_state": "draft"}
        remittance.with_context(**screen).action_post()
        self.assertEqual(remittance.state, "posted")
        self.assertEqual(self._owed(self.patient), 80.0)

    def test_a_denial_posts_nothing_until_someone_decides(self):
        invoice = self._bill()
        remittance = self._answer(invoice.claim_ids, 0.0, [(self.co_50, 500.0)])
        self.assertFalse(remittance.entry_id or remittance.payment_id)
        self.assertEqual((invoice.claim_ids.state, invoice.amount_residual), ("denied", 500.0))
        self.assertConserved()

    def test_a_denied_claim_is_given_up_with_reason_and_approver(self):
        invoice = self._bill()
        self._answer(invoice.claim_ids, 0.0, [(self.co_50, 500.0)])
        giveup = self.env.ref("billing_coordinator.reason_office_giveup")
        adjustment = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": giveup.id, "amount": 500.0, "date": "2026-03-14",
        })
        adjustment.action_approve()
        self.assertItems(adjustment.entry_id, [
            (self.writeoff_account, self.payer, 500.0, 0.0),
            (self._receivable(), self.payer, 0.0, 500.0),
        ])
        self.assertEqual(adjustment.approver_id, self.env.user)
        self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertConserved()

    def test_what_the_primary_leaves_goes_to_the_secondary_and_then_to_the_patient(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoice = self._bill()
        self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        secondary = invoice.encounter_id.claim_ids - invoice.claim_ids
        self.assertItems(secondary.invoice_id, [
            (self._receivable(), self.payer_b, 80.0, 0.0),
            (self.transfer_account, self.payer_b, 0.0, 80.0),
        ])
        answer = self._answer(secondary, 60.0, [(self.pr_2, 20.0)])
        self.assertItems(answer.entry_id, [
            (self.transfer_account, self.payer_b, 20.0, 0.0),
            (self._receivable(), self.payer_b, 0.0, 20.0),
        ])
        patient_invoice = answer.caused_move_ids.filtered(lambda m: m.partner_id == self.patient)
        self.assertItems(patient_invoice, [
            (self._receivable(), self.patient, 20.0, 0.0),
            (self.transfer_account, self.patient, 0.0, 20.0),
        ])
        self.assertEqual(patient_invoice.billing_charge_id, invoice)
        self.assertEqual(self._owed(self.patient), 20.0)
        self.assertConserved()

    def test_reversal_before_the_patient_paid_restores_everything(self):
        invoice = self._bill()
        remittance = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        patient_invoice = remittance.caused_move_ids.filtered("billing_kind")
        remittance._reverse(self.env.cr.now().date(), "typed wrongly")
        self.assertEqual(remittance.state, "reversed")
        self.assertEqual(patient_invoice.payment_state, "reversed")
        self.assertEqual(self._owed(self.patient), 0.0)
        self.assertEqual(self._owed(self.payer), 500.0)
        claim = invoice.claim_ids
        self.assertEqual((claim.state, claim.amount_open, claim.amount_paid), ("ready", 500.0, 0.0))
        self.assertConserved()
        self._answer(claim, 320.0, [(self.co_45, 100.0), (self.pr_1, 80.0)], reference="CHK 2")
        self.assertEqual((claim.state, claim.amount_open, claim.amount_paid), ("settled", 0.0, 320.0))
        self.assertEqual(self._owed(self.patient), 80.0)
        self.assertConserved()

    def test_reversal_after_the_patient_paid_leaves_their_money_as_credit(self):
        invoice = self._bill()
        remittance = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        patient_invoice = remittance.caused_move_ids.filtered("billing_kind")
        self._pay(patient_invoice)
        older = self.env["account.partial.reconcile"].search([])
        remittance._reverse(self.env.cr.now().date(), "payer took it back", money="keep")
        self.assertFalse(older - older.exists(), "nothing older is un-reconciled")
        reversal = remittance.entry_id.reversal_move_ids
        self.assertItems(reversal, [
            (self._receivable(), self.payer, 200.0, 0.0),
            (self.allowance_account, self.payer, 0.0, 120.0),
            (self.transfer_account, self.payer, 0.0, 80.0),
        ])
        self.assertItems(patient_invoice.reversal_move_ids, [
            (self.transfer_account, self.patient, 80.0, 0.0),
            (self._receivable(), self.patient, 0.0, 80.0),
        ])
        self.assertEqual(self._owed(self.patient), -80.0)
        self.assertEqual(self._owed(self.payer), 200.0)
        self.assertEqual(invoice.claim_ids.amount_open, 500.0)
        self.assertConserved()
        again = self._answer(
            invoice.claim_ids, 320.0, [(self.co_45, 100.0), (self.pr_1, 80.0)],
            reference="CHK 2", amount=20.0, credit_amount=300.0,
        )
        self.assertEqual(again.payment_id.amount, 20.0)
        self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertEqual(self._owed(self.payer), 0.0)
        self.assertConserved()
