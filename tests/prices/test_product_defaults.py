from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import PriceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestProductDefaults(PriceCase):
    """What a service brings along: code, modifiers, the diagnoses it points to, its name in other lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flu = cls._create_code("Z23.9X", "diagnosis")
        cls.cold = cls._create_code("J06.9X", "diagnosis")
        cls.scan.write({"billing_modifier_1_id": cls.mod_26.id, "billing_modifier_2_id": cls.mod_25.id})

    def _visit(self, product, **values):
        return self._create_encounter(services=[product], diagnosis_ids=[
            Command.create({"code_id": self.cold.id, "sequence": 1}),
            Command.create({"code_id": self.flu.id, "sequence": 2}),
        ], **values)

    def test_a_service_brings_its_modifiers_to_visits_and_estimates(self):
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-15",
            "line_ids": [Command.create({"product_id": self.scan.id})],
        })
        self.assertEqual(estimate.line_ids.modifier_codes, "X6 X5")
        self.assertEqual(self._line(self.scan).modifier_codes, "X6 X5")
        self.assertFalse(self._line(self.service).modifier_codes)

    def test_what_somebody_chooses_counts_and_another_service_brings_its_own(self):
        line = self._line(self.scan, modifier_1_id=self.mod_tc.id)
        self.assertEqual(line.modifier_codes, "XC")
        line.product_id = self.service
        self.assertFalse(line.modifier_codes)
        line.product_id = self.scan
        self.assertEqual(line.modifier_codes, "X6 X5")

    def test_a_service_points_to_its_usual_diagnosis_where_the_visit_has_it(self):
        self.service.billing_diagnosis_ids = self.flu
        visit = self._visit(self.service)
        self.assertEqual(visit.line_ids.diagnosis_ids.code_id, self.flu)
        self.assertEqual(visit.line_ids._get_pointers(), "B")
        other = self._create_encounter(services=[self.service])
        self.assertFalse(other.line_ids.diagnosis_ids)

    def test_a_service_points_by_letter(self):
        self.service.product_tmpl_id.billing_pointers = "b, a"
        self.assertEqual(self.service.product_tmpl_id.billing_pointers, "BA")
        visit = self._visit(self.service)
        self.assertEqual(visit.line_ids._get_pointers(), "AB")

    def test_without_a_choice_the_first_diagnosis_counts(self):
        self.assertEqual(self._visit(self.service).line_ids._get_pointers(), "A")

    def test_what_somebody_points_to_stays_when_diagnoses_are_added(self):
        self.service.billing_diagnosis_ids = self.flu
        visit = self._visit(self.service)
        visit.line_ids.diagnosis_ids = visit.diagnosis_ids[0]
        visit.diagnosis_ids = [Command.create({"code_id": self._create_code("M54.5X", "diagnosis").id, "sequence": 3})]
        self.assertEqual(visit.line_ids.diagnosis_ids.code_id, self.cold)

    def test_on_the_screen_the_service_points_after_saving(self):
        self.service.billing_diagnosis_ids = self.flu
        form = Form(self.env["billing.encounter"])
        form.patient_id = self.patient
        with form.diagnosis_ids.new() as diagnosis:
            diagnosis.code_id = self.cold
        with form.diagnosis_ids.new() as diagnosis:
            diagnosis.code_id = self.flu
        with form.line_ids.new() as line:
            line.product_id = self.service
        visit = form.save()
        self.assertEqual(visit.line_ids.diagnosis_ids.code_id, self.flu)

    def test_the_invoice_says_code_modifiers_diagnoses_and_patient(self):
        self.scan.billing_pointers = "AB"
        line = self._bill(self._visit(self.scan)).invoice_line_ids
        self.assertEqual(
            (line.billing_code_id, line.billing_modifiers, line.billing_pointers, line.billing_patient_id),
            (self.scan_code, "X6 X5", "AB", self.patient),
        )
        transferred = self._answer(line.move_id.claim_ids, 200.0, [(self.pr_1, 100.0)]).caused_move_ids
        service = transferred.filtered("billing_kind").invoice_line_ids
        self.assertEqual((service.billing_modifiers, service.billing_pointers), ("X6 X5", "AB"))

    def test_letters_that_no_claim_has_are_refused(self):
        for letters in ("M", "AA", "ABCDE", "1"):
            with self.subTest(letters), self.assertRaisesRegex(ValidationError, "Type up to four letters"):
                self.service.billing_pointers = letters
                self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "one modifier twice"):
            self.scan.billing_modifier_2_id = self.mod_26

    def test_a_service_has_a_code_in_several_lists(self):
        own = self.env.ref("billing_coordinator.code_system_own")
        other = self._create_code("OV9", system=own)
        self.service.product_tmpl_id.billing_other_code_ids = [Command.create({"code_id": other.id})]
        self.assertEqual(self.service.product_tmpl_id._get_billing_codes(), self.visit_code + other)
        self.assertEqual(self.service.product_tmpl_id.billing_other_code_ids.system_id, own)
        with self.assertRaisesRegex(UserError, "Office visit uses it"):
            other.unlink()
        with self.assertRaisesRegex(ValidationError, "is no procedure"):
            self.service.product_tmpl_id.billing_other_code_ids = [Command.create({"code_id": self.flu.id})]
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "Keep it once|billing_product_code"):
            self.service.product_tmpl_id.billing_other_code_ids = [Command.create({"code_id": other.id})]
            self.env.flush_all()

    def test_a_duplicate_points_to_the_same_diagnoses(self):
        self.service.billing_diagnosis_ids = self.flu
        self.assertEqual(self.service.product_tmpl_id.copy().billing_diagnosis_ids, self.flu)

    def test_codes_that_stand_on_services_are_not_deleted(self):
        for code in (self.mod_26, self.visit_code):
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                code.unlink()
