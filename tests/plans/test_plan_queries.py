from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanQueries(PlanCase):
    """Lists, cards and account pages cost as many queries for twenty plans as for five."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = cls.env["billing.payment.plan"]
        for number in range(25):
            patient = cls._create_patient(f"Patient {number}")
            patient._set_state("pending")
            patient._set_state("active")
            visit = cls._create_encounter(patient, [(cls.service, 300.0)], date="2026-02-01")
            cls._bill(visit, date="2026-02-01")
            plan = cls._draw_up(partner_id=patient.id)
            plan.action_accept()
            cls.plans += plan

    def _count(self, records, names):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        records.web_read({name: {} for name in names})
        return self.cr.sql_log_count - before

    def _compare(self, records, names):
        """Five and twenty of them cost the same, once everything about the models is known."""
        self._count(records[:1], names)
        five, twenty = self._count(records[:5], names), self._count(records[5:], names)
        self.assertLessEqual(twenty, five, names)

    def test_the_list_and_the_cards_of_plans(self):
        self._compare(self.plans, [
            "name", "partner_id", "date_next", "amount_to_pay", "amount_paid", "amount_open", "progress", "standing",
            "amount_payable", "missed_count", "state", "activity_ids",
        ])

    def test_the_list_of_instalments(self):
        self._compare(self.plans.instalment_ids, [
            "display_name", "number", "date", "amount", "amount_paid", "amount_open", "plan_state",
        ])

    def test_account_pages_and_bills(self):
        self._compare(self.plans.partner_id, ["billing_plan_note", "billing_plan_missed"])
        self._compare(self.plans.item_ids.move_id, ["billing_plan_id", "invoice_date_due"])

    def test_promised_and_received(self):
        records = self.env["billing.plan.promise"].search([("plan_id", "in", self.plans.ids)])
        self.assertEqual(len(records), 25 * 6)
        self._compare(records, ["date", "kind", "plan_id", "partner_id", "amount"])
