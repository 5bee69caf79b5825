from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyTouched(AccuracyCase):
    """What a document stands on has changed: it is looked at before anybody reads what is wrong with it."""

    def _settle(self):
        """What was done so far is over: nothing waits to be looked at any more."""
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_rule_of_the_plan_that_is_deleted_wants_nothing_any_more(self):
        rule = self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "applies_to": "code", "code_from": "OV-3",
            "modifier_needed_ids": [Command.set(self._create_code("GP", "modifier").ids)],
        })
        visit = self._create_encounter()
        self.assertEqual(visit.accuracy_level, "stop")
        self._settle()
        rule.unlink()
        self.assertClean(visit)

    def test_a_rule_that_goes_over_to_another_plan_wants_nothing_of_the_first_one(self):
        rule = self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "applies_to": "code", "code_from": "OV-3",
            "modifier_needed_ids": [Command.set(self._create_code("GP", "modifier").ids)],
        })
        visit = self._create_encounter()
        self._settle()
        rule.plan_id = self.plan_b
        self.assertClean(visit)

    def test_a_coverage_that_is_deleted_asks_for_no_number_any_more(self):
        luis = self._create_patient(
            "Luis López", birth_date="1979-05-01", street="1 Elm St", city="Oakdale", zip="12345",
            is_billing_account=True,
        )
        luis._set_state("pending")
        luis._set_state("active")
        coverage = self._create_coverage(luis, self.plan, member_number="n/a?")
        self._create_coverage(luis, self.plan_b, rank="2")
        visit = self._create_encounter(patient_id=luis.id)
        self.assertIn("member_number", self._findings(visit))
        self._settle()
        coverage.unlink()
        self.assertFindsNot(visit, "member_number")

    def test_a_code_that_is_ended_is_pointed_out_wherever_it_stands(self):
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-05", "provider_id": self.provider.id,
            "line_ids": [Command.create({"product_id": self.service.id})],
        })
        claim = self._bill().claim_ids
        visit = self._create_encounter(date="2026-03-06")
        self._settle()
        self.code.date_to = "2026-03-04"
        for document in (visit, estimate, claim):
            self.assertIn("code_date", self._findings(document), document._description)
