from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import RemittanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTakingBack(RemittanceCase):
    """A payer takes one claim of an earlier remittance back, inside a later one."""

    def setUp(self):
        super().setUp()
        self.first, self.second = self._bill(), self._bill()
        self.answer = self._answer(
            self.first.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)], reference="CHK A",
        )
        self.bill = self._bills_of(self.first)

    def test_what_is_taken_back_pays_another_claim(self):
        """Ledger 6 and 7: claim 1 (500: paid 300, CO-45 120, PR-1 80) is taken back out of what pays claim C 400.

        entry: Dr AR[A] 200 / Cr ALW 120, TRF 80 (claim 1, negated) · Dr AR[A] 300 (claim 1) / Cr AR[A] 300 (claim C)
               · Dr ALW 100 / Cr AR[A] 100 (claim C)
        credit note P: Dr TRF 80 / Cr AR[P] 80 · payment: Dr BANK 100 / Cr AR[A] 100 (claim C)
        """
        self._pay(self.bill)
        older = self.env["account.partial.reconcile"].search([])
        later = self._remit(
            100.0, [(self.second.claim_ids, 400.0, [(self.co_45, 100.0)])], taken=self.answer.line_ids,
        )
        receivable = self._receivable()
        self.assertItems(later.payment_id.move_id, [
            (later.payment_id.outstanding_account_id, self.payer, 100.0, 0.0),
            (receivable, self.payer, 0.0, 100.0),
        ])
        self.assertItems(later.entry_id, [
            (self.allowance_account, self.payer, 0.0, 120.0),
            (self.transfer_account, self.payer, 0.0, 80.0),
            (receivable, self.payer, 200.0, 0.0),
            (receivable, self.payer, 300.0, 0.0),
            (receivable, self.payer, 0.0, 300.0),
            (self.allowance_account, self.payer, 100.0, 0.0),
            (receivable, self.payer, 0.0, 100.0),
        ])
        negated = later.entry_id.line_ids.filtered(lambda item: item.adjustment_reason_id and item.credit)
        self.assertEqual(
            {(item.adjustment_reason_id, item.credit) for item in negated}, {(self.co_45, 120.0), (self.pr_1, 80.0)},
        )
        credit_note = self.bill.reversal_move_ids
        self.assertItems(credit_note, [
            (self.transfer_account, self.patient, 80.0, 0.0), (receivable, self.patient, 0.0, 80.0),
        ])
        self.assertEqual(credit_note.remittance_id, later)
        self.assertFalse(older - older.exists(), "nothing older is un-reconciled")
        self.assertEqual(self._owed(self.patient), -80.0, "what Ana paid is her credit")
        self.assertEqual(self._flow(self.first), {"charge": 500.0, "open": 500.0})
        self.assertEqual(self._flow(self.second), {"charge": 500.0, "paid": 400.0, "adjusted": 100.0})
        self.assertEqual((self.first.claim_ids.state, self.second.claim_ids.state), ("ready", "settled"))
        self.assertEqual((self._owed(self.payer), self._own_items()), (500.0, []))
        line = self.answer.line_ids
        self.assertEqual((self.answer.state, line.taken_back_by_id, line.is_in_force), ("posted", later, False))
        self.assertConserved()

    def test_taken_back_and_answered_anew_in_one_remittance(self):
        """Ledger 8: taken back 300 / CO-45 120 / PR-1 80; again 320 / CO-45 100 / PR-1 80. The cheque is 20.

        entry: Dr AR[A] 200 / Cr ALW 120, TRF 80 · Dr ALW 100, TRF 80 / Cr AR[A] 180 · Dr AR[A] 300 / Cr AR[A] 300,
        all of claim 1 · payment 20 · credit note P 80 · invoice P: Dr AR[P] 80 / Cr TRF 80
        """
        later = self._remit(
            20.0, [(self.first.claim_ids, 320.0, [(self.co_45, 100.0), (self.pr_1, 80.0)])],
            taken=self.answer.line_ids,
        )
        receivable = self._receivable()
        self.assertItems(later.entry_id, [
            (self.allowance_account, self.payer, 0.0, 120.0),
            (self.transfer_account, self.payer, 0.0, 80.0),
            (self.allowance_account, self.payer, 100.0, 0.0),
            (self.transfer_account, self.payer, 80.0, 0.0),
            (receivable, self.payer, 200.0, 0.0),
            (receivable, self.payer, 0.0, 180.0),
            (receivable, self.payer, 300.0, 0.0),
            (receivable, self.payer, 0.0, 300.0),
        ])
        bill = self._bills_of(self.first)
        self.assertEqual((bill.amount_residual, bill.remittance_id), (80.0, later))
        self.assertEqual(self.bill.payment_state, "reversed")
        self.assertEqual(self._flow(self.first), {
            "charge": 500.0, "paid": 320.0, "adjusted": 100.0, "transferred": 80.0,
        })
        self.assertEqual((self.first.claim_ids.state, self._owed(self.payer)), ("settled", 500.0))
        self.assertConserved()

    def test_taken_back_with_nothing_else_leaves_its_money_as_the_payers_credit(self):
        """Nothing is paid: Dr AR[A] 300 (claim 1) / Cr AR[A] 300 on the payer's own account, which a later answer uses.

        The claim is open again with 500; the answer to it uses the 300.
        """
        later = self._remit(0.0, taken=self.answer.line_ids, amount_unapplied=300.0)
        self.assertFalse(later.payment_id)
        self.assertEqual(self._own_items(), [(-300.0, f"{later.display_name}: not applied yet")])
        self.assertEqual((self.first.claim_ids.amount_open, self._owed(self.payer)), (500.0, 700.0))
        self.assertConserved()
        again = self._remit(
            20.0, [(self.first.claim_ids, 320.0, [(self.co_45, 180.0)])], credit_amount=300.0,
        )
        self.assertEqual((again.line_ids.amount_asked, self.first.claim_ids.state), (500.0, "settled"))
        self.assertEqual((self._own_items(), self._owed(self.payer)), ([], 500.0))
        self.assertConserved()

    def test_more_is_taken_back_than_paid_and_carried_forward_to_the_next_remittance(self):
        """Claim 1 taken back (300), claim C paid 200: nothing comes, 100 are carried forward (FB −100): Cr AR[A] 100 on
        the payer's account. The next remittance pays claim D 400 less FB +100: cheque 300, Dr AR[A] 100 on the payer's
        account / Cr AR[A] 100 (claim D); the two 100 meet by their reference.
        """
        third = self._bill()
        short = self._remit(
            0.0, [(self.second.claim_ids, 200.0, [(self.co_45, 300.0)])], taken=self.answer.line_ids,
            provider=[("FB", "TRACE 77", -100.0)], handling="non_payment",
        )
        self.assertEqual(self._own_items(), [(-100.0, f"{short.display_name}: FB Balance carried forward TRACE 77")])
        self.assertEqual(short.payer_credit, 0.0, "what is carried forward waits for the next remittance")
        self.assertEqual(short.provider_adjustment_ids.amount_open, -100.0)
        self.assertConserved()
        later = self._remit(
            300.0, [(third.claim_ids, 400.0, [(self.co_45, 100.0)])], provider=[("FB", "trace 77", 100.0)],
        )
        receivable = self._receivable()
        self.assertItems(later.entry_id, [
            (self.allowance_account, self.payer, 100.0, 0.0),
            (receivable, self.payer, 0.0, 100.0),
            (receivable, self.payer, 100.0, 0.0),
            (receivable, self.payer, 0.0, 100.0),
        ])
        self.assertEqual(self._own_items(), [])
        self.assertEqual((short + later).provider_adjustment_ids.mapped("amount_open"), [0.0, 0.0])
        self.assertEqual(self._owed(self.payer), 500.0, "only claim 1, which is open again")
        self.assertConserved()

    def test_one_claim_of_a_remittance_is_taken_back_and_the_others_stay(self):
        third, fourth = self._bill(), self._bill()
        both = self._remit(600.0, [
            (third.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)]),
            (fourth.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)]),
        ])
        later = self._remit(
            200.0, [(self.second.claim_ids, 500.0, [])],
            taken=both.line_ids.filtered(lambda line: line.claim_id == third.claim_ids),
        )
        self.assertEqual([self._flow(move).get("open", 0.0) for move in (third, fourth)], [500.0, 0.0])
        self.assertEqual(both.line_ids.mapped("is_in_force"), [False, True])
        self.assertEqual(both.line_ids.mapped("taken_back_by_id"), later)
        self.assertEqual(self._owed(self.patient), 160.0, "the bills of claims one and four")
        self.assertConserved()

    def test_a_denied_answer_taken_back_moves_nothing_but_is_not_in_force_any_more(self):
        denied = self._answer(self.second.claim_ids, 0.0, [(self.co_50, 500.0)])
        self.assertEqual(self.second.claim_ids.state, "denied")
        later = self._remit(350.0, [(self.second.claim_ids, 350.0, [(self.co_45, 150.0)])], taken=denied.line_ids)
        self.assertFalse(denied.line_ids.is_in_force)
        self.assertEqual(later.entry_id.line_ids.adjustment_reason_id, self.co_45)
        self.assertEqual(self.second.claim_ids.state, "settled")
        self.assertConserved()

    # === WHAT HANGS ON IT === #

    def test_the_secondary_payers_answer_is_undone_first_and_its_money_kept(self):
        """Primary paid 300, PR 80 to B; B paid 50, PR 30 to the patient, who paid 30. The primary is taken back.

        B's answer is taken back claim by claim: its other claim in the same remittance stays as it was.
        """
        self._create_coverage(self.patient, self.plan_b, rank="2")
        one, two = self._bill(), self._bill()
        answers = [self._answer(move.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)]) for move in (one, two)]
        seconds = [move.encounter_id.claim_ids - move.claim_ids for move in (one, two)]
        of_b = self._remit(100.0, [(claim, 50.0, [(self.pr_2, 30.0)]) for claim in seconds])
        self._pay(self._bills_of(one))
        older = self.env["account.partial.reconcile"].search([])
        self._remit(0.0, taken=answers[0].line_ids, amount_unapplied=300.0)
        self.assertFalse(older - older.exists(), "nothing older is un-reconciled")
        self.assertEqual([of_b.state, *of_b.line_ids.mapped("is_in_force")], ["posted", False, True])
        self.assertEqual((seconds[0].state, seconds[1].state), ("void", "settled"))
        self.assertEqual((self._owed(self.payer_b), self._flow(two)["paid"]), (-50.0, 300.0))
        self.assertEqual(self._own_items(self.payer_b)[0][0], -50.0, "B's money waits as its credit")
        self.assertEqual(self._owed(self.patient), 80.0 - 30.0 + 30.0, "claim one's bill, Ana's credit, claim two's")
        self.assertEqual(self._flow(one), {"charge": 500.0, "open": 500.0})
        self.assertConserved()

    # === WHAT IS REFUSED === #

    def test_the_same_answer_is_not_taken_back_twice(self):
        drafts = [
            self._remit(0.0, taken=self.answer.line_ids, amount_unapplied=300.0, reference=f"R {number}", post=False)
            for number in range(2)
        ]
        drafts[0].action_post()
        with self.assertRaisesRegex(UserError, r"is not in force any more: .* took it back"), self.env.cr.savepoint():
            drafts[1].action_post()
        self.assertEqual((drafts[1].state, self._owed(self.payer)), ("draft", 700.0))
        self.assertConserved()

    def test_an_answer_whose_remittance_was_reversed_is_not_taken_back(self):
        line = self.answer.line_ids
        self.answer._reverse(self.answer.date, "bounced")
        with self.assertRaisesRegex(UserError, "is not in force any more"), self.env.cr.savepoint():
            self._remit(0.0, taken=line, amount_unapplied=300.0)

    def test_other_figures_than_those_posted_are_refused(self):
        draft = self._remit(0.0, taken=self.answer.line_ids, amount_unapplied=290.0, post=False)
        draft.line_ids.amount_paid = 290.0
        with self.assertRaisesRegex(UserError, r"290.00 paid on .*posted \$.300.00"), self.env.cr.savepoint():
            draft.action_post()
        draft.line_ids.amount_paid = 300.0
        draft.amount_unapplied = 300.0
        draft.line_ids.adjustment_ids[0].amount = 119.0
        with self.assertRaisesRegex(UserError, "other reasons"), self.env.cr.savepoint():
            draft.action_post()

    def test_a_claim_is_taken_back_whole(self):
        other = self._create_service("Blood test", 60.0)
        invoice = self._bill(services=[self.service, other])
        answer = self._prepare_answer(invoice.claim_ids, 560.0, "CHK W")
        answer.line_ids[0].amount_paid, answer.line_ids[1].amount_paid = 500.0, 60.0
        answer.action_post()
        with self.assertRaisesRegex(UserError, "claim by claim"), self.env.cr.savepoint():
            self._remit(0.0, taken=answer.line_ids[0], amount_unapplied=500.0)
        self._remit(0.0, taken=answer.line_ids, amount_unapplied=560.0)
        self.assertEqual(invoice.claim_ids.amount_open, 560.0)
        self.assertConserved()

    def test_a_line_that_takes_nothing_back_is_refused(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint(), self.assertLogs("odoo.sql_db", "ERROR"):
            self.env["billing.remittance"].create({
                "payer_id": self.payer.id, "reference": "X", "line_ids": [Command.create({
                    "claim_id": self.first.claim_ids.id, "move_line_id": self.first.invoice_line_ids.id,
                    "kind": "reversal",
                })],
            })
        vals = {**self.answer.line_ids._prepare_reversal_vals(), "claim_id": self.second.claim_ids.id,
                "move_line_id": self.second.invoice_line_ids.id}
        with self.assertRaisesRegex(ValidationError, "no answer to the same service"), self.env.cr.savepoint():
            self.env["billing.remittance"].create({
                "payer_id": self.payer.id, "reference": "X", "line_ids": [Command.create(vals)],
            })

    def test_a_remittance_with_a_claim_taken_back_is_not_reversed_as_a_whole(self):
        later = self._remit(0.0, taken=self.answer.line_ids, amount_unapplied=300.0)
        with self.assertRaisesRegex(UserError, f"{later.name}.* took .* back.*Reverse that one first"):
            self.answer._reverse(self.answer.date, "wrong")

    # === TAKING THE TAKING BACK BACK === #

    def test_reversing_the_remittance_that_took_back_restores_the_earlier_answer(self):
        """Case 7 was an error of the payer's: the earlier answer is in force again, the patient is asked again."""
        later = self._remit(
            100.0, [(self.second.claim_ids, 400.0, [(self.co_45, 100.0)])], taken=self.answer.line_ids,
        )
        later._reverse(later.date, "sent in error")
        self.assertTrue(self.answer.line_ids.is_in_force)
        self.assertFalse(self.answer.line_ids.taken_back_by_id)
        self.assertEqual(self._flow(self.first), {
            "charge": 500.0, "paid": 300.0, "adjusted": 120.0, "transferred": 80.0,
        })
        self.assertEqual(self._flow(self.second), {"charge": 500.0, "open": 500.0})
        self.assertEqual((self.first.claim_ids.state, self.second.claim_ids.state), ("settled", "ready"))
        bill = self._bills_of(self.first)
        self.assertEqual((len(bill), bill.amount_residual, bill.remittance_id), (1, 80.0, self.answer))
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (500.0, 80.0))
        self.assertConserved()
        self.answer._reverse(later.date, "and now the first one")
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (1000.0, 0.0))
        self.assertConserved()

    def test_reversing_a_correction_restores_what_it_corrected(self):
        later = self._remit(
            20.0, [(self.first.claim_ids, 320.0, [(self.co_45, 100.0), (self.pr_1, 80.0)])],
            taken=self.answer.line_ids,
        )
        later._reverse(later.date, "sent in error", money="keep")
        self.assertEqual(self._flow(self.first), {
            "charge": 500.0, "paid": 300.0, "adjusted": 120.0, "transferred": 80.0,
        })
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (480.0, 80.0))
        self.assertConserved()

    def test_what_was_answered_anew_since_forbids_restoring(self):
        later = self._remit(0.0, taken=self.answer.line_ids, amount_unapplied=300.0)
        again = self._remit(300.0, [(self.first.claim_ids, 300.0, [(self.co_45, 200.0)])])
        with self.assertRaisesRegex(
            UserError, f"{self.first.claim_ids.name}, which has been settled since",
        ), self.env.cr.savepoint():
            later._reverse(later.date, "sent in error")
        again._reverse(again.date, "wrong")
        drawn = self._remit(0.0, [(self.second.claim_ids, 300.0, [(self.co_45, 200.0)])], credit_amount=300.0)
        with self.assertRaisesRegex(UserError, f"{drawn.name}.* has used what"), self.env.cr.savepoint():
            later._reverse(later.date, "sent in error")
        self.assertEqual(later.state, "posted")
        self.assertConserved()
