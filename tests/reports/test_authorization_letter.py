from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PaperCase

LETTER = "billing_coordinator.action_report_authorization"
CLAIM = "billing_coordinator.action_report_claim"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorizationLetter(PaperCase):
    """The letter that asks a payer beforehand, and the number that its claim carries later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"vat": "93-1234567", "phone": "555 0100"})
        cls.payer.street = "PO Box 4410"
        cls.patient.write({"birth_date": "1981-04-12", "street": "77 Alder Way"})
        cls.coverage.write({"member_number": "XWZ-1", "group_number": "GRP-77"})
        cls.request = cls.env["billing.authorization"].create({
            "patient_id": cls.patient.id,
            "coverage_id": cls.coverage.id,
            "provider_id": cls.provider.id,
            "diagnosis_ids": [Command.set(cls.diabetes.ids)],
            "date_from": "2026-03-05",
            "date_to": "2026-06-30",
            "reason": "Wound does not heal.",
            "tried_before": "Dressings for six weeks.",
            "enclosures": "Photograph",
            "line_ids": [
                Command.create({"code_id": cls.service.billing_code_id.id, "units_asked": 12.0}),
                Command.create({"product_id": cls.lab.id, "units_asked": 2.0}),
            ],
        })

    def test_it_says_what_a_payer_needs_to_decide(self):
        text = self._read(LETTER, self.request)
        for words in (
            "Blue Insurance", "PO Box 4410", f"Request for prior authorization {self.request.name}",
            "Please agree to the services below for Ana López , planned from March 5, 2026 to June 30, 2026 , and tell "
            "us the authorization number.",
            "Patient Ana López Born on April 12, 1981 Member number XWZ-1",
            "Plan Blue Plan Insured as Policy holder Group number GRP-77",
            "V213 Office visit 12", "Blood test 2", "Because of E11.9 Type 2 diabetes",
            "Why it is needed now Wound does not heal.", "What was tried before Dressings for six weeks.",
            "Enclosed Photograph", "Provider Dr. Ruth Stein NPI 1234567893 Tax ID 93-1234567",
            "Signature of the provider",
        ):
            self.assertIn(words, text)
        for words in ("Urgent", "I10", "77 Alder Way"):
            self.assertNotIn(words, text, "not asked, not needed: not told")

    def test_an_urgent_one_says_so_first(self):
        self.request.urgency = "urgent"
        self.assertIn("Urgent: waiting could harm the patient.", self._read(LETTER, self.request))

    def _create_desk(self, name, purpose, **values):
        return self.env["res.partner"].create({
            "name": name, "parent_id": self.payer.id,
            "billing_purpose_ids": self.env.ref(f"billing_coordinator.contact_purpose_{purpose}").ids, **values,
        })

    def test_it_goes_to_the_desk_that_answers_it(self):
        self._create_desk("Utilization review", "authorizations")
        self._create_desk("Claims department", "claims", street="PO Box 9000", city="Fargo")
        text = self._read(LETTER, self.request)
        self.assertIn("Blue Insurance Utilization review PO Box 4410", text, "a desk without address: the payer's")
        for words in ("Claims department", "PO Box 9000"):
            self.assertNotIn(words, text)

    def test_a_claim_goes_to_the_claims_desk_with_its_own_address(self):
        desk = self._create_desk("Claims department", "claims", street="PO Box 9000", city="Fargo")
        text = self._read(CLAIM, self._bill().claim_ids)
        self.assertIn("Blue Insurance Claims department PO Box 9000 Fargo", text)
        self.assertEqual((self.payer.street, desk.type), ("PO Box 4410", "other"))

    def test_the_address_of_a_desk_leaves_the_payers_as_it_is(self):
        desk = self._create_desk("Utilization review", "authorizations")
        self.assertEqual(desk.street, "PO Box 4410")
        desk.street = "PO Box 12"
        self.assertEqual((self.payer.street, desk.street), ("PO Box 4410", "PO Box 12"))
        self.assertIn("Blue Insurance Utilization review PO Box 12", self._read(LETTER, self.request))

    def test_what_the_patient_wants_kept_apart_is_not_told_to_the_payer(self):
        self.patient.billing_confidential_address = "PO Box 218"
        self.assertNotIn("PO Box 218", self._read(LETTER, self.request))

    def test_a_range_is_written_as_one(self):
        last = self._create_code("V299", "Long visit", "procedure")
        self.request.line_ids[0].code_to_id = last
        self.assertIn("V213–V299 Office visit up to Long visit 12", self._read(LETTER, self.request))

    def test_the_claim_carries_the_number(self):
        self.assertNotIn("Prior authorization number", self._read(CLAIM, self._bill().claim_ids))
        self.request.action_submit()
        self.request.number = "A-4711"
        self.request.action_approve()
        claim = self._bill(services=[self.service, self.lab]).claim_ids
        self.assertIn("Prior authorization number A-4711", self._read(CLAIM, claim))

    def test_another_payer_does_not_get_it(self):
        self.request.action_submit()
        self.request.number = "A-4711"
        self.request.action_approve()
        self._create_coverage(self.patient, self.plan_b, rank="2")
        encounter = self._create_encounter()
        primary = self._bill(encounter).claim_ids
        self._answer(primary, 420.0, [(self.pr_1, 80.0)])
        secondary = encounter.claim_ids - primary
        self.assertIn("A-4711", self._read(CLAIM, primary))
        self.assertNotIn("A-4711", self._read(CLAIM, secondary))

    def test_only_billing_prints_it(self):
        accountant = new_test_user(self.env, "plain_accountant", groups="account.group_account_invoice")
        with self.assertRaises(AccessError):
            self._read(LETTER, self.request, user=accountant)
        reader = new_test_user(self.env, "billing_reader", groups="billing_coordinator.group_readonly")
        self.assertIn("E11.9", self._read(LETTER, self.request, user=reader))
