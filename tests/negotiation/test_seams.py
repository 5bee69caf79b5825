from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import NegotiationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSeams(NegotiationCase):
    """Agreements about bills that are taken back, answered, refused or appealed meanwhile."""

    def _follow(self, negotiation):
        negotiation.invalidate_recordset()
        negotiation._follow()

    def test_an_agreement_about_a_claim_that_is_taken_back_is_nobodys_any_more(self):
        negotiation = self._agree()
        self.claim.action_void()
        self._follow(negotiation)
        self.assertEqual((negotiation.state, negotiation.agreed_offer_id.state), ("failed", "past"))
        self.assertFalse(negotiation.adjustment_ids)
        self.assertConserved()

    def test_an_agreement_is_not_kept_by_writing_the_bill_off(self):
        negotiation = self._agree()
        self.env["billing.adjustment"].create({
            "move_id": self.bill.id, "reason_id": self.small_balance.id, "amount": 500.0, "date": "2026-03-15",
        }).action_approve()
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "failed")
        self.assertConserved()

    def test_kept_and_its_answer_taken_back_everything_is_owed_again(self):
        negotiation = self._agree()
        answer = self._answer(self.claim, 400.0, [(self.co_50, 100.0)])
        self._follow(negotiation)
        self.assertEqual((negotiation.state, self.claim.state), ("kept", "settled"))
        answer._reverse(answer.date, "bounced")
        self._follow(negotiation)
        self.assertEqual((negotiation.state, negotiation.adjustment_ids.state), ("broken", "reversed"))
        self.assertEqual((self.claim.state, self.claim.amount_open, self._owed(self.payer)), ("ready", 500.0, 500.0))
        self.assertConserved()

    def test_a_bill_credited_in_part_is_settled_by_what_was_agreed_and_the_rest_taken_off(self):
        negotiation = self._agree()
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.bill.ids,
        ).create({"date": "2026-03-15", "journal_id": self.bill.journal_id.id, "reason": "less"})
        note = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
        note.invoice_line_ids.price_unit = 50.0
        note.action_post()
        self._follow(negotiation)
        self.assertEqual(negotiation.state, "agreed")
        self._pay(self.bill, 400.0)
        self._follow(negotiation)
        self.assertEqual((negotiation.state, negotiation.adjustment_ids.amount), ("kept", 50.0))
        self.assertConserved()

    def test_the_second_payers_bill_goes_when_the_first_takes_its_answer_back(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        claim = self._bill().claim_ids
        answer = self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        second = claim.encounter_id.claim_ids - claim
        negotiation = self._agree(50.0, second.invoice_id)
        self._pay(second.invoice_id, 50.0)
        self._follow(negotiation)
        self.assertEqual((negotiation.state, second.state), ("kept", "settled"))
        answer._reverse(negotiation.adjustment_ids.date, "typed wrongly")
        self._follow(negotiation)
        # It was paid as agreed; the money is the payer's credit now.
        self.assertEqual((negotiation.state, negotiation.adjustment_ids.state), ("kept", "reversed"))
        self.assertEqual((claim.state, second.state, self._owed(self.payer_b)), ("ready", "void", -50.0))
        self.assertConserved()

    def test_what_an_agreement_takes_off_ends_denial_and_appeal(self):
        self._answer(self.claim, 0.0, [(self.co_50, 500.0)])
        denial = self.claim.denial_ids
        appeal = denial._appeal()
        appeal.channel = "registered"
        appeal.action_send()
        negotiation = self._agree(400.0)
        self._answer(self.claim, 400.0, [(self.co_50, 100.0)], date="2026-03-15")
        self._follow(negotiation)
        self.assertEqual((negotiation.state, self.claim.state, appeal.state), ("kept", "settled", "answered"))
        self.assertEqual(self.claim.denial_ids.sorted("id").mapped("state"), ["overturned", "written_off"])
        self.assertConserved()
