from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import HabitCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCodeSuggestion(HabitCase):
    """A code that was not valid on its day, or that the plan does not know: what to use instead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.icd9 = cls.env.ref("billing_coordinator.code_system_icd9cm")
        cls.old_cold = cls._create_code("465.9X", "diagnosis", cls.icd9, date_to="2015-09-30")

    def _crosswalk(self, system_from, code_from, system_to, code_to, **values):
        self.env["billing.code.crosswalk"].create({
            "system_from_id": system_from.id, "code_from": code_from, "system_to_id": system_to.id,
            "code_to": code_to, **values,
        })

    def test_an_old_diagnosis_is_what_the_crosswalk_names(self):
        self._crosswalk(self.icd9, "465.9X", self.icd, "J06.9X")
        visit = self._visit(diagnosis_ids=[Command.create({"code_id": self.old_cold.id})])
        diagnosis = visit.diagnosis_ids
        self.assertEqual(diagnosis.suggestion, "J06.9X (ICD10CM)? 465.9X was not valid on 03/05/2026.")
        self.assertTrue(visit.has_diagnosis_suggestions)
        diagnosis.action_take_suggestion()
        self.assertEqual(diagnosis.code_id, self.cold)
        self.assertFalse(diagnosis.suggestion)
        visit.action_ready()

    def test_the_closest_comes_first_and_what_is_not_valid_then_is_not_named(self):
        self._crosswalk(self.icd9, "465.9X", self.icd, "J00.XX", is_approximate=True)
        self._crosswalk(self.icd9, "465.9X", self.icd, "J06.9X")
        self._crosswalk(self.icd9, "465.9X", self.icd, "J09.XX")
        about = self._create_code("J00.XX", "diagnosis")
        self._create_code("J09.XX", "diagnosis", date_from="2026-10-01")
        diagnosis = self._visit(diagnosis_ids=[Command.create({"code_id": self.old_cold.id})]).diagnosis_ids
        self.assertEqual(diagnosis.suggested_code_ids, self.cold + about)

    def test_a_code_that_came_back_is_the_newer_one(self):
        self.visit_code.date_to = "2025-12-31"
        again = self.env["billing.code"].create({
            "system_id": self.hcpcs.id, "code": "G0463", "name": "Again", "date_from": "2026-01-01",
        })
        line = self._visit().line_ids
        self.assertEqual(line.suggested_code_ids, again)
        line.action_take_suggestion()
        self.assertEqual(line.code_id, again)

    def test_a_list_that_the_plan_does_not_know_is_translated(self):
        self.plan.code_system_ids = self.blue + self.icd
        self._crosswalk(self.hcpcs, "G0463", self.blue, "B100")
        visit = self._visit()
        self.assertEqual(visit.line_ids.suggestion, "B100 (BLUEOWN)? Blue Plan does not know codes of HCPCS Level II.")
        self.assertTrue(visit.has_code_suggestions)
        self.assertFalse(visit.has_diagnosis_suggestions)

    def test_valid_codes_and_those_without_counterpart_get_no_suggestion(self):
        self._crosswalk(self.hcpcs, "G0463", self.blue, "B100")
        self.assertFalse(self._visit().line_ids.suggestion)
        self.env["billing.code.crosswalk"].create({
            "system_from_id": self.icd9.id, "code_from": "465.9X", "system_to_id": self.icd.id, "code_to": "J06.9X",
            "is_combination": True, "scenario": 1,
        })
        diagnosis = self._visit(diagnosis_ids=[Command.create({"code_id": self.old_cold.id})]).diagnosis_ids
        self.assertFalse(diagnosis.suggestion)
        diagnosis.action_take_suggestion()
        self.assertEqual(diagnosis.code_id, self.old_cold)

    def test_a_list_of_services_gets_its_suggestions_in_the_same_number_of_queries(self):
        self._crosswalk(self.hcpcs, "G0463", self.blue, "B100")
        self.visit_code.date_to = "2025-12-31"
        lines = self.env["billing.encounter.line"].browse([self._visit().line_ids.id for _number in range(12)])

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.browse(some.ids).mapped("suggestion")
            return self.cr.sql_log_count - before

        count(lines[:1])
        self.assertEqual(count(lines[:2]), count(lines))
