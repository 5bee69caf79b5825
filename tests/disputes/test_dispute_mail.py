from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import DisputeCase

MESSAGE = """\
From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{key}@example.com>
Date: Mon, 16 Mar 2026 09:00:00 +0000
MIME-Version: 1.0
{extra}Content-Type: multipart/mixed; boundary="parts"

--parts
Content-Type: text/plain; charset="utf-8"

{text}
{file}--parts--
"""
FILE = """\
--parts
Content-Type: text/plain; name="receipt.txt"
Content-Disposition: attachment; filename="receipt.txt"

Paid on 1 March.
"""


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputeMail(DisputeCase):
    """Messages to the address for questions: whose they are, what they hold, and what is answered at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].search([], limit=1) or cls.env["mail.alias.domain"].create({
            "name": "office.example.com",
        })
        cls.company.alias_domain_id = cls.domain
        cls.mailbox = cls._create_mailbox("questions", cls.company)
        cls.january.name = "INV/2026/00901"
        cls.february.name = "INV/2026/0090"

    @classmethod
    def _create_mailbox(cls, name, company):
        return cls.env["billing.dispute.mailbox"].create({
            "alias_name": name, "alias_domain_id": cls.domain.id, "company_id": company.id,
        })

    def _receive(self, text="It is wrong.", sender="Nora <nora@example.com>", key="1", mailbox=None, file="", extra="",
                 subject="My bill"):
        """A message arrives; gives the disputes that are new."""
        before = self.env["billing.dispute"].search([])
        self.env["mail.thread"].message_process(None, MESSAGE.format(
            sender=sender, to=(mailbox or self.mailbox).alias_email, subject=subject, key=key, text=text, file=file,
            extra=extra,
        ))
        self.env.flush_all()
        return self.env["billing.dispute"].search([]) - before

    def test_a_message_of_somebody_known_becomes_their_dispute(self):
        dispute = self._receive()
        self.assertEqual(
            (dispute.partner_id, dispute.company_id, dispute.origin, dispute.subject, dispute.claim, dispute.user_id),
            (self.nora, self.company, "email", "My bill", "It is wrong.", self.env["res.users"]),
        )
        self.assertTrue(dispute.name.startswith("DSP-2026-"))
        self.assertEqual((str(dispute.date), str(dispute.date_deadline)), (TODAY, "2026-03-30"))
        self.assertFalse(dispute.item_ids)
        self.assertIn("It is wrong.", dispute.message_ids.filtered(lambda it: it.message_type == "email").body)
        # The debtor does not follow what the office writes among itself.
        self.assertNotIn(self.nora, dispute.message_partner_ids)

    def test_bills_named_by_their_number_are_left_alone(self):
        dispute = self._receive("Bill INV/2026/0090 is wrong. INV/2026/009 I do not know.")
        self.assertEqual(dispute.item_ids.mapped(lambda item: (item.move_id, item.amount)), [(self.february, 400.0)])
        self.assertEqual(self._held(self.january, self.february), [0.0, 400.0])
        other = self._receive("See subject.", subject="inv: INV/2026/00901", key="2")
        self.assertEqual(other.item_ids.move_id, self.january)

    def test_what_they_quote_of_our_own_letter_is_not_what_they_dispute(self):
        dispute = self._receive(
            "INV/2026/00901 is wrong.\n\nOn Monday the office wrote:\n> INV/2026/0090 is open, INV/2026/00901 too.\n",
        )
        self.assertEqual(dispute.item_ids.move_id, self.january)
        self.assertNotIn("is open", dispute.claim)
        words = self.env["billing.dispute"]._get_own_words
        self.assertEqual(words("<p>Wrong!</p><blockquote>INV/2026/0090</blockquote>"), "Wrong!")
        self.assertEqual((words(""), words(None), words("plain")), ("", "", "plain"))
        self.assertEqual(words("<blockquote>INV/2026/0090</blockquote>"), "")

    def test_somebody_unknown_waits_until_somebody_says_who_it_is(self):
        dispute = self._receive("INV/2026/00901 is wrong.", sender="Ben <ben@elsewhere.example>")
        self.assertEqual((dispute.partner_id.id, dispute.email_from), (False, '"Ben" <ben@elsewhere.example>'))
        self.assertFalse(dispute.item_ids, "nobody's bills are left alone on a stranger's word")
        worklist = self.env.ref("billing_coordinator.worklist_dispute_unknown")
        self.assertEqual(self.env["billing.dispute"].search(worklist._get_domain()), dispute)
        dispute.write({"partner_id": self.nora.id, "category_id": self.wrong_amount.id, "user_id": self.env.uid})
        self.assertFalse(self.env["billing.dispute"].search(worklist._get_domain()))

    def test_one_address_of_several_people_is_whoevers_owes(self):
        twin = self._create_patient("Nils Neu", email="nora@example.com")
        self.assertEqual(self._receive().partner_id, self.nora)
        visit = self._create_encounter(twin, [(self.service, 10.0)], date="2026-02-10")
        self._bill(visit, date="2026-02-10")
        self.assertFalse(self._receive(key="2").partner_id)
        # A child whose bills Nora pays speaks for Nora.
        self._create_patient("Kim Neu", email="kim@example.com", guarantor_id=self.nora.id)
        self.assertEqual(self._receive(sender="kim@example.com", key="3").partner_id, self.nora)

    def test_the_same_message_twice_is_one_dispute(self):
        self.assertTrue(self._receive())
        self.assertFalse(self._receive())

    def test_files_are_kept(self):
        dispute = self._receive(file=FILE)
        files = self.env["ir.attachment"].search([("res_model", "=", dispute._name), ("res_id", "=", dispute.id)])
        self.assertEqual(files.mapped("name"), ["receipt.txt"])

    def test_each_company_knows_its_own_people(self):
        other = self.env["res.company"].create({"name": "Elsewhere", "alias_domain_id": self.domain.id})
        box = self._create_mailbox("questions-elsewhere", other)
        self.nora.company_id = self.company
        dispute = self._receive("INV/2026/00901 is wrong.", mailbox=box)
        self.assertEqual((dispute.company_id, dispute.partner_id.id, dispute.item_ids.ids), (other, False, []))
        self.assertEqual(self._receive(key="2").partner_id, self.nora)

    def test_whoever_sorts_them_gets_them(self):
        self.mailbox.user_id = self.env.user
        dispute = self._receive()
        self.assertEqual((dispute.user_id, dispute.activity_ids.user_id), (self.env.user, self.env.user))

    def test_a_company_has_one_address(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._create_mailbox("more", self.company)

    def test_who_is_known_hears_that_it_has_arrived_in_their_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.nora.lang = "de_DE"
        self.company.billing_dispute_confirm = True
        dispute = self._receive("INV/2026/00901 is wrong. My diagnosis is a secret.")
        mail = self.env["mail.mail"].search([("model", "=", dispute._name), ("res_id", "=", dispute.id)])
        self.assertEqual((mail.recipient_ids, str(dispute.confirmed_on)), (self.nora, TODAY))
        self.assertIn(dispute.name, mail.body_html)
        self.assertIn("30.03.2026", mail.body_html)
        self.assertIn("200,00", mail.body_html)
        self.assertNotIn("secret", mail.body_html)
        dispute._confirm()
        self.assertEqual(len(self.env["mail.mail"].search([("model", "=", dispute._name)])), 1)

    def test_strangers_and_people_who_want_no_e_mail_hear_nothing(self):
        self.company.billing_dispute_confirm = True
        self.nora.billing_channel = "letter"
        for key, sender in enumerate(("nora@example.com", "ben@elsewhere.example")):
            dispute = self._receive(sender=sender, key=str(key))
            self.assertFalse(dispute.confirmed_on)
            with self.assertRaisesRegex(UserError, "cannot be confirmed by e-mail"):
                dispute.action_confirm()

    def test_on_the_phone_the_confirmation_is_a_button(self):
        dispute = self._dispute()
        self.assertFalse(dispute.confirmed_on)
        dispute.action_confirm()
        self.assertEqual(str(dispute.confirmed_on), TODAY)

    def test_an_answer_to_our_message_joins_the_dispute(self):
        dispute = self._receive()
        reply = "In-Reply-To: <1@example.com>\nReferences: <1@example.com>\n"
        self.assertFalse(self._receive("And here is more.", key="2", extra=reply))
        self.assertEqual(len(dispute.message_ids.filtered(lambda it: it.message_type == "email")), 2)
        dispute.action_withdraw()
        self.assertFalse(self._receive("I am still not content.", key="3", extra=reply))
        self.assertIn("somebody wrote again", dispute.activity_ids.summary)

    def test_a_manager_throws_away_what_is_no_dispute(self):
        dispute = self._receive(sender="spam@elsewhere.example")
        dispute.action_withdraw()
        self.assertEqual(dispute.state, "withdrawn")
        self._receive(sender="spam@elsewhere.example", key="2").unlink()
