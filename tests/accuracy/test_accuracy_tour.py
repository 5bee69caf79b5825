from odoo.tests import HttpCase, tagged

from .common import AccuracyCase


@tagged("post_install", "-at_install", "is_tour")
class TestAccuracyTour(AccuracyCase, HttpCase):
    """In the browser: a visit meets a stop and a warning; one is mended, the other accepted; it is billed."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_stop_is_met_mended_and_the_visit_billed(self):
        self.plan.timely_filing_days = 0
        self.patient.write({"birth_date": False, "street": False})
        visit = self._create_encounter(services=[(self.service, 700.0)])
        self.env.flush_all()
        self.start_tour(f"/odoo/billing-visits/{visit.id}", "billing_accuracy_stop", login=self.env.user.login)
        self.assertEqual(visit.state, "billed")
        self.assertEqual(str(self.patient.birth_date), "1980-02-29")
        self.assertEqual(visit.line_ids.price_unit, 500.0)
