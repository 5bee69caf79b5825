from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
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
            cron = self.env.ref("billing_coordinator.cron_accuracy")
            cron.nextcall = "2027-02-10 00:00:00"
            self.env.flush_all()
            with freeze_time("2027-02-10"):
                cron.method_direct_trigger()
                visit.invalidate_recordset()
                self.assertEqual(visit.accuracy_first_level, "warn")
                self.assertIn("filing_near", self._findings(visit))

    def _work_at_night(self, when, due, progress=lambda *_args, **_values: 0, batch_size=1):
        """One turn of the nightly run, which has time for one batch unless ``progress`` says otherwise."""
        self.env.ref("billing_coordinator.cron_accuracy").nextcall = due
        self.env.flush_all()
        with freeze_time(when), patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            self.env["billing.accuracy.finding"].with_user(1).with_context(tz=False)._cron_check(batch_size)
        self.env.invalidate_all()

    def test_a_night_that_is_cut_short_goes_on_where_it_stopped(self):
        visits = self._create_visits(3)
        for turn in (1, 2, 3):
            self._work_at_night(f"2026-03-17 02:0{turn}:00", "2026-03-17 02:00:00")
            self.assertEqual(len(visits.filtered("accuracy_first_level")), turn)

    def test_what_is_left_of_a_night_counts_documents_of_every_kind(self):
        visit = self._create_visits(1)
        self.env["billing.estimate"].create({
            "patient_id": visit.patient_id.id, "date": "2026-04-05", "provider_id": self.provider.id,
            "line_ids": [Command.create({"product_id": self.service.id})],
        })
        said = []

        def remember(_cron, processed=0, *, remaining=None):
            said.append((processed, remaining))
            return 1

        self._work_at_night("2026-03-17 02:00:00", "2026-03-17 02:00:00", remember)
        self.assertEqual(said, [(0, 2), (1, None), (1, None)])

    def test_a_night_goes_by_the_day_where_the_company_is(self):
        visit = self._create_encounter(date="2026-03-17")
        for zone, level in (("America/Los_Angeles", False), ("Europe/Berlin", "clean")):
            self.company.partner_id.tz = zone
            self._work_at_night("2026-03-17 02:00:00", "2026-03-17 02:00:00", lambda *_args, **_values: 1)
            self.assertEqual(visit.accuracy_first_level, level, zone)

    def test_very_many_are_checked_in_the_background_when_somebody_asks(self):
        visits = self._create_visits(2)
        self.env.flush_all()
        with patch("odoo.addons.billing_coordinator.models.accuracy.accuracy_run.AT_ONCE", 1):
            action = self.env["billing.accuracy.finding"].action_check_everything()
        message = r"^\d+ documents are being checked\. Come back in a few minutes\.$"
        self.assertRegex(action["params"]["message"], message)
        self.assertFalse(any(visits.mapped("accuracy_first_level")))
        # The night is not due before tomorrow.
        self._work_at_night("2026-03-16 12:00:00", "2026-03-17 02:00:00", lambda *_args, **_values: 1)
        self.assertEqual(set(visits.mapped("accuracy_first_level")), {"warn"})

    def test_whoever_only_reads_does_not_start_the_check_of_everything(self):
        visits = self._create_visits(2)
        reader = new_test_user(self.env, "reader", "billing_coordinator.group_readonly", company_id=self.company.id)
        findings = self.env["billing.accuracy.finding"].with_user(reader)
        for at_once in (0, 1000):
            with (
                patch("odoo.addons.billing_coordinator.models.accuracy.accuracy_run.AT_ONCE", at_once),
                self.assertRaises(AccessError),
            ):
                findings.action_check_everything()
        self.assertTrue(all(visits.mapped("accuracy_date")))

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

    def test_findings_are_grouped_under_names_in_the_language_of_the_reader(self):
        finding = self._findings(self._create_encounter(services=[(self.service, 700.0)]))["price_off"]
        self.env["res.lang"]._activate_lang("de_DE")
        finding.rule_id.with_context(lang="de_DE").name = "Preis weicht ab"
        names = [finding.with_context(lang=lang).display_name for lang in ("en_US", "de_DE")]
        self.assertEqual(names, ["Price off the price list", "Preis weicht ab"])

    def test_settings_are_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "Type a share and a number of days of zero or more"):
            self.company.billing_price_tolerance = -1
