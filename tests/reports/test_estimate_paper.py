from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..estimates.common import EstimateCase
from .common import PaperCase

REPORT = "billing_coordinator.action_report_estimate"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimatePaper(EstimateCase):
    """What a patient reads beforehand."""

    _read = PaperCase._read

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({
            "street": "120 Harbor Street", "city": "Riverside", "zip": "60546", "phone": "(708) 555-0100",
        })
        cls.place = cls._create_code("11", "Office", "place")

    def test_a_good_faith_estimate_says_all_that_the_law_asks_for(self):
        estimate = self._create_estimate(
            patient=self.self_payer, services=[self.service, self.scan], place_id=self.place.id,
            separate_services="Physical therapy, 6 sessions\n\n Lab work ",
        )
        estimate.action_print()
        text = self._read(REPORT, estimate)
        for words in (
            f"Good-faith estimate {estimate.name}",
            "What we expect the planned service for Omar Diaz , born on June 30, 1975 , at",
            "on April 15, 2026 to cost.", "Estimate of March 16, 2026",
            "Your share, as expected $1,400.00 This is not a bill.",
            "Office visit V213 M54.5 $500.00", "Scan of the back S700 M54.5 $900.00", "Expected charges $1,400.00",
            "Dr. Ruth Stein · NPI 1234567893 · Tax ID 93-1234567 · 120 Harbor Street, Riverside, ",
            "place of service 11 Office", "Why it is planned: Low back pain (M54.5).",
            "Booked separately", "· Physical therapy, 6 sessions · Lab work",
            "More may be needed. We may recommend further services",
            "This is an estimate. It shows what we can reasonably expect today; what you are charged in the end may "
            "differ. It holds until April 15, 2026 .",
            "You may dispute the bill if a provider on this estimate bills you $400.00 or more above what it says.",
            "within 120 days of the date of the bill: www.cms.gov/nosurprises or 1-800-985-3059",
            "does not affect the quality of the care you get",
            "It is not a contract. It does not oblige you to have these services",
            "(708) 555-0100",
        ):
            self.assertIn(words, text)
        for words in ("Draft", "Insurance", "How your share comes about", "amount enclosed"):
            self.assertNotIn(words, text)

    def test_each_provider_has_items_of_their_own(self):
        radiologist = self.env["res.partner"].create({
            "name": "Dr. Ray", "is_provider": True, "npi": "1245319599", "vat": "11-222", "street": "9 Hill Road",
        })
        estimate = self._create_estimate(patient=self.self_payer, services=[self.service, self.scan])
        estimate.line_ids[1].provider_id = radiologist
        text = self._read(REPORT, estimate)
        for words in (
            "Planned with Dr. Ruth Stein Service Code Diagnosis Charge Office visit V213 M54.5 $500.00 Expected "
            "charges $500.00",
            "Planned with Dr. Ray", "Expected charges $900.00 Dr. Ray · NPI 1245319599 · Tax ID 11-222 · 9 Hill Road",
        ):
            self.assertIn(words, text)

    def test_an_insured_patient_reads_how_the_share_comes_about(self):
        self.coverage.copay = 15.0
        text = self._read(REPORT, self._create_estimate())
        for words in (
            "Draft, not handed over yet.", "Your share, as expected $272.00 of $500.00 in all",
            "Charge Insurance Your share Office visit V213 M54.5 $500.00 -$228.00 $272.00",
            "Charge $500.00 Paid by Blue Insurance -$228.00 Your share, as expected $272.00 Deductible: $200.00 "
            "Coinsurance: $57.00 Copay: $15.00",
            "Your insurance decides when it gets our claim.", "It is not a contract.",
        ):
            self.assertIn(words, text)
        for words in ("Good-faith", "dispute"):
            self.assertNotIn(words, text)

    def test_an_insured_patient_who_pays_all_reads_why(self):
        self.coverage.deductible = 2000.0
        text = self._read(REPORT, self._create_estimate())
        for words in ("Expected charges $500.00", "Charge $500.00 Your share, as expected $500.00 Deductible: $500.00"):
            self.assertIn(words, text)

    def test_dates_and_amounts_as_their_reader_writes_them(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.self_payer.lang = "de_DE"
        text = self._read(REPORT, self._create_estimate(patient=self.self_payer, services=[(self.service, 1234.5)]))
        self.assertIn("1.234,50 $", text)
        self.assertIn("15.04.2026", text)
        self.assertIn("30.06.1975", text)

    def test_it_goes_to_the_guarantor(self):
        mother = self._create_patient("Eva Keller", street="5 Oak Lane")
        child = self._create_patient("Leo Keller", guarantor_id=mother.id)
        text = self._read(REPORT, self._create_estimate(patient=child))
        self.assertIn("Eva Keller 5 Oak Lane", text)
        self.assertIn("service for Leo Keller", text)

    def test_it_goes_where_the_patient_asked_to_be_written_to(self):
        self.patient.write({
            "street": "77 Alder Way", "billing_confidential_address": "PO Box 218\nBerwyn, IL 60402",
            "billing_addressee": "c/o Susan Reed",
        })
        text = self._read(REPORT, self._create_estimate())
        self.assertIn("Ana López c/o Susan Reed PO Box 218 Berwyn, IL 60402", text)
        self.assertNotIn("77 Alder Way", text)

    def test_a_patient_who_asked_for_another_address_gets_it_instead_of_the_guarantor(self):
        mother = self._create_patient("Eva Keller", street="5 Oak Lane", property_payment_term_id=False)
        child = self._create_patient(
            "Leo Keller", guarantor_id=mother.id, billing_confidential_address="PO Box 9, Berwyn",
        )
        estimate = self._create_estimate(patient=child)
        self.assertEqual(estimate.addressee_id, child)
        text = self._read(REPORT, estimate)
        self.assertIn("Leo Keller PO Box 9, Berwyn", text)
        self.assertNotIn("5 Oak Lane", text)

    def test_many_at_once(self):
        estimates = self._create_estimate() + self._create_estimate(
            patient=self.self_payer, line_ids=[Command.create({"product_id": self.scan.id, "quantity": 2})],
        )
        text = self._read(REPORT, estimates)
        for words in (*estimates.mapped("name"), "Scan of the back × 2.00", "$1,800.00"):
            self.assertIn(words, text)
