from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..reports.common import PaperCase

REPORT = "billing_coordinator.report_timely_filing"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestProofLetter(PaperCase):
    """A letter proves filing in time, from recorded facts only."""

    def test_it_says_when_and_how_and_what_came_back(self):
        self.plan.timely_filing_days = 90
        claim = self._bill().claim_ids
        claim._submit("fax", reference="F 1", date="2026-03-07")
        claim._reject("Page 2 missing", date="2026-03-08")
        claim._submit("portal", reference="P 99", date="2026-03-09")
        claim._acknowledge("Accepted for adjudication", date="2026-03-10", payer_control_number="ICN 5")
        text = self._read(REPORT, claim)
        self.assertIn(f"Proof of timely filing: claim {claim.name}", text)
        self.assertIn(f"{self.company.name}, March 16, 2026", text)
        self.assertIn("this claim was sent to you on March 9, 2026 , before the filing limit of June 3, 2026", text)
        self.assertIn("March 7, 2026 Fax F 1 Rejected , March 8, 2026 Page 2 missing", text)
        self.assertIn("March 9, 2026 Payer's portal P 99 Acknowledged , March 10, 2026 , ICN 5", text)
        for word in ("Office visit", "V213", "E11.9"):
            self.assertNotIn(word, text)

    def test_without_a_sending_there_is_nothing_to_prove(self):
        claim = self._bill().claim_ids
        with self.assertRaisesRegex(UserError, f"No sending of {claim.name} is on record, so there is nothing"):
            self._read(REPORT, claim)
        claim.action_send()
        claim.action_unsend()
        with self.assertRaisesRegex(UserError, "No sending of"):
            self._read(REPORT, claim)

    def test_sent_too_late_it_does_not_claim_to_be_in_time(self):
        claim = self._bill().claim_ids
        claim._submit("paper", date="2026-03-15")
        self.plan.timely_filing_days = 5
        text = self._read(REPORT, claim)
        self.assertNotIn("before the filing limit", text)

    def test_the_payer_reads_it_in_its_language(self):
        for lang, day, title in (
            ("de_DE", "09.03.2026", "Nachweis der fristgerechten Einreichung"),
            ("es_ES", "9 de marzo de 2026", "Prueba de presentación en plazo"),
        ):
            self.env["res.lang"]._activate_lang(lang)
            self.env["ir.module.module"]._load_module_terms(["billing_coordinator"], [lang], overwrite=True)
            self.payer.lang = lang
            claim = self._bill().claim_ids
            claim._submit("paper", date="2026-03-09")
            text = self._read(REPORT, claim)
            self.assertIn(day, text)
            self.assertIn(title, text)
