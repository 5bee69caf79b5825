from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PaperCase

REPORT = "billing_coordinator.action_report_claim"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimForm(PaperCase):
    """The form that a payer decides on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"vat": "93-1234567", "street": "120 Harbor Street"})
        cls.company.partner_id.npi = "1245319599"
        cls.payer.write({"payer_code": "BLUE7", "street": "PO Box 4410"})
        cls.patient.write({"birth_date": "1981-04-12", "sex": "female", "street": "77 Alder Way"})
        cls.coverage.write({"member_number": "XWZ-1", "group_number": "GRP-77"})

    def _create_visit(self, **values):
        encounter = self._create_encounter(
            services=[self.service, self.lab],
            place_id=self.office.id,
            diagnosis_ids=[
                Command.create({"code_id": self.diabetes.id, "sequence": 1}),
                Command.create({"code_id": self.hypertension.id, "sequence": 2}),
            ],
            **values,
        )
        encounter.line_ids[0].modifier_1_id = self.modifier
        encounter.line_ids[0].diagnosis_ids = encounter.diagnosis_ids
        return encounter

    def test_it_says_everything_a_payer_needs(self):
        claim = self._bill(self._create_visit()).claim_ids
        text = self._read(REPORT, claim)
        for words in (
            f"Claim {claim.name}", "Blue Insurance", "PO Box 4410", "Payer ID BLUE7", "Amount asked of you $564.50",
            "Patient Ana López 77 Alder Way", "Born on 04/12/1981", "Sex Female", "Insured as Policy holder",
            "Plan Blue Plan", "Member number XWZ-1", "Group number GRP-77", "This coverage is Primary",
            "120 Harbor Street", "Tax ID 93-1234567", "NPI 1245319599",
            "Service rendered by Dr. Ruth Stein NPI 1234567893", "Place of service P11 Office",
            "A E11.9 Type 2 diabetes", "B I10 High blood pressure",
            "03/05/2026 P11 V213 Z5 Office visit AB 1.00 $500.00 $500.00",
            "03/05/2026 P11 L036 Blood test A 1.00 $64.50 $64.50",
            "Total $564.50 $564.50", "Signature of the provider or supplier",
        ):
            self.assertIn(words, text)
        self.assertNotIn("Other coverage", text)

    def test_the_policy_holder_is_named_when_it_is_not_the_patient(self):
        father = self._create_patient("Luis López", birth_date="1950-02-03")
        self.coverage.write({"relationship": "child", "subscriber_id": father.id})
        text = self._read(REPORT, self._bill(self._create_visit()).claim_ids)
        self.assertIn("Insured as Child", text)
        self.assertIn("Policy holder Luis López", text)
        self.assertIn("02/03/1950", text)

    def test_the_secondary_reads_what_the_primary_paid_and_did_not(self):
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="SUP-881")
        encounter = self._create_visit()
        primary = self._bill(encounter).claim_ids
        self.assertIn(
            "Other coverage Gold Insurance , Gold Plan ( Secondary ), member SUP-881", self._read(REPORT, primary),
        )
        remittance = self._prepare_answer(primary, 340.0)
        visit, lab = remittance.line_ids
        visit.write({"amount_paid": 300.0, "adjustment_ids": [
            Command.create({"reason_id": self.co_45.id, "amount": 120.0}),
            Command.create({"reason_id": self.pr_1.id, "amount": 50.0}),
            Command.create({"reason_id": self.pr_2.id, "amount": 30.0}),
        ]})
        lab.write({"amount_paid": 40.0, "adjustment_ids": [
            Command.create({"reason_id": self.co_45.id, "amount": 24.5}),
        ]})
        remittance.action_post()
        secondary = encounter.claim_ids - primary
        text = self._read(REPORT, secondary)
        self.assertIn("Amount asked of you $80.00", text)
        self.assertIn("P11 V213 Z5 Office visit AB 1.00 $500.00 $80.00", text)
        self.assertIn("Other coverage Blue Insurance , Blue Plan ( Primary ), member XWZ-1", text)
        self.assertIn("03/10/2026 V213 Office visit $500.00 CO-45 $120.00 ; PR-1 $50.00 ; PR-2 $30.00 $300.00", text)
        self.assertIn("03/10/2026 L036 Blood test $64.50 CO-45 $24.50 $40.00", text)

    def test_a_reversed_answer_is_not_told_to_anybody(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        encounter = self._create_encounter()
        primary = self._bill(encounter).claim_ids
        remittance = self._answer(primary, 420.0, [(self.pr_1, 80.0)])
        secondary = encounter.claim_ids - primary
        remittance._reverse(self.env.cr.now().date(), "typed wrongly")
        text = self._read(REPORT, secondary)
        self.assertIn("Void: this claim was taken back.", text)
        self.assertNotIn("$420.00", text)

    def test_tax_is_shown_where_there_is_some(self):
        tax = self.env["account.tax"].create({
            "name": "Tax 10%", "amount": 10.0, "amount_type": "percent", "type_tax_use": "sale",
        })
        brace = self._create_service("Knee brace", 100.0, tax)
        text = self._read(REPORT, self._bill(services=[brace]).claim_ids)
        self.assertIn("$100.00 $10.00 $110.00", text)

    def test_a_split_claim_shows_the_whole_charge_and_the_insurers_share(self):
        plan = self._create_plan("Split Plan", self.payer, billing_mode="split", copay=20.0)
        patient = self._create_patient("Dan Kim")
        self._create_coverage(patient, plan)
        claim = self._bill(patient=patient).claim_ids
        self.assertIn("Office visit 1.00 $500.00 $480.00", self._read(REPORT, claim))

    def test_only_billing_prints_it(self):
        claim = self._bill(self._create_visit()).claim_ids
        accountant = new_test_user(self.env, "plain_accountant", groups="account.group_account_invoice")
        with self.assertRaises(AccessError):
            self._read(REPORT, claim, user=accountant)
        reader = new_test_user(self.env, "billing_reader", groups="billing_coordinator.group_readonly")
        self.assertIn("E11.9", self._read(REPORT, claim, user=reader))
