from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import BillingCase


@tagged("post_install", "-at_install", "is_tour")
class TestClaimTour(BillingCase, HttpCase):
    """In the browser: a claim is sent, asked about, comes back unread, is corrected and sent again."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_claim_is_sent_asked_about_corrected_and_sent_again(self):
        today = fields.Date.today()
        self.plan.timely_filing_days = 0
        self.coverage.date_from = fields.Date.start_of(today, "year")
        encounter = self._create_encounter(date=str(today))
        encounter.action_ready()
        claim = encounter._bill(today).claim_ids
        self.env.flush_all()
        self.start_tour("/odoo/billing-accounts", "billing_claim_sent_and_asked_about", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual((claim.state, claim.contact_ids.spoken_to, claim.last_outcome),
                         ("sent", "Marion", "in_process"))
        claim._reject("Subscriber not found")
        self.env.flush_all()
        self.start_tour("/odoo/billing-accounts", "billing_claim_corrected", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual((claim.state, claim.submission_ids.sorted("id").mapped("state")),
                         ("sent", ["rejected", "sent"]))
