from odoo import fields
from odoo.tests import HttpCase, tagged

from .file_common import RemittanceFileCase


@tagged("post_install", "-at_install", "is_tour")
class TestRemittanceFileTour(RemittanceFileCase, HttpCase):
    """A payer's file is brought, one claim posted, one found by a person."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_file_is_brought_and_what_waits_is_found(self):
        today = fields.Date.today()
        code = self.env["billing.code"].create({
            "system_id": self.env["billing.code.system"].search([], limit=1).id, "code": "99213", "name": "Visit",
            "kind": "procedure",
        })
        ben = self._create_patient("Ben Roth")
        self._create_coverage(ben, self.plan)
        claims = self.env["billing.claim"]
        for patient in (self.patient, ben):
            visit = self._create_encounter(patient=patient, date=today)
            visit.line_ids.code_id = code
            claims |= self._create_claim(encounter=visit, date=today)
        self.start_tour("/odoo/billing-accounts", "billing_remittance_file", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual(claims.mapped("state"), ["settled", "settled"])
        self.assertEqual(claims.mapped("amount_paid"), [300.0, 300.0])
        self.assertEqual(self._owed(self.payer), 0.0)
        self.assertConserved()
