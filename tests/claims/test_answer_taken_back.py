from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_UNANSWERED, get_unanswered_state

from ..common import TODAY, BillingCase

DAY = fields.Date.to_date("2026-03-12")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAnswerTakenBack(BillingCase):
    """An answer that is taken back puts the claim where the answer found it."""

    def _take_back(self, claim, paid=0.0, adjustments=()):
        answer = self._answer(claim, paid, adjustments)
        before = claim.state
        answer._reverse(DAY, "Wrong claim")
        return before, claim.state

    def test_what_was_never_sent_is_to_be_sent_again_after_each_kind_of_answer(self):
        claim = self._bill().claim_ids
        for paid, adjustments, answered in (
            (500.0, (), "settled"), (0.0, [(self.co_50, 500.0)], "denied"), (420.0, [(self.co_50, 80.0)], "denied"),
        ):
            self.assertEqual(self._take_back(claim, paid, adjustments), (answered, "ready"))
            self.assertFalse(claim.date_sent)
        self.assertConserved()

    def test_what_was_to_mend_is_to_mend_again_while_something_stops_it(self):
        claim = self._bill().claim_ids
        self.env["billing.accuracy.rule"].search([("key", "=", "npi_missing")]).severity = "stop"
        self.provider.npi = False
        claim.action_check_accuracy()
        self.assertEqual(claim.state, "draft")
        self.assertEqual(self._take_back(claim, 500.0), ("settled", "draft"))
        answer = self._answer(claim, 500.0)
        self.provider.npi = "1234567893"
        answer._reverse(DAY, "Wrong claim")
        self.env.flush_all()
        # Mended meanwhile: it is to be sent.
        self.assertEqual(claim.state, "ready")

    def test_what_was_sent_back_unread_is_rejected_again(self):
        claim = self._bill().claim_ids
        claim.action_send()
        claim._reject("Subscriber not found")
        self.assertEqual(self._take_back(claim, 500.0), ("settled", "rejected"))

    def test_what_was_corrected_and_not_sent_again_waits_to_be_sent(self):
        claim = self._bill().claim_ids
        claim.action_send()
        self._answer(claim, 0.0, [(self.co_50, 500.0)])
        claim._correct("Other code", original_reference="ICN 1")
        self.assertEqual(self._take_back(claim, 500.0)[1], "denied", "the first answer stands still")
        other = self._bill().claim_ids
        other.action_send()
        other._acknowledge("Received")
        other._correct("Other code", original_reference="ICN 2")
        self.assertEqual(self._take_back(other, 500.0), ("settled", "ready"))

    def test_what_arrived_while_the_answer_stood_is_acknowledged(self):
        claim = self._bill().claim_ids
        claim.action_send()
        answer = self._answer(claim, 500.0)
        claim._acknowledge("Received")
        self.assertEqual(claim.state, "settled")
        answer._reverse(DAY, "Wrong claim")
        self.assertEqual(claim.state, "acknowledged")

    def test_the_payer_takes_back_what_was_never_sent_through_here(self):
        claim = self._bill().claim_ids
        answer = self._answer(claim, 0.0, [(self.co_50, 500.0)])
        self.assertEqual(claim.state, "denied")
        back = self.env["billing.remittance"].create({
            "payer_id": self.payer.id, "date": "2026-03-14", "reference": "BACK", "amount": 0.0,
            "line_ids": [fields.Command.create({"reversed_line_id": answer.line_ids.id})],
        })
        back.action_post()
        self.assertEqual((claim.state, claim.amount_open), ("ready", 500.0))
        self.assertConserved()

    def test_the_decision_names_a_state_without_an_answer_for_every_past(self):
        for before, sending, state in (
            (None, None, "ready"), (None, "sent", "sent"), (None, "acknowledged", "acknowledged"),
            ("draft", None, "draft"), ("ready", None, "ready"), ("ready", "acknowledged", "ready"),
            ("sent", None, "sent"), ("sent", "sent", "sent"), ("sent", "acknowledged", "acknowledged"),
            ("sent", "rejected", "rejected"), ("rejected", "rejected", "rejected"),
            ("rejected", "acknowledged", "acknowledged"), ("acknowledged", None, "acknowledged"),
        ):
            self.assertEqual(get_unanswered_state(before, sending), state, (before, sending))
            self.assertIn(state, CLAIM_UNANSWERED)

    def test_what_is_closed_is_neither_sent_nor_corrected(self):
        claim = self._bill().claim_ids
        claim.action_send()
        self._answer(claim, 500.0)
        with self.assertRaisesRegex(UserError, "is “Closed” and is not sent any more"):
            claim.action_send()
        with self.assertRaisesRegex(UserError, "is “Closed” and is not sent again"):
            claim.action_correct()
        with self.assertRaisesRegex(UserError, "is “Closed” and is not sent again"):
            claim._correct("Other code")
