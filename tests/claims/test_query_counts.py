from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestQueryCounts(BillingCase):
    """Lists and batches: the number of queries does not grow with the number of records."""

    def _count(self, action):
        """Queries of the second run: the first one fills Odoo's caches of rights and fields."""
        self._count_once(action)
        return self._count_once(action)

    def _count_once(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _ready_visits(self, count):
        encounters = self.env["billing.encounter"].concat(*(self._create_encounter() for _number in range(count)))
        encounters.action_ready()
        return encounters

    def test_a_list_of_claims_reads_its_amounts_in_the_same_number_of_queries(self):
        claims = self.env["billing.claim"].browse(self._ready_visits(40)._bill().claim_ids.ids)
        for claim in claims[:5]:
            self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        names = ("amount_paid", "amount_adjusted", "amount_transferred", "amount_open", "display_name")
        few = self._count(lambda: claims[:2].read(names))
        many = self._count(lambda: claims.read(names))
        self.assertEqual(few, many)
        self.assertLess(many, 25)

    def test_the_lines_of_an_answer_know_what_is_open_in_the_same_number_of_queries(self):
        claims = self.env["billing.claim"].browse(self._ready_visits(40)._bill().claim_ids.ids)
        self._answer(claims[0], 100.0, [(self.co_50, 400.0)])
        few = self._prepare_answer(claims[:2], 0.0, reference="FEW")
        many = self._prepare_answer(claims, 0.0, reference="MANY")
        names = ("amount_asked", "difference", "amount_charged")
        self.assertEqual(
            self._count(lambda: few.line_ids.read(names)), self._count(lambda: many.line_ids.read(names)),
        )

    def test_a_list_of_visits_knows_the_coverage_in_force_in_the_same_number_of_queries(self):
        visits = self._ready_visits(40)
        names = ("coverage_ids", "primary_coverage_id", "amount_total")
        self.assertEqual(self._count(lambda: visits[:2].read(names)), self._count(lambda: visits.read(names)))

    def test_choosing_the_coverage_for_300_visits_takes_as_many_queries_as_for_30(self):
        people = self.env["res.partner"].create([
            {"name": f"Person {number}", "is_billing_account": True} for number in range(300)
        ])
        self.env["billing.coverage"].create([
            {
                "patient_id": person.id, "plan_id": plan.id, "member_number": f"M-{person.id}", "rank": rank,
                "date_from": first, "date_to": last,
            }
            for person in people
            for plan, rank, first, last in (
                (self.plan_b, "1", "2025-01-01", "2025-12-31"),
                (self.plan, "1", "2026-01-01", False),
                (self.plan_b, "2", "2026-02-01", False),
            )
        ])
        visits = self.env["billing.encounter"].create([
            {"patient_id": person.id, "date": f"2026-0{1 + number % 3}-05"} for number, person in enumerate(people)
        ])
        few = self._count(lambda: visits[:30].mapped("primary_coverage_id.plan_id"))
        many = self._count(lambda: self.assertEqual(visits.primary_coverage_id.plan_id, self.plan))
        self.assertEqual(few, many)
        self.assertEqual(len(visits.coverage_ids), 500, "the secondary ones begin in February")
        self.assertLess(many, 10)

    def test_billing_more_visits_under_limits_asks_for_what_is_used_once(self):
        self.plan.billing_mode = "split"
        self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "product_id": self.service.id, "limit_kind": "units", "limit_units": 20,
        })
        visits = self.env["billing.encounter"]
        for number in range(20):
            person = self._create_patient(f"Person {number}")
            self._create_coverage(person, self.plan)
            visits |= self._create_encounter(patient=person)

        def divide(some):
            usage = some.coverage_ids._read_usage(some.mapped("date"))
            for visit in some:
                visit._get_shares(visit._get_charge_parts(), usage=usage)

        self.assertEqual(self._count(lambda: divide(visits[:2])), self._count(lambda: divide(visits)))

    def test_a_list_of_services_says_which_rules_count_in_the_same_number_of_queries(self):
        self.env["billing.coverage.rule"].create([
            {"plan_id": self.plan.id, "product_id": self.service.id, "is_covered": False},
            {"plan_id": self.plan.id, "applies_to": "plan"},
        ])
        visits = self._ready_visits(20)
        names = ("rule_id", "rule_note", "rule_why")
        self.assertEqual(
            self._count(lambda: visits[:2].line_ids.read(names)), self._count(lambda: visits.line_ids.read(names)),
        )

    def test_a_list_of_coverages_shows_what_is_used_and_left_in_the_same_number_of_queries(self):
        self.env["billing.coverage.rule"].create({
            "plan_id": self.plan.id, "product_id": self.service.id, "limit_kind": "units", "limit_units": 20,
        })
        coverages = self.env["billing.coverage"].concat(*(
            self._create_coverage(self._create_patient(f"Person {number}"), self.plan) for number in range(20)
        ))
        names = ("deductible_used", "oop_left", "limits_html")
        self.assertEqual(
            self._count(lambda: coverages[:2].read(names)), self._count(lambda: coverages.read(names)),
        )

    def test_the_conservation_report_reads_any_number_of_charges_in_the_same_number_of_queries(self):
        visits = self._ready_visits(20)
        report = self.env["billing.conservation"]
        visits[:2]._bill()
        few = self._count(lambda: report._find_differences(self.company))
        visits[2:]._bill()
        self.assertEqual(few, self._count(lambda: report._find_differences(self.company)))

    def test_billing_costs_little_more_per_visit_than_odoos_own_invoices(self):
        self._ready_visits(2)._bill()  # warm up
        five, twenty = self._ready_visits(5), self._ready_visits(20)
        ours = (self._count_once(twenty._bill) - self._count_once(five._bill)) / 15

        def invoice(count):
            moves = self.env["account.move"].create([{
                "move_type": "out_invoice", "partner_id": self.payer.id, "invoice_date": "2026-03-16",
                "invoice_line_ids": [(0, 0, {"product_id": self.service.id, "price_unit": 500.0})],
            } for _number in range(count)])
            moves.action_post()

        invoice(2)
        odoos = (self._count_once(lambda: invoice(20)) - self._count_once(lambda: invoice(5))) / 15
        self.assertLess(ours, odoos + 8, f"{ours:.1f} queries for a visit, {odoos:.1f} for an invoice of Odoo")
