import ast
from pathlib import Path

import polib
from lxml import html

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.reports import claim_letter

from ..common import TODAY
from .common import FilingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimLetter(FilingCase):
    """A claim as a letter, in its reader's language: what is asked and why, where to pay, the form behind it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.external_report_layout_id = cls.env.ref("web.external_layout_standard")
        cls.letters = cls._create_route("Letters", format="letter")
        cls.payer.billing_route_id = cls.letters

    def _get_text(self, claim):
        """The words of the letter and its enclosure."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "billing_coordinator.action_report_claim_letter", claim.ids,
        )
        return " ".join(html.fromstring(content).text_content().split())

    def test_it_says_what_is_asked_and_where_to_pay(self):
        self.env["res.partner.bank"].create({
            "acc_number": "DE89370400440532013000", "partner_id": self.company.partner_id.id,
        })
        claim = self._claim()
        text = self._get_text(claim)
        for sentence in (
            f"Claim {claim.name}",
            f"On March 5, 2026 we treated Ana López, whose number with you is M-{self.patient.id}.",
            "We ask you for $500.00",
            "Please pay the $500.00, or tell us in writing what you do not pay and why, service by service.",
            "DE89 3704 0044 0532 0130 00",
            "Enclosed: the claim form with diagnoses and codes.",
            "Z98.7X1",
        ):
            self.assertIn(sentence, text)

    def test_days_and_amounts_are_written_as_its_reader_writes_them(self):
        for language, texts in {
            "de_DE": ("05.03.2026", "500,00 $"),
            "es_ES": ("5 de marzo de 2026", "500,00 US$"),
        }.items():
            self.env["res.lang"]._activate_lang(language)
            self.payer.lang = language
            with self.subTest(language):
                text = self._get_text(self._claim()).replace("\N{NO-BREAK SPACE}", " ")
                for expected in texts:
                    self.assertIn(expected, text)

    def test_every_sentence_of_the_letter_has_its_words_in_german_and_spanish(self):
        code = Path(claim_letter.__file__).read_text(encoding="utf-8")
        sentences = {
            call.args[0].value for call in ast.walk(ast.parse(code))
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "_"
        }
        self.assertGreater(len(sentences), 10)
        for language in ("de", "es"):
            path = Path(claim_letter.__file__).parents[1] / f"i18n/{language}.po"
            known = {entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr}
            self.assertLessEqual(sentences | {"We ask you for", "What we ask of you"}, known, language)

    def test_a_cancellation_asks_for_nothing(self):
        claim = self._claim()
        self._send(claim).action_hand_over()
        claim._acknowledge("Received", payer_control_number="ICN-7")
        claim.action_void()
        text = self._get_text(claim)
        self.assertIn(f"Cancellation of claim {claim.name}", text)
        self.assertIn("Please cancel our claim, which you have under number ICN-7", text)
        self.assertIn("Please confirm the cancellation in writing.", text)
        self.assertNotIn("We ask you for", text)

    def test_letters_of_a_batch_are_one_document(self):
        claims = self._claims(2)
        batch = self._send(claims)
        text = batch.file_id.raw.decode()
        for claim in claims:
            self.assertIn(claim.name, text)
        batch.action_hand_over()
        self.assertEqual(claims.submission_ids.mapped("channel"), ["paper", "paper"])
