from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .test_split_rules import RuleBillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLimitsUsed(RuleBillingCase):
    """Units and money used of a limit are read from posted bills and answers, and given back when those are undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.units = cls.env["billing.coverage.rule"].create({
            "plan_id": cls.plan.id, "product_id": cls.therapy.id, "limit_kind": "units", "limit_units": 20,
        })
        cls.office = cls.env["billing.coverage.rule"].create({
            "plan_id": cls.plan.id, "product_id": cls.service.id, "limit_kind": "amount", "limit_amount": 1200.0,
        })

    def _used(self, rule=None, date="2026-06-01", coverage=None):
        coverage = coverage or self.coverage
        day = fields.Date.to_date(date)
        return float(coverage._get_limit_used(rule or self.units, day, coverage._read_usage([day])))

    # === BILLED AT ONCE === #

    def test_units_billed_count_in_their_year(self):
        self._bill_units(4, 3)
        self._bill_units(5)
        self.assertEqual(self._used(), 12.0)
        self.assertEqual(self._used(date="2027-01-01"), 0.0)

    def test_the_second_visit_gets_what_the_first_has_left(self):
        self._bill_units(18)
        self.assertEqual(self._asked(self._bill_units(5)), [("Ana López", "119", 300.0), ("Blue Insurance", "", 200.0)])
        self.assertEqual(self._used(), 20.0, "what was beyond the limit is not used of it")

    def test_units_count_while_the_deductible_keeps_the_payer_from_paying(self):
        self.coverage.deductible = 1000.0
        self._bill_units(4)
        self.assertEqual(self._used(), 4.0)

    def test_money_counts_as_the_payer_pays_it(self):
        self.coverage.write({"coinsurance": 20.0})
        self._bill()
        self.assertEqual(self._used(self.office), 400.0)
        self._bill()
        self.assertEqual(self._asked(self._bill()), [
            ("Ana López", "2", 100.0), ("Blue Insurance", "", 400.0),
        ])
        self.assertEqual(self._asked(self._bill()), [("Ana López", "119", 400.0), ("Ana López", "2", 100.0)])
        self.assertEqual(self._used(self.office), 1200.0)
        self.assertConserved()

    def test_visits_billed_together_draw_on_one_limit(self):
        visits = self._create_encounter(services=[self.therapy]) + self._create_encounter(
            services=[self.therapy], date="2026-03-06",
        )
        visits.line_ids.quantity = 15
        visits.action_ready()
        invoices = visits._bill()
        self.assertEqual(self._asked(invoices), [
            ("Ana López", "119", 1000.0), ("Blue Insurance", "", 500.0), ("Blue Insurance", "", 1500.0),
        ])

    def test_undoing_the_billing_gives_units_and_money_back(self):
        invoices = self._bill_units(4, 1, services=[self.therapy, self.service])
        self.assertEqual((self._used(), self._used(self.office)), (4.0, 500.0))
        invoices.encounter_id.action_unbill()
        self.assertEqual((self._used(), self._used(self.office)), (0.0, 0.0))

    # === ANSWERED === #

    def test_an_answer_takes_the_place_of_what_was_expected(self):
        claim = self._bill().claim_ids
        self.assertEqual(self._used(self.office), 500.0)
        answer = self._answer(claim, 450.0, [(self.co_45, 50.0)])
        self.assertEqual(self._used(self.office), 450.0)
        answer._reverse(fields.Date.to_date("2026-03-15"), "typed wrongly")
        self.assertEqual(self._used(self.office), 500.0)

    def test_a_claim_that_waits_for_its_answer_uses_nothing_up(self):
        self.plan.billing_mode = "adjudicate"
        claim = self._bill_units(4).claim_ids
        self.assertEqual(self._used(), 0.0)
        answer = self._answer(claim, 300.0, [(self.pr_2, 100.0)])
        self.assertEqual(self._used(), 4.0)
        answer._reverse(fields.Date.to_date("2026-03-15"), "typed wrongly")
        self.assertEqual(self._used(), 0.0)

    def test_units_that_the_answer_leaves_to_the_deductible_count(self):
        self.plan.billing_mode = "adjudicate"
        self._answer(self._bill_units(4).claim_ids, 0.0, [(self.pr_1, 400.0)])
        self.assertEqual(self._used(), 4.0)

    def test_units_that_the_payer_denies_or_finds_beyond_its_limit_do_not(self):
        self.plan.billing_mode = "adjudicate"
        self._answer(self._bill_units(4).claim_ids, 0.0, [(self.pr_96, 400.0)])
        self._answer(self._bill_units(4).claim_ids, 0.0, [(self.co_50, 400.0)])
        self.assertEqual(self._used(), 0.0)
        self._answer(self._bill_units(4).claim_ids, 300.0, [(self.pr_119, 100.0)])
        self.assertEqual(self._used(), 3.0)

    def test_in_another_currency_money_counts_in_the_coverage_s_own(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        claim = self._bill(services=[(self.service, 100.0)], currency_id=euro.id).claim_ids
        self.assertEqual(self._used(self.office), 200.0)
        self._answer(claim, 90.0, [(self.co_45, 10.0)])
        self.assertEqual(self._used(self.office), 180.0)

    # === PERIODS, PERSONS, RULES === #

    def test_a_limit_of_the_month(self):
        self.units.write({"limit_period": "month", "limit_units": 4})
        self._bill_units(3, date="2026-02-10")
        self._bill_units(2, date="2026-03-03")
        self.assertEqual((self._used(date="2026-02-28"), self._used(date="2026-03-31")), (3.0, 2.0))
        self.assertEqual(
            self._asked(self._bill_units(3, date="2026-03-04")),
            [("Ana López", "119", 100.0), ("Blue Insurance", "", 200.0)],
        )

    def test_a_limit_of_the_coverage_counts_all_years(self):
        self.units.limit_period = "coverage"
        self._bill_units(3)
        self.assertEqual(self._used(date="2030-01-01"), 3.0)

    def test_every_person_has_a_limit_of_their_own(self):
        ben = self._create_patient("Ben López")
        other = self._create_coverage(ben, self.plan)
        self._bill_units(3, patient=ben)
        self.assertEqual((self._used(), self._used(coverage=other)), (0.0, 3.0))

    def test_a_service_counts_for_the_most_specific_rule_alone(self):
        wide = self._rule(applies_to="plan", limit_kind="units", limit_units=50)
        self._bill_units(3)
        self.assertEqual((self._used(), self._used(wide)), (3.0, 0.0))

    def test_a_rule_that_takes_the_place_of_another_begins_with_what_is_used(self):
        self._bill_units(8)
        self.units.date_to = "2026-05-31"
        new = self._rule(date_from="2026-06-01", limit_kind="units", limit_units=30)
        self.assertEqual(self._used(new), 8.0)

    def test_the_second_coverage_counts_what_it_takes_up(self):
        self.plan_b.billing_mode = "split"
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2")
        rule = self._rule(self.plan_b, limit_kind="units", limit_units=10)
        self.coverage.coinsurance = 50.0
        self._bill_units(4)
        self.assertEqual((self._used(), self._used(rule, coverage=secondary)), (4.0, 4.0))

    # === BEFORE US === #

    def test_what_was_used_before_counts_in_the_period_of_its_date(self):
        self.coverage.limit_ids = [
            Command.create({"rule_id": self.units.id, "units": 15, "date": "2026-02-28"}),
            Command.create({"rule_id": self.office.id, "amount": 1000.0, "date": "2025-12-31"}),
        ]
        self._bill_units(2)
        self.assertEqual((self._used(), self._used(date="2027-06-01")), (17.0, 0.0))
        self.assertEqual((self._used(self.office), self._used(self.office, "2025-06-01")), (0.0, 1000.0))
        self.assertEqual(self._asked(self._bill_units(4)), [("Ana López", "119", 100.0), ("Blue Insurance", "", 300.0)])

    def test_bad_figures_of_before_are_refused(self):
        stranger = self._rule(self.plan_b, limit_kind="units", limit_units=10)
        visit = self._rule(product_id=self._create_service("Bath", 30.0).id, limit_kind="units", limit_units=1,
                           limit_period="visit")
        for values, sentence in (
            ({"rule_id": self.units.id, "units": -1}, r"cannot have used less than nothing \(-1.00\) of the limit for "
                                                      "“Therapy”"),
            ({"rule_id": self.office.id, "amount": -1}, "cannot have used less than nothing"),
            ({"rule_id": stranger.id}, "“Therapy” is a rule of Gold Plan, but Ana López is insured with Blue Plan"),
            ({"rule_id": visit.id}, "“Bath” of Blue Plan has no limit that goes on from one visit to the next"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
                self.coverage.limit_ids = [Command.create({"date": TODAY, **values})]

    def test_another_plan_does_not_take_over_what_was_used_of_this_one(self):
        self.coverage.limit_ids = [Command.create({"rule_id": self.units.id, "units": 15})]
        with self.assertRaisesRegex(ValidationError, "Gold Plan, which has no limit for “Therapy”"):
            self.coverage.plan_id = self.plan_b

    # === ON THE SCREEN === #

    def test_the_coverage_shows_what_is_used_and_left(self):
        self.coverage.write({"deductible": 100.0, "oop_max": 1000.0, "oop_opening": 200.0, "deductible_opening": 30.0})
        self._bill_units(4)
        coverage, money = self.coverage, self.company.currency_id.format
        coverage.invalidate_recordset()
        self.assertEqual((coverage.deductible_used, coverage.deductible_left), (100.0, 0.0))
        self.assertEqual((coverage.oop_used, coverage.oop_left), (270.0, 730.0))
        self.assertEqual(coverage.usage_year, "2026")
        self.assertTrue(coverage.has_limits)
        day = fields.Date.to_date(TODAY)
        rows = coverage._get_limit_rows(day, coverage._read_usage([day]))
        self.assertEqual(
            [(row["name"], row["used"], row["limit"], row["period"], row["left"], row["percent"]) for row in rows],
            [
                ("Therapy", "4", "20", "a calendar year", "16", 20),
                ("Office visit", money(0), money(1200), "a calendar year", money(1200), 0),
            ],
        )
        self.assertIn("4 of 20 used in a calendar year", " ".join(str(coverage.limits_html).split()))

    def test_a_coverage_that_has_ended_shows_its_last_year(self):
        self.coverage.write({"date_from": "2025-01-01", "date_to": "2025-12-31", "deductible_opening": 70.0})
        self.assertEqual((self.coverage.usage_year, self.coverage.deductible_used), ("2025", 70.0))

    def test_many_coverages_are_counted_at_once(self):
        coverages = self.env["billing.coverage"]
        for number in range(12):
            person = self._create_patient(f"Person {number}")
            coverages |= self._create_coverage(person, self.plan)
            self._bill_units(2, patient=person)
        day = fields.Date.to_date(TODAY)
        counts = []
        for some in (coverages[:2], coverages[:2], coverages):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            usage = some._read_usage([day])
            self.assertEqual({coverage._get_limit_used(self.units, day, usage) for coverage in some}, {2})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
