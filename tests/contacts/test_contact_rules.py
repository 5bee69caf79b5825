from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import NOON, ContactCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestContactRules(ContactCase):
    """Who owes money is contacted by day where they live, seldom, and as they wish; what is against it is refused."""

    def _refusal(self, case, moment, **values):
        """The sentence with which an attempt is refused; None where it is not."""
        try:
            with self.cr.savepoint():
                self._contact(case, moment, **values)
        except UserError as error:
            return str(error)
        return None

    # === THE HOURS === #

    def test_nobody_is_called_before_eight_or_from_nine_on_where_they_live(self):
        case = self._open()
        # 7:59 in Los Angeles is 10:59 in New York.
        self.assertEqual(
            self._refusal(case, "2026-03-16 14:59:00"),
            "People are contacted from 8:00 AM to 9:00 PM where they live; in Los Angeles it is 7:59 AM. It is allowed "
            "from 03/16/2026, 8:00 AM on in Los Angeles (11:00 AM your time).",
        )
        self.assertIsNone(self._refusal(case, "2026-03-16 15:00:00"))
        self.assertIsNone(self._refusal(case, "2026-03-17 03:59:00"))
        self.assertEqual(
            self._refusal(case, "2026-03-17 04:00:00"),
            "People are contacted from 8:00 AM to 9:00 PM where they live; in Los Angeles it is 9:00 PM. It is allowed "
            "from 03/17/2026, 8:00 AM on in Los Angeles (11:00 AM your time).",
        )

    def test_the_hours_move_with_summer_time(self):
        case = self._open("2026-03-16")
        # Clocks changed on Sunday, 8 March: eight o'clock was 16:00 UTC on Saturday, and is 15:00 UTC on Monday.
        self.assertIn("7:59 AM", self._refusal(case, "2026-03-07 15:59:00"))
        self.assertIsNone(self._refusal(case, "2026-03-07 16:00:00"))
        self.assertIn("7:59 AM", self._refusal(case, "2026-03-09 14:59:00"))
        self.assertIsNone(self._refusal(case, "2026-03-09 15:00:00"))

    def test_the_hours_are_a_setting(self):
        case = self._open()
        self.company.write({"billing_contact_earliest": 9.5, "billing_contact_latest": 18})
        self.assertIn("from 9:30 AM to 6:00 PM", self._refusal(case, "2026-03-16 16:00:00"))
        self.assertIsNone(self._refusal(case, "2026-03-16 16:30:00"))
        with self.assertRaisesRegex(ValidationError, "cannot contact people from 09:30 to 09:00"):
            self.company.billing_contact_latest = 9
        self.company.write({"billing_contact_earliest": 0, "billing_contact_latest": 24})
        self.assertIsNone(self._refusal(case, "2026-03-17 06:59:59"))

    def test_what_the_office_says_of_the_time_zone_counts_before_the_address(self):
        case = self._open()
        self.nora.billing_tz = "Pacific/Honolulu"
        self.assertIn("in Honolulu it is 5:00 AM", self._refusal(case, "2026-03-16 15:00:00"))
        self.nora.write({"billing_tz": False, "tz": "America/New_York"})
        self.assertIn("in Los Angeles it is 7:00 AM", self._refusal(case, "2026-03-16 14:00:00"))
        self.nora.write({"country_id": False, "state_id": False})
        self.assertIsNone(self._refusal(case, "2026-03-16 14:00:00"))

    def test_without_any_address_it_is_the_time_of_the_company(self):
        case = self._open()
        self.nora.write({"country_id": False, "state_id": False, "tz": False})
        self.assertEqual(
            self._refusal(case, "2026-03-16 11:30:00"),
            "People are contacted from 8:00 AM to 9:00 PM where they live; in New York it is 7:30 AM. It is allowed "
            "from 03/16/2026, 8:00 AM on.",
        )

    def test_a_state_of_two_zones_is_called_when_it_is_day_in_both(self):
        case = self._open()
        self.nora.state_id = self.env.ref("base.state_us_44")
        with freeze_time("2026-03-16 13:30:00"):
            self.assertEqual(case.local_time, "8:30 AM (Chicago), 7:30 AM (Denver)")
            self.assertEqual((case.can_call, case.call_note), (False, "From 10:00 AM"))
        self.assertIn("in Denver it is 7:30 AM", self._refusal(case, "2026-03-16 13:30:00"))

    # === DAYS OF REST === #

    def test_nobody_is_called_on_sunday_or_a_holiday(self):
        case = self._open()
        self.assertEqual(
            self._refusal(case, "2026-03-22 19:00:00"),
            "03/22/2026 is a day of rest where Nora Neu lives. It is allowed from 03/23/2026, 8:00 AM on in Los "
            "Angeles (11:00 AM your time).",
        )
        self.assertIsNone(self._refusal(case, "2026-03-21 19:00:00"))
        self.env["resource.calendar.leaves"].create({
            "name": "Founders' day", "calendar_id": self.company.resource_calendar_id.id,
            "date_from": "2026-03-23 00:00:00", "date_to": "2026-03-24 23:59:59", "company_id": self.company.id,
        })
        self.assertIn("03/23/2026 is a day of rest", self._refusal(case, "2026-03-23 19:00:00"))
        self.company.billing_contact_days = "friday"
        self.assertIn("03/21/2026 is a day of rest", self._refusal(case, "2026-03-21 19:00:00"))
        self.company.billing_contact_days = "all"
        self.assertIsNone(self._refusal(case, "2026-03-22 19:00:00"))
        self.assertIsNone(self._refusal(case, "2026-03-23 19:00:00"))

    # === HOW OFTEN === #

    def test_seven_attempts_in_seven_days_and_not_an_eighth(self):
        self.company.billing_contact_days = "all"
        case = self._open()
        for day in range(16, 23):
            self._contact(case, f"2026-03-{day} 19:00:00")
        self.assertEqual(
            self._refusal(case, "2026-03-22 20:00:00"),
            "Nora Neu was tried 7 times within 7 days, and 7 is the most. It is allowed from 03/23/2026, 8:00 AM on in "
            "Los Angeles (11:00 AM your time).",
        )
        self.assertIn("was tried 7 times", self._refusal(case, "2026-03-22 20:00:00", channel="visit"))
        self.assertIsNone(self._refusal(case, "2026-03-23 15:00:00"))

    def test_whoever_calls_by_themselves_is_not_counted_and_may_call_at_night(self):
        self.company.billing_contact_days = "all"
        case = self._open()
        for day in range(16, 24):
            self._contact(case, f"2026-03-{day} 09:00:00", "third_party", is_incoming=True)
        self.assertIsNone(self._refusal(case, "2026-03-23 19:00:00"))

    def test_attempts_in_an_earlier_case_count(self):
        case = self._open()
        self.company.billing_contact_most = 1
        self._contact(case, NOON)
        self._pay(self.january + self.february, 600.0, date="2026-03-17")
        self._night("2026-03-17")
        self._bill_nora(90.0, "2026-02-12")
        self._night("2026-03-18")
        later = self._case().filtered(lambda some: some.state == "open")
        self.assertNotEqual(later, case)
        self.assertIn("was tried 1 times within 7 days", self._refusal(later, "2026-03-18 19:00:00"))

    def test_attempts_of_another_company_do_not_count(self):
        case = self._open()
        self.company.billing_contact_most = 1
        other = self.env["res.company"].create({"name": "Elsewhere"})
        there = self.env["billing.collection.case"].sudo().create({"partner_id": self.nora.id, "company_id": other.id})
        self._contact(there, "2026-03-16 18:00:00", user=self.env.ref("base.user_root"))
        self.assertIsNone(self._refusal(case, NOON))

    # === QUIET === #

    def test_after_a_conversation_it_is_quiet_until_the_same_day_of_the_next_week(self):
        case = self._open()
        self._contact(case, NOON, "reached")
        self.assertEqual(
            self._refusal(case, "2026-03-17 19:00:00"),
            "Somebody spoke with Nora Neu on 03/16/2026: it is quiet for 7 days, that one included. It is allowed from "
            "03/23/2026, 8:00 AM on in Los Angeles (11:00 AM your time).",
        )
        # Half past eight in the evening of the 22nd there is the 23rd in UTC.
        self.company.billing_contact_days = "all"
        self.assertIn("it is quiet for 7 days", self._refusal(case, "2026-03-23 03:30:00"))
        self.assertIsNone(self._refusal(case, "2026-03-23 15:00:00"))

    def test_a_conversation_that_they_began_is_one(self):
        case = self._open()
        self._contact(case, NOON, "reached", is_incoming=True)
        self.assertIn("it is quiet", self._refusal(case, "2026-03-18 19:00:00"))

    def test_who_asked_to_be_called_on_thursday_is_called_on_thursday(self):
        case = self._open()
        self._contact(case, NOON, "reached", date_asked="2026-03-19")
        self.assertIn("allowed from 03/19/2026, 8:00 AM on", self._refusal(case, "2026-03-18 19:00:00"))
        self.assertIsNone(self._refusal(case, "2026-03-19 19:00:00"))

    # === WISHES AND BARS === #

    def test_who_asked_not_to_be_contacted_is_not(self):
        case = self._open()
        self.nora.billing_contact_stopped_on = "2026-03-10"
        self.assertEqual(
            self._refusal(case, NOON), "Nora Neu has asked not to be contacted. Waiting does not change that.",
        )
        with freeze_time(NOON):
            self.assertEqual(case.call_note, "Not at all")

    def test_who_took_back_the_consent_to_be_called_is_not_called(self):
        case = self._open()
        consent = self.env["billing.consent"].create({
            "partner_id": self.nora.id, "kind": "phone", "date_given": "2026-01-01",
        })
        self.assertIsNone(self._refusal(case, NOON))
        consent.action_withdraw()
        self.assertIn("does not want calls, or has taken back the consent", self._refusal(case, NOON))
        self.assertIsNone(self._refusal(case, NOON, channel="visit"))
        self.env["billing.consent"].create({"partner_id": self.nora.id, "kind": "phone"})
        self.assertIsNone(self._refusal(case, NOON))

    def test_the_bankrupt_the_dead_and_minors_are_not_called(self):
        case = self._open()
        for values, word in (
            ({"billing_bankrupt_on": "2026-03-01"}, "is bankrupt"), ({"billing_deceased_on": "2026-03-01"}, "has died"),
            ({"birth_date": fields.Date.to_date(TODAY) - relativedelta(years=18, days=-1)}, "is a minor"),
        ):
            self.nora.write(values)
            self.assertIn(word, self._refusal(case, NOON))
            self.nora.write(dict.fromkeys(values, False))
        self.nora.birth_date = fields.Date.to_date(TODAY) - relativedelta(years=18)
        self.assertIsNone(self._refusal(case, NOON))

    def test_who_is_born_on_29_february_is_of_age_on_1_march_in_usual_years(self):
        case = self._open()
        self.nora.birth_date = "2008-02-29"
        self.assertIn("is a minor", self._refusal(case, "2026-02-28 19:00:00"))
        self.company.billing_contact_days = "all"
        self.assertIsNone(self._refusal(case, "2026-03-01 19:00:00"))

    # === WRITTEN CHANNELS === #

    def test_text_messages_and_mails_respect_what_was_taken_back(self):
        case = self._open().with_user(self.env.user)
        sms, email = self.first, self.second
        sms.channel, email.channel = "sms", "email"
        number, address = (("sms", "+1 213 555 0142"), ("email", "nora@example.com"))
        self.assertEqual((case._get_channel(sms), case._get_channel(email)), (number, address))
        consent = self.env["billing.consent"].create({"partner_id": self.nora.id, "kind": "sms"})
        consent.action_withdraw()
        self.env.invalidate_all()
        self.assertEqual((case._get_channel(sms), case._get_channel(email)), (address, address))
        self.env["billing.consent"].create({"partner_id": self.nora.id, "kind": "email"}).action_withdraw()
        self.assertEqual((case._get_channel(sms), case._get_channel(email)), (("letter", False), ("letter", False)))

    def test_text_messages_wait_for_a_consent_where_the_company_wants_one(self):
        case = self._open().with_user(self.env.user)
        self.first.channel = "sms"
        self.company.billing_sms_consent = True
        self.assertEqual(case._get_channel(self.first)[0], "email")
        self.env["billing.consent"].create({"partner_id": self.nora.id, "kind": "sms"})
        self.env.invalidate_all()
        self.assertEqual(case._get_channel(self.first)[0], "sms")

    def test_what_does_not_work_is_not_written_to(self):
        case = self._open().with_user(self.env.user)
        self.first.channel = "sms"
        self.nora.action_billing_wrong_number()
        self.assertEqual(case._get_channel(self.first), ("email", "nora@example.com"))
        self.nora._billing_fail("email", "A message bounced")
        self.assertEqual(case._get_channel(self.first), ("letter", False))

    def test_channels_of_many_cases_cost_as_many_queries_as_of_few(self):
        self.first.channel = "sms"
        people = [self._create_patient(f"Person {number}", phone=f"+1 213 555 {number:04}") for number in range(25)]
        cases = self.env["billing.collection.case"].sudo().create([{"partner_id": person.id} for person in people])
        self.env["billing.consent"].create([
            {"partner_id": person.id, "kind": "sms", "date_given": TODAY, "date_withdrawn": TODAY} for person in people
        ])

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual({case._get_channel(self.first)[0] for case in some}, {"letter"})
            return self.cr.sql_log_count - before

        count(cases[:1])
        self.assertLessEqual(count(cases[5:]), count(cases[:5]))

    # === WRITTEN ONCE === #

    def test_a_contact_is_written_once_by_whoever_writes_it(self):
        case = self._open()
        contact = self._contact(case, NOON, user_id=self.max.id, note="Nobody there")
        self.assertEqual((contact.user_id, contact.local_time), (self.cora, "12:00 PM (Los Angeles)"))
        with self.assertRaisesRegex(UserError, "Nora Neu: No answer is on record and stays as it was written"):
            contact.sudo().note = "Somebody there"
        with self.assertRaisesRegex(UserError, "cannot be deleted: it tells how often"):
            contact.sudo().unlink()

    def test_who_calls_by_themselves_has_said_something(self):
        case = self._open()
        for outcome in ("no_answer", "wrong_number"):
            with self.assertRaisesRegex(UserError, "Nora Neu cannot have called and not answered"):
                self._contact(case, NOON, outcome, is_incoming=True)

    def test_what_stands_against_asking_is_told_with_who_typed_it(self):
        case = self._open()
        self.nora.with_user(self.cora).with_context(
            tracking_disable=False, mail_notrack=False,
        ).billing_bankrupt_on = "2026-03-01"
        self.env.flush_all()
        self.cr.precommit.run()
        values = self.nora.message_ids.sudo().tracking_value_ids.filtered(
            lambda value: value.field_id.name == "billing_bankrupt_on",
        )
        self.assertEqual(values.mail_message_id.author_id, self.cora.partner_id)
        self.assertEqual(case.guard_note, "Bankrupt since 03/01/2026: nobody asks for what was owed before.")

    def test_a_contact_lies_not_ahead(self):
        case = self._open()
        told = "cannot be recorded before it was made"
        with self.assertRaisesRegex(UserError, told):
            self._contact(case, NOON, at="2026-03-17 19:00:00")

    def test_a_manager_records_a_call_that_was_made_against_a_rule_and_says_why(self):
        case = self._open()
        night = "2026-03-17 06:00:00"
        with self.assertRaisesRegex(UserError, "If the attempt was made all the same, write in the note why"):
            self._contact(case, night, user=self.max)
        contact = self._contact(case, night, user=self.max, note="The number was ported from New York")
        self.assertIn("in Los Angeles it is 11:00 PM", contact.rule_broken)
        self.assertFalse(self._contact(case, NOON, rule_broken="Typed").rule_broken)

    def test_readers_call_nobody_and_strangers_see_nothing(self):
        case = self._open()
        contact = self._contact(case, NOON)
        with self.assertRaises(AccessError):
            self._contact(case, NOON, user=self.rosa)
        self.assertTrue(contact.with_user(self.rosa).read(["note"]))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        sam = new_test_user(
            self.env, "sam", "billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            contact.with_user(sam).read(["note"])
        self.assertFalse(self.env["billing.collection.contact"].with_user(sam).search([]) & contact)
