from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import BillingCase


@tagged("post_install", "-at_install", "is_tour")
class TestCodeImportTour(BillingCase, HttpCase):
    """A manager loads a list from a file, and a visit is sold with a code of it."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_file_is_loaded_and_its_code_sold(self):
        encounter = self._create_encounter(date=fields.Date.today())
        self.start_tour("/odoo/billing-accounts", "billing_code_import", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual(encounter.line_ids.code_id.code, "ZT100")
        self.assertEqual(encounter.line_ids.code_id.description, "Zlong talk about the results")
        self.assertEqual(encounter.state, "ready")
        loading = self.env["billing.code.import"].search([("name", "=", "talks.csv")])
        self.assertEqual((loading.state, loading.new_count), ("done", 2))
