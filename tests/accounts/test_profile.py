from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..reports.common import PaperCase

STATEMENT = "billing_coordinator.report_statement"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestProfile(PaperCase):
    """How an account is written to, and how it pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.write({"street": "9 Orchard Lane", "city": "Riverside", "zip": "60546"})

    def _statement(self):
        return self._read(STATEMENT, self.patient, company_ids=self.company.ids, partner_ids=self.patient.ids)

    def test_papers_go_to_the_confidential_address_and_nowhere_else(self):
        bill = self._bill(is_self_pay=True)
        for paper in (self._read_invoice(bill), self._statement()):
            self.assertIn("9 Orchard Lane", paper)
        self.patient.billing_confidential_address = "PO Box 218\nBerwyn, IL 60402"
        for paper in (self._read_invoice(bill), self._statement()):
            self.assertIn("Ana López PO Box 218 Berwyn, IL 60402", paper)
            self.assertNotIn("Orchard", paper)

    def test_papers_name_to_whose_attention_they_go(self):
        bill = self._bill(is_self_pay=True)
        self.patient.billing_addressee = "c/o Susan Reed"
        for paper in (self._read_invoice(bill), self._statement()):
            self.assertIn("Ana López c/o Susan Reed 9 Orchard Lane", paper)

    def test_the_cycle_decides_who_gets_a_statement_when_all_are_printed(self):
        self._bill(is_self_pay=True)
        wizard = self.env["billing.statement.wizard"].create({})
        self.assertIn(self.patient, wizard._get_debtors())
        self.patient.billing_statement_cycle = "quarterly"
        self.assertNotIn(self.patient, wizard._get_debtors())
        with freeze_time("2026-04-01"):
            self.assertIn(self.patient, wizard._get_debtors())
        self.patient.billing_statement_cycle = "request"
        self.assertNotIn(self.patient, wizard._get_debtors())
        wizard.partner_ids = self.patient
        self.assertEqual(wizard._get_debtors(), self.patient)

    def test_payments_of_the_last_year_tell_how_somebody_pays(self):
        self.assertFalse(self.patient.billing_payment_habit)
        bill = self._bill(is_self_pay=True)
        bill.line_ids.filtered("date_maturity").date_maturity = "2026-03-06"
        self._pay(bill, 300.0, date="2026-03-07")
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.billing_payment_habit, "On time (payments in the last year: 1)")
        self._pay(bill, 200.0, date="2026-03-16")
        self.patient.invalidate_recordset()
        # (300 × 1 + 200 × 10) / 500 days
        self.assertEqual(
            self.patient.billing_payment_habit, "5 days late on average (payments in the last year: 2)",
        )

    def test_what_was_written_off_says_nothing_about_how_somebody_pays(self):
        bill = self._bill(is_self_pay=True)
        self.env["billing.adjust.wizard"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": 40.0,
        }).action_apply()
        self.patient.invalidate_recordset()
        self.assertFalse(self.patient.billing_payment_habit)

    def test_concerns_stand_on_visit_claim_and_bill(self):
        self.patient.special_concerns = "Call the daughter, not the patient."
        charge = self._bill()
        for record, name in (
            (charge.encounter_id, "patient_concerns"), (charge.claim_ids, "patient_concerns"),
            (charge, "billing_patient_concerns"),
        ):
            self.assertEqual(record[name], "Call the daughter, not the patient.")
            arch = record.get_view(view_type="form")["arch"]
            self.assertIn(f'name="{name}"', arch)
