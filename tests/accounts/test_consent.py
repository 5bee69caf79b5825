from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestConsent(BillingCase):
    """What a patient allowed, from when to when, and who recorded it."""

    def _consent(self, **values):
        return self.env["billing.consent"].create({"partner_id": self.patient.id, "kind": "release", **values})

    def test_a_consent_says_who_recorded_it_and_is_taken_back_not_deleted(self):
        user = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator")
        consent = self._consent().with_user(user).sudo(False).create({
            "partner_id": self.patient.id, "kind": "email", "user_id": self.env.uid,
        })
        self.assertEqual(consent.user_id, user)
        consent.action_withdraw()
        self.assertEqual(str(consent.date_withdrawn), TODAY)
        with self.assertRaisesRegex(UserError, "is on record and cannot be deleted"):
            consent.sudo().unlink()

    def test_what_was_said_when_it_was_given_stays(self):
        consent = self._consent(given_by="Mother")
        for vals in ({"given_by": "Ana"}, {"date_given": "2026-01-01"}, {"partner_id": self.payer.id}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "is on record and stays as it was given"):
                consent.write(vals)
        consent.action_withdraw()
        with self.assertRaisesRegex(UserError, "Take it back and record it anew"):
            consent.date_withdrawn = False

    def test_a_consent_is_given_once_and_again_after_it_was_taken_back(self):
        consent = self._consent()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._consent()
        consent.action_withdraw()
        self.assertTrue(self._consent())

    def test_dates_that_cannot_be_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be given on 03/17/2026, which is still to come"):
            self._consent(date_given="2026-03-17")
        with self.assertRaisesRegex(ValidationError, "cannot be taken back on 03/01/2026, before it was given"):
            self._consent(date_given="2026-03-10", date_withdrawn="2026-03-01")

    def test_two_who_are_the_same_person_have_allowed_it_once(self):
        twin = self._create_patient("Anna Lopez")
        early, late = self._consent(partner_id=twin.id, date_given="2026-01-10"), self._consent()
        other = self._consent(kind="email", partner_id=twin.id)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.patient + twin).ids, self.patient)
        (early + late + other).invalidate_recordset()
        self.assertEqual((early + late + other).partner_id, self.patient)
        self.assertEqual(self.patient.billing_consent_ids.filtered(lambda c: not c.date_withdrawn), early + other)
        self.assertIn("the consent of 01/10/2026 goes on", late.message_ids[0].body)
