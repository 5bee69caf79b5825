from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import NOON, ContactCase

CLOSE = {"type": "ir.actions.act_window_close"}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionCall(ContactCase):
    """The screen for a call: what it shows, and the step that each outcome leads to."""

    def _said(self, case):
        """The last contact, in words."""
        contact = case.contact_ids[0]
        return contact.outcome, contact.next_step, contact.note, contact.number

    def _calls(self, case):
        return [
            (str(activity.date_deadline), activity.summary, activity.user_id)
            for activity in case.activity_ids if activity.activity_type_id.category == "phonecall"
        ]

    def _screen(self, case, moment=NOON, **context):
        with freeze_time(moment):
            action = case.action_call()
            return self.env["billing.collection.call"].with_user(self.cora).with_context(
                tz="America/New_York", **action["context"], **context,
            ).create({})

    # === WHAT IT SHOWS === #

    def test_it_shows_words_bills_time_and_number(self):
        self.stages.script = "<p>Good day, this is the office.</p>"
        self.env["res.lang"]._activate_lang("es_ES")
        self.first.update_field_translations(
            "script", {"es_ES": {"Good day, this is the office.": "Buenos días, le llama la consulta."}},
        )
        case = self._open("2026-03-16")
        self._night("2026-03-19")
        screen = self._screen(case, "2026-03-19 19:00:00")
        self.assertEqual(
            (screen.number, screen.local_time, screen.refusal, screen.amount_overdue, screen.stage_id),
            ("+1 213 555 0142", "12:00 PM (Los Angeles)", False, 600.0, self.first),
        )
        self.assertEqual(screen.item_ids.move_id, self.january + self.february)
        self.assertEqual(screen.script, "<p>Good day, this is the office.</p>")
        self.nora.lang = "es_ES"
        self.assertEqual(
            self._screen(case, "2026-03-19 19:00:00").script, "<p>Buenos días, le llama la consulta.</p>",
        )

    def test_paid_bills_are_not_among_the_open_ones(self):
        case = self._open()
        self._pay(self.january, 200.0, date="2026-03-16")
        self.assertEqual(self._screen(case).item_ids.move_id, self.february)

    def test_it_says_why_not_now_and_when(self):
        case = self._open()
        screen = self._screen(case, "2026-03-16 14:00:00")
        self.assertEqual(
            screen.refusal,
            "People are contacted from 8:00 AM to 9:00 PM where they live; in Los Angeles it is 7:00 AM. It is allowed "
            "from 03/16/2026, 8:00 AM on in Los Angeles (11:00 AM your time).",
        )
        screen.outcome = "no_answer"
        with freeze_time("2026-03-16 14:00:00"), self.assertRaisesRegex(UserError, "in Los Angeles it is 7:00 AM"):
            screen.action_done()
        # They have called by themselves.
        screen.is_incoming = True
        self.assertFalse(screen.refusal)

    def test_whoever_calls_by_themselves_has_answered(self):
        case = self._open()
        screen = self._screen(case)
        self.assertIn("no_answer", screen.allowed_outcomes)
        self.assertIn("wrong_number", screen.allowed_outcomes)
        theirs = self._screen(case, default_is_incoming=True)
        self.assertEqual(
            theirs.allowed_outcomes, ["reached", "promise", "dispute", "refuses", "plan", "third_party"],
        )
        with freeze_time(NOON), Form(screen) as form:
            form.outcome = "no_answer"
            form.is_incoming = True
            self.assertFalse(form.outcome, "it was we who would not have been answered")
            form.outcome = "refuses"
            form.is_incoming = False
            self.assertEqual(form.outcome, "refuses")

    def test_an_outcome_is_chosen(self):
        case = self._open()
        with freeze_time(NOON), self.assertRaisesRegex(UserError, "Choose what came of the contact with Nora Neu"):
            self._screen(case).action_done()

    def test_a_contact_person_with_a_phone_is_called(self):
        firm = self._create_patient("Acme", is_company=True)
        person = self.env["res.partner"].create({"name": "Pia", "parent_id": firm.id, "phone": "+1 213 555 0199"})
        case = self.env["billing.collection.case"].sudo().create({
            "partner_id": firm.id, "company_id": self.company.id, "debtor_class": "company",
        })
        screen = self._screen(case.with_user(self.cora))
        self.assertEqual((screen.person_id, screen.number, screen.has_persons), (person, "+1 213 555 0199", True))

    # === WHAT FOLLOWS === #

    def test_no_answer_leads_to_the_next_attempt(self):
        case = self._open()
        self.assertEqual(self._call(case, "no_answer", note="Rang out"), CLOSE)
        self.assertEqual(
            self._said(case), ("no_answer", "Call again on 03/17/2026", "Rang out", "+1 213 555 0142"),
        )
        self.assertEqual(self._calls(case), [("2026-03-17", "Call Nora Neu again", self.cora)])
        self.assertEqual(str(case.date_call), "2026-03-17")
        # The next attempt settles that call, and asks for another.
        self._call(case, "no_answer", "2026-03-17 19:00:00")
        self.assertEqual([day for day, *_rest in self._calls(case)], ["2026-03-18"])
        self.assertEqual(str(case.date_call), "2026-03-18")

    def test_before_a_day_of_rest_the_next_attempt_is_after_it(self):
        case = self._open()
        self._call(case, "no_answer", "2026-03-21 19:00:00")
        self.assertEqual(str(case.date_call), "2026-03-23")

    def test_after_the_seventh_attempt_the_next_one_waits_for_its_day(self):
        self.company.billing_contact_days = "all"
        case = self._open()
        for day in range(16, 22):
            self._contact(case, f"2026-03-{day} 19:00:00")
        self._call(case, "no_answer", "2026-03-22 19:00:00")
        self.assertEqual(str(case.date_call), "2026-03-23")
        for hour in (16, 17, 18, 19, 20, 21):
            self._contact(case, f"2026-03-31 {hour}:00:00")
        self._call(case, "no_answer", "2026-03-31 22:00:00")
        self.assertEqual(str(case.date_call), "2026-04-07")

    def test_reached_is_quiet_for_a_week_unless_they_ask_to_be_called(self):
        case = self._open()
        self._call(case, "reached", note="Looks for the bill")
        self.assertEqual(self._said(case)[:2], ("reached", "Call again on 03/23/2026"))
        self.assertEqual(self.nora.billing_phone_status, "verified")
        other = self._open()
        self._call(other, "reached", "2026-03-23 19:00:00", date_next="2026-03-25", they_asked=True)
        self.assertEqual(str(other.contact_ids[0].date_asked), "2026-03-25")
        self._call(other, "no_answer", "2026-03-25 19:00:00")

    def test_no_day_is_needed_for_another_call_and_none_is_past(self):
        case = self._open()
        self._call(case, "reached", date_next=False)
        self.assertEqual((self._said(case)[1], self._calls(case), case.date_call), (False, [], False))
        with self.assertRaisesRegex(UserError, "cannot be called again on 03/22/2026, which is past"):
            self._call(case, "reached", "2026-03-23 19:00:00", date_next="2026-03-22")

    def test_a_wrong_number_goes_to_verification_and_nobody_calls_it_again(self):
        case = self._open()
        case._plan_call("2026-03-16", "Call")
        self._call(case, "wrong_number")
        self.assertEqual(self._said(case)[:2], ("wrong_number", "The number is to be verified"))
        self.assertEqual(
            (self.nora.billing_phone_status, self.nora.billing_to_verify), ("failed", "Phone, E-mail, Address"),
        )
        self.assertEqual((self._calls(case), case.date_call), ([], False))

    def test_a_wrong_number_that_is_not_on_file_spoils_none(self):
        case = self._open()
        self._call(case, "wrong_number", number="+1 213 555 0143")
        self.assertEqual(self.nora.billing_phone_status, "unverified")

    def test_a_promise_is_taken_with_its_parts(self):
        case = self._open()
        self._call(case, "promise", parts=[("2026-03-20", 100.0), ("2026-04-03", 150.0)], way="card",
                   promised_by="Her husband Tom")
        promise = case.promise_id
        self.assertEqual(
            (promise.state, promise.amount, str(promise.date_last), promise.way, promise.promised_by, promise.user_id),
            ("running", 250.0, "2026-04-03", "card", "Her husband Tom", self.cora),
        )
        self.assertEqual(self._said(case)[:2], ("promise", "$\N{NO-BREAK SPACE}250.00 by 04/03/2026 (Card)"))
        self.assertEqual((case.contact_ids.promise_id, case.amount_promised), (promise, 250.0))

    def test_all_that_is_due_within_a_week_is_what_the_screen_proposes(self):
        case = self._open()
        self._call(case, "promise")
        self.assertEqual(
            [(str(part.date), part.amount) for part in case.promise_id.part_ids], [("2026-03-23", 600.0)],
        )

    def test_a_promise_that_cannot_be_taken_leaves_no_contact(self):
        case = self._open()
        with self.assertRaisesRegex(UserError, r"Nora Neu owes \$.600.00, and cannot promise \$.700.00"), \
                self.cr.savepoint():
            self._call(case, "promise", parts=[("2026-03-20", 700.0)])
        self.assertFalse(case.contact_ids)

    def test_a_dispute_is_recorded_by_somebody(self):
        case = self._open()
        action = self._call(case, "dispute", note="Was never there in January")
        self.assertEqual(self._said(case)[:2], ("dispute", "The dispute is recorded"))
        dispute = self.env["billing.dispute"].browse(action["res_id"])
        self.assertEqual(
            (dispute.partner_id, dispute.origin, dispute.claim, dispute.contact_id, dispute.user_id),
            (self.nora, "phone", "Was never there in January", case.contact_ids, self.cora),
        )
        # Which of the bills it is about is said on the dispute; until then somebody looks before the next step.
        self.assertEqual(dispute.item_ids.mapped(lambda item: (item.move_id, item.amount)), [
            (self.january, 0.0), (self.february, 0.0),
        ])
        self.assertIn("nobody has said yet which bills", case.guard_note)

    def test_who_refuses_says_how_they_want_to_be_contacted(self):
        case = self._open()
        self._call(case, "refuses")
        self.assertEqual((self._said(case)[1], self.nora.billing_contact_stopped_on), (False, False))
        self._call(case, "refuses", "2026-03-23 19:00:00", wish="phone")
        self.assertEqual(self._said(case)[1], "Not called any more")
        consent = self.nora.billing_consent_ids
        self.assertEqual((consent.kind, str(consent.date_withdrawn)), ("phone", "2026-03-23"))
        with freeze_time("2026-04-01 19:00:00"):
            self.assertFalse(case.can_call)

    def test_who_wants_no_contact_at_all_is_left_in_peace_by_letters_too(self):
        case = self._open("2026-03-16")
        self._call(case, "refuses", wish="stop")
        self.assertEqual(str(self.nora.billing_contact_stopped_on), "2026-03-16")
        self._night("2026-03-19")
        self.assertEqual(self._steps(), [("2026-03-16", "Reminder", 600.0)])

    def test_who_asks_for_a_plan_gets_a_proposal(self):
        self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        case = self._open()
        action = self._call(case, "plan")
        plan = self.env["billing.payment.plan"].browse(action["res_id"])
        self.assertEqual((plan.partner_id, plan.state, plan.amount_total), (self.nora, "draft", 600.0))

    def test_somebody_else_is_told_nothing_and_is_no_conversation(self):
        case = self._open()
        self._call(case, "third_party", note="A neighbour; comes home at six")
        self.assertEqual(self._said(case)[:2], ("third_party", "Call again on 03/17/2026"))
        self.assertFalse(case.contact_ids.talked)
        self.assertEqual(self.nora.billing_phone_status, "unverified")

    def test_the_chatter_tells_of_the_call_that_was_asked_for(self):
        case = self._open()
        case._plan_call("2026-03-16", "Call Nora")
        self._call(case, "no_answer")
        self.assertTrue(any("No answer. Call again on 03/17/2026" in body for body in case.message_ids.mapped("body")))

    # === THE LIST OF CALLS === #

    def test_a_stage_that_asks_for_a_call_puts_the_debtor_on_the_list(self):
        self.reminder.activity_type_id = self.env.ref("billing_coordinator.activity_collection_call")
        case = self._open()
        self.assertEqual(str(case.date_call), "2026-03-17")
        worklist = self.env.ref("billing_coordinator.worklist_collection_calls").with_user(self.cora)
        with freeze_time("2026-03-17 19:00:00"):
            self.env.invalidate_all()
            mine = self.env["billing.collection.case"].with_user(self.cora).search(
                [*worklist._get_domain(), ("company_id", "=", self.company.id)],
            )
            self.assertEqual(mine, case)
        case.activity_ids.unlink()
        self.assertFalse(case.date_call)

    def test_the_list_costs_as_many_queries_for_twenty_as_for_five(self):
        people = [self._create_patient(f"Person {number}", phone=f"+1 213 555 {number:04}") for number in range(25)]
        cases = self.env["billing.collection.case"].sudo().create([
            {"partner_id": person.id, "company_id": self.company.id} for person in people
        ])
        self.env["billing.collection.contact"].sudo().create([
            {"case_id": case.id, "outcome": "reached", "at": "2026-03-10 19:00:00"} for case in cases
        ])
        cases = cases.with_user(self.cora)
        names = ["partner_id", "phone", "local_time", "call_note", "can_call", "date_call", "broken_promise_count",
                 "amount_promised", "date_promised"]

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.web_read({name: {} for name in names})
            return self.cr.sql_log_count - before

        count(cases[:1])
        self.assertLessEqual(count(cases[5:]), count(cases[:5]))

    def test_readers_have_no_screen_for_calls(self):
        case = self._open()
        with self.assertRaises(AccessError):
            self._call(case, "no_answer", user=self.rosa)
