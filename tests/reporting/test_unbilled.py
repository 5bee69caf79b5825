from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.tools.ageing import BUCKETS, bucket_of

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUnbilled(BillingCase):
    """What was rendered and is not billed on 16 March 2026: once each, since when and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Item = cls.env["billing.unbilled.item"]
        cls.rule = cls.env["billing.accuracy.rule"].search([]).grouped("key")

    def _rows(self, domain=(), as_of=None, env=None):
        # Rows are kept for a transaction, whatever day they are of.
        self.env.invalidate_all()
        return (env or self.env)["billing.unbilled.item"].with_context(billing_as_of=as_of).search(
            [("patient_id", "=", self.patient.id), *domain],
        )

    def _told(self, rows):
        return [(str(row.date), row.name, row.reason, row.amount) for row in rows]

    def test_each_service_stands_there_once_with_what_it_waits_for(self):
        scan = self._create_service("Scan", 120.0)
        self._create_encounter(date="2026-03-16")
        self._create_encounter(services=[self.service, (scan, 99.99)], date="2026-03-05").action_ready()
        held = self._create_encounter(date="2026-02-01")
        held._hold("The report is missing.")
        self._bill(date="2026-03-06")
        self._create_encounter(date="2026-03-04").action_cancel()
        self._create_encounter(date="2026-03-17")
        self.assertEqual(self._told(self._rows()), [
            ("2026-02-01", "Office visit", "1_held", 500.0),
            ("2026-03-05", "Office visit", "6_ready", 500.0),
            ("2026-03-05", "Scan", "6_ready", 99.99),
            ("2026-03-16", "Office visit", "5_draft", 500.0),
        ])
        row = self._rows([("reason", "=", "1_held")])
        self.assertEqual(
            (row.rule_id, row.severity, row.days, row.payer_id, row.plan_id, row.provider_id, row.user_id),
            (self.rule["held"], "stop", 43, self.payer, self.plan, self.provider, self.env.user),
        )
        self.assertEqual(row.action_view_source()["res_id"], held.id)

    def test_several_findings_stop_a_service_and_its_money_counts_once(self):
        (self.rule["provider_missing"] + self.rule["code_missing"]).severity = "stop"
        coded = self._create_service("Coded", 80.0)
        system = self.env["billing.code.system"].create({"name": "Test codes", "code": "TESTCODES"})
        coded.billing_code_id = self.env["billing.code"].create({
            "system_id": system.id, "code": "C1", "name": "Coded", "kind": "procedure",
        })
        self._create_encounter(services=[coded, self.service], provider_id=False)
        rows = self._rows()
        self.assertEqual([(row.name, row.amount) for row in rows], [("Coded", 80.0), ("Office visit", 500.0)])
        self.assertEqual(set(rows.mapped("reason")), {"4_stopped"})
        # The missing code comes first of all, but it is about the other service alone.
        self.assertEqual([row.rule_id.key for row in rows], ["provider_missing", "code_missing"])
        # Each of the two stops, and a note on what is not recorded in these tests.
        self.assertEqual(set(rows.mapped("finding_count")), {len(rows.encounter_id.finding_ids)})
        self.assertEqual(
            self.Item._read_group([("id", "in", rows.ids)], ["reason"], ["amount:sum", "__count"]),
            [("4_stopped", 580.0, 2)],
        )

    def test_a_stop_of_one_service_stops_the_others_too_and_what_was_accepted_stops_nothing(self):
        self.rule["code_missing"].severity = "stop"
        coded = self._create_service("Coded", 80.0)
        system = self.env["billing.code.system"].create({"name": "Test codes", "code": "TESTCODES"})
        coded.billing_code_id = self.env["billing.code"].create({
            "system_id": system.id, "code": "C1", "name": "Coded", "kind": "procedure",
        })
        visit = self._create_encounter(services=[coded, self.service])
        self.assertEqual(
            [(row.name, row.reason, row.rule_id.key) for row in self._rows()],
            [("Coded", "4_stopped", "code_missing"), ("Office visit", "4_stopped", "code_missing")],
        )
        visit.finding_ids.filtered(lambda found: found.severity == "stop")._accept("The payer wants none.")
        self.assertEqual(set(self._rows().mapped("reason")), {"5_draft"})
        self.assertNotIn(self.rule["code_missing"], self._rows().rule_id)

    def test_what_waits_for_the_payer_says_so(self):
        self.patch(
            type(self.env["billing.insurance.plan"]), "_needs_authorization",
            lambda plan, product, code, date, book=None: True,
        )
        self._create_encounter()
        self.assertEqual(self._rows().mapped("reason"), ["2_authorization"])
        self.plan.authorization_policy = "ignore"
        self.env["billing.encounter"].search([("patient_id", "=", self.patient.id)]).action_check_accuracy()
        self.coverage.date_to = "2026-03-01"
        self.rule["coverage_none"].severity = "stop"
        self.env["billing.encounter"].search([("patient_id", "=", self.patient.id)]).action_check_accuracy()
        row = self._rows()
        self.assertEqual((row.reason, row.rule_id.key, row.payer_id.id), ("3_eligibility", "coverage_none", False))

    def test_a_visit_without_services_is_not_forgotten(self):
        visit = self.env["billing.encounter"].create({"patient_id": self.patient.id, "date": "2026-03-05"})
        row = self._rows()
        self.assertEqual(
            (row.encounter_id, row.amount, row.product_id.id, row.rule_id.key, row.reason),
            (visit, 0.0, False, "no_services", "4_stopped"),
        )
        self.assertEqual(row.read(["amount"])[0]["amount"], 0.0)

    def test_every_day_falls_into_the_bucket_of_the_one_rule(self):
        today = fields.Date.to_date(TODAY)
        self.coverage.date_from = "2025-01-01"
        for days in (0, 1, 29, 30, 31, 60, 61, 90, 91, 120, 121):
            self._create_encounter(date=today - timedelta(days=days))
        rows = self._rows()
        self.assertEqual(len(rows), 11)
        for row in rows:
            days = (today - row.date).days
            self.assertEqual((row.days, row.bucket), (days, bucket_of(days)), days)
        self.assertEqual(list(dict(self.Item._fields["bucket"].selection)), list(BUCKETS))

    def test_a_visit_in_euros_and_one_in_yen_wait_in_dollars_of_the_day(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.90), ("2026-03-10", 0.80)])
        yen = self.setup_other_currency("JPY", rates=[("1900-01-01", 100.0)], rounding=1.0)
        self._create_encounter(currency_id=euro.id, services=[(self.service, 100.0)], date="2026-02-02")
        self._create_encounter(currency_id=yen.id, services=[(self.service, 333.0)], date="2026-02-03")
        rows = self._rows()
        self.assertEqual([(row.amount_visit, row.visit_currency_id.name, row.amount) for row in rows], [
            (100.0, "EUR", 125.0), (333.0, "JPY", 3.33),
        ])
        for row in rows:
            self.assertEqual(row.amount, row.visit_currency_id._convert(
                row.amount_visit, row.currency_id, row.company_id, fields.Date.to_date(TODAY),
            ))
        self.assertEqual(self._rows(as_of="2026-02-28").mapped("amount"), [111.11, 3.33])

    def test_a_past_day_knows_what_was_billed_since_and_what_was_taken_back_since(self):
        coverage = {"date_from": "2025-01-01"}
        self.coverage.write(coverage)
        waits = self._create_encounter(date="2026-01-20")
        late = self._create_encounter(date="2026-01-25", services=[(self.service, 200.0)])
        undone = self._create_encounter(date="2026-01-10", services=[(self.service, 70.0)])
        self._create_encounter(date="2026-02-01", services=[(self.service, 9.0)])
        with freeze_time("2026-02-10"):
            self._bill(late, date="2026-02-10")
        with freeze_time("2026-01-12"):
            self._bill(undone, date="2026-01-12")
        with freeze_time("2026-02-20"):
            undone.action_unbill()

        def told(day):
            return {(row.encounter_id, row.reason, row.amount) for row in self._rows(as_of=day)}

        self.assertEqual(told("2026-01-31"), {(waits, "5_draft", 500.0), (late, "7_billed", 200.0)})
        self.assertEqual({row.days for row in self._rows(as_of="2026-01-31")}, {11, 6})
        self.assertEqual(told("2026-01-11"), {(undone, "6_ready", 70.0)})
        # It was undone on 20 February, and waits from then on.
        self.assertNotIn(undone, [visit for visit, _reason, _amount in told("2026-02-19")])
        self.assertIn((undone, "6_ready", 70.0), told("2026-02-20"))
        self.assertEqual(told("2026-01-31"), told("2026-01-31"))
        self.assertNotIn(late, [visit for visit, _reason, _amount in told("2026-02-10")])

    def test_companies_do_not_see_what_others_have_rendered(self):
        company_2 = self.setup_other_company(name="Second Practice")["company"]
        company_2._billing_setup()
        self.env.user.company_ids += company_2
        self._create_encounter()
        plan = self._create_plan("Second Plan", self.payer_b, company_id=company_2.id)
        self._create_coverage(self.patient, plan)
        self._create_encounter(company_id=company_2.id, services=[(self.service, 40.0)])
        rosa = new_test_user(
            self.env, "rosa7", "billing_coordinator.group_readonly", company_id=company_2.id,
            company_ids=[(6, 0, company_2.ids)],
        )
        env = self.env(user=rosa, context={"allowed_company_ids": company_2.ids})
        row = self._rows(env=env)
        self.assertEqual((row.amount, row.payer_id.id), (40.0, self.payer_b.id))

    def test_a_list_costs_as_much_for_twenty_as_for_five(self):
        names = ["date", "encounter_id", "patient_id", "name", "payer_id", "provider_id", "rule_id", "amount", "reason"]

        def cost(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._rows()[:limit].web_read({name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
                                           for name in names})
            return self.cr.sql_log_count - before

        for number in range(20):
            self._create_encounter(date=f"2026-02-{number + 1:02}")
        cost(1)
        self.assertEqual(cost(20), cost(5))
