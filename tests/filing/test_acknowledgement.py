from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import FilingCase, make_277, make_999, make_ta1


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAcknowledgement(FilingCase):
    """What receivers say of our files moves batches and claims, once, and never backwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims = cls._claims(2)
        cls.batch = cls._send(cls.claims)
        cls.batch.action_hand_over()

    # === FILES === #

    def test_a_file_that_could_be_read_acknowledges_the_batch_and_no_claim_yet(self):
        acknowledgement, is_new = self._read(make_999(self.batch))
        self.assertTrue(is_new)
        self.assertEqual((acknowledgement.state, acknowledgement.kinds), ("done", "999"))
        line = acknowledgement.line_ids
        self.assertEqual(
            (line.batch_id, line.verdict, line.outcome, line.text),
            (self.batch, "accepted", "moved", "File accepted (A)."),
        )
        self.assertEqual(self.batch.state, "acknowledged")
        self.assertEqual(self.claims.mapped("state"), ["sent", "sent"])

    def test_a_file_that_was_rejected_sends_all_its_claims_back_with_segment_and_element(self):
        errors = f"IK3*CLM*24*2300*8~CTX*CLM01:{self.claims[0].name}~IK4*5:2*1331*7*ZZ"
        acknowledgement, _new = self._read(make_999(self.batch, "R", errors))
        text = (
            "File rejected (R).\n"
            f"Segment 24, CLM in loop 2300 (CLM01:{self.claims[0].name}), element CLM05-2: the code is not valid (7), "
            "“ZZ”."
        )
        self.assertEqual(acknowledgement.line_ids.text, text)
        self.assertEqual((self.batch.state, self.batch.rejected_count), ("rejected", 2))
        self.assertEqual(self.claims.mapped("state"), ["rejected", "rejected"])
        self.assertEqual(self.claims[0].last_answer_text, text)
        self.assertEqual(self._send(self.claims).claim_count, 2, "mended, they go again")

    def test_an_envelope_that_arrived_changes_nothing_and_one_that_did_not_everything(self):
        self._read(make_ta1(self.batch))
        self.assertEqual(self.batch.state, "handed")
        acknowledgement, _new = self._read(make_ta1(self.batch, "R", "006", "000000950"))
        self.assertEqual(
            acknowledgement.line_ids.text, "Envelope rejected (R): the sender is not known (ISA06) (006).",
        )
        self.assertEqual(self.batch.state, "rejected")
        self.assertEqual(self.claims.mapped("state"), ["rejected", "rejected"])

    # === CLAIMS === #

    def test_each_claim_follows_what_is_said_of_it(self):
        good, bad = self.claims
        acknowledgement, _new = self._read(make_277(
            [(good.name, "A2:20", "ICN-1"), (bad.name, "A7:562:85", "")], self.batch,
        ))
        self.assertEqual((good.state, good.payer_control_number), ("acknowledged", "ICN-1"))
        self.assertEqual(good.last_answer_text, "Accepted for processing (A2): accepted for processing (20).")
        self.assertEqual(bad.state, "rejected")
        self.assertEqual(
            bad.last_answer_text,
            "Billing provider: rejected: information is invalid (A7): NPI (562).",
        )
        self.assertEqual(self.batch.state, "partial")
        self.assertEqual(
            (self.batch.acknowledged_count, self.batch.rejected_count, acknowledgement.state), (1, 1, "done"),
        )
        self.assertEqual(self.batch.action_view_rejected()["res_id"], bad.id)
        self.assertEqual(acknowledgement.action_view_rejected()["res_id"], bad.id)

    def test_all_accepted_acknowledges_the_batch(self):
        self._read(make_277([(claim.name, "A2:20", "") for claim in self.claims], self.batch))
        self.assertEqual(self.batch.state, "acknowledged")

    def test_a_claim_that_the_payer_sends_back_after_the_clearinghouse_took_it(self):
        claim = self.claims[0]
        self._read(make_277([(claim.name, "A1:19", "")], self.batch))
        self.assertEqual(claim.state, "acknowledged")
        self._read(make_277([(claim.name, "A3:97", "")], self.batch, "000000960"))
        self.assertEqual((claim.state, self.batch.state), ("rejected", "partial"))

    # === ONCE === #

    def test_the_same_file_a_second_time_changes_nothing_and_says_so(self):
        content = make_277([(self.claims[0].name, "A7:562:85", "")], self.batch)
        first, _new = self._read(content)
        self.claims[0].action_send()
        again, is_new = self._read(content, "another name.txt")
        self.assertEqual((again, is_new), (first, False))
        self.assertEqual(self.claims[0].state, "sent")
        attachment = self.env["ir.attachment"].create({"name": "b.txt", "raw": content})
        wizard = self.env["billing.acknowledgement.import"].create({"file_ids": [(6, 0, attachment.ids)]})
        action = wizard.action_read()
        self.assertEqual(
            action["params"]["message"], f"“b.txt” has been read already, as {first.name}: nothing was changed.",
        )
        self.assertEqual(action["params"]["next"]["res_id"], first.id)

    def test_the_same_answers_in_another_file_change_nothing(self):
        first, _new = self._read(make_277([(self.claims[0].name, "A2:20", "")], self.batch))
        content = make_277([(self.claims[0].name, "A2:20", "")], self.batch).replace(b"~", b"~\n")
        self.assertEqual(self._read(content), (first, False))
        more = make_277([(self.claims[0].name, "A2:20", ""), (self.claims[1].name, "A2:20", "")], self.batch)
        second, is_new = self._read(more)
        self.assertTrue(is_new)
        self.assertEqual(second.line_ids.claim_id, self.claims[1], "what was read before is left out")

    # === NEVER BACKWARDS === #

    def test_an_answer_that_comes_late_is_noted_only(self):
        claim = self.claims[0]
        self._answer(claim, 500.0)
        acknowledgement, _new = self._read(make_277([(claim.name, "A7:562:85", "")], self.batch))
        self.assertEqual(claim.state, "settled")
        line = acknowledgement.line_ids
        self.assertEqual(
            (line.outcome, line.note), ("noted", f"{claim.name} was “Closed” when this was read, and stays so."),
        )
        self.assertConserved()

    def test_what_is_said_of_an_earlier_sending_does_not_touch_a_later_one(self):
        claim = self.claims[0]
        self._read(make_277([(claim.name, "A7:562:85", "")], self.batch))
        later = self._send(claim)
        later.action_hand_over()
        acknowledgement, _new = self._read(make_277([(claim.name, "A3:33", "")], self.batch, "000000970"))
        self.assertEqual((claim.state, acknowledgement.line_ids.outcome), ("sent", "noted"))
        self.assertEqual(acknowledgement.line_ids.batch_id, self.batch)
        self._read(make_277([(claim.name, "A2:20", "ICN-9")], later, "000000971"))
        self.assertEqual((claim.state, claim.payer_control_number), ("acknowledged", "ICN-9"))

    def test_an_acceptance_after_a_rejection_is_noted(self):
        self._read(make_999(self.batch, "R"))
        acknowledgement, _new = self._read(make_999(self.batch, "A", interchange="000000980"))
        self.assertEqual((self.batch.state, self.claims[0].state), ("rejected", "rejected"))
        self.assertEqual(acknowledgement.line_ids.note, f"{self.batch.name} has been answered before.")

    def test_a_rejected_file_leaves_claims_alone_that_went_on(self):
        self._answer(self.claims[0], 500.0)
        acknowledgement, _new = self._read(make_999(self.batch, "R"))
        self.assertEqual(self.claims.mapped("state"), ["settled", "rejected"])
        self.assertEqual(
            acknowledgement.line_ids.note,
            f"These claims went on meanwhile and keep their state: {self.claims[0].name}.",
        )
        self.assertEqual(self.batch.state, "partial")

    def test_a_test_is_answered_and_moves_no_claim(self):
        self.route.usage = "T"
        claim = self._claim()
        batch = self._send(claim)
        batch.action_hand_over()
        self._read(make_277([(claim.name, "A7:562:85", "")], batch))
        self.assertEqual((batch.state, claim.state), ("rejected", "ready"))

    def test_a_cancellation_that_is_refused_is_still_to_be_made(self):
        claim = self.claims[0]
        self._read(make_277([(claim.name, "A2:20", "ICN-1")], self.batch))
        claim.action_void()
        batch = self._send(claim)
        batch.action_hand_over()
        self.assertFalse(claim.cancellation_due)
        self._read(make_277([(claim.name, "A3:35", "")], batch, "000000990"))
        self.assertEqual((claim.state, claim.cancellation_due), ("void", True))

    def test_a_void_claim_that_was_sent_back_unread_needs_no_cancelling(self):
        claim = self.claims[0]
        claim.action_void()
        self._read(make_277([(claim.name, "A3:35", "")], self.batch))
        self.assertEqual((claim.state, claim.cancellation_due), ("void", False))
        self.assertEqual(claim.last_submission_id.state, "rejected")

    def test_a_void_claim_that_the_payer_takes_after_all_is_to_be_cancelled(self):
        claim = self.claims[0]
        claim.action_void()
        self.assertFalse(claim.cancellation_due)
        self._read(make_277([(claim.name, "A2:20", "ICN-1")], self.batch))
        self.assertEqual(
            (claim.state, claim.cancellation_due, claim.payer_control_number), ("void", True, "ICN-1"),
        )
        self._send(claim).action_hand_over()
        self.assertEqual((claim.last_submission_id.frequency, claim.cancellation_due), ("8", False))

    def test_what_was_billed_instead_replaces_the_claim_that_the_payer_took_after_all(self):
        claim = self.claims[0]
        claim.action_void()
        claim.encounter_id._bill(claim.encounter_id.date)
        instead = claim.replaced_by_ids
        self.assertEqual((instead.state, instead.frequency), ("ready", "1"))
        self._read(make_277([(claim.name, "A2:20", "ICN-1")], self.batch))
        self.assertFalse(claim.cancellation_due)
        self.assertEqual((instead.frequency, instead.original_reference), ("7", "ICN-1"))

    # === WHAT FITS NOTHING === #

    def test_it_never_belongs_to_a_claim_of_another_company(self):
        acknowledgement, _new = self._read(make_277([("XY-1", "A2:20", "ICN-5")]))
        other = self.env["res.company"].create({"name": "Other Practice"})
        acknowledgement.line_ids.sudo().company_id = other
        with self.assertRaisesRegex(UserError, "and “XY-1” was said to Other Practice: it is another claim"):
            acknowledgement.line_ids._match_by_hand(self.claims[0])
        self.assertNotEqual(self.claims[0].state, "acknowledged")

    def test_what_fits_nothing_waits_until_somebody_says_to_what_it_belongs(self):
        acknowledgement, _new = self._read(make_277([("XY-1", "A2:20", "ICN-5"), ("XY-2", "A2:20", "")]))
        self.assertEqual((acknowledgement.state, acknowledgement.waiting_count), ("waiting", 2))
        mine, foreign = acknowledgement.line_ids.sorted("id")
        match = self.env["billing.acknowledgement.match"]
        wizard = match.create({"line_id": mine.id})
        with self.assertRaisesRegex(UserError, "Choose the claim to which it belongs"):
            wizard.action_match()
        wizard.claim_id = self.claims[0]
        wizard.action_match()
        self.assertEqual((self.claims[0].state, self.claims[0].payer_control_number), ("acknowledged", "ICN-5"))
        self.assertEqual((mine.outcome, mine.batch_id, acknowledgement.state), ("moved", self.batch, "waiting"))
        with self.assertRaisesRegex(UserError, "is dealt with already"):
            wizard.action_match()
        wizard = match.create({"line_id": foreign.id})
        with self.assertRaisesRegex(UserError, "Say why it is set aside"):
            wizard.action_set_aside()
        wizard.reason = "A claim of the former system"
        wizard.action_set_aside()
        self.assertEqual(
            (foreign.outcome, foreign.note, acknowledgement.state), ("left", "A claim of the former system", "done"),
        )

    def test_an_answer_to_a_number_that_was_never_ours(self):
        acknowledgement, _new = self._read(make_999(type("Foreign", (), {
            "group_number": "77777777", "set_number": "0001",
        })))
        self.assertEqual(acknowledgement.line_ids.outcome, "unmatched")
        self.assertEqual(self.batch.state, "handed")

    # === BAD FILES === #

    def test_what_is_no_such_file_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "“answer.txt” was not read. The file is empty."):
            self._read(b"")
        with self.assertRaisesRegex(UserError, "“answer.txt” was not read. The file does not begin with an"):
            self._read(b"Dear Sir or Madam")
        with self.assertRaisesRegex(UserError, "holds no TA1, 999, 997 or 277CA"):
            self._read(self.batch.file_id.raw)
        self.assertFalse(self.env["billing.acknowledgement"].search([]))

    def test_a_file_that_breaks_off_says_what_it_said_and_that_it_broke_off(self):
        content = make_277([(claim.name, "A2:20", "") for claim in self.claims], self.batch)
        acknowledgement, _new = self._read(content[:content.index(b"SE*")])
        self.assertEqual(self.claims.mapped("state"), ["acknowledged", "sent"], "nobody knows what else was said of it")
        self.assertIn("is cut off", acknowledgement.warnings)

    # === WHO === #

    def test_another_company_reads_the_file_as_none_of_its_own(self):
        other = self.env["res.company"].create({"name": "Other Practice"})
        otto = new_test_user(self.env, login="otto-a", groups="billing_coordinator.group_coordinator",
                             company_id=other.id, company_ids=[(6, 0, other.ids)])
        reader = self.env["billing.acknowledgement"].with_user(otto).with_company(other)
        acknowledgement, is_new = reader._read_file(
            make_277([(self.claims[0].name, "A7:562:85", "")], self.batch), "a.txt",
        )
        self.assertTrue(is_new)
        self.assertEqual((acknowledgement.line_ids.outcome, self.claims[0].state), ("unmatched", "sent"))

    def test_a_coordinator_reads_files(self):
        cora = new_test_user(self.env, login="cora-a", groups="billing_coordinator.group_coordinator",
                             company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        reader = self.env["billing.acknowledgement"].with_user(cora).with_company(self.company)
        acknowledgement, _new = reader._read_file(make_999(self.batch, "R"), "a.txt")
        self.assertEqual(acknowledgement.create_uid, cora)
        self.assertEqual(self.claims.mapped("state"), ["rejected", "rejected"])
        with self.assertRaisesRegex(UserError, "Acknowledgements are made by reading files"):
            acknowledgement.create({"company_id": self.company.id})
