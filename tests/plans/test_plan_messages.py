from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanMessages(PlanCase):
    """What Nora hears: a reminder before an instalment, a receipt after it, a word when she has missed one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora.email = "nora@example.com"
        cls.policy.reminder_days = 3

    def _sent(self, plan):
        """Subjects of the e-mails about a plan, the oldest first."""
        mails = self.env["mail.mail"].search([("model", "=", plan._name), ("res_id", "=", plan.id)], order="id")
        self.assertEqual(mails.recipient_ids, self.nora if mails else self.env["res.partner"])
        return [
            (mail.subject.partition(": ")[2], " ".join(html.fromstring(mail.body_html).text_content().split()))
            for mail in mails
        ]

    def test_a_reminder_comes_once_some_days_before_the_instalment(self):
        plan = self._run()
        self._night("2026-03-28")
        self.assertEqual(self._sent(plan), [])
        self._night("2026-03-29")
        self._night("2026-03-30")
        (subject, text), = self._sent(plan)
        self.assertEqual(subject, "your next instalment")
        self.assertIn(f"due on 04/01/2026. Please pay $ 100.00 with the reference {plan.name}.", text)
        self.assertIn("You have paid $ 0.00 so far; $ 600.00 is left.", text)
        self.assertEqual(str(plan.instalment_ids.sorted("date")[0].reminded_on), "2026-03-29")

    def test_nobody_is_reminded_of_what_is_paid(self):
        plan = self._run()
        self._pay(self.january, 100.0, date="2026-03-17")
        self._night("2026-03-18")
        self._night("2026-03-29")
        self.assertEqual([subject for subject, _text in self._sent(plan)], ["thank you for your payment"])

    def test_whoever_is_written_to_on_paper_waits_for_the_printer(self):
        for values in ({"billing_channel": "letter"}, {"billing_channel": False, "email": False}):
            with self.subTest(values), self.cr.savepoint() as savepoint:
                self.nora.write(values)
                plan = self._run()
                self._night("2026-03-30")
                self.assertEqual((self._sent(plan), plan.reminder_waits), ([], True))
                plan.action_print_reminder()
                self.assertFalse(plan.reminder_waits)
                self._night("2026-03-31")
                self.assertFalse(plan.reminder_waits)
                savepoint.rollback()

    def test_whoever_took_back_the_consent_gets_no_mail(self):
        self.env["billing.consent"].create({
            "partner_id": self.nora.id, "kind": "email", "date_given": "2026-01-01", "date_withdrawn": "2026-02-01",
        })
        plan = self._run()
        self._night("2026-03-30")
        self.assertEqual((self._sent(plan), plan.reminder_waits), ([], True))

    def test_a_receipt_thanks_for_what_came_since_the_last_one(self):
        plan = self._run()
        self._pay(self.january, 60.0, date="2026-03-17")
        self._night("2026-03-18")
        self._night("2026-03-19")
        self._pay(self.january, 40.0, date="2026-03-19")
        self._night("2026-03-20")
        (_subject, first), (_again, second) = self._sent(plan)
        self.assertIn(f"We have received $ 60.00 for your payment plan {plan.name}.", first)
        self.assertIn("Next: $ 40.00 on 04/01/2026.", first)
        self.assertIn("We have received $ 40.00", second)
        self.assertIn("You have paid $ 100.00 of $ 600.00.", second)

    def test_the_last_receipt_says_that_everything_is_paid(self):
        plan = self._run()
        self._pay(self.january, 200.0, date="2026-03-17")
        self._pay(self.february, 400.0, date="2026-03-17")
        self._night("2026-03-18")
        (_subject, text), = self._sent(plan)
        self.assertIn("Everything is paid. Thank you for keeping the plan.", text)

    def test_money_that_is_taken_back_and_comes_again_is_thanked_for_again(self):
        plan = self._run()
        payment = self._pay(self.january, 100.0, date="2026-03-17")
        self._night("2026-03-18")
        payment.action_draft()
        payment.action_cancel()
        self._night("2026-03-19")
        self._pay(self.january, 100.0, date="2026-03-19")
        self._night("2026-03-20")
        self.assertEqual(len(self._sent(plan)), 2)

    def test_a_missed_instalment_is_told_to_the_person_once_and_kindly(self):
        self.policy.reminder_days = 0
        plan = self._run()
        self._night("2026-04-07")
        self._night("2026-04-08")
        (_subject, text), = self._sent(plan)
        self.assertIn(
            "Your instalment of 04/01/2026 has not reached us: $ 100.00 is open. It may have slipped your mind",
            text,
        )
        for word in ("fee", "court", "agency", "overdue"):
            self.assertNotIn(word, text)

    def test_sending_the_agreement_proposes_the_plan(self):
        plan = self._draw_up()
        action = plan.action_send()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        composer._action_send_mail()
        self.assertEqual((plan.state, str(plan.proposed_on)), ("proposed", "2026-03-16"))
        self.assertEqual(
            plan.message_ids.attachment_ids.mapped("name"), [f"{plan.name}.html"], "no PDF is printed in tests",
        )
        # The paper is made before the plan is proposed, and yet is the proposal.
        paper = plan.message_ids.attachment_ids.raw.decode()
        text = " ".join(html.fromstring(paper).text_content().split())
        self.assertIn("This offer holds until March 30, 2026", text)
        self.assertNotIn("Draft", text)

    def test_a_reminder_after_a_missed_instalment_asks_for_both(self):
        plan = self._run()
        self._night("2026-04-29")
        text = self._sent(plan)[-1][1]
        self.assertIn("due on 05/01/2026. With $ 100.00 that is still open from before, please pay $ 200.00", text)

    def test_a_receipt_of_somebody_who_is_late_says_what_is_due(self):
        self.policy.write({"reminder_days": 0, "missed_max": 0})
        plan = self._run()
        self._pay(self.january, 30.0, date="2026-04-03")
        self._night("2026-04-04")
        self.assertIn("You have paid $ 30.00 of $ 600.00. $ 70.00 is due now.", self._sent(plan)[-1][1])

    def test_whoever_took_back_the_consent_is_not_sent_the_agreement_either(self):
        self.env["billing.consent"].create({
            "partner_id": self.nora.id, "kind": "email", "date_given": "2026-01-01", "date_withdrawn": "2026-02-01",
        })
        plan = self._draw_up()
        told = f"took back the consent to be contacted by e-mail on 02/01/2026. Print {plan.name} instead"
        with self.assertRaisesRegex(UserError, told):
            plan.action_send()

    def test_whoever_only_reads_takes_no_reminder_off_the_list(self):
        plan = self._run()
        self.nora.billing_channel = "letter"
        self._night("2026-03-30")
        rosa = new_test_user(self.env, "rosa", "billing_coordinator.group_readonly", company_id=self.company.id)
        with self.assertRaises(AccessError):
            plan.with_user(rosa).action_print_reminder()
        self.assertTrue(plan.reminder_waits)
