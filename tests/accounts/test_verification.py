from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestVerification(BillingCase):
    """Whether phone, e-mail and address still reach the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.write({
            "phone": "(708) 555-0111", "email": "ana@example.com", "street": "9 Orchard Lane", "city": "Riverside",
        })
        cls.coordinator = new_test_user(cls.env, "cora", "billing_coordinator.group_coordinator")

    def _statuses(self):
        return self.patient.billing_phone_status, self.patient.billing_email_status, self.patient.billing_address_status

    def _is_listed(self):
        return self.patient in self.env["res.partner"].search([("billing_to_verify", "!=", False)])

    def _verify_all(self):
        self.patient.action_billing_verify_phone()
        self.patient.action_billing_verify_email()
        self.patient.action_billing_verify_address()

    def test_what_nobody_verified_is_to_verify_and_what_is_missing_is_not(self):
        self.assertEqual(self._statuses(), ("unverified", "unverified", "unverified"))
        self.assertEqual(self.patient.billing_to_verify, "Phone, E-mail, Address")
        self.patient.write({"phone": False, "street": False})
        self.assertEqual(self._statuses(), ("missing", "unverified", "missing"))
        self.patient.email = False
        self.assertFalse(self._is_listed())

    def test_verified_with_date_and_person(self):
        self.patient.with_user(self.coordinator).action_billing_verify_phone()
        self.assertEqual(str(self.patient.billing_phone_verified), TODAY)
        self.assertEqual(self.patient.billing_phone_user_id, self.coordinator)
        self.assertIn("Phone verified: (708) 555-0111", self.patient.message_ids[0].body)
        self.assertEqual(self._statuses(), ("verified", "unverified", "unverified"))

    def test_after_the_companys_time_it_is_stale_and_zero_days_is_for_ever(self):
        self._verify_all()
        self.assertFalse(self._is_listed())
        self.patient.billing_phone_verified = "2025-03-15"
        self.assertEqual((self._statuses()[0], self._is_listed()), ("stale", True))
        self.patient.billing_phone_verified = "2025-03-16"
        self.assertEqual((self._statuses()[0], self._is_listed()), ("verified", False))
        self.patient.billing_phone_verified = "2015-01-01"
        self.company.billing_verification_days = 0
        self.patient.invalidate_recordset()
        self.assertEqual((self._statuses()[0], self._is_listed()), ("verified", False))

    def test_the_list_asks_one_indexed_date(self):
        query = str(self.env["res.partner"]._search([("billing_to_verify", "!=", False)]).where_clause)
        self.assertIn("billing_oldest_verification", query)
        self.assertNotIn("phone", query)

    def test_a_negative_time_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot verify contacts every -1 days"):
            self.company.billing_verification_days = -1

    def test_a_change_has_to_be_verified_anew_whoever_makes_it(self):
        self._verify_all()
        outsider = new_test_user(self.env, "paula", "base.group_user,base.group_partner_manager")
        self.patient.with_user(outsider).write({"phone": "(708) 555-0999", "zip": "60546"})
        self.assertEqual(self._statuses(), ("unverified", "verified", "unverified"))
        self.assertFalse(self.patient.billing_phone_user_id)

    def test_an_address_that_follows_the_familys_is_verified_anew(self):
        parent = self._create_patient("Rosa López", street="9 Orchard Lane", city="Riverside")
        child = self._create_patient("Leo López", parent_id=parent.id, type="contact", phone="(708) 555-0112")
        self.assertEqual(child.street, "9 Orchard Lane")
        (parent + child).action_billing_verify_address()
        child.action_billing_verify_phone()
        parent.city = "Lakeside"
        self.assertEqual((child.city, child.billing_address_status), ("Lakeside", "unverified"))
        self.assertEqual(child.billing_phone_status, "verified")
        (parent + child).action_billing_verify_address()
        child.street = "10 Orchard Lane"
        self.assertEqual((parent.street, parent.billing_address_status), ("10 Orchard Lane", "unverified"))

    def test_saving_the_same_again_changes_nothing(self):
        self._verify_all()
        self.patient.write({"phone": "(708) 555-0111", "street2": False, "state_id": False})
        self.assertEqual(self._statuses(), ("verified", "verified", "verified"))

    def test_a_bounced_message_says_at_once_that_the_address_does_not_work(self):
        self._verify_all()
        self.patient._message_receive_bounce("ana@example.com", self.patient)
        self.assertEqual(self._statuses(), ("verified", "failed", "verified"))
        self.assertEqual(self.patient.billing_email_failure, "A message bounced (03/16/2026)")
        self.assertIn("A message bounced: ana@example.com", self.patient.message_ids[0].body)
        self.assertTrue(self._is_listed())
        self.patient.email = "ana.lopez@example.com"
        self.assertEqual(self._statuses()[1], "unverified")

    def test_a_bounce_of_another_address_or_contact_is_not_this_accounts(self):
        self._verify_all()
        self.patient._message_receive_bounce("old@example.com", self.patient)
        self.payer.email = "claims@example.com"
        self.payer._message_receive_bounce("claims@example.com", self.payer)
        self.assertEqual(self._statuses()[1], "verified")
        self.assertFalse(self.payer.billing_email_failure)

    def test_a_letter_that_came_back_fails_the_address_until_it_is_verified_again(self):
        self._verify_all()
        self.patient.with_user(self.coordinator).action_billing_letter_back()
        self.assertEqual(self._statuses()[2], "failed")
        self.assertEqual(self.patient.billing_address_failure, "A letter came back (03/16/2026)")
        self.assertFalse(self.patient.billing_address_verified)
        self.patient.action_billing_verify_address()
        self.assertEqual(self._statuses()[2], "verified")

    def test_nothing_cannot_be_verified(self):
        self.patient.phone = False
        with self.assertRaisesRegex(UserError, "Ana López.* has nothing to verify here: Phone is empty"):
            self.patient.action_billing_verify_phone()

    def test_the_worklist_names_accounts_only_and_no_closed_ones(self):
        worklist = self.env.ref("billing_coordinator.worklist_contacts_to_verify")
        self.payer.phone = "(800) 555-0144"
        closed = self._create_patient("Gone Girl", phone="(708) 555-0777")
        closed._billing_move("closed", "Moved away")
        found = self.env["res.partner"].search(worklist._get_domain())
        self.assertIn(self.patient, found)
        self.assertFalse(found & (self.payer + closed))

    def test_the_list_costs_the_same_queries_for_many(self):
        accounts = self.env["res.partner"].create([
            {"name": f"Person {number}", "is_billing_account": True, "phone": f"708 555 {number:04}"}
            for number in range(40)
        ])
        names = ["billing_phone_status", "billing_email_status", "billing_address_status", "billing_to_verify",
                 "billing_state", "billing_payment_habit"]
        accounts.read(names)
        counts = []
        for some in (accounts[:2], accounts):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.read(names)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
