from lxml import etree

from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools.safe_eval import safe_eval

from ..common import TODAY
from .common import FilingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFilingForm(FilingCase):
    """A claim is sent from its own form, and says in which batch it waits."""

    def test_send_on_a_claim_asks_about_that_claim_alone(self):
        claim, other = self._claims(2)
        action = claim.action_file()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual((wizard.claim_ids, wizard.goes_count, wizard.stay_count), (claim, 1, 0))
        self.assertFalse(claim.waiting_batch_id)
        wizard.action_make()
        self.assertEqual(claim.waiting_batch_id.state, "made")
        self.assertFalse(other.waiting_batch_id)

    def test_a_claim_leads_to_the_batch_in_which_it_waits_until_that_is_handed_over(self):
        claim = self._claim()
        batch = self._send(claim)
        self.assertEqual(claim.waiting_batch_id, batch)
        action = claim.action_view_waiting_batch()
        self.assertEqual((action["res_model"], action["res_id"]), ("billing.filing.batch", batch.id))
        batch.action_hand_over()
        self.assertFalse(claim.waiting_batch_id)

    def test_a_batch_that_is_not_sent_gives_its_claims_back(self):
        claim = self._claim()
        batch = self._send(claim)
        batch.action_drop()
        self.assertFalse(claim.waiting_batch_id)

    def test_batches_of_many_claims_are_found_in_a_fixed_number_of_queries(self):
        claims = self._claims(4)
        self._send(claims)
        self.env.invalidate_all()
        claims.mapped("state")
        with self.assertQueryCount(3):
            self.assertEqual(len(claims.waiting_batch_id), 1)

    def test_waiting_in_a_batch_it_is_not_sent_a_second_way(self):
        claim = self._claim()
        self.assertEqual(self._get_buttons(claim), {"action_file", "action_send", "action_send_otherwise"})
        self._send(claim)
        self.assertEqual(self._get_buttons(claim), {"action_view_waiting_batch"})

    def _get_buttons(self, claim):
        """Names of the buttons that send this claim, as its form shows them now."""
        arch = claim.get_view(self.env.ref("billing_coordinator.billing_claim_view_form").id)["arch"]
        facts = {"state": claim.state, "waiting_batch_id": claim.waiting_batch_id.id}
        return {
            button.get("name")
            for button in etree.fromstring(arch).xpath("//header/button[contains(@invisible, 'waiting_batch_id')]")
            if not safe_eval(button.get("invisible"), facts)
        }
