from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DenialCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSeams(DenialCase):
    """Denials and appeals whose answer is taken back, whose money comes past billing and goes again."""

    def _send_appeal(self, denial):
        appeal = self._appeal(denial)
        appeal.action_send()
        self.assertEqual((denial.state, denial.claim_id.state), ("appealed", "appealed"))
        return appeal

    def test_an_appealed_claim_whose_refusal_is_taken_back_waits_for_its_answer(self):
        denial = self._deny()
        appeal = self._send_appeal(denial)
        answer = denial.remittance_line_id.remittance_id
        answer._reverse(answer.date, "typed wrongly")
        self.assertEqual((denial.state, appeal.state), ("withdrawn", "withdrawn"))
        self.assertEqual((denial.claim_id.state, denial.claim_id.amount_open), ("sent", 500.0))
        self.assertConserved()

    def test_an_appealed_claim_whose_refusal_the_payer_takes_back_waits_for_its_answer(self):
        denial, other = self._deny(), self._bill().claim_ids
        claim, appeal = denial.claim_id, self._send_appeal(denial)
        self.env["billing.remittance"].create({
            "payer_id": self.payer.id, "reference": "LATER", "date": "2026-03-12", "amount": 300.0,
            "line_ids": [
                (0, 0, denial.remittance_line_id._prepare_reversal_vals()),
                (0, 0, {
                    "claim_id": other.id, "move_line_id": other.invoice_id.invoice_line_ids.id, "amount_paid": 300.0,
                    "adjustment_ids": [(0, 0, {"reason_id": self.co_45.id, "amount": 200.0})],
                }),
            ],
        }).action_post()
        self.assertEqual((denial.state, appeal.state), ("withdrawn", "withdrawn"))
        self.assertEqual((claim.state, other.state), ("sent", "settled"))
        self.assertConserved()

    def test_money_past_billing_that_goes_again_leaves_the_denial_to_decide(self):
        denial = self._deny()
        appeal = self._send_appeal(denial)
        payment = self._pay(denial.claim_id.invoice_id, 500.0)
        self.assertEqual((denial.state, appeal.state, denial.claim_id.state), ("overturned", "answered", "settled"))
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual((denial.state, denial.claim_id.state, denial.amount_open), ("working", "denied", 500.0))
        self.assertConserved()

    def test_a_write_off_while_appealed_and_taken_back_leaves_the_denial_to_decide(self):
        denial = self._deny()
        appeal = self._send_appeal(denial)
        decision = denial._decide(self.give_up)
        self.assertEqual((denial.state, appeal.state, denial.claim_id.state), ("written_off", "answered", "settled"))
        decision.action_reverse()
        self.assertEqual((denial.state, denial.claim_id.state), ("working", "denied"))
        self.assertConserved()
