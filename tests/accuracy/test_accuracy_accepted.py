from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyAccepted(AccuracyCase):
    """Stops keep a bill in the house; findings are mended, silenced or overridden; visits are held and released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = new_test_user(
            cls.env, login="cora", groups="billing_coordinator.group_coordinator", company_id=cls.company.id,
        )

    def _stopped(self):
        """A visit without a birth date: a stop that a manager may override."""
        self.patient.birth_date = False
        return self._create_encounter()

    def _warned(self, **values):
        return self._create_encounter(services=[(self.service, 600.0)], **values)

    def _chatter(self, document):
        return " ".join(document.message_ids.mapped(lambda message: str(message.body)))

    # === STOPS === #

    def test_a_stop_is_neither_ready_nor_billed_and_a_warning_is_both(self):
        with self.assertRaisesRegex(UserError, "The date of birth of Ana López is missing"):
            self._stopped().action_ready()
        self.patient.birth_date = "1980-04-01"
        self.assertEqual(self._bill(self._warned(date="2026-03-06")).amount_total, 600.0)

    def test_what_happened_since_a_visit_was_ready_is_seen_when_it_is_billed(self):
        visit = self._create_encounter()
        visit.action_ready()
        self.patient.birth_date = False
        with self.assertRaisesRegex(UserError, "The date of birth of Ana López is missing"):
            visit._bill()
        self.assertEqual(visit.state, "ready")

    def test_one_stopped_visit_keeps_all_from_being_billed(self):
        visits = self._create_encounter() + self._create_encounter(date="2026-03-06")
        visits.action_ready()
        visits[1]._hold("Letter is missing")
        with self.assertRaisesRegex(UserError, "is held since 03/16/2026: Letter is missing"):
            visits._bill()
        self.assertFalse(visits.invoice_ids)

    def test_the_bill_wizard_tells_every_stop_beforehand(self):
        visit = self._stopped()
        visit.line_ids.code_id = False
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": visit.ids})
        self.assertIn("has no procedure code", wizard.problem)
        self.assertIn("The date of birth of Ana López is missing", wizard.problem)

    # === OVERRIDE === #

    def test_a_manager_overrides_with_a_reason_that_stays(self):
        visit = self._stopped()
        self.assertTrue(visit.can_override)
        question = self.env["billing.accuracy.reason"].browse(visit.action_override()["res_id"])
        self.assertTrue(question.is_override)
        with self.assertRaisesRegex(UserError, "Say why"):
            question.action_apply()
        question.reason = "The payer knows her by her number"
        question.action_apply()
        self.assertEqual(visit.accuracy_level, "clean")
        self.assertIn("Because: The payer knows her by her number", self._chatter(visit))
        self.assertIn("Overridden by", self._chatter(visit))
        self.assertEqual(self._bill(visit).amount_total, 500.0)
        self.assertEqual(visit.accuracy_final_level, "stop", "how it left")

    def test_nobody_else_overrides_a_stop(self):
        visit = self._stopped()
        finding = self._findings(visit)["birth_date_missing"].with_user(self.coordinator)
        self.assertFalse(visit.with_user(self.coordinator).can_override)
        with self.assertRaisesRegex(UserError, "Only a billing manager may let this pass: The date of birth"):
            finding.action_accept()
        with self.assertRaisesRegex(UserError, "Only a billing manager"):
            finding._accept("I may")

    def test_some_stops_are_overridden_by_nobody(self):
        visit = self._create_encounter()
        visit._hold("Ask Dr. Stein")
        with self.assertRaisesRegex(UserError, "There is no bill before this is mended: V-.* is held since"):
            visit.action_override()

    # === SILENCE === #

    def test_the_office_silences_a_warning_and_it_comes_back_when_the_facts_change(self):
        visit = self._warned()
        finding = self._findings(visit)["price_off"]
        finding.with_user(self.coordinator)._accept("Agreed by phone")
        self.assertEqual(
            (finding.is_accepted, finding.accepted_user_id, finding.accepted_reason),
            (True, self.coordinator, "Agreed by phone"),
        )
        self.assertTrue(finding.accepted_date)
        self.assertEqual(visit.accuracy_level, "clean")
        visit._check_accuracy()
        self.assertTrue(finding.is_accepted, "nothing has changed")
        visit.line_ids.name = "Long visit"
        visit.line_ids.price_unit = 700.0
        self.assertEqual(visit.accuracy_level, "warn")
        self.assertEqual((finding.is_accepted, finding.accepted_reason), (False, False))

    def test_a_finding_that_becomes_worse_comes_back(self):
        visit = self._warned()
        finding = self._findings(visit)["price_off"]
        finding._accept("Agreed")
        finding.rule_id.severity = "stop"
        visit._check_accuracy()
        self.assertFalse(finding.is_accepted)
        self.assertEqual(visit.accuracy_level, "stop")

    def test_what_was_accepted_for_one_patient_is_not_accepted_for_another(self):
        visit, bob = self._create_encounter(date="2026-03-03"), self._create_patient("Bob Berg")
        bob.write({"birth_date": "1980-04-01", "street": "2 Elm St", "city": "Oakdale", "zip": "12345"})
        self._create_coverage(bob, self.plan)
        self.plan.timely_filing_days = 10
        finding = self._findings(visit)["filing_past"]
        finding._accept("The payer lost the first letter")
        self.assertEqual(visit.accuracy_level, "clean")
        visit.patient_id = bob
        self.assertFalse(self._findings(visit)["filing_past"].is_accepted)
        self.assertEqual(visit.accuracy_level, "stop")

    def test_nobody_accepts_what_has_changed_since_the_question_was_asked(self):
        visit = self._warned()
        question = self.env["billing.accuracy.reason"].browse(visit.finding_ids.action_accept()["res_id"])
        question.reason = "Agreed by phone"
        visit.line_ids.price_unit = 9000.0
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "changed while you were deciding: The price .*9,000.00.* Look at it "):
            question.action_apply()
        self.assertFalse(visit.finding_ids.is_accepted)
        visit.line_ids.price_unit = 600.0
        self.env.flush_all()
        question.action_apply()
        self.assertTrue(visit.finding_ids.is_accepted)

    def test_an_acceptance_is_taken_back(self):
        visit = self._warned()
        finding = self._findings(visit)["price_off"]
        finding._accept("Agreed")
        finding.action_take_back()
        self.assertEqual((visit.accuracy_level, finding.is_accepted), ("warn", False))
        self.assertIn("Counts again, said", self._chatter(visit))

    def test_acceptances_of_several_kinds_of_documents_are_taken_back_together(self):
        visit = self._warned()
        self._findings(visit)["price_off"]._accept("Agreed")
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-05", "provider_id": self.provider.id,
            "line_ids": [Command.create({"product_id": self.service.id, "price_unit": 600.0})],
        })
        for finding in self._findings(estimate).values():
            finding._accept("Agreed")
        (self._findings(visit)["price_off"] + self._findings(estimate)["price_off"]).action_take_back()
        self.assertEqual((visit.accuracy_level, estimate.accuracy_level), ("warn", "warn"))

    def test_nobody_decides_any_more_about_what_has_left(self):
        visit = self._warned()
        finding = self._findings(visit)["price_off"]
        self._bill(visit)
        self.env.flush_all()
        for decide in (finding.action_accept, finding.action_take_back, lambda: finding._accept("Later")):
            with self.assertRaisesRegex(UserError, "has left: how it left stays on record. Take it back first"):
                decide()

    def test_what_is_mended_is_gone(self):
        visit = self._stopped()
        finding = self._findings(visit)["birth_date_missing"]
        self.patient.birth_date = "1980-04-01"
        self.assertClean(visit)
        self.assertFalse(finding.exists())

    # === HOLD === #

    def test_a_visit_is_held_and_released(self):
        visit = self._create_encounter().with_user(self.coordinator)
        question = self.env["billing.accuracy.reason"].with_user(self.coordinator).browse(visit.action_hold()["res_id"])
        question.reason = "Report is missing"
        question.action_apply()
        self.assertEqual((visit.hold_reason, visit.hold_user_id), ("Report is missing", self.coordinator))
        self.assertFinds(visit, "held", "stop", (
            f"{visit.display_name} is held since 03/16/2026: Report is missing ({self.coordinator.name}). Release the "
            "visit to bill it."
        ))
        visit.action_ready()
        with self.assertRaisesRegex(UserError, "is held since 03/16/2026: Report is missing"):
            visit._bill()
        visit.action_release()
        self.assertIn("Released by", self._chatter(visit))
        self.assertTrue(visit._bill())
        with self.assertRaisesRegex(UserError, "is “Billed”: there is nothing to hold back any more"):
            visit._hold("Too late")

    def test_holding_needs_a_reason(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self._create_encounter()._hold("  ")

    # === FIRST PASS === #

    def test_first_pass_is_kept_once(self):
        clean, warned = self._create_encounter(), self._warned(date="2026-03-06")
        self._bill(clean)
        self._bill(warned)
        self.assertEqual((clean.accuracy_first_level, clean.accuracy_final_level), ("clean", "clean"))
        self.assertEqual((warned.accuracy_first_level, warned.accuracy_final_level), ("warn", "warn"))
        self.assertEqual(str(clean.accuracy_first_date), TODAY)

    def test_mending_later_does_not_make_the_first_pass_better(self):
        visit = self._stopped()
        visit._check_batch()
        self.patient.birth_date = "1980-04-01"
        self._bill(visit)
        self.assertEqual((visit.accuracy_first_level, visit.accuracy_final_level), ("stop", "clean"))

    def test_a_billed_visit_keeps_its_findings_out_of_sight(self):
        visit = self._warned()
        finding = self._findings(visit)["price_off"]
        self._bill(visit)
        self.env.flush_all()
        self.assertFalse(finding.active)
        self.assertFalse(visit.finding_ids)
        visit.action_unbill()
        self.assertEqual(self._findings(visit)["price_off"], finding)
        self.assertEqual(visit.accuracy_level, "warn")
