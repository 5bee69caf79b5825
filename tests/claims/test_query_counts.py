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
