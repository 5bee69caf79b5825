from unittest.mock import patch

from lxml import html

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY

WHAT_WAS_DONE = ("Office visit", "V213", "E11.9", "diabetes")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionMessages(CollectionCase):
    """What Nora hears: by e-mail, by text message, or by a letter that somebody prints; each once, each in her file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages.subject = "Your bills"
        cls.stages.text = "<p>Please look at the list.</p>"

    def _mails(self, partner=None):
        """E-mails of a case: subject and text, the oldest first."""
        mails = self.env["mail.mail"].search([
            ("model", "=", "billing.collection.case"), ("res_id", "in", self._case(partner).ids),
        ], order="id")
        self.assertLessEqual(mails.recipient_ids, partner or self.nora)
        return [(mail.subject, " ".join(html.fromstring(mail.body_html).text_content().split())) for mail in mails]

    def _letter(self):
        """A step that waits for the printer."""
        self.nora.billing_channel = "letter"
        self._night()
        return self._case().step_ids

    def _without(self, model):
        """As in an Odoo where this model's module is not installed."""
        registry = type(self.env.registry)
        real = registry.__contains__
        return patch.object(registry, "__contains__", lambda found, name: name != model and real(found, name))

    # === E-MAIL === #

    def test_an_email_says_what_is_open_and_stands_in_the_history_of_the_case(self):
        self._night()
        (subject, text), = self._mails()
        self.assertEqual(subject, f"{self.company.name}: Your bills")
        self.assertIn("Hello Nora Neu, Please pay $600.00", text)
        self.assertIn(f"{self.company.name} Hello Nora Neu, Please pay", text, "who writes stands first")
        self.assertNotIn("Collection case", text)
        self.assertIn("Please look at the list.", text)
        self.assertIn(f"{self.january.name} 01/10/2026 02/09/2026 $200.00", text)
        self.assertIn(f"{self.february.name} 02/10/2026 03/12/2026 $400.00 You owe $600.00", text)
        self.assertNotIn("case", text.lower(), "a word of the office")
        self.assertIn("Your bills", self._case().message_ids.mapped("subject")[0])
        self.assertEqual(self._case().step_ids.state, "done")

    def test_nothing_in_it_is_about_health(self):
        diagnosis = self.env["billing.code"].create({
            "system_id": self.env["billing.code.system"].create({"name": "Test", "code": "T"}).id,
            "code": "E11.9", "name": "Type 2 diabetes", "kind": "diagnosis",
        })
        visit = self._create_encounter(self.nora, [(self.service, 70.0)], date="2026-02-01")
        visit.diagnosis_ids = [(0, 0, {"code_id": diagnosis.id})]
        self.nora.special_concerns = False
        self._bill(visit, date="2026-02-01")
        self._night()
        (subject, text), = self._mails()
        self.assertIn("$70.00", text)
        for word in WHAT_WAS_DONE:
            self.assertNotIn(word, subject + text)

    def test_each_hears_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.first.with_context(lang="de_DE").write({"subject": "Ihre Rechnungen", "text": "<p>Bitte zahlen.</p>"})
        self.reminder.with_context(lang="de_DE").write({"subject": "Erinnerung", "text": "<p>Zur Erinnerung.</p>"})
        self.nora.lang = "de_DE"
        self._night()
        (subject, text), = self._mails()
        self.assertEqual(subject.partition(": ")[2], "Erinnerung")
        self.assertIn("Zur Erinnerung.", text)
        self.assertIn("600,00 $", text.replace("\N{NO-BREAK SPACE}", " "))
        self.assertIn("09.02.2026", text)

    def test_the_same_night_twice_sends_once(self):
        self._night()
        self._night()
        self.assertEqual(len(self._mails()), 1)

    def test_whoever_has_paid_meanwhile_hears_nothing(self):
        self.stages.review = "user"
        self._night()
        self._pay(self.january + self.february, 600.0, date=TODAY)
        self._case().step_ids.action_do()
        self.assertEqual((self._mails(), self._case().step_ids.state), ([], "dropped"))

    def test_an_address_that_bounced_by_now_waits_for_the_printer(self):
        self.stages.review = "user"
        self._night()
        step = self._case().step_ids
        self.assertEqual((step.channel, step.address), ("email", "nora@example.com"))
        self.nora._billing_fail("email", "A message bounced")
        step.action_do()
        self.assertEqual((step.channel, step.state, self._mails()), ("letter", "ready", []))

    def test_the_way_of_the_case_is_asked_once_more_before_sending(self):
        """Consents have a say in ``_get_channel``; whatever it answers by then is done."""
        self.stages.review = "user"
        self._night()
        step = self._case().step_ids
        with patch.object(type(self._case()), "_get_channel", lambda case, stage: ("letter", False)):
            step.action_do()
        self.assertEqual((step.channel, step.address, step.state), ("letter", False, "ready"))
        self.assertEqual(self._mails(), [])

    def test_a_batch_of_emails_costs_a_fixed_number_of_queries(self):
        debtors = self.env["res.partner"]
        for number in range(24):
            debtor = self._create_patient(f"Debtor {number}", email=f"d{number}@example.com")
            debtor._set_state("pending")
            debtor._set_state("active")
            self._bill(self._create_encounter(debtor, [(self.service, 80.0)], date="2026-02-01"), date="2026-02-01")
            debtors += debtor
        self.stages.review = "user"
        self._night()
        steps = self.env["billing.collection.step"].search([("partner_id", "in", debtors.ids)])
        steps._set_state("ready")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._do()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(steps[:1])
        four, nineteen = count(steps[1:5]), count(steps[5:])
        self.assertLessEqual(nineteen, four + 2)
        self.assertEqual(len(self._mails(debtors[0])), 1)

    # === TEXT MESSAGES === #

    def test_a_text_message_is_short_and_comes_by_day(self):
        self.stages.sms_text = "{company}: {amount} is open, reference {reference}."
        self.nora.write({"billing_channel": "sms", "phone": "+1 555 010 0123", "tz": "America/Chicago"})
        self._night()
        step = self._case().step_ids
        self.assertEqual((step.channel, step.state), ("sms", "ready"))
        steps = self.env["billing.collection.step"].with_user(SUPERUSER_ID)
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda cron, *args, **kwargs: 1)
        with progress, freeze_time("2026-03-16 12:30:00"):
            steps._cron_send_texts()
        self.assertEqual(step.state, "ready", "half past seven in Chicago")
        with progress, freeze_time("2026-03-16 13:30:00"):
            steps._cron_send_texts()
            steps._cron_send_texts()
        self.assertEqual(step.state, "done")
        text = self.env["sms.sms"].search([("partner_id", "=", self.nora.id)])
        self.assertEqual((text.number, text.body, text.state), (
            "+1 555 010 0123",
            f"{self.company.name}: $600.00 is open, reference {self.nora.billing_account_number}.", "outgoing",
        ))
        self.assertIn("is open, reference", self._case().message_ids[0].body)

    def test_where_odoo_sends_no_text_messages_an_email_is_written(self):
        self.nora.write({"billing_channel": "sms", "phone": "+1 555 010 0123"})
        with self._without("sms.sms"):
            self._night()
        self.assertEqual((self._case().step_ids.channel, len(self._mails())), ("email", 1))

    # === LETTERS === #

    def test_letters_are_printed_in_one_go_and_kept_with_their_cases(self):
        step = self._letter()
        self.assertEqual((step.channel, step.state), ("letter", "ready"))
        otto = self._create_patient("Otto Oldt", billing_channel="letter")
        otto._set_state("pending")
        otto._set_state("active")
        self._bill(self._create_encounter(otto, [(self.service, 80.0)], date="2026-02-01"), date="2026-02-01")
        self._night()
        steps = step + self._case(otto).step_ids
        action = steps.action_print_letters()
        batch = self.env["billing.letter.batch"].browse(int(action["url"].split("/")[4]))
        self.assertEqual((action["type"], batch.letter_count), ("ir.actions.act_url", 2))
        self.assertEqual(steps.mapped("state"), ["done", "done"])
        for one in steps:
            note = one.case_id.message_ids.filtered("attachment_ids")
            self.assertEqual(note.attachment_ids, one.letter_id)
            self.assertEqual((one.letter_id.res_model, one.letter_id.res_id), (one.case_id._name, one.case_id.id))
            self.assertIn(one.partner_id.name, one.letter_id.raw.decode())
        # Once more gives the same letters and does nothing.
        again = steps.action_print_letters()
        self.assertEqual(again["type"], "ir.actions.act_url")
        self.assertEqual(len(self._case().message_ids.filtered("attachment_ids")), 1)

    def test_odoos_post_takes_each_letter_once_and_none_to_another_address(self):
        step = self._letter()
        self.assertTrue(step.has_post)
        with self.assertRaisesRegex(UserError, "None of these letters can go by Odoo's post"):
            step.action_post_letters()
        self.nora.write({
            "street": "1 Main Street", "zip": "60546", "city": "Riverside", "country_id": self.env.ref("base.us").id,
            "billing_confidential_address": "PO Box 7\nRiverside",
        })
        with self.assertRaisesRegex(UserError, "asked to be written to elsewhere"):
            step.action_post_letters()
        self.nora.billing_confidential_address = False
        step.action_post_letters()
        letter = self.env["snailmail.letter"].search([("partner_id", "=", self.nora.id)])
        self.assertEqual((step.state, letter.attachment_id, letter.state), ("done", step.letter_id, "pending"))
        with self.assertRaisesRegex(UserError, "they do not wait any more"):
            step.action_post_letters()
        self.assertEqual(self.env["snailmail.letter"].search_count([("partner_id", "=", self.nora.id)]), 1)

    def test_where_odoo_has_no_post_letters_are_printed(self):
        step = self._letter()
        with self._without("snailmail.letter"):
            self.assertFalse(step.has_post)
            with self.assertRaisesRegex(UserError, "Letters by post need Odoo's module .* Print them instead"):
                step.action_post_letters()
            self.assertEqual((step.state, step.letter_id), ("ready", self.env["ir.attachment"]))
            step.action_print_letters()
        self.assertEqual(step.state, "done")

    def test_one_letter_that_cannot_be_printed_does_not_stop_the_others(self):
        step = self._letter()
        otto = self._create_patient("Otto Oldt", billing_channel="letter")
        otto._set_state("pending")
        otto._set_state("active")
        self._bill(self._create_encounter(otto, [(self.service, 80.0)], date="2026-02-01"), date="2026-02-01")
        self.reminder.fee = 0.0
        self._night()
        broken = self._case(otto).step_ids
        letter = type(self.env["billing.collection.letter"])
        render = letter._render_letters

        def fail(model, steps):
            if broken in steps:
                raise UserError("The printer has no ink.")
            return render(model, steps)

        with patch.object(letter, "_render_letters", fail):
            action = (step + broken).action_print_letters()
        batch = self.env["billing.letter.batch"].browse(action["res_id"])
        self.assertEqual((batch.letter_count, batch.step_ids), (1, broken))
        self.assertEqual((step.state, broken.state, broken.problem), ("done", "ready", "The printer has no ink."))
        self.assertFalse(broken.case_id.message_ids.filtered("attachment_ids"))
        broken.action_print_letters()
        self.assertEqual((broken.state, broken.problem), ("done", False))

    def test_where_none_is_chosen_all_that_wait_are_printed(self):
        step = self._letter()
        self.env["billing.collection.step"].action_print_letters()
        self.assertEqual(step.state, "done")
        with self.assertRaisesRegex(UserError, "None of these is a letter"):
            self.env["billing.collection.step"].action_print_letters()

    def test_doing_a_letter_prints_it(self):
        self.stages.review = "user"
        step = self._letter()
        action = step.action_do()
        self.assertEqual((step.state, action["type"]), ("done", "ir.actions.act_url"))

    def test_where_nothing_waits_for_the_printer_somebody_says_so(self):
        self._night()
        with self.assertRaisesRegex(UserError, "None of these is a letter that waits to be printed"):
            self._case().step_ids.action_print_letters()

    def test_who_paid_before_the_printer_ran_gets_no_letter(self):
        step = self._letter()
        self._pay(self.january + self.february, 600.0, date=TODAY)
        action = step.action_print_letters()
        batch = self.env["billing.letter.batch"].browse(action["res_id"])
        self.assertEqual((step.state, batch.letter_count, batch.file), ("dropped", 0, False))

    def test_a_coordinator_prints_the_letters(self):
        step = self._letter()
        self.first.fee = 5.0
        clara = new_test_user(self.env, "clara", "billing_coordinator.group_coordinator", company_id=self.company.id)
        step.with_user(clara).action_print_letters()
        self.assertEqual(step.state, "done")
        self._night("2026-03-19")
        notice = self._case().step_ids - step
        with freeze_time("2026-03-19"):
            notice.with_user(clara).action_print_letters()
        self.assertEqual((notice.state, notice.charge_ids.amount_total), ("done", 5.0))

    # === RETURNED MAIL === #

    def test_a_letter_that_came_back_makes_the_address_wrong_until_somebody_verifies_it(self):
        step = self._letter()
        with self.assertRaisesRegex(UserError, "is no letter that was sent"):
            step.action_came_back()
        step.action_print_letters()
        self.nora.street = "1 Main Street"
        step.action_came_back()
        self.assertEqual(str(step.came_back_on), "2026-03-16")
        self.assertIn("A letter came back", self.nora.billing_address_failure)
        self.assertIn("came back", self._case().message_ids[0].body)
        self._night("2026-03-19")
        notice = self._case().step_ids - step
        self.assertEqual((notice.state, notice.reasons), ("review", "address"))
