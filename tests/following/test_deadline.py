from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDeadline(BillingCase):
    """Until when a payer accepts a claim."""

    def test_a_first_claim_counts_from_the_service(self):
        self.plan.timely_filing_days = 90
        claim = self._bill().claim_ids
        self.assertEqual((str(claim.date_deadline), str(claim.date_due), claim.days_left, claim.deadline_kind),
                         ("2026-06-03", "2026-06-03", 79, "to file it"))
        claim.action_send()
        self.assertEqual((claim.date_due, claim.days_left), (False, 0), "it has been kept")

    def test_the_second_payer_counts_from_the_first_ones_answer(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        self.plan_b.write({"timely_filing_days": 90, "secondary_filing_days": 30})
        claim = self._bill().claim_ids
        self._answer(claim, 300.0, [(self.pr_1, 200.0)], date="2026-03-12")
        second = claim.encounter_id.claim_ids - claim
        self.assertEqual(str(second.date_deadline), "2026-04-11")
        self.plan_b.secondary_filing_days = 0
        self.assertEqual(str(second.date_deadline), "2026-06-03")

    def test_a_corrected_claim_has_the_plans_own_limit(self):
        self.plan.write({"timely_filing_days": 90, "corrected_filing_days": 20})
        claim = self._bill().claim_ids
        claim.action_send()
        self._answer(claim, 0.0, [(self.co_50, 500.0)], date="2026-03-12")
        self.assertEqual((str(claim.date_deadline), claim.deadline_kind), ("2026-04-01", "to send it corrected"))
        claim._correct("Other code", original_reference="ICN 1")
        self.assertEqual((str(claim.date_deadline), claim.days_left), ("2026-04-01", 16))

    def test_a_rejected_claim_keeps_the_first_limit(self):
        self.plan.write({"timely_filing_days": 90, "corrected_filing_days": 20})
        claim = self._bill().claim_ids
        claim.action_send()
        claim._reject("Unreadable")
        self.assertEqual((str(claim.date_deadline), claim.days_left), ("2026-06-03", 79))

    def test_limits_are_days(self):
        with self.assertRaisesRegex(ValidationError, "“Days to send a corrected claim” of Blue Plan cannot be -5"):
            self.plan.corrected_filing_days = -5
