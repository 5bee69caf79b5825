from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccountPage(BillingCase):
    """Who pays, what is open and why, what insurance still decides, what to do next: said on one page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mother = cls._create_patient("Rosa Vega")
        cls.child = cls._create_patient("Leo Vega", guarantor_id=cls.mother.id)
        cls._create_coverage(cls.child, cls.plan, member_number="V-2")

    def _leave_to(self, patient, *reasons):
        """A visit of which the payer leaves these (reason, amount) parts; gives the claim and the bill."""
        claim = self._bill(patient=patient).claim_ids
        paid = 500.0 - sum(amount for _reason, amount in reasons)
        return claim, self._answer(claim, paid, reasons).caused_move_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )

    # === WHAT IS OPEN, AND WHY === #

    def test_an_open_bill_says_why_it_is_open(self):
        _claim, bill = self._leave_to(self.patient, (self.pr_1, 80.0), (self.pr_2, 20.0))
        self.assertEqual(self.patient.billing_open_bill_ids, bill)
        self.assertEqual(bill.billing_why, "Deductible, Coinsurance, visit of Mar 5, 2026")
        self.assertEqual(bill.billing_amount_open, 100.0)
        self._pay(bill)
        self.patient.invalidate_recordset()
        self.assertFalse(self.patient.billing_open_bill_ids)

    def test_a_visit_that_nobody_insures_says_so(self):
        uninsured = self._create_patient("Max Frei")
        bill = self._bill(patient=uninsured)
        self.assertEqual(bill.billing_why, "No insurance on that day, visit of Mar 5, 2026")
        own_wish = self._bill(patient=self.patient, is_self_pay=True)
        self.assertEqual(own_wish.billing_why, "Self pay, visit of Mar 5, 2026")

    def test_a_childs_bill_stands_on_both_pages_and_is_owed_by_the_guarantor_alone(self):
        _claim, bill = self._leave_to(self.child, (self.pr_1, 80.0))
        self.assertEqual(bill.partner_id, self.mother)
        self.assertEqual(self.mother.billing_open_bill_ids, bill)
        self.assertEqual(self.child.billing_open_bill_ids, bill)
        self.assertEqual((self.mother.billing_owed, self.child.billing_owed), (80.0, 0.0))
        self.assertEqual(self.mother.billing_dependent_ids, self.child)
        self.assertEqual(self.child.billing_next_step, "Nothing to do here: bills go to Rosa Vega.")

    def test_what_a_payer_is_asked_for_is_no_open_bill(self):
        invoice = self._bill(patient=self.patient)
        self.assertFalse(self.patient.billing_open_bill_ids)
        self.assertEqual(self.patient.billing_open_claim_ids, invoice.claim_ids)
        self.assertEqual(self.patient.billing_owed, 0.0)
        self.assertEqual(self.patient.billing_insurance_pending, 500.0)

    def test_a_guarantor_sees_what_insurance_decides_about_the_child(self):
        claim = self._bill(patient=self.child).claim_ids
        self.assertEqual(self.mother.billing_open_claim_ids, claim)
        self._answer(claim, 500.0)
        self.mother.invalidate_recordset()
        self.assertFalse(self.mother.billing_open_claim_ids)

    # === WHO PAYS === #

    def test_who_pays_names_the_plans_in_their_order_and_who_pays_the_rest(self):
        self._create_coverage(self.child, self.plan_b, rank="2", member_number="G-2")
        self.assertEqual(self.child.billing_who_pays, "Blue Plan (V-2), then Gold Plan (G-2); Rosa Vega pays the rest")
        self.assertEqual(self.mother.billing_who_pays, "The patient, no insurance today")
        client = self._create_patient("Vega Foods", is_company=True)
        self.assertEqual(client.billing_who_pays, "The client")

    def test_the_last_payment_is_remembered(self):
        _claim, bill = self._leave_to(self.patient, (self.pr_1, 80.0))
        self.assertFalse(self.patient.billing_last_payment)
        self._pay(bill, amount=30.0, date="2026-03-12")
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.billing_last_payment, "$\xa030.00 on 03/12/2026")

    # === WHAT NEXT === #

    def test_what_stops_an_account_is_the_next_step(self):
        self.patient.action_billing_submit()
        self.assertEqual(
            self.patient.billing_next_step, "A billing manager approves this account, or sends it back.",
        )
        self.patient.action_billing_approve()
        self.patient._billing_move("on_hold", "Lawyer's letter")
        self._create_encounter().action_ready()
        self.patient.invalidate_recordset()
        self.assertEqual(
            self.patient.billing_next_step, "Clear up why this account is on hold, then release it.",
        )
        self.assertFalse(self.patient.has_billing_next_step)

    def test_the_next_step_leads_to_where_it_is_done(self):
        encounter = self._create_encounter()
        encounter.action_ready()
        self.assertEqual(self.patient.billing_next_step, "Bill what is finished. Visits: 1.")
        self.assertTrue(self.patient.has_billing_next_step)
        action = self.patient.action_billing_next_step()
        self.assertEqual((action["res_model"], action["res_id"]), ("billing.encounter", encounter.id))
        claim = encounter._bill().claim_ids
        self.patient.invalidate_recordset()
        action = self.patient.action_billing_next_step()
        self.assertEqual((action["res_model"], action["res_id"]), ("billing.claim", claim.id))

    def test_a_posted_answer_says_who_is_asked_next(self):
        claim = self._bill(patient=self.patient).claim_ids
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="G-1")
        answer = self._answer(claim, 420.0, [(self.pr_1, 80.0)])
        second = answer.caused_move_ids.claim_ids
        self.assertEqual(answer.followups, f"Claim {second.name} to Gold Insurance over $\xa080.00 is to be sent.")
        self.assertEqual(answer.action_view_followups()["res_id"], second.id)
        bill_answer = self._answer(second, 60.0, [(self.pr_2, 20.0)])
        bill = bill_answer.caused_move_ids.filtered(lambda move: move.move_type == "out_invoice")
        self.assertEqual(bill_answer.followups, f"Bill {bill.name} asks Ana López for $\xa020.00.")
        self.assertFalse(answer.followups)

    def test_taking_an_answer_back_says_what_hangs_on_it_down_to_the_patients_money(self):
        claim = self._bill(patient=self.patient).claim_ids
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="G-1")
        answer = self._answer(claim, 420.0, [(self.pr_1, 80.0)])
        second = answer.caused_move_ids.claim_ids
        bill = self._answer(second, 60.0, [(self.pr_2, 20.0)]).caused_move_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        self._pay(bill)
        wizard = self.env["billing.remittance.reverse"].create({"remittance_id": answer.id, "reason": "Typed wrongly"})
        self.assertEqual(wizard.consequences.splitlines()[-2:], [
            f"{bill.name} to Ana López will be credited.",
            f"The $\xa020.00 paid on {bill.name} stay as credit of who paid, to be applied or refunded.",
        ])

    # === CREDIT === #

    def _make_credit(self, amount=80.0):
        """The patient has paid what insurance left; then the answer is taken back."""
        claim, bill = self._leave_to(self.patient, (self.pr_1, amount))
        self._pay(bill)
        claim._get_posted_remittances()._reverse(fields.Date.to_date("2026-03-14"), "Typed wrongly", money="take_back")
        claim.action_send()
        self.patient.invalidate_recordset()
        return claim

    def test_credit_is_applied_to_the_oldest_open_bill_in_one_click(self):
        self._make_credit()
        self.assertEqual(self.patient.billing_credit, 80.0)
        _claim, first = self._leave_to(self.patient, (self.pr_1, 50.0))
        _claim, second = self._leave_to(self.patient, (self.pr_1, 60.0))
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.billing_next_step, "Apply or refund a credit of $\xa080.00.")
        self.patient.action_billing_apply_credit()
        self.assertEqual((first.amount_residual, second.amount_residual), (0.0, 30.0))
        self.assertEqual((self.patient.billing_credit, self.patient.billing_owed), (0.0, 30.0))
        self.assertConserved()

    def test_credit_without_a_bill_is_not_applied_but_refunded(self):
        self._make_credit()
        with self.assertRaisesRegex(UserError, "Ana López has no open bill that this credit could pay"):
            self.patient.action_billing_apply_credit()
        action = self.patient.action_billing_refund_credit()
        self.env[action["res_model"]].with_context(**action["context"]).create({})._create_payments()
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.billing_credit, 0.0)
        self.assertEqual(self._owed(self.patient), 0.0)
        self.assertConserved()

    def test_credit_never_pays_what_a_payer_was_asked_for(self):
        employer = self._create_payer("Kessler Works", is_billing_account=True)
        plan = self._create_plan("Kessler Plan", employer)
        worker = self._create_patient("Kim Adams")
        self._create_coverage(worker, plan)
        claim_invoice = self._bill(patient=worker)
        self._pay_in_advance(employer, 40.0)
        with self.assertRaisesRegex(UserError, "no open bill"):
            employer.action_billing_apply_credit()
        self.assertEqual(claim_invoice.amount_residual, 500.0)

    def _pay_in_advance(self, partner, amount):
        payment = self.env["account.payment"].create({
            "partner_id": partner.id, "payment_type": "inbound", "partner_type": "customer", "amount": amount,
            "date": "2026-03-12",
        })
        payment.action_post()

    # === HOW MUCH IT COSTS === #

    def test_many_pages_are_read_in_the_same_number_of_queries(self):
        patients = self.env["res.partner"]
        for number in range(12):
            guarantor = self.mother if number % 3 == 0 else self.env["res.partner"]
            patient = self._create_patient(f"Patient {number}", guarantor_id=guarantor.id)
            self._create_coverage(patient, self.plan)
            self._leave_to(patient, (self.pr_1, 80.0))
            self._bill(patient=patient)
            patients += patient
        names = (
            "billing_owed", "billing_credit", "billing_next_step", "billing_who_pays", "billing_last_payment",
            "billing_open_bill_ids", "billing_open_claim_ids",
        )

        def read(pages):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = pages.read(names)
            bills = self.env["account.move"].browse({id_ for row in rows for id_ in row["billing_open_bill_ids"]})
            bills.read(["billing_why", "billing_amount_open", "invoice_date_due", "name"])
            return self.cr.sql_log_count - before

        read(patients)
        few, many = read(patients[:2]), read(patients)
        self.assertEqual(few, many)
        self.assertLess(many, 60)
