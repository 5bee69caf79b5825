from odoo.tests import HttpCase, tagged

from .common import FilingCase


@tagged("post_install", "-at_install", "is_tour")
class TestFilingTour(FilingCase, HttpCase):
    """In the browser: claims leave in a file, the answer is read, and what came back is opened."""

    # The browser lives in the real today.
    freeze_time = None

    def test_claims_leave_in_a_file_and_one_comes_back(self):
        claims = self._claims(2)
        self.env.flush_all()
        self.start_tour("/odoo/billing-claims", "billing_filing", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual(sorted(claims.mapped("state")), ["acknowledged", "rejected"])
        batch = claims.filing_line_ids.batch_id
        self.assertEqual((batch.state, batch.acknowledged_count, batch.rejected_count), ("partial", 1, 1))
        self.assertConserved()
