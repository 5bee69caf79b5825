from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .file_common import RemittanceFileCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestForwarding(RemittanceFileCase):
    """What the payer before has sent on is with the next payer, whatever the office still has against it."""

    def setUp(self):
        super().setUp()
        self._create_coverage(self.patient, self.plan_b, rank="2")

    def _stop(self):
        self.env["billing.accuracy.rule"].search([("key", "=", "npi_missing")]).severity = "stop"
        self.provider.npi = False

    def _second(self, claim):
        return claim.encounter_id.claim_ids - claim

    def _forward(self, claim):
        return self._take(self._file(self._clp(claim, status="19", crossover="GOLD INSURANCE")))

    def test_a_claim_that_a_finding_stops_is_sent_all_the_same(self):
        claim = self._create_claim()
        self._stop()
        file = self._forward(claim)
        self.assertEqual(self._became(file), ([("posted", "")], [("posted", "")]))
        second, remittance = self._second(claim), file.transaction_ids.remittance_id
        self.assertEqual((second.accuracy_level, second.state), ("stop", "sent"))
        sending = second.submission_ids
        self.assertEqual(
            (sending.channel, sending.reference, str(sending.day), sending.note),
            ("payer", "TRACE-1", "2026-03-10", f"Passed on by Blue Insurance with {remittance.display_name}"),
        )
        self.assertEqual((second.is_forwarded, second.forwarded_by_id), (True, file.item_ids))
        self.assertIn(
            f"Submitted: By the payer before · TRACE-1 · Passed on by Blue Insurance with {remittance.display_name}",
            second.event_ids.mapped("words"),
        )
        # Mended later, it is not offered for sending.
        self.provider.npi = "1234567893"
        second.action_check_accuracy()
        self.assertEqual(second.state, "sent")
        self.assertConserved()

    def test_typed_from_paper_the_same_holds(self):
        claim = self._create_claim()
        self._stop()
        answer = self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)], post=False)
        answer.line_ids.is_forwarded = True
        answer.action_post()
        second = self._second(claim)
        self.assertEqual((second.state, second.last_channel, second.is_forwarded), ("sent", "payer", True))
        self.assertEqual(second.last_note, f"Passed on by Blue Insurance with {answer.display_name}")

    def test_it_is_not_sent_a_second_time_by_any_way(self):
        claim = self._create_claim()
        self._forward(claim)
        second = self._second(claim)
        sentence = f"{second.name} is with Gold Insurance already: Passed on by Blue Insurance with R-"
        for attempt in (second.action_send, second.action_unsend, lambda: second._submit("fax")):
            with self.assertRaisesRegex(UserError, sentence):
                attempt()
        self.assertIn(sentence, second._find_states_against_filing()[second])
        self.assertEqual(len(second.submission_ids), 1)
        found = self.env["billing.claim"].search([("id", "in", (claim | second).ids), ("is_forwarded", "=", True)])
        self.assertEqual(found, second)
        self.assertEqual((claim | second).filtered_domain([("is_forwarded", "=", False)]), claim)

    def test_sent_on_purpose_it_asks_for_a_plain_confirmation(self):
        claim = self._create_claim()
        self._forward(claim)
        second = self._second(claim)
        wizard = self.env["billing.claim.send"].browse(second.action_correct()["res_id"])
        self.assertEqual(wizard.forwarded, f"{second.name} Gold Insurance: {second.last_note}")
        for way in (wizard.action_done, wizard.action_queue):
            with self.assertRaisesRegex(UserError, "tick “It did not arrive: send all the same”"):
                way()
        self.assertEqual(second.state, "sent")
        wizard.is_confirmed = True
        wizard.action_queue()
        self.assertEqual((second.state, second.is_forwarded, second.frequency), ("ready", False, "1"))
        second.action_send()
        self.assertEqual((second.state, second.last_channel, second.is_forwarded), ("sent", "paper", False))
        again = self.env["billing.claim.send"].browse(second.action_correct()["res_id"])
        self.assertFalse(again.forwarded)

    def test_what_the_office_had_sent_already_stays_sent_by_the_office(self):
        claim = self._create_claim()
        answer = self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        second = self._second(claim)
        second.action_send()
        self.assertFalse(second._be_forwarded(self.payer, "LATE", answer.date, answer.display_name))
        self.assertEqual((second.last_channel, second.is_forwarded), ("paper", False))
