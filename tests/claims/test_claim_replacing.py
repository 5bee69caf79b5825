from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimReplacing(BillingCase):
    """What a payer has is replaced or cancelled under its own number, never sent twice."""

    def setUp(self):
        super().setUp()
        self.invoice = self._bill()
        self.claim = self.invoice.claim_ids
        self.encounter = self.invoice.encounter_id

    def _bill_again(self):
        self.claim.action_void()
        return self.encounter._bill(fields.Date.to_date("2026-03-14")).claim_ids

    def test_a_denied_claim_is_corrected_and_sent_again_under_the_payers_number(self):
        self.claim.action_send()
        self._answer(self.claim, 0.0, [(self.co_50, 500.0)])
        self.claim.payer_control_number = "ICN 9"
        self.claim._correct("Other diagnosis")
        self.assertEqual(
            (self.claim.state, self.claim.frequency, self.claim.original_reference), ("ready", "7", "ICN 9"),
        )
        self.claim.action_send()
        sent = self.claim.last_submission_id
        self.assertEqual((self.claim.state, sent.frequency, sent.original_reference), ("sent", "7", "ICN 9"))

    def test_a_replacement_without_the_payers_number_is_refused(self):
        self.claim.action_send()
        self._answer(self.claim, 0.0, [(self.co_50, 500.0)])
        self.claim._correct()
        with self.assertRaises(UserError) as caught:
            self.claim.action_send()
        self.assertEqual(str(caught.exception), (
            f"{self.claim.name} goes to Blue Insurance as a replacement or cancellation, which has to name the number "
            "that Blue Insurance gave the original. It stands on its acknowledgement or answer (“claim number”, “ICN” "
            "or “DCN”), or is said on the phone. Type it as “Payer's number of the original”; if Blue Insurance has no "
            "such claim, send this one as an original."
        ))
        self.claim.frequency = "1"
        self.claim.action_send()
        self.assertEqual((self.claim.state, self.claim.last_submission_id.frequency), ("sent", "1"))

    def test_billed_again_it_replaces_what_the_payer_has(self):
        self.claim.action_send()
        self.claim._acknowledge("Received", payer_control_number="ICN 3")
        again = self._bill_again()
        self.assertEqual(
            (again.replaces_id, again.frequency, again.original_reference, self.claim.cancellation_due,
             self.claim.replaced_by_ids, str(self.claim.date_void)),
            (self.claim, "7", "ICN 3", False, again, TODAY),
        )

    def test_billed_again_it_is_an_original_for_a_payer_that_never_had_it(self):
        self.claim.action_send()
        again = self._bill_again()
        self.assertEqual((again.replaces_id, again.frequency, again.original_reference, self.claim.cancellation_due),
                         (self.claim, "1", False, False))

    def test_taken_back_it_is_to_be_cancelled_at_a_payer_that_has_it(self):
        self.claim.action_send()
        self.claim._acknowledge("Received", payer_control_number="ICN 3")
        self.claim.action_void()
        self.assertTrue(self.claim.cancellation_due)
        sent = self.claim._cancel_at_payer("portal", reference="P 8")
        self.assertEqual((sent.frequency, sent.original_reference, sent.channel), ("8", "ICN 3", "portal"))
        self.assertEqual((self.claim.state, self.claim.cancellation_due), ("void", False))
        with self.assertRaisesRegex(UserError, f"{self.claim.name} Blue Insurance is not to be cancelled at"):
            self.claim._cancel_at_payer("portal")

    def test_taken_back_before_it_left_nothing_is_cancelled(self):
        self.claim.action_void()
        self.assertFalse(self.claim.cancellation_due)

    def test_a_replacement_that_never_left_leaves_the_cancellation_due(self):
        self.claim.action_send()
        self.claim._acknowledge("Received", payer_control_number="ICN 3")
        again = self._bill_again()
        again.action_void()
        self.assertEqual((self.claim.cancellation_due, again.cancellation_due), (True, False))
        third = self.encounter._bill(fields.Date.to_date("2026-03-15")).claim_ids
        self.assertEqual((third.frequency, third.original_reference), ("7", "ICN 3"))

    def test_what_a_sent_claim_goes_out_as_is_not_typed_over(self):
        self.claim.action_send()
        with self.assertRaisesRegex(UserError, "is “Submitted”: what it goes out as is not changed any more"):
            self.claim.with_user(self.env.ref("base.user_admin")).write({"frequency": "7"})
