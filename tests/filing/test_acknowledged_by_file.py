from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import FilingCase, envelope, make_277, make_999, make_ta1


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAcknowledgedByFile(FilingCase):
    """Of payers that never answer claim by claim, the accepted file is all that is ever said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route.acknowledged_by = "file"
        cls.claims = cls._claims(2)
        cls.batch = cls._send(cls.claims)
        cls.batch.action_hand_over()
        cls.text = f"Clearing House accepted the file, {cls.batch.interchange_number}: File accepted (A)."

    def test_unless_it_is_chosen_a_claim_waits_for_the_payer_itself(self):
        self.assertEqual(self._create_route("Another").acknowledged_by, "claim")

    def test_an_accepted_file_acknowledges_its_claims_and_the_history_says_so(self):
        acknowledgement, _new = self._read(make_999(self.batch))
        self.assertEqual((acknowledgement.state, acknowledgement.line_ids.outcome), ("done", "moved"))
        self.assertEqual((self.batch.state, self.batch.acknowledged_count), ("acknowledged", 2))
        for claim in self.claims:
            self.assertEqual((claim.state, claim.last_answer_text), ("acknowledged", self.text))
            self.assertEqual(claim.last_submission_id.state, "acknowledged")
            self.assertIn(f"Acknowledged: {self.text}", claim.event_ids.mapped("words"))

    def test_accepted_with_errors_is_accepted(self):
        self._read(make_999(self.batch, "E", "IK3*CLM*24*2300*8~IK4*5:2*1331*7*ZZ"))
        self.assertEqual(self.claims.mapped("state"), ["acknowledged", "acknowledged"])
        self.assertTrue(self.claims[0].last_answer_text.startswith(
            f"Clearing House accepted the file, {self.batch.interchange_number}: File accepted with errors (E)",
        ), self.claims[0].last_answer_text)

    def test_of_a_group_accepted_in_part_only_the_accepted_sets(self):
        other = self._send(self._claims(2)[1:] | self._claim())
        other.action_hand_over()
        for batch, result in ((self.batch, "A"), (other, "R")):
            self._read(envelope("FA", "005010X231A1", [
                "ST*999*0001*005010X231A1", f"AK1*HC*{batch.group_number}*005010X222A1",
                f"AK2*837*{batch.set_number}*005010X222A1", f"IK5*{result}", "AK9*P*2*2*1",
            ], f"00000095{batch.id % 10}"))
        self.assertEqual(set(self.claims.mapped("state")), {"acknowledged"})
        self.assertEqual(set(other.line_ids.claim_id.mapped("state")), {"rejected"})

    def test_a_group_accepted_in_part_without_its_sets_says_nothing_of_any_claim(self):
        self._read(envelope("FA", "005010X231A1", [
            "ST*999*0001*005010X231A1", f"AK1*HC*{self.batch.group_number}*005010X222A1", "AK9*P*2*2*1",
        ], "000000961"))
        self.assertEqual((self.batch.state, *self.claims.mapped("state")), ("handed", "sent", "sent"))

    def test_an_envelope_that_arrived_is_no_accepted_file(self):
        self._read(make_ta1(self.batch))
        self.assertEqual((self.batch.state, *self.claims.mapped("state")), ("handed", "sent", "sent"))

    def test_a_claim_that_the_payer_rejects_later_comes_back(self):
        good, bad = self.claims
        self._read(make_999(self.batch))
        acknowledgement, _new = self._read(make_277([
            (good.name, "A2:20", "ICN-1"), (bad.name, "A7:562:85", ""),
        ], self.batch))
        self.assertEqual(set(acknowledgement.line_ids.mapped("outcome")), {"moved"})
        self.assertEqual((good.state, good.payer_control_number), ("acknowledged", "ICN-1"))
        self.assertEqual(good.last_answer_text, "Accepted for processing (A2): accepted for processing (20).")
        self.assertEqual((bad.state, self.batch.state), ("rejected", "partial"))
        self.assertEqual((self.batch.acknowledged_count, self.batch.rejected_count), (1, 1))

    def test_what_was_decided_or_sent_again_meanwhile_stays(self):
        answered, again = self.claims
        self._answer(answered, 500.0)
        again._correct("Wrong number")
        again.action_send()
        self._read(make_999(self.batch))
        self.assertEqual((answered.state, again.state), ("settled", "sent"))
        self.assertEqual((self.batch.state, self.batch.acknowledged_count), ("acknowledged", 0))

    def test_a_test_file_moves_no_claim(self):
        self.route.usage = "T"
        claim = self._claim()
        batch = self._send(claim)
        batch.action_hand_over()
        self._read(make_999(batch, interchange="000000970"))
        self.assertEqual((claim.state, batch.line_ids.state), ("ready", "acknowledged"))
        self.assertFalse(claim.submission_ids)

    def test_the_queries_do_not_grow_with_the_claims(self):
        def count(batch, interchange):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read(make_999(batch, interchange=interchange))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        many = self._send(self._claims(10))
        many.action_hand_over()
        count(self.batch, "000000980")
        more = self._send(self._claim())
        more.action_hand_over()
        self.assertLess(count(many, "000000982") - count(more, "000000981"), 60)
