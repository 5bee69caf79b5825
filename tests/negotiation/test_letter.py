from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import NegotiationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSettlementLetter(NegotiationCase):
    """The letter says what was agreed, for which bills, by when, and what happens then and otherwise."""

    def _print(self, negotiation):
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "billing_coordinator.report_settlement", negotiation.ids,
        )
        return " ".join(html.fromstring(page).text_content().split())

    def test_a_payer_reads_its_own_numbers_and_the_patient(self):
        self.claim.payer_control_number = "BLUE-77"
        text = self._print(self._agree(400.0, terms="Paid by wire."))
        for words in (
            "What we agreed on", "Hello Mr Brown,", "400.00 by March 31, 2026, and the bills below are settled.",
            "Once it is here, we take the other", "If it is not here by then, this agreement ends",
            self.claim.name, "BLUE-77", "Ana López", "Paid by wire.",
        ):
            self.assertIn(words, text)

    def test_a_person_reads_of_bills_only(self):
        self._answer(self.claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        bill = self.claim.encounter_id.invoice_ids.filtered(lambda move: move.partner_id == self.patient)
        text = self._print(self._agree(60.0, bill))
        self.assertIn(bill.name, text)
        self.assertNotIn("Office visit", text)
        self.assertNotIn("Your number", text)

    def test_a_payer_reads_whom_to_pay_where_and_what_to_quote_and_not_how_patients_pay(self):
        self.claim.payer_control_number = "BLUE-77"
        self.company.billing_pay_text = "Pay by card on our web page, or call us."
        self.company.partner_id.write({"name": "Hillside Practice", "vat": "12-3456789", "street": "12 Hill Street"})
        negotiation = self._agree(400.0)
        text = self._print(negotiation)
        for words in (
            "Where to pay", "Hillside Practice", "12 Hill Street", "Tax ID12-3456789", negotiation.name,
            f"{self.claim.name} (your number BLUE-77)",
        ):
            self.assertIn(words, text)
        for words in ("How to pay", "Pay by card", "we look for another way"):
            self.assertNotIn(words, text)

    def test_a_payer_sends_the_money_where_claims_say_that_it_goes(self):
        self.company.billing_pay_to_id = self.env["res.partner"].create({
            "name": "Hillside Lockbox", "street": "PO Box 900", "city": "Springfield",
        })
        text = self._print(self._agree(400.0))
        self.assertIn("Hillside Lockbox", text)
        self.assertIn("PO Box 900", text)
        self.assertIn(f"Please quote the claim{self.claim.name}", text)

    def test_a_person_reads_the_ways_in_which_patients_pay(self):
        self.company.billing_pay_text = "Pay by card on our web page, or call us."
        self._answer(self.claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        bill = self.claim.encounter_id.invoice_ids.filtered(lambda move: move.partner_id == self.patient)
        text = self._print(self._agree(60.0, bill))
        for words in ("How to pay", "Pay by card on our web page", "we look for another way"):
            self.assertIn(words, text)
        self.assertNotIn("Tax ID", text)

    def test_in_german_and_spanish(self):
        self.claim.payer_control_number = "BLUE-77"
        negotiation = self._agree(400.0, terms="Per Überweisung.")
        for lang, words in (
            ("de_DE", (
                "Was wir vereinbart haben", "Guten Tag Mr Brown,", "Zahlen Sie 400,00\xa0$ bis zum 31.03.2026",
                "Ihre Nummer", "Offen bei der Vereinbarung",
            )),
            ("es_ES", (
                "Lo que hemos acordado", "Pague 400,00\xa0US$ a más tardar el 31 de marzo de 2026", "Su número",
                "Pendiente al acordarlo",
            )),
        ):
            with self.subTest(lang):
                self.env["res.lang"]._activate_lang(lang)
                self.env["ir.module.module"]._load_module_terms(["billing_coordinator"], [lang], overwrite=True)
                negotiation.partner_id.lang = lang
                text = self._print(negotiation)
                for word in words:
                    self.assertIn(" ".join(word.split()), text)
                self.assertNotIn("agreed", text)

    def test_without_an_agreement_there_is_no_letter(self):
        negotiation = self._negotiate()
        with self.assertRaisesRegex(UserError, f"There is no agreement in {negotiation.name}"):
            negotiation.action_print_letter()

    def test_printing_it_is_noted_once(self):
        negotiation = self._agree(400.0)
        negotiation.action_print_letter()
        with freeze_time("2026-03-20"):
            negotiation.action_print_letter()
        self.assertEqual(str(negotiation.letter_on), TODAY)
