from odoo.fields import Command

from ..reports.common import PaperCase


class TestAppealPaper(PaperCase):
    """What stands on the letter, and on the page with the payer's own answer."""

    def _draft(self, **values):
        claim = self._bill(**values).claim_ids
        claim.payer_control_number = "ICN-77"
        claim.action_send()
        self._answer(claim, 300.0, [(self.env.ref("billing_coordinator.reason_co_50"), 200.0)])
        appeal = self.env["billing.denial"].search([("claim_id", "=", claim.id)])._appeal()
        appeal.letter = "We do not agree."
        return appeal

    def test_the_letter_says_who_what_when_how_much_and_why(self):
        appeal = self._draft()
        text = self._read("billing_coordinator.report_appeal", appeal)
        for words in (
            f"Appeal {appeal.name}", "First appeal", "Please pay $200.00", "Patient Ana López",
            "Your claim number ICN-77",
            "March 5, 2026 V213 Office visit", "$500.00 $300.00 $200.00", "CO-50 Not considered necessary by the payer",
            "Why we ask you to decide again We do not agree.", f"claim {appeal.claim_ids.name}, your answer",
        ):
            self.assertIn(words, text)

    def test_the_answer_is_the_payers_own_and_whole(self):
        appeal = self._draft()
        text = self._read("billing_coordinator.report_appeal_answer", appeal)
        for words in ("Your answer", f"Enclosed with our appeal {appeal.name}", "March 10, 2026", "V213",
                      "CO-50 Not considered necessary by the payer: $200.00", "$300.00"):
            self.assertIn(words, text)

    def test_in_german_and_spanish(self):
        for lang, words in (("de_DE", ("Widerspruch", "Ihre Entscheidung", "200,00\xa0$")),
                            ("es_ES", ("Recurso", "Lo que decidieron", "200,00\xa0US$"))):
            with self.subTest(lang):
                self.env["res.lang"]._activate_lang(lang)
                self.env["ir.module.module"]._load_module_terms(["billing_coordinator"], [lang], overwrite=True)
                self.payer.lang = lang
                text = self._read("billing_coordinator.report_appeal", self._draft())
                for word in words:
                    self.assertIn(" ".join(word.split()), text)

    def test_several_claims_stand_on_one_letter(self):
        first, second = self._draft(), self._draft()
        denials = first.denial_ids | second.denial_ids
        (first | second).unlink()
        appeal = denials._appeal(is_together=True)
        self.assertEqual(len(appeal), 1)
        text = self._read("billing_coordinator.report_appeal", appeal)
        for claim in denials.claim_id:
            self.assertIn(claim.name, text)
        self.assertIn("Please pay $400.00", text)
        appeal.denial_ids = [Command.unlink(denials[0].id)]
        self.assertEqual(appeal.amount, 200.0)
