from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDebtor(BillingCase):
    """Whom the bills of a patient go to."""

    def test_an_employee_filed_under_their_employer_owes_their_own_bills(self):
        employer = self.env["res.partner"].create({"name": "Kessler Works", "is_company": True})
        patient = self._create_patient("Omar Diaz", parent_id=employer.id)
        invoice = self._bill(patient=patient)
        self.assertEqual(invoice.commercial_partner_id, patient)
        self.assertEqual((self._owed(patient), self._owed(employer)), (500.0, 0.0))

    def test_a_contact_who_becomes_a_patient_leaves_the_employers_account(self):
        employer = self.env["res.partner"].create({"name": "Kessler Works", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Omar Diaz", "parent_id": employer.id})
        self.assertEqual(contact.commercial_partner_id, employer)
        contact.is_billing_account = True
        self.assertEqual(contact.commercial_partner_id, contact)

    def test_the_guarantor_is_asked_for_what_insurance_leaves(self):
        mother = self._create_patient("Eva Keller")
        child = self._create_patient("Leo Keller", guarantor_id=mother.id)
        self._create_coverage(child, self.plan)
        invoice = self._bill(patient=child)
        self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        self.assertEqual((self._owed(mother), self._owed(child)), (80.0, 0.0))

    def test_a_code_on_a_visit_is_not_deleted(self):
        code = self.env["billing.code"].create({
            "system_id": self.env.ref("billing_coordinator.code_system_own").id,
            "code": "OV-9",
            "name": "Visit",
            "kind": "procedure",
        })
        encounter = self._create_encounter()
        encounter.line_ids.code_id = code
        with self.assertRaisesRegex(Exception, f"OV-9 Visit cannot be deleted: {encounter.name} .* uses it"):
            code.unlink()
