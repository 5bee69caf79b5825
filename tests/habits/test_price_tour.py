from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import HabitCase


@tagged("post_install", "-at_install", "is_tour")
class TestPriceTour(HabitCase, HttpCase):
    """In the browser: a fee schedule becomes prices, a service is sold, its claim is told the payer's way."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_fee_schedule_is_taken_over_sold_and_told_as_the_payer_wants(self):
        self.plan.write({"pricelist_id": self.plan_list.id, "timely_filing_days": 0})
        self._habit(applies_to="code", code_from="G0463", note="Manual, page 12")
        self._habit(kind="value", value_label="Referral number", value_missing="warn")
        visit = self.env["billing.encounter"].create({
            "patient_id": self.patient.id, "date": fields.Date.today(), "provider_id": self.provider.id,
            "diagnosis_ids": [Command.create({"code_id": self.cold.id})],
        })
        self.env.flush_all()
        self.start_tour("/odoo/billing-accounts", "billing_fee_schedule", login=self.env.user.login)
        self.env.invalidate_all()
        self.assertEqual(visit.line_ids.mapped("price_unit"), [93.0])
        self.assertEqual(visit.line_ids.price_item_id.billing_fee_import_id.name, "PPRRVU.csv")
        claim = visit.claim_ids
        self.assertEqual((claim.state, claim.missing_values), ("sent", False))
        self.assertEqual(self._told(claim), [("G0463", "B100")])
        self.assertEqual(self._told(claim, "value"), [("", "R-4711")])
        self.assertEqual(visit.invoice_ids.invoice_line_ids.billing_code_id, self.visit_code)
