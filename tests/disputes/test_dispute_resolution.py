from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DisputeCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputeResolution(DisputeCase):
    """What each outcome leaves in the books.

    Credited, a charge that no payer answered: Dr REV 80 / Cr AR[N] 80, matched with the bill.
    Credited, what insurance left (transfer): Dr ALW 30 / Cr AR[P] 30 with the reason "correction", within limits.
    Billed again: Dr REV 200 / Cr AR[N] 200; the visit is to bill, and its new bill belongs to the dispute.
    Insurance asked again, explained, rejected: nothing.
    """

    def _claimed(self, answered=True):
        """Ana's visit: insurance leaves her 80."""
        invoice = self._bill()
        if not answered:
            return invoice
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        return answer.caused_move_ids.filtered("billing_kind")

    # === CREDITED === #

    def test_a_credit_note_takes_a_part_off_a_charge(self):
        dispute = self._dispute()
        self._resolve(dispute, "credited")
        note = dispute.move_ids
        self.assertItems(note, [
            (self.company_data["default_account_revenue"], self.nora, 80.0, 0.0),
            (self._receivable(self.nora), self.nora, 0.0, 80.0),
        ])
        self.assertEqual(
            (note.state, note.ref, note.reversed_entry_id, note.amount_residual, self.january.amount_residual),
            ("posted", f"Dispute {dispute.name}", self.january, 0.0, 120.0),
        )
        self.assertEqual(self.january.encounter_id.state, "billed")
        self.assertConserved()

    def test_all_of_a_charge_is_taken_off_and_the_visit_is_to_bill_again(self):
        dispute = self._dispute((self.january, 200.0))
        wizard = self.env["billing.dispute.resolve"].create({"dispute_id": dispute.id, "resolution": "credited"})
        self.assertIn("Cancel the visit if it never took place.", wizard.consequences)
        wizard.channel = "told"
        wizard.action_resolve()
        self.assertEqual((self.january.amount_residual, self.january.encounter_id.state), (0.0, "ready"))
        self.assertEqual(self._owed(self.nora), 400.0)
        self.assertConserved()

    def test_what_was_paid_too_much_becomes_credit(self):
        dispute = self._dispute()
        self._pay(self.january, 180.0, date="2026-03-16")
        self._resolve(dispute, "credited")
        self.assertEqual((self.january.amount_residual, self._owed(self.nora)), (0.0, 340.0))
        self.assertEqual(dispute.move_ids.amount_residual, 60.0)
        self.assertConserved()

    def test_what_insurance_left_is_corrected_with_a_reason(self):
        bill = self._claimed()
        dispute = self._dispute((bill, 30.0))
        self._resolve(dispute, "credited")
        adjustment = dispute.adjustment_ids
        self.assertItems(adjustment.entry_id, [
            (self.allowance_account, self.patient, 30.0, 0.0), (self._receivable(), self.patient, 0.0, 30.0),
        ])
        self.assertEqual(
            (adjustment.state, adjustment.reason_id.code, bill.amount_residual, dispute.state, dispute.amount_credited),
            ("posted", "CORRECTION", 50.0, "resolved", 30.0),
        )
        self.assertFalse(dispute.move_ids)
        self.assertConserved()

    def test_above_the_limit_a_manager_decides_first(self):
        cora = new_test_user(
            self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        bill = self._claimed()
        dispute = self._dispute((bill, 70.0), user_id=cora.id)
        wizard = self.env["billing.dispute.resolve"].with_user(cora).create({
            "dispute_id": dispute.id, "resolution": "credited", "channel": "told",
        })
        self.assertIn("which a manager decides about first", wizard.consequences)
        wizard.action_resolve()
        self.assertEqual(
            (dispute.state, dispute.waits_for_approval, self._held(bill), bill.amount_residual),
            ("working", True, [70.0], 80.0),
        )
        with self.assertRaisesRegex(UserError, "A manager decides about"):
            dispute.action_resolve()
        dispute.adjustment_ids.action_approve()
        self.assertEqual(
            (dispute.state, dispute.amount_credited, bill.amount_residual, dispute.answered_on),
            ("resolved", 70.0, 10.0, False),
        )
        send = dispute.activity_ids
        self.assertEqual((send.user_id, send.summary), (
            cora, f"{dispute.name}: the correction is posted. Send the answer.",
        ))
        dispute.action_told()
        self.assertFalse(dispute.activity_ids)
        self.assertConserved()

    def test_a_correction_that_is_refused_is_decided_on_anew(self):
        self.company.billing_manager_adjustment_limit = 50.0
        bill = self._claimed()
        dispute = self._dispute((bill, 70.0))
        self._resolve(dispute, "credited")
        dispute.adjustment_ids.action_refuse()
        self.assertEqual(
            (dispute.state, dispute.resolution, dispute.amount_credited, self._held(bill)),
            ("working", False, 0.0, [70.0]),
        )
        self._resolve(dispute, "rejected")
        self.assertEqual((dispute.state, bill.amount_residual), ("resolved", 80.0))

    def test_a_correction_that_is_taken_back_is_disputed_no_more(self):
        bill = self._claimed()
        dispute = self._dispute((bill, 30.0))
        self._resolve(dispute, "credited")
        dispute.adjustment_ids.action_reverse()
        self.assertEqual((dispute.amount_credited, bill.billing_amount_open), (0.0, 80.0))
        self.assertConserved()

    def test_a_charge_that_somebody_has_decided_about_is_corrected_not_credited(self):
        self.env["billing.adjustment"].create({
            "move_id": self.january.id, "reason_id": self.small_balance.id, "amount": 5.0,
        }).action_approve()
        dispute = self._dispute()
        self._resolve(dispute, "credited")
        self.assertEqual((len(dispute.adjustment_ids), self.january.amount_residual), (1, 115.0))
        self.assertConserved()

    def test_several_bills_in_one_answer(self):
        dispute = self._dispute((self.january, 80.0), (self.february, 100.0))
        self._resolve(dispute, "credited", [80.0, 0.0])
        self.assertEqual((self.january.amount_residual, self.february.amount_residual), (120.0, 400.0))
        # What was not taken off is left alone until its day.
        self.assertEqual(self._held(self.january, self.february), [0.0, 100.0])

    def test_nothing_taken_off_is_no_credit(self):
        dispute = self._dispute()
        with self.assertRaisesRegex(UserError, "Type how much is taken off"):
            self._resolve(dispute, "credited", [0.0])
        self.assertEqual(dispute.state, "open")

    def test_more_than_the_bill_is_not_taken_off(self):
        dispute = self._dispute()
        refusal = r"\$.200.01 of .* cannot be taken back: \$.200.00 of it was not credited"
        with self.assertRaisesRegex(UserError, refusal):
            self._resolve(dispute, "credited", [200.01])

    # === BILLED AGAIN === #

    def test_the_visit_is_billed_again_and_its_new_bill_belongs_to_the_answer(self):
        dispute = self._dispute()
        visit = self.january.encounter_id
        self._resolve(dispute, "corrected")
        self.assertEqual((visit.state, self.january.amount_residual, dispute.state), ("ready", 0.0, "resolved"))
        self.assertItems(dispute.move_ids, [
            (self.company_data["default_account_revenue"], self.nora, 200.0, 0.0),
            (self._receivable(self.nora), self.nora, 0.0, 200.0),
        ])
        visit.action_draft()
        visit.line_ids.price_unit = 120.0
        again = self._bill(visit, date="2026-03-17")
        self.assertEqual(dispute.move_ids.filtered(lambda move: move.move_type == "out_invoice"), again)
        self.env.flush_all()
        figure = self.env["billing.dispute.figure"].search([("dispute_id", "=", dispute.id)])
        self.assertEqual(figure.amount_credited, 80.0)
        self.assertConserved()

    def test_a_bill_without_a_visit_is_credited_and_copied_to_be_corrected(self):
        bill = self._create_invoice_one_line(price_unit=50.0, tax_ids=[], partner_id=self.nora, post=True)
        dispute = self._dispute((bill, 20.0))
        self._resolve(dispute, "corrected")
        note, draft = dispute.move_ids.sorted(lambda move: move.move_type, reverse=True)
        self.assertEqual((note.state, note.amount_total, bill.amount_residual), ("posted", 50.0, 0.0))
        self.assertEqual((draft.state, draft.move_type, draft.amount_total), ("draft", "out_invoice", 50.0))

    def test_what_insurance_left_is_not_billed_again_by_itself(self):
        bill = self._claimed()
        dispute = self._dispute((bill, 30.0))
        with self.assertRaisesRegex(UserError, "It came out of remittance"):
            self._resolve(dispute, "corrected")

    # === INSURANCE === #

    def test_a_claim_without_answer_is_sent_again(self):
        self.plan.write({"billing_mode": "split"})
        self.coverage.coinsurance = 20.0
        invoices = self._bill()
        claim = invoices.claim_ids
        claim.action_send()
        share = invoices.filtered(lambda move: move.partner_id == self.patient)
        dispute = self._dispute((share, 100.0))
        self._resolve(dispute, "insurance")
        self.assertEqual((claim.state, dispute.state, str(dispute.date_lift)), ("ready", "resolved", "2026-04-30"))
        self.assertFalse(dispute.move_ids)

    def test_a_claim_that_was_answered_is_somebodys_to_take_up(self):
        bill = self._claimed()
        claim = bill.encounter_id.claim_ids
        dispute = self._dispute((bill, 80.0), evidence="The deductible was met in January.")
        self._resolve(dispute, "insurance")
        activity = claim.activity_ids
        self.assertEqual(
            (claim.state, activity.user_id, activity.summary),
            ("settled", self.env.user, f"Ask Blue Insurance again, see {dispute.name}: its answer is disputed"),
        )
        self.assertEqual((bill.amount_residual, self._held(bill)), (80.0, [80.0]))

    def test_without_a_claim_insurance_cannot_be_asked_again(self):
        dispute = self._dispute()
        with self.assertRaisesRegex(UserError, "No claim stands behind the bills"):
            self._resolve(dispute, "insurance")

    # === NOTHING POSTED === #

    def test_an_explanation_and_a_rejection_post_nothing_and_say_why(self):
        before = self.env["account.move"].search_count([])
        for resolution in ("explained", "rejected"):
            dispute = self._dispute()
            with self.assertRaisesRegex(UserError, "Type our answer"):
                self._resolve(dispute, resolution, answer=" ")
            self._resolve(dispute, resolution)
            self.assertEqual((dispute.state, dispute.resolution), ("resolved", resolution))
            self.assertFalse(dispute.is_our_mistake)
            dispute.action_reopen()
            dispute.action_withdraw()
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_nobody_known_and_no_reason_cannot_be_answered(self):
        dispute = self.env["billing.dispute"].create({"subject": "?"})
        with self.assertRaisesRegex(UserError, "Say first who disputes"):
            dispute.action_resolve()
