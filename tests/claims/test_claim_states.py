from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase

UNANSWERED = {"draft", "ready", "sent", "acknowledged", "rejected"}
MOVES = {
    "draft": {"ready", "sent", "answered", "denied", "settled", "void"},
    "ready": {"draft", "sent", "answered", "denied", "settled", "void"},
    "sent": {"ready", "sent", "acknowledged", "rejected", "answered", "denied", "settled", "void"},
    "acknowledged": {"ready", "sent", "rejected", "answered", "denied", "settled", "void"},
    "rejected": {"draft", "ready", "sent", "acknowledged", "answered", "denied", "settled", "void"},
    "answered": {*UNANSWERED, "denied", "appealed", "settled", "void"},
    "denied": {*UNANSWERED, "answered", "appealed", "settled", "void", "denied"},
    "appealed": {*UNANSWERED, "answered", "denied", "settled", "void"},
    "settled": {*UNANSWERED, "answered", "denied", "appealed", "void"},
    "void": set(),
}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimStates(BillingCase):
    """The life of a claim through one gate, following findings, answers and money."""

    def _two_services(self):
        return self._bill(services=[self.service, (self.service, 200.0)]).claim_ids

    def _answer_first(self, claim, paid, adjustments=()):
        """The payer answers one of two services."""
        answer = self._prepare_answer(claim, paid, f"PART {claim.name} {paid}")
        answer.line_ids[1:].unlink()
        answer.line_ids.write({"amount_paid": paid, "adjustment_ids": [
            fields.Command.create({"reason_id": reason.id, "amount": amount}) for reason, amount in adjustments
        ]})
        answer.action_post()
        return answer

    def test_each_state_allows_these_moves_and_no_other(self):
        states = set(dict(self.env["billing.claim"]._fields["state"].selection))
        self.assertEqual(set(MOVES), states)
        for state, allowed in MOVES.items():
            for target in states:
                self.assertEqual(target in self.env["billing.claim"]._state_moves[state], target in allowed,
                                 f"{state} → {target}")

    def test_no_state_is_typed(self):
        claim = self._bill().claim_ids
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            claim.write({"state": "acknowledged"})

    def test_what_a_finding_stops_is_to_mend_and_becomes_ready_by_itself(self):
        invoice = self._bill()
        claim = invoice.claim_ids
        before = claim.accuracy_level
        self.assertEqual(claim.state, "ready")
        self.env["billing.accuracy.rule"].search([("key", "=", "npi_missing")]).severity = "stop"
        self.provider.npi = False
        claim.action_check_accuracy()
        self.assertEqual((claim.accuracy_level, claim.state), ("stop", "draft"))
        with self.assertRaisesRegex(UserError, "NPI"):
            claim.action_send()
        self.provider.npi = "1234567893"
        self.assertEqual((claim.accuracy_level, claim.state), (before, "ready"))
        self.assertTrue(claim.date_mended)

    def test_a_stop_that_a_manager_lets_pass_stops_no_more(self):
        claim = self._bill().claim_ids
        self.env["billing.accuracy.rule"].search([("key", "=", "npi_missing")]).severity = "stop"
        self.provider.npi = False
        claim.action_check_accuracy()
        self.assertEqual(claim.state, "draft")
        claim.finding_ids.filtered(lambda found: found.severity == "stop")._accept("The payer knows her")
        self.assertEqual(claim.state, "ready")

    def test_billed_with_a_stop_it_is_made_to_mend(self):
        encounter = self._create_encounter()
        encounter.action_ready()
        rule = self.env["billing.accuracy.rule"].search([("key", "=", "npi_missing")])
        rule.severity = "stop"
        self.provider.npi = False
        encounter._check_accuracy()
        encounter.finding_ids.filtered(lambda found: found.rule_id == rule)._accept("Bill it")
        claim = encounter._bill(fields.Date.to_date("2026-03-06")).claim_ids
        # What was accepted on the visit is accepted on its claim.
        self.assertEqual(claim.state, "ready")

    def test_an_answer_over_a_part_leaves_the_rest_waiting(self):
        claim = self._two_services()
        claim.action_send()
        answer = self._answer_first(claim, 500.0)
        self.assertEqual((claim.state, claim.amount_open, str(claim.date_answered)), ("answered", 200.0, "2026-03-10"))
        self.assertEqual(answer.line_ids.submission_id, claim.last_submission_id)
        answer._reverse(fields.Date.to_date("2026-03-12"), "Wrong claim")
        self.assertEqual((claim.state, claim.amount_open, claim.date_answered), ("sent", 700.0, False))
        self.assertConserved()

    def test_an_answer_taken_back_leaves_an_acknowledged_claim_acknowledged(self):
        claim = self._two_services()
        claim.action_send()
        claim._acknowledge("Received")
        for adjustments, state in (((), "answered"), ([(self.co_50, 500.0)], "denied")):
            answer = self._answer_first(claim, 0.0 if adjustments else 500.0, adjustments)
            self.assertEqual(claim.state, state)
            answer._reverse(fields.Date.to_date("2026-03-12"), "Wrong")
            self.assertEqual(claim.state, "acknowledged")

    def test_a_whole_answer_taken_back_leaves_the_denial_that_stood_before(self):
        claim = self._two_services()
        claim.action_send()
        self._answer_first(claim, 0.0, [(self.co_50, 500.0)])
        rest = self._prepare_answer(claim, 700.0, "ALL")
        for line in rest.line_ids:
            line.amount_paid = line.amount_asked
        rest.action_post()
        self.assertEqual(claim.state, "settled")
        rest._reverse(fields.Date.to_date("2026-03-12"), "Bounced")
        self.assertEqual(claim.state, "denied")
        self.assertConserved()

    def test_what_was_denied_before_it_was_sent_again_does_not_count_any_more(self):
        claim = self._bill().claim_ids
        claim.action_send()
        self._answer(claim, 0.0, [(self.co_50, 500.0)])
        claim.payer_control_number = "ICN 1"
        claim.action_send()
        paid = self._answer(claim, 500.0)
        self.assertEqual(claim.state, "settled")
        paid._reverse(fields.Date.to_date("2026-03-12"), "Bounced")
        self.assertEqual(claim.state, "sent")

    def test_a_write_off_taken_back_leaves_the_claim_denied_as_it_was(self):
        claim = self._bill().claim_ids
        claim.action_send()
        self._answer(claim, 420.0, [(self.co_50, 80.0)])
        decision = self.env["billing.adjustment"].create({
            "move_id": claim.invoice_id.id, "reason_id": self.small_balance.id, "amount": 80.0,
        })
        decision._post_decision()
        self.assertEqual(claim.state, "settled")
        decision.action_reverse()
        self.assertEqual((claim.state, claim.amount_open), ("denied", 80.0))
        self.assertConserved()

    def test_a_claim_to_send_again_is_not_moved_by_an_old_denial(self):
        claim = self._bill().claim_ids
        claim.action_send()
        self._answer(claim, 0.0, [(self.co_50, 500.0)])
        claim._correct("Other code", original_reference="ICN 1")
        claim._follow_ledger()
        self.assertEqual(claim.state, "ready")

    def test_a_disputed_answer_and_the_account_page_know_every_state(self):
        claim = self._bill().claim_ids
        for state, words in (
            ("ready", f"Send {claim.name} to Blue Insurance."),
            ("sent", f"Wait for Blue Insurance to answer {claim.name}."),
            ("rejected", f"Mend {claim.name}, so that it can go to Blue Insurance."),
            ("acknowledged", f"Wait for Blue Insurance to answer {claim.name}."),
        ):
            if state != claim.state:
                claim._set_state(state)
            self.patient.invalidate_recordset()
            self.assertEqual(self.patient.billing_next_step, words)

    def test_every_claim_still_on_the_desk_is_not_sent_in_the_report(self):
        claim = self._bill().claim_ids
        rows = self.env["billing.unfilled.item"]
        for state in ("ready", "draft", "ready", "sent", "rejected", "acknowledged"):
            if state != claim.state:
                claim._set_state(state)
            self.env.flush_all()
            self.env.invalidate_all()
            found = rows.search([("name", "=", claim.name)])
            self.assertEqual(bool(found), state in ("draft", "ready", "rejected"), state)
