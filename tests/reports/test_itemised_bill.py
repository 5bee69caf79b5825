from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PaperCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestItemisedBill(PaperCase):
    """The bill that a patient opens: what was done, what it cost, what insurance did, what is left and why."""

    def assertAddsUp(self, bill):
        """For each service and for the whole bill the subtraction comes out, to the cent."""
        values = bill._get_itemised_bill()
        for service in values["services"]:
            settled = service["discounted"] + service["covered"] + service["waiting"] + service["elsewhere"]
            self.assertAlmostEqual(service["charge"] - settled, service["share"], msg=service["name"])
        self.assertAlmostEqual(sum(amount for _label, amount in values["steps"]), values["share"])
        changes = sum(amount for _label, amount in values["changes"])
        self.assertAlmostEqual(values["share"] - changes, values["pay"]["amount"])
        return values

    # === WHAT THE BILL SAYS === #

    def test_a_self_paying_patient_reads_services_codes_and_charges(self):
        encounter = self._create_encounter(services=[self.service, self.lab], is_self_pay=True)
        encounter.line_ids[0].modifier_1_id = self.modifier
        bill = self._bill(encounter)
        text = self._read_invoice(bill)
        self.assertIn("For the visit of Ana López at company_1_data on March 5, 2026 with Dr. Ruth Stein .", text)
        self.assertIn("Please pay $564.50 by", text)
        self.assertIn("03/05/2026 Office visit Code V213 , modifier Z5 $500.00 $500.00", text)
        self.assertIn("03/05/2026 Blood test Code L036 $64.50 $64.50", text)
        self.assertIn("As you asked, we have not billed any insurance for this visit.", text)
        self.assertNotIn("Insurance paid", text)
        self.assertNotIn("E11.9", text)
        self.assertAddsUp(bill)

    def test_without_insurance_on_record_the_patient_is_asked_to_tell_us(self):
        bill = self._bill(patient=self._create_patient("Ben Ortiz"))
        self.assertIn("We have no insurance on record for the day of this visit.", self._read_invoice(bill))

    def test_what_insurance_left_is_explained_in_plain_words(self):
        encounter = self._bill_and_answer(300.0, [(self.co_45, 120.0), (self.pr_1, 50.0), (self.pr_2, 30.0)])
        bill = self._patient_bills(encounter)
        text = self._read_invoice(bill)
        self.assertIn("Office visit Code V213 $500.00 -$120.00 -$300.00 $80.00", text)
        self.assertIn(
            "Charges for this visit $500.00 Discount agreed with your insurer -$120.00 Paid by Blue Insurance -$300.00 "
            "Your share $80.00", text,
        )
        self.assertIn("Deductible: your plan asks you to pay this part of the year's costs first: $50.00", text)
        self.assertIn("Coinsurance: your percentage of the cost: $30.00", text)
        self.assertNotIn("CO-45", text)
        self.assertNotIn("PR-1", text)
        self.assertAddsUp(bill)

    def test_each_service_has_its_own_subtraction(self):
        charge = self._bill(services=[self.service, self.lab])
        remittance = self._prepare_answer(charge.claim_ids, 340.0)
        visit, lab = remittance.line_ids
        visit.write({"amount_paid": 300.0, "adjustment_ids": [
            Command.create({"reason_id": self.co_45.id, "amount": 120.0}),
            Command.create({"reason_id": self.pr_1.id, "amount": 80.0}),
        ]})
        lab.write({"amount_paid": 40.0, "adjustment_ids": [
            Command.create({"reason_id": self.co_45.id, "amount": 24.5}),
        ]})
        remittance.action_post()
        bill = self._patient_bills(charge.encounter_id)
        text = self._read_invoice(bill)
        self.assertIn("Code V213 $500.00 -$120.00 -$300.00 $80.00", text)
        self.assertIn("Code L036 $64.50 -$24.50 -$40.00 $0.00", text)
        self.assertAddsUp(bill)

    def test_after_the_secondary_both_insurers_are_named(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        encounter = self._bill_and_answer(300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        secondary = encounter.claim_ids.filtered(lambda claim: claim.payer_id == self.payer_b)
        self._answer(secondary, 60.0, [(self.pr_96, 20.0)])
        bill = self._patient_bills(encounter)
        text = self._read_invoice(bill)
        self.assertIn("Paid by Blue Insurance -$300.00", text)
        self.assertIn("Paid by Gold Insurance -$60.00", text)
        self.assertIn("Your share $20.00 Your plan does not cover this service: $20.00", text)
        self.assertAddsUp(bill)

    def test_what_the_insurer_still_decides_is_shown_and_not_asked(self):
        charge = self._bill(services=[self.service, self.lab])
        remittance = self._prepare_answer(charge.claim_ids, 420.0)
        visit, lab = remittance.line_ids
        visit.write({"amount_paid": 420.0, "adjustment_ids": [
            Command.create({"reason_id": self.pr_2.id, "amount": 80.0}),
        ]})
        lab.adjustment_ids = [Command.create({"reason_id": self.co_50.id, "amount": 64.5})]
        remittance.action_post()
        bill = self._patient_bills(charge.encounter_id)
        text = self._read_invoice(bill)
        self.assertIn("Please pay $80.00", text)
        self.assertIn("Waiting for Blue Insurance, not asked of you -$64.50", text)
        self.assertAddsUp(bill)

    def test_two_bills_of_one_visit_name_each_other(self):
        encounter = self._bill_and_answer(0.0, [(self.pr_1, 100.0), (self.co_50, 400.0)])
        first = self._patient_bills(encounter)
        self._answer(encounter.claim_ids, 350.0, [(self.pr_2, 50.0)])
        second = self._patient_bills(encounter) - first
        self.assertIn(f"Asked on bill {second.name} -$50.00", self._read_invoice(first))
        self.assertIn(f"Asked on bill {first.name} -$100.00", self._read_invoice(second))
        self.assertAddsUp(first)
        self.assertAddsUp(second)

    def test_a_payment_without_an_answer_counts_as_paid_by_the_insurer(self):
        charge = self._bill()
        self._pay(charge, 200.0)
        self._answer(charge.claim_ids, 0.0, [(self.pr_1, 80.0), (self.co_50, 220.0)])
        bill = self._patient_bills(charge.encounter_id)
        text = self._read_invoice(bill)
        self.assertIn("Paid by Blue Insurance -$200.00", text)
        self.assertIn("Waiting for Blue Insurance, not asked of you -$220.00", text)
        self.assertAddsUp(bill)

    def test_a_share_known_beforehand_adds_up_with_tax_and_odd_cents(self):
        tax = self.env["account.tax"].create({
            "name": "Sales tax 8.25%", "amount": 8.25, "amount_type": "percent", "type_tax_use": "sale",
        })
        brace = self._create_service("Knee brace", 99.99, tax)
        training = self._create_service("Walking training", 40.01, tax)
        plan = self._create_plan(
            "Split Plan", self.payer, billing_mode="split", deductible=33.33, coinsurance=20.0, copay=15.0,
        )
        patient = self._create_patient("Dan Kim")
        self._create_coverage(patient, plan)
        moves = self._bill(patient=patient, services=[brace, training])
        bill = self._patient_bills(moves.encounter_id)
        text = self._read_invoice(bill)
        values = self.assertAddsUp(bill)
        self.assertAlmostEqual(sum(service["charge"] for service in values["services"]), 140.0)
        self.assertIn("Asked of Blue Insurance", text)
        self.assertIn("Sales tax 8.25%", text)
        self.assertIn("Amounts before tax; the tax is added below.", text)
        self.assertIn("Copay: your fixed amount for a visit: $15.00", text)
        self.assertAlmostEqual(values["share"], bill.amount_total)

    # === WHAT HAPPENED SINCE === #

    def test_a_part_payment_is_thanked_for_and_taken_off(self):
        bill = self._patient_bills(self._bill_and_answer(420.0, [(self.pr_1, 80.0)]))
        self._pay(bill, 30.0)
        text = self._read_invoice(bill)
        self.assertIn("Your share $80.00", text)
        self.assertIn("Paid on March 12, 2026, thank you -$30.00", text)
        self.assertIn("You owe $50.00", text)
        self.assertIn("Please pay $50.00", text)
        self.assertAddsUp(bill)

    def test_a_paid_bill_asks_for_nothing(self):
        bill = self._patient_bills(self._bill_and_answer(420.0, [(self.pr_1, 80.0)]))
        self._pay(bill)
        text = self._read_invoice(bill)
        self.assertIn("Nothing to pay", text)
        self.assertNotIn("Please pay", text)
        self.assertNotIn("Please send this part with your payment", text)
        self.assertAddsUp(bill)

    def test_a_write_off_and_its_reversal_are_followed(self):
        bill = self._patient_bills(self._bill_and_answer(420.0, [(self.pr_1, 80.0)]))
        adjustment = self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.env.ref("billing_coordinator.reason_office_courtesy").id,
            "amount": 15.0, "date": "2026-03-14",
        })
        adjustment.action_approve()
        self.assertIn("Courtesy discount -$15.00 You owe $65.00", self._read_invoice(bill))
        self.assertAddsUp(bill)
        adjustment.action_reverse()
        text = self._read_invoice(bill)
        self.assertNotIn("Courtesy discount", text)
        self.assertIn("Please pay $80.00", text)
        self.assertAddsUp(bill)

    def test_a_payment_after_a_write_off_was_taken_back_keeps_its_day(self):
        bill = self._patient_bills(self._bill_and_answer(420.0, [(self.pr_1, 80.0)]))
        adjustment = self.env["billing.adjustment"].create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": 80.0, "date": "2026-03-11",
        })
        adjustment.action_approve()
        adjustment.action_reverse()
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.patient.id, "amount": 50.0,
            "date": "2026-03-15", "journal_id": self.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        receivables = bill._get_billing_receivables() | payment.move_id.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        receivables.reconcile()
        text = self._read_invoice(bill)
        self.assertIn("Paid on March 15, 2026, thank you -$50.00 You owe $30.00", text)
        self.assertAddsUp(bill)

    def test_a_credit_note_is_taken_off(self):
        bill = self._bill(is_self_pay=True)
        credit_note = bill._reverse_moves([{"invoice_date": "2026-03-14"}])
        credit_note.invoice_line_ids.price_unit = 100.0
        credit_note.action_post()
        bill._reconcile_billing_receivables()
        text = self._read_invoice(bill)
        self.assertIn(f"Taken back on March 14, 2026 (credit note {credit_note.name}) -$100.00", text)
        self.assertIn("Please pay $400.00", text)
        self.assertAddsUp(bill)

    def test_a_bill_taken_back_says_that_nothing_is_owed(self):
        charge = self._bill()
        remittance = self._answer(charge.claim_ids, 420.0, [(self.pr_1, 80.0)])
        bill = self._patient_bills(charge.encounter_id)
        remittance._reverse(self.env.cr.now().date(), "typed wrongly")
        text = self._read_invoice(bill)
        self.assertIn("This bill was taken back. You do not owe anything on it.", text)
        self.assertIn("Nothing to pay", text)
        self.assertAddsUp(bill)

    # === WHO READS IT === #

    def test_the_guarantor_gets_the_bill_and_reads_whose_visit_it_was(self):
        mother = self._create_patient("Maria Keller")
        child = self._create_patient("Tim Keller", guarantor_id=mother.id)
        bill = self._bill(patient=child)
        self.assertEqual(bill.partner_id, mother)
        self.assertIn("For the visit of Tim Keller", self._read_invoice(bill))

    def test_amounts_and_dates_are_written_as_the_reader_writes_them(self):
        for lang, amount, day in (
            ("en_US", "$1,234.50", "March 5, 2026"),
            ("de_DE", "1.234,50 $", "05.03.2026"),
            ("es_ES", "1234,50 US$", "5 de marzo de 2026"),
        ):
            self.env["res.lang"]._activate_lang(lang)
            patient = self._create_patient(f"Reader {lang}", lang=lang)
            bill = self._bill(patient=patient, services=[(self.service, 1234.5)])
            text = self._read_invoice(bill)
            self.assertIn(amount, text)
            self.assertIn(day, text)

    def test_the_bill_shows_where_to_pay(self):
        self.company.billing_pay_text = "At the front desk."
        self.company.phone = "555 0142"
        bank = self.env["res.partner.bank"].create({
            "partner_id": self.company.partner_id.id, "acc_number": "DE89370400440532013000", "allow_out_payment": True,
        })
        bill = self._bill(is_self_pay=True)
        bill.partner_bank_id = bank
        text = self._read_invoice(bill)
        self.assertIn("At the front desk.", text)
        self.assertIn("For your bank transfer", text)
        self.assertIn("DE89 3704 0044 0532 0130 00", text)
        self.assertIn("555 0142", text)
        bill.partner_bank_id = bank.copy({"acc_number": "4471 0023"})
        text = self._read_invoice(bill)
        self.assertIn("Account 4471 0023", text)
        self.assertIn("Please send this part with your payment", text)
        self.assertIn("Amount enclosed", text)

    def test_whoever_may_not_read_health_data_prints_odoos_invoice(self):
        accountant = new_test_user(self.env, "plain_accountant", groups="account.group_account_invoice")
        bill = self._bill(is_self_pay=True)
        text = self._read_invoice(bill, user=accountant)
        self.assertIn(bill.name, text)
        self.assertNotIn("V213", text)
        self.assertNotIn("Dr. Ruth Stein", text)
        charge = self._bill()
        self.assertNotIn("V213", self._read_invoice(charge, user=accountant))

    def test_a_reader_of_billing_prints_the_itemised_bill(self):
        reader = new_test_user(self.env, "billing_reader", groups="billing_coordinator.group_readonly")
        bill = self._patient_bills(self._bill_and_answer(300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)]))
        self.assertIn("Paid by Blue Insurance -$300.00", self._read_invoice(bill, user=reader))

    def test_the_payers_invoice_stays_odoos_and_names_patient_date_and_code(self):
        encounter = self._create_encounter()
        encounter.line_ids.modifier_1_id = self.modifier
        charge = self._bill(encounter)
        self._answer(charge.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        text = self._read_invoice(charge)
        self.assertIn("Patient Ana López", text)
        self.assertIn("03/05/2026 · V213 · Z5", text)
        self.assertIn("Discounts and amounts passed on, 03/10/2026", text)
        self.assertNotIn("How your share comes about", text)

    def test_the_patient_reads_it_in_the_portal(self):
        bill = self._bill(is_self_pay=True)
        portal = new_test_user(self.env, "portal_patient", groups="base.group_portal")
        source, _kind = self.env(user=portal)["ir.actions.report"].sudo()._render_qweb_html(
            "account.account_invoices", bill.ids, data={"report_type": "html"},
        )
        self.assertIn("Code", source.decode())
        self.assertIn("V213", source.decode())

    def test_an_invoice_that_is_not_billings_is_left_alone(self):
        invoice = self._create_invoice_one_line(price_unit=100.0, post=True)
        self.assertEqual(invoice._get_name_invoice_report(), "account.report_invoice_document")
