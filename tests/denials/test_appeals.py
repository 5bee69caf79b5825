import io
from base64 import b64decode, b64encode

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from .common import DenialCase


class TestAppeals(DenialCase):
    """Objecting to what a payer decided: letter, packet, sending, answer, next level."""

    # === LIFE === #

    def test_the_letter_is_drafted_with_the_facts_filled_in(self):
        denial = self._deny()
        appeal = self._appeal(denial)
        self.assertEqual(
            (appeal.state, appeal.level, appeal.level_id.name, appeal.amount, appeal.category_id, appeal.claim_ids),
            ("draft", 1, "First appeal", 500.0, self._category("necessity"), denial.claim_id),
        )
        self.assertEqual(fields.Date.to_string(appeal.date_deadline), "2026-09-06")
        self.assertEqual(
            appeal.letter.splitlines()[0],
            "On March 10, 2026 you wrote that Office visit of March 5, 2026 was not necessary. Whoever treated Ana "
            "López came to another result, and the enclosed notes show why: what was found, what had been tried "
            "before, and what waiting would have meant.",
        )
        self.assertIn("Dr. Ruth Stein will gladly talk", appeal.letter)
        self.assertNotIn("{", appeal.letter)

    def test_the_letter_is_in_the_payers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        text = self.env.ref("billing_coordinator.appeal_text_necessity")
        text.with_context(lang="de_DE").body = "{amount} für {patient} vom {denied_on}"
        self.payer.lang = "de_DE"
        appeal = self._appeal(self._deny())
        self.assertEqual(appeal.letter, "500,00\xa0$ für Ana López vom 10.03.2026")

    def test_a_text_that_names_what_nobody_knows_is_refused(self):
        with self.assertRaisesRegex(ValidationError, r"names \{patinet\}, which cannot be filled in"):
            self.env["billing.appeal.text"].create({"name": "Wrong", "body": "{patinet}"})

    def test_sent_its_claims_and_denials_wait_for_the_payer(self):
        denial = self._deny()
        appeal = self._appeal(denial, channel=False)
        with self.assertRaisesRegex(UserError, "Say how .* is sent, under “Sent by”"):
            appeal.action_send()
        appeal.write({"channel": "registered", "tracking": "RR 1 US"})
        appeal.action_send()
        self.assertEqual((appeal.state, appeal.date_sent.isoformat()), ("sent", "2026-03-16"))
        self.assertEqual((denial.state, denial.claim_id.state), ("appealed", "appealed"))
        self.assertFalse(appeal.activity_ids)
        with self.assertRaisesRegex(UserError, "what it is about is not changed any more"):
            appeal.with_user(self._clerk()).level = 2

    def _clerk(self):
        return new_test_user(self.env, "clerk", groups="billing_coordinator.group_coordinator")

    def test_the_payer_gives_in_and_the_money_closes_it(self):
        denial = self._deny()
        appeal = self._appeal(denial)
        appeal.action_send()
        appeal.write({"result": "overturned", "answer_reference": "D-77"})
        appeal.action_answer()
        self.assertEqual((appeal.state, denial.state, denial.claim_id.state), ("answered", "appealed", "appealed"))
        self._answer(denial.claim_id, 500.0, date="2026-03-16")
        self.assertEqual((denial.state, denial.claim_id.state), ("overturned", "settled"))
        self.assertConserved()

    def test_the_payer_stays_with_it_and_the_next_level_is_open(self):
        denial = self._deny()
        appeal = self._appeal(denial)
        appeal.action_send()
        appeal.write({"result": "upheld", "date_answered": "2026-03-16"})
        appeal.action_answer()
        self.assertEqual((denial.state, denial.claim_id.state, denial.level), ("working", "denied", 2))
        self.assertEqual(fields.Date.to_string(denial.date_deadline), "2026-05-15", "60 days from the decision")
        self.assertTrue(appeal.can_go_on)
        self.assertEqual(fields.Date.to_string(appeal.next_deadline), "2026-05-15")
        appeal.action_next_level()
        second = denial.appeal_ids - appeal
        self.assertEqual((second.level, second.level_id.name, second.previous_id), (2, "Second appeal", appeal))
        self.assertEqual(fields.Date.to_string(second.date_deadline), "2026-05-15")
        self.assertEqual(
            second.letter.partition(" of ")[0], "On March 16, 2026 you stayed with your decision about Office visit",
        )
        self.assertFalse(appeal.can_go_on, "it is drafted already")
        second.action_send()
        second.result = "upheld"
        second.action_answer()
        self.assertEqual((denial.level, denial.date_deadline, second.can_go_on), (3, False, False))
        self.assertRefused(
            "appeal", denial,
            f"{denial.display_name}: Blue Insurance has no appeal of level 3. Describe it under Configuration > Appeal "
            "Levels, or decide otherwise.",
        )

    def test_a_new_answer_answers_the_appeal(self):
        for paid, adjustments, result in (
            (500.0, [], "overturned"), (200.0, [(self.co_45, 300.0)], "partly"), (0.0, [(self.co_50, 500.0)], "upheld"),
        ):
            with self.subTest(result):
                denial = self._deny()
                appeal = self._appeal(denial)
                appeal.action_send()
                self._answer(denial.claim_id, paid, adjustments, date="2026-03-16")
                self.assertEqual((appeal.state, appeal.result), ("answered", result))
                self.assertNotEqual(denial.claim_id.state, "appealed")

    def test_refused_anew_the_next_level_fights_the_new_denial(self):
        first = self._deny()
        appeal = self._appeal(first)
        appeal.action_send()
        appeal.result = "upheld"
        appeal.action_answer()
        self._answer(first.claim_id, 0.0, [(self.co_50, 500.0)], date="2026-03-16")
        second = self._denials(first.claim_id) - first
        self.assertEqual((first.state, second.level), ("upheld", 2))
        appeal.action_next_level()
        self.assertEqual(second.appeal_ids.previous_id, appeal)

    def test_withdrawn_its_denials_are_to_decide(self):
        denial = self._deny()
        appeal = self._appeal(denial)
        appeal.action_send()
        appeal.action_withdraw()
        self.assertEqual((appeal.state, denial.state, denial.claim_id.state), ("withdrawn", "working", "denied"))
        appeal.action_reopen()
        appeal.action_send()
        self.assertEqual((denial.state, denial.claim_id.state), ("appealed", "appealed"))
        appeal.action_unsend()
        self.assertEqual((appeal.state, appeal.date_sent, denial.state), ("draft", False, "working"))

    def test_one_appeal_for_each_claim_or_one_for_all_of_a_cause(self):
        denials = self._deny() | self._deny() | self._deny(self.co_16)
        wizard = self._wizard(denials, "appeal")
        self.assertEqual(wizard.summary, "3 denials, $\xa01,500.00, are appealed. Letters: 3.")
        wizard.is_together = True
        self.assertEqual(wizard.summary, "3 denials, $\xa01,500.00, are appealed. Letters: 2.")
        wizard.action_apply()
        appeals = denials.appeal_ids
        self.assertEqual(sorted(len(appeal.claim_ids) for appeal in appeals), [1, 2])
        self.assertRefused("appeal", denials[0], f"{denials[0].display_name} is in an appeal already: "
                           f"{denials[0].appeal_ids.display_name}.")

    def test_an_appeal_goes_to_one_payer(self):
        mine = self._deny()
        person = self._create_patient("Bo Berg")
        self._create_coverage(person, self.plan_b)
        claim = self._bill(patient=person).claim_ids
        self._answer(claim, 0.0, [(self.co_50, 500.0)])
        with self.assertRaisesRegex(
            ValidationError, "was denied by Gold Insurance. .* goes to Blue Insurance: appeal apart",
        ):
            self._appeal(mine).denial_ids |= self._denials(claim)

    def test_an_answer_needs_a_result_and_a_day_that_can_be(self):
        appeal = self._appeal(self._deny())
        appeal.action_send()
        with self.assertRaisesRegex(UserError, "Say first what Blue Insurance answered"):
            appeal.action_answer()
        appeal.write({"result": "upheld", "date_answered": "2026-03-01"})
        with self.assertRaisesRegex(UserError, "cannot be answered on 03/01/2026"):
            appeal.action_answer()

    # === BY WHEN === #

    def test_a_missed_deadline_is_flagged_and_told_once(self):
        denial = self._deny()
        appeal = self._appeal(denial)
        self._night("2026-09-06")
        self.assertFalse(appeal.missed_told_on)
        self._night("2026-09-08")
        self._night("2026-09-09")
        told = appeal.activity_ids.filtered(lambda activity: (activity.summary or "").startswith("Deadline missed"))
        self.assertEqual(told.mapped("summary"), [
            f"Deadline missed: {appeal.name} Blue Insurance was to be sent by 09/06/2026",
        ])
        self.assertEqual(
            (appeal.missed_told_on.isoformat(), denial.late_told_on.isoformat()), ("2026-09-08", "2026-09-08"),
        )

    def test_a_payer_that_stays_silent_is_asked_once(self):
        appeal = self._appeal(self._deny())
        appeal.action_send()
        self._night("2026-05-15")
        self.assertFalse(appeal.activity_ids)
        self._night("2026-05-16")
        self._night("2026-05-17")
        self.assertEqual(appeal.activity_ids.mapped("summary"), [
            f"Ask Blue Insurance: no answer to {appeal.name} of 03/16/2026",
        ])

    # === THE PATIENT IS LEFT ALONE === #

    def test_while_an_appeal_is_with_the_payer_the_patient_is_not_asked_nor_an_agency(self):
        claim = self._bill().claim_ids
        self._answer(claim, 300.0, [(self.pr_1, 100.0), (self.co_50, 100.0)])
        bill = self.env["account.move"].search([
            ("encounter_id", "=", claim.encounter_id.id), ("partner_id", "=", self.patient.id),
        ])
        item = bill._get_billing_receivable_item()
        held = self.env["billing.collection.case"]._get_held
        self.assertFalse(held(item.ids).get(item.id))
        self._appeal(self._denials(claim)).action_send()
        self.assertEqual(held(item.ids)[item.id], [("waiting", None)])

    # === PACKET === #

    def _bind(self, appeal):
        appeal.with_context(force_report_rendering=True).action_make_packet()
        return PdfFileReader(io.BytesIO(b64decode(appeal.packet)), strict=False)

    def _attach(self, name, content, mimetype=None):
        return self.env["ir.attachment"].create({
            "name": name, "datas": b64encode(content), **({"mimetype": mimetype} if mimetype else {}),
        })

    def _pdf(self, pages):
        writer = PdfFileWriter()
        for _number in range(pages):
            writer.addBlankPage(width=200, height=200)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    def test_the_packet_holds_letter_claim_answer_and_documents(self):
        appeal = self._appeal(self._deny())
        picture = io.BytesIO()
        Image.new("RGBA", (300, 200), (255, 0, 0, 90)).save(picture, "PNG")
        appeal.attachment_ids = (
            self._attach("note.pdf", self._pdf(2)) | self._attach("scan.png", picture.getvalue())
            | self._attach("broken.pdf", b"%PDF-1.4 no more", "application/pdf") | self._attach("list.csv", b"a,b")
        )
        reader = self._bind(appeal)
        names = [line.partition(": ")[2] for line in appeal.packet_content.splitlines()]
        self.assertEqual(names, ["Letter", f"Claim {appeal.claim_ids.name}", "Your answer", "note.pdf", "scan.png"])
        self.assertEqual(appeal.packet_pages, reader.getNumPages())
        self.assertGreaterEqual(appeal.packet_pages, 6)
        self.assertEqual(appeal.packet_missing, (
            "broken.pdf: neither a readable PDF nor a picture. Send it apart.\n"
            "list.csv: neither a readable PDF nor a picture. Send it apart."
        ))
        text = " ".join(reader.getPage(number).extractText() for number in range(reader.getNumPages()))
        for words in (appeal.name, "Ana López", "Why we ask you to decide again", appeal.claim_ids.name):
            self.assertIn("".join(words.split()), "".join(text.split()))

    def test_a_claim_that_is_said_to_be_late_goes_with_the_proof_of_its_sending(self):
        appeal = self._appeal(self._deny(self.co_29))
        self.assertIn("first sent to you on March 16, 2026", appeal.letter)
        self.assertEqual(
            [name for name, _kind, _content in appeal._get_documents()],
            ["Letter", f"Claim {appeal.claim_ids.name}", "Your answer",
             f"Proof of filing in time {appeal.claim_ids.name}"],
        )

    def test_without_a_letter_there_is_no_packet(self):
        appeal = self._appeal(self._deny())
        appeal.letter = " "
        with self.assertRaisesRegex(UserError, "has no letter yet"):
            appeal.action_make_packet()

    def test_nobody_binds_what_they_may_not_open(self):
        # What belongs to no record is whose it is.
        secret = self._attach("salary.pdf", self._pdf(1))
        clerk = self._clerk()
        appeal = self._appeal(self._deny()).with_user(clerk)
        with self.assertRaises(AccessError):
            appeal.write({"attachment_ids": [Command.link(secret.id)]})
            appeal.action_make_packet()

    def test_who_only_reads_sends_nothing(self):
        reader = new_test_user(self.env, "reader", groups="billing_coordinator.group_readonly")
        appeal = self._appeal(self._deny())
        for action in ("action_send", "action_make_packet", "action_withdraw"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(appeal.with_user(reader), action)()
