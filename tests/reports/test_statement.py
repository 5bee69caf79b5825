from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import SERVICE_WORDS, PaperCase

REPORT = "billing_coordinator.action_report_statement"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestStatement(PaperCase):
    """What a person owes on 16 March 2026, by visit, and nothing about their health."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mother = cls._create_patient("Maria Keller")
        cls.child = cls._create_patient("Tim Keller", guarantor_id=cls.mother.id)

    def _statements(self, debtors, companies=None):
        return self.env["report.billing_coordinator.report_statement"]._get_statements(
            debtors, companies or self.company,
        )

    def _bill_on(self, day, patient=None, price=100.0, **values):
        """A self-paid visit, due on the day of the bill plus thirty."""
        encounter = self._create_encounter(
            patient=patient or self.child, services=[(self.service, price)], date=day,
            diagnosis_ids=[Command.create({"code_id": self.diabetes.id})], **values,
        )
        return self._bill(encounter, date=day)

    def _receive(self, partner, amount, day="2026-03-10"):
        """Money that is not applied to any bill."""
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": partner.id, "amount": amount,
            "date": day, "journal_id": self.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        return payment

    def test_open_visits_stand_with_number_date_and_bill(self):
        bill = self._bill_on("2026-03-05")
        self._pay(bill, 30.0)
        text = self._read(REPORT, self.mother)
        self.assertIn("Your statement", text)
        self.assertIn("Please pay $70.00 by April 4, 2026", text)
        self.assertIn(f"{bill.encounter_id.name} 03/05/2026 {bill.name} 04/04/2026 $100.00 $30.00 $70.00", text)
        self.assertIn("You owe $70.00", text)
        self.assertIn("Received lately, thank you Payment of March 12, 2026 $30.00", text)

    def test_nothing_about_health_is_ever_on_it(self):
        self._bill_on("2026-03-05")
        self._bill_on("2026-03-06", patient=self.patient)
        self._bill_on("2026-03-07", patient=self.patient, is_self_pay=True)
        text = self._read(REPORT, self.mother | self.patient)
        for words in SERVICE_WORDS:
            self.assertNotIn(words, text)
        self.assertNotIn("Dr. Ruth Stein", text)

    def test_ageing_counts_days_past_the_due_date(self):
        for day in ("2026-03-05", "2026-01-31", "2026-01-01", "2025-12-01", "2025-11-10", "2025-09-01"):
            self._bill_on(day)
        [statement] = self._statements(self.mother)
        self.assertEqual(dict(statement["ages"]), {
            "current": 100.0, "days_1_30": 100.0, "days_31_60": 100.0, "days_61_90": 100.0, "days_91_120": 100.0,
            "days_over_120": 100.0,
        })
        self.assertEqual(statement["amount_due"], 600.0)
        self.assertIn("Please pay $600.00 $500.00 of it is due now", self._read(REPORT, self.mother))

    def test_due_today_is_current(self):
        self._bill_on("2026-02-14")
        [statement] = self._statements(self.mother)
        self.assertEqual(statement["due"].isoformat(), TODAY)
        self.assertEqual(dict(statement["ages"])["current"], 100.0)

    def test_insurance_still_deciding_is_apart_and_never_asked(self):
        self._create_coverage(self.child, self.plan)
        claim = self._bill(patient=self.child).claim_ids
        [statement] = self._statements(self.mother)
        self.assertEqual((statement["amount_due"], statement["amount_waiting"]), (0.0, 500.0))
        text = self._read(REPORT, self.mother)
        self.assertIn("Nothing to pay", text)
        self.assertIn("Waiting for insurance: please do not pay this", text)
        self.assertIn(f"{claim.encounter_id.name} 03/05/2026 Blue Insurance $500.00", text)
        self.assertNotIn("Please pay", text.replace("please do not pay", ""))
        self._answer(claim, 420.0, [(self.pr_1, 80.0)])
        text = self._read(REPORT, self.mother)
        self.assertIn("Please pay $80.00", text)
        self.assertNotIn("Waiting for insurance", text)

    def test_unused_money_is_shown_apart_and_counted(self):
        self._bill_on("2026-03-05")
        self._receive(self.mother, 25.0)
        [statement] = self._statements(self.mother)
        self.assertEqual(
            (statement["amount_open"], statement["amount_credit"], statement["amount_due"]), (100.0, 25.0, 75.0),
        )
        text = self._read(REPORT, self.mother)
        self.assertIn("Payment of March 10, 2026, not used yet -$25.00", text)
        self.assertIn("You owe $75.00", text)

    def test_more_credit_than_bills_is_in_the_persons_favour(self):
        self._bill_on("2026-03-05")
        self._receive(self.mother, 125.0)
        text = self._read(REPORT, self.mother)
        self.assertIn("Nothing to pay", text)
        self.assertIn("In your favour $25.00", text)

    def test_money_for_a_bill_taken_back_becomes_credit(self):
        charge = self._bill()
        remittance = self._answer(charge.claim_ids, 420.0, [(self.pr_1, 80.0)])
        bill = self._patient_bills(charge.encounter_id)
        self._pay(bill)
        remittance._reverse(self.env.cr.now().date(), "typed wrongly")
        [statement] = self._statements(self.patient)
        self.assertEqual((statement["amount_open"], statement["amount_credit"]), (0.0, 80.0))
        self.assertEqual(statement["credits"][0]["kind"], "credit_note")

    def test_a_written_off_part_is_no_longer_asked(self):
        bill = self._bill_on("2026-03-05")
        self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": 10.0, "date": "2026-03-12",
        }).action_approve()
        [statement] = self._statements(self.mother)
        self.assertEqual([(row["settled"], row["open"]) for row in statement["rows"]], [(10.0, 90.0)])

    def test_a_write_off_taken_back_is_asked_again_under_its_bill(self):
        bill = self._bill_on("2026-01-31")
        adjustment = self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": 10.0, "date": "2026-03-12",
        })
        adjustment.action_approve()
        adjustment.action_reverse()
        [statement] = self._statements(self.mother)
        self.assertEqual([(row["number"], row["open"]) for row in statement["rows"]], [(bill.name, 100.0)])

    def test_a_guarantor_pays_for_others_and_not_the_other_way_round(self):
        self._bill_on("2026-03-05")
        self.assertEqual(self._statements(self.mother)[0]["amount_due"], 100.0)
        self.assertEqual(self._statements(self.child)[0]["amount_due"], 0.0)
        self.assertIn("No bill is open.", self._read(REPORT, self.child))

    def test_each_company_and_currency_has_its_own(self):
        self._bill_on("2026-03-05")
        other = self._create_company(name="Second practice")
        self.env.user.company_ids |= other
        other._billing_setup()
        statements = self._statements(self.mother, self.company | other)
        self.assertEqual([statement["company"].id for statement in statements], [self.company.id])

    def test_amounts_are_written_as_the_reader_writes_them(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.mother.lang = "de_DE"
        self._bill_on("2026-03-05", price=1234.5)
        text = self._read(REPORT, self.mother)
        self.assertIn("1.234,50 $", text)
        self.assertIn("04.04.2026", text)

    def test_it_costs_no_query_more_per_debtor(self):
        few = self.mother
        many = few
        for number in range(6):
            patient = self._create_patient(f"Patient {number}")
            self._bill_on("2026-03-05", patient=patient)
            self._create_coverage(patient, self.plan)
            self._bill(patient=patient)
            many |= patient
        self._bill_on("2026-03-05")
        self._create_coverage(self.child, self.plan)
        self._bill(patient=self.child)
        counts = []
        for debtors in (few, few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._statements(debtors)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # === THE WIZARD === #

    def test_left_empty_the_wizard_finds_everybody_who_owes(self):
        self._bill_on("2026-03-05")
        self._bill()  # asked of insurance: nobody's statement
        wizard = self.env["billing.statement.wizard"].create({})
        self.assertEqual(wizard._get_debtors(), self.mother)
        self.company.external_report_layout_id = self.env.ref("web.external_layout_standard")
        action = wizard.action_print()
        self.assertEqual(action["data"], {"partner_ids": self.mother.ids, "company_ids": self.company.ids})
        report = self.env["ir.actions.report"]
        source, _kind = report._render_qweb_html(REPORT, None, data=action["data"])
        self.assertIn("Maria Keller", source.decode())

    def test_with_nobody_owing_the_wizard_says_so(self):
        with self.assertRaisesRegex(UserError, "Nobody owes company_1_data anything"):
            self.env["billing.statement.wizard"].create({}).action_print()

    def test_readers_of_billing_print_it_and_others_do_not(self):
        self._bill_on("2026-03-05")
        reader = new_test_user(self.env, "billing_reader", groups="billing_coordinator.group_readonly")
        self.assertIn("You owe $100.00", self._read(REPORT, self.mother, user=reader))
        report = self.env.ref(REPORT)
        self.assertEqual(report.group_ids, self.env.ref("billing_coordinator.group_readonly"))
