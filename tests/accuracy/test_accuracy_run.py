from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AccuracyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccuracyRun(AccuracyCase):
    """The run over everything that has not left, its worklist, and what it costs."""

    def _create_visits(self, count, **values):
        """Visits of as many insured people without an address, on different days."""
        patients = self.env["res.partner"].create([
            {"name": f"Patient {number}", "is_billing_account": True, "birth_date": "1980-02-29"}
            for number in range(count)
        ])
        for patient in patients:
            self._create_coverage(patient, self.plan)
        return self.env["billing.encounter"].create([
            {
                "patient_id": patient.id, "date": f"2026-03-{1 + number % 15:02}", "provider_id": self.provider.id,
                "diagnosis_ids": [Command.create({"code_id": self.cold.id})],
                "line_ids": [Command.create({"product_id": self.service.id, "price_unit": 700.0})],
                **values,
            }
            for number, patient in enumerate(patients)
        ])

    def _count(self, visits):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        visits._check_accuracy()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_many_visits_take_as_many_queries_as_a_few(self):
        few, many = self._create_visits(3), self._create_visits(40)
        self._count(few)
        self.assertEqual(self._count(few), self._count(many))

    def test_writing_findings_of_many_takes_as_many_queries_as_of_a_few(self):
        # The ORM inserts a hundred rows at a time: eighty findings are one insert, as twelve are.
        few, many = self._create_visits(3), self._create_visits(20)
        self.env.flush_all()
        (few + many).finding_ids.sudo().unlink()
        self._count(few)
        few.finding_ids.sudo().unlink()
        self.assertEqual(self._count(few), self._count(many))
        self.assertEqual(len(many.finding_ids), 4 * 20, "account, verification, price, address")

    def test_own_rules_cost_one_search_each(self):
        visits = self._create_visits(12)
        self._count(visits)
        before = self._count(visits)
        self.env["billing.accuracy.rule"].create([
            {"name": f"Rule {number}", "message": "Look.", "domain": f"[('amount_total', '>', {9000 + number})]"}
            for number in range(4)
        ])
        self._count(visits)
        self.assertEqual(self._count(visits), before + 4 + 3, (
            "a search for each, one to read what they say, and a point to come back to"
        ))

    def test_the_nightly_run_finds_what_changed_without_anybody_touching_it(self):
        visit = self._create_encounter()
        self.assertClean(visit)
        with self.enter_registry_test_mode():
            self.plan.timely_filing_days = 365
            self.env.flush_all()
            with freeze_time("2027-02-10"):
                self.env.ref("billing_coordinator.cron_accuracy").method_direct_trigger()
                visit.invalidate_recordset()
                self.assertEqual(visit.accuracy_first_level, "warn")
                self.assertIn("filing_near", self._findings(visit))

    def test_what_is_planned_waits_for_its_day(self):
        visit = self._create_encounter(date="2026-03-17")
        domain = self.env["billing.encounter"]._get_accuracy_domain()
        self.assertFalse(visit.filtered_domain(domain))
        self.assertTrue(self._create_encounter(date="2026-03-16").filtered_domain(domain))

    def test_the_button_checks_everything_and_says_how_much(self):
        visits = self._create_visits(2)
        action = self.env["billing.accuracy.finding"].action_check_everything()
        self.assertRegex(action["params"]["message"], r"^\d+ documents checked\.$")
        self.assertEqual(set(visits.mapped("accuracy_first_level")), {"warn"})

    def test_the_worklist_counts_and_groups_what_is_to_mend(self):
        visits = self._create_visits(2)
        self.env["billing.accuracy.finding"].action_check_everything()
        card = self.env.ref("billing_coordinator.worklist_accuracy_findings")
        self.assertGreaterEqual(card.record_count, 8)
        action = card.action_open()
        self.assertEqual(action["context"]["group_by"], ["rule_id"])
        found = dict(self.env["billing.accuracy.finding"]._read_group(
            [*action["domain"], ("encounter_id", "in", visits.ids)], ["rule_id"], ["amount:sum"],
        ))
        self.assertEqual(found[self.env.ref("billing_coordinator.accuracy_price_off")], 1400.0)

    def test_visits_with_a_stop_wait_on_today_with_their_money(self):
        card = self.env.ref("billing_coordinator.worklist_accuracy_stopped")
        before = card.record_count
        self.patient.birth_date = False
        visit = self._create_encounter()
        visit.mapped("accuracy_level")
        self.env.flush_all()
        card.invalidate_recordset()
        self.assertEqual(card.record_count, before + 1)

    def test_saving_a_form_shows_what_is_found(self):
        visit = self._create_encounter()
        result = visit.web_save(
            {"line_ids": [Command.update(visit.line_ids.id, {"code_id": False})]},
            {"accuracy_level": {}, "finding_ids": {"fields": {"severity": {}, "name": {}}}},
        )
        self.assertEqual(result[0]["accuracy_level"], "stop")
        self.assertIn("has no procedure code", result[0]["finding_ids"][0]["name"])

    def test_sentences_are_told_in_the_language_of_the_reader(self):
        visit = self._create_encounter(services=[(self.service, 700.0)])
        finding = self._findings(visit)["price_off"]
        self.assertNotIn("name", {name for name, field in finding._fields.items() if field.store})

    def test_settings_are_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "Type a share and a number of days of zero or more"):
            self.company.billing_price_tolerance = -1
