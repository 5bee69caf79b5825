from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import AccuracyCase


@tagged("post_install", "-at_install", "is_tour")
class TestCodeToClaimTour(AccuracyCase, HttpCase):
    """In the browser: a list is loaded, a service sold, a stop met and mended, and the claim carries the new code."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_file_is_loaded_a_service_sold_a_stop_mended_and_the_visit_billed(self):
        self.plan.timely_filing_days = 0
        self.service.billing_code_id = self._create_code("ZT200", date_from="2020-01-01")
        visit = self._create_encounter(date=fields.Date.today())
        visit.line_ids.unlink()
        self.env.flush_all()
        self.start_tour("/odoo/billing-accounts", "billing_code_to_claim", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual(visit.state, "billed")
        self.assertEqual(visit.line_ids.code_id.code, "ZT100")
        claim = visit.claim_ids
        self.assertEqual(claim.invoice_id.invoice_line_ids.billing_code_id.code, "ZT100")
        ended = self.service.billing_code_id
        self.assertEqual((ended.code, str(ended.date_to)), ("ZT200", "2024-12-31"))
