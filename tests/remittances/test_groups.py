from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import RemittanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSecondaryAnswers(RemittanceCase):
    """A secondary payer answers the whole charge; we ask it for what the primary left.

    Charge 500; the primary paid 300, CO-45 120, PR-1 80: B is asked for 80. Its answer speaks of 500, of which 420 are
    settled elsewhere and post nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_coverage(cls.patient, cls.plan_b, rank="2")
        cls.oa_23 = cls.env.ref("billing_coordinator.reason_oa_23")

    def _get_second(self, *primary):
        """The claim to B after the primary's answer (paid, reasons)."""
        invoice = self._bill()
        self._answer(invoice.claim_ids, *(primary or (300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])))
        return invoice.encounter_id.claim_ids - invoice.claim_ids

    def _check_flow(self, claim, **expected):
        self.assertEqual(self._flow(claim.invoice_id), {"received": 80.0, **expected})
        self.assertConserved()

    def test_oa_23_mirrors_the_primary_and_is_no_write_off(self):
        """B: charge 500, OA-23 420, PR-2 20, paid 60.

        payment: Dr BANK 60 / Cr AR[B] 60 · entry: Dr TRF 20 / Cr AR[B] 20 · invoice P: Dr AR[P] 20 / Cr TRF 20
        """
        claim = self._get_second()
        answer = self._remit(60.0, [(claim, 60.0, [(self.oa_23, 420.0), (self.pr_2, 20.0)])])
        self.assertItems(answer.payment_id.move_id, [
            (answer.payment_id.outstanding_account_id, self.payer_b, 60.0, 0.0),
            (self._receivable(), self.payer_b, 0.0, 60.0),
        ])
        self.assertItems(answer.entry_id, [
            (self.transfer_account, self.payer_b, 20.0, 0.0),
            (self._receivable(), self.payer_b, 0.0, 20.0),
        ])
        line = answer.line_ids
        self.assertEqual((line.amount_asked, line.amount_mirrored, line.difference), (80.0, 420.0, 0.0))
        self.assertEqual(line.adjustment_ids.mapped("amount"), [420.0, 20.0], "as the payer said it")
        self.assertEqual((claim.state, self._bills_of(claim.invoice_id).amount_residual), ("settled", 20.0))
        self._check_flow(claim, paid=60.0, transferred=20.0)

    def test_the_secondarys_discount_counts_from_the_charge(self):
        """B: charge 500, OA-23 300 (what the primary paid), CO-45 150, PR-3 10, paid 40. 120 of the CO-45 are the
        primary's discount; 30 are B's: entry: Dr ALW 30, TRF 10 / Cr AR[B] 40 · payment 40."""
        claim = self._get_second()
        answer = self._remit(40.0, [(claim, 40.0, [
            (self.co_45, 150.0), (self.oa_23, 300.0), (self.pr_3, 10.0),
        ])])
        self.assertItems(answer.entry_id, [
            (self.allowance_account, self.payer_b, 30.0, 0.0),
            (self.transfer_account, self.payer_b, 10.0, 0.0),
            (self._receivable(), self.payer_b, 0.0, 40.0),
        ])
        self._check_flow(claim, paid=40.0, adjusted=30.0, transferred=10.0)

    def test_nothing_left_to_pay(self):
        """The primary paid more than B allows: OA-23 300, CO-45 200, paid 0: entry: Dr ALW 80 / Cr AR[B] 80."""
        claim = self._get_second()
        answer = self._remit(0.0, [(claim, 0.0, [(self.oa_23, 300.0), (self.co_45, 200.0)])])
        self.assertFalse(answer.payment_id)
        self.assertItems(answer.entry_id, [
            (self.allowance_account, self.payer_b, 80.0, 0.0), (self._receivable(), self.payer_b, 0.0, 80.0),
        ])
        self._check_flow(claim, adjusted=80.0)

    def test_oa_23_beyond_what_we_know_stays_open_to_be_decided(self):
        """B says the primary took care of 440: paid 60, OA-23 440. 20 stay open: no write-off."""
        claim = self._get_second()
        answer = self._remit(60.0, [(claim, 60.0, [(self.oa_23, 440.0)])])
        self.assertFalse(answer.entry_id)
        self.assertEqual((claim.state, claim.amount_open), ("denied", 20.0))
        self._check_flow(claim, paid=60.0, open=20.0)

    def test_oa_23_exactly_is_no_denial(self):
        claim = self._get_second()
        self._remit(80.0, [(claim, 80.0, [(self.oa_23, 420.0)])])
        self.assertEqual(claim.state, "settled")
        self._check_flow(claim, paid=80.0)

    def test_a_denial_of_the_charge_leaves_open_what_is_asked(self):
        claim = self._get_second()
        answer = self._remit(0.0, [(claim, 0.0, [(self.co_50, 500.0)])])
        self.assertFalse(answer.entry_id)
        self.assertEqual((claim.state, claim.amount_open), ("denied", 80.0))
        self.assertConserved()

    def test_an_answer_to_what_is_asked_is_taken_as_it_is(self):
        """Typed from a paper that speaks of the 80 only."""
        claim = self._get_second()
        self._remit(60.0, [(claim, 60.0, [(self.co_45, 20.0)])])
        self._check_flow(claim, paid=60.0, adjusted=20.0)

    def test_more_than_the_charge_does_not_balance(self):
        claim = self._get_second()
        with self.assertRaisesRegex(UserError, "does not balance"), self.env.cr.savepoint():
            self._remit(60.0, [(claim, 60.0, [(self.oa_23, 420.0), (self.pr_2, 21.0)])])

    def test_the_answer_to_one_service_that_two_lines_ask_for_is_typed_on_both(self):
        """The primary left deductible 80 and coinsurance 30; B answers the service: OA-23 390, paid 60, PR-2 50."""
        claim = self._get_second(300.0, [(self.co_45, 90.0), (self.pr_1, 80.0), (self.pr_2, 30.0)])
        deductible, coinsurance = claim.invoice_id.invoice_line_ids
        self.assertEqual((deductible.price_total, coinsurance.price_total), (80.0, 30.0))
        answer = self._remit(60.0, post=False, payer_id=self.payer_b.id, line_ids=[
            Command.create({
                "claim_id": claim.id,
                "move_line_id": line.id,
                "amount_paid": paid,
                "adjustment_ids": [
                    Command.create({"reason_id": reason.id, "amount": amount}) for reason, amount in reasons
                ],
            })
            for line, paid, reasons in (
                (deductible, 60.0, [(self.oa_23, 390.0), (self.pr_2, 20.0)]),
                (coinsurance, 0.0, [(self.pr_2, 30.0)]),
            )
        ])
        self.assertTrue(answer.is_balanced)
        answer.action_post()
        self.assertItems(answer.entry_id, [
            (self.transfer_account, self.payer_b, 20.0, 0.0),
            (self.transfer_account, self.payer_b, 30.0, 0.0),
            (self._receivable(), self.payer_b, 0.0, 50.0),
        ])
        self.assertEqual((claim.state, self._bills_of(claim.invoice_id).amount_residual), ("settled", 50.0))
        self.assertConserved()

    def test_a_secondarys_answer_with_oa_23_is_taken_back_exactly(self):
        claim = self._get_second()
        answer = self._remit(60.0, [(claim, 60.0, [(self.oa_23, 420.0), (self.pr_2, 20.0)])])
        later = self._remit(
            10.0, [(claim, 70.0, [(self.oa_23, 420.0), (self.pr_2, 10.0)])], taken=answer.line_ids,
        )
        self.assertItems(later.entry_id, [
            (self.transfer_account, self.payer_b, 0.0, 20.0),
            (self._receivable(), self.payer_b, 20.0, 0.0),
            (self.transfer_account, self.payer_b, 10.0, 0.0),
            (self._receivable(), self.payer_b, 0.0, 10.0),
            (self._receivable(), self.payer_b, 60.0, 0.0),
            (self._receivable(), self.payer_b, 0.0, 60.0),
        ])
        self._check_flow(claim, paid=70.0, transferred=10.0)

    # === WHAT THE PRIMARY LEAVES === #

    def test_when_the_primary_leaves_nothing_nobody_is_asked(self):
        """PR 0, CO only: no claim to B, no bill."""
        invoice = self._bill()
        self._answer(invoice.claim_ids, 300.0, [(self.co_45, 200.0)])
        self.assertEqual(invoice.encounter_id.claim_ids, invoice.claim_ids)
        self.assertEqual((self._owed(self.payer_b), self._owed(self.patient)), (0.0, 0.0))
        self.assertConserved()

    def test_what_the_primary_does_not_cover_goes_to_the_secondary_whole_and_then_to_the_patient(self):
        claim = self._get_second(0.0, [(self.pr_96, 500.0)])
        self.assertEqual(claim.amount_charged, 500.0)
        self._remit(350.0, [(claim, 350.0, [(self.co_45, 100.0), (self.pr_2, 50.0)])])
        self.assertEqual((self._owed(self.payer_b), self._owed(self.patient)), (0.0, 50.0))
        self.assertConserved()

    def test_a_claim_that_the_payer_passed_on_itself_is_not_to_be_sent(self):
        """CLP02 19: processed as primary and forwarded. The claim to B is submitted already."""
        one, two = self._bill(), self._bill()
        answer = self._remit(600.0, [
            (move.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)]) for move in (one, two)
        ], post=False)
        answer.line_ids[0].is_forwarded = True
        answer.action_post()
        passed_on, to_send = ((move.encounter_id.claim_ids - move.claim_ids) for move in (one, two))
        self.assertEqual((passed_on.state, passed_on.date_sent), ("sent", answer.date))
        self.assertEqual((to_send.state, to_send.date_sent), ("ready", False))
        self.assertConserved()


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestGroups(RemittanceCase):
    """What each group of reasons does, and reasons with amounts below zero."""

    def _reason(self, key):
        return self.env.ref(f"billing_coordinator.reason_{key}")

    def test_a_reduction_of_the_government_is_taken_off(self):
        """CO-253 8 of 400: entry: Dr ALW 100, 8 / Cr AR[A] 108, each with its reason."""
        invoice = self._bill()
        answer = self._remit(392.0, [(invoice.claim_ids, 392.0, [(self.co_45, 100.0), (self._reason("co_253"), 8.0)])])
        reasons = {
            item.adjustment_reason_id: item.debit for item in answer.entry_id.line_ids if item.adjustment_reason_id
        }
        self.assertEqual(reasons, {self.co_45: 100.0, self._reason("co_253"): 8.0})
        self.assertEqual(invoice.claim_ids.state, "settled")
        self.assertConserved()

    def test_the_payers_own_decisions_are_held_for_review(self):
        for key in ("pi_16", "pi_45", "pi_50", "pi_97", "pi_151", "pi_204"):
            invoice = self._bill()
            answer = self._remit(400.0, [(invoice.claim_ids, 400.0, [(self._reason(key), 100.0)])])
            self.assertFalse(answer.entry_id, key)
            self.assertEqual((invoice.claim_ids.state, invoice.claim_ids.amount_open), ("denied", 100.0), key)
        self.assertConserved()

    def test_a_reason_below_zero_raises_what_is_paid(self):
        """CO-45 110, CO-253 −10, paid 400 of 500: entry: Dr ALW 110 / Cr ALW 10, AR[A] 100."""
        invoice = self._bill()
        answer = self._remit(400.0, [
            (invoice.claim_ids, 400.0, [(self.co_45, 110.0), (self._reason("co_253"), -10.0)]),
        ])
        less = answer.entry_id.line_ids.filtered(lambda item: item.adjustment_reason_id == self._reason("co_253"))
        self.assertEqual((less.debit, less.credit), (0.0, 10.0))
        self.assertItems(answer.entry_id, [
            (self.allowance_account, self.payer, 110.0, 0.0),
            (less.account_id, self.payer, 0.0, 10.0),
            (self._receivable(), self.payer, 0.0, 100.0),
        ])
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "paid": 400.0, "adjusted": 100.0})
        self.assertConserved()

    def test_more_is_paid_than_was_asked(self):
        """Interest-like: CO-45 −10, paid 510 of 500: payment 510 · entry: Dr AR[A] 10 / Cr ALW 10."""
        invoice = self._bill()
        answer = self._remit(510.0, [(invoice.claim_ids, 510.0, [(self.co_45, -10.0)])])
        self.assertItems(answer.entry_id, [
            (self.allowance_account, self.payer, 0.0, 10.0), (self._receivable(), self.payer, 10.0, 0.0),
        ])
        self.assertEqual((invoice.claim_ids.state, self._owed(self.payer)), ("settled", 0.0))
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "paid": 510.0, "adjusted": -10.0})
        self.assertConserved()
        answer._reverse(answer.date, "wrong")
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "open": 500.0})
        self.assertConserved()

    def test_a_patients_share_below_zero_lowers_what_the_patient_is_asked(self):
        """PR-1 100, PR-2 −20: entry: Dr TRF 100 / Cr TRF 20, AR[A] 80 · invoice P: Dr AR[P] 80 / Cr TRF 80."""
        invoice = self._bill()
        answer = self._remit(420.0, [(invoice.claim_ids, 420.0, [(self.pr_1, 100.0), (self.pr_2, -20.0)])])
        self.assertItems(answer.entry_id, [
            (self.transfer_account, self.payer, 100.0, 0.0),
            (self.transfer_account, self.payer, 0.0, 20.0),
            (self._receivable(), self.payer, 0.0, 80.0),
        ])
        self.assertItems(self._bills_of(invoice), [
            (self._receivable(), self.patient, 80.0, 0.0), (self.transfer_account, self.patient, 0.0, 80.0),
        ])
        self.assertConserved()

    def test_less_than_nothing_is_asked_of_nobody(self):
        invoice = self._bill()
        with self.assertRaisesRegex(UserError, "less than nothing"), self.env.cr.savepoint():
            self._remit(520.0, [(invoice.claim_ids, 520.0, [(self.pr_1, -20.0)])])
        self.assertEqual(self._flow(invoice), {"charge": 500.0, "open": 500.0})

    def test_a_denial_below_zero_is_refused(self):
        invoice = self._bill()
        with self.assertRaisesRegex(UserError, "CO-50.* is a denial below zero"), self.env.cr.savepoint():
            self._remit(510.0, [(invoice.claim_ids, 510.0, [(self.co_50, -10.0)])])

    def test_an_adjustment_of_nothing_is_no_adjustment(self):
        invoice = self._bill()
        with self.assertRaisesRegex(Exception, "adjustment"), self.env.cr.savepoint(), self.assertLogs("odoo.sql_db"):
            self._remit(500.0, [(invoice.claim_ids, 500.0, [(self.co_45, 0.0)])])
