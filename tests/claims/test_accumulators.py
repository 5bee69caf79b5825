from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccumulators(BillingCase):
    """What counts towards deductible and out-of-pocket maximum is read from the journal items."""

    def _used(self, date="2026-06-01"):
        figures = self.coverage._get_used(fields.Date.to_date(date))[self.coverage]
        return float(figures["deductible"]), float(figures["oop"])

    def test_the_second_split_visit_does_not_ask_for_the_deductible_again(self):
        self.plan.billing_mode = "split"
        self.coverage.write({"deductible": 100.0, "coinsurance": 10.0})
        first = self._bill()
        self.assertEqual(sorted(first.mapped("amount_total")), [140.0, 360.0])
        self.assertEqual(self._used(), (100.0, 140.0))
        second = self._bill()
        self.assertEqual(sorted(second.mapped("amount_total")), [50.0, 450.0])
        self.assertEqual(self._used(), (100.0, 190.0))
        self.assertEqual(self._used("2027-01-01"), (0.0, 0.0), "a new year begins anew")

    def test_a_plan_whose_year_begins_in_march_counts_from_march_to_february(self):
        self.plan.write({"billing_mode": "split", "benefit_year_month": "3"})
        self.coverage.write({"deductible": 100.0, "deductible_opening": 30.0, "opening_date": "2025-03-01"})
        for date, asked in (("2026-02-28", 70.0), ("2026-03-01", 100.0), ("2026-03-10", 0.0)):
            invoices = self._bill(self._create_encounter(date=date))
            patient = invoices.filtered(lambda move: move.partner_id == self.patient)
            self.assertEqual(sum(patient.mapped("amount_total")), asked, date)
        self.assertEqual(self._used("2026-02-28"), (100.0, 70.0))
        self.assertEqual(self._used("2026-03-01"), (100.0, 100.0))
        self.assertEqual(self.coverage.usage_year, "03/01/2026 to 02/28/2027")

    def test_undoing_the_billing_gives_the_deductible_back(self):
        self.plan.billing_mode = "split"
        self.coverage.deductible = 100.0
        invoices = self._bill()
        self.assertEqual(self._used(), (100.0, 100.0))
        invoices.encounter_id.action_unbill()
        self.assertEqual(self._used(), (0.0, 0.0))

    def test_what_an_answer_leaves_to_the_patient_counts_until_it_is_reversed(self):
        invoice = self._bill()
        answer = self._answer(invoice.claim_ids, 370.0, [(self.pr_1, 80.0), (self.pr_2, 30.0), (self.co_45, 20.0)])
        self.assertEqual(self._used(), (80.0, 110.0))
        answer._reverse(fields.Date.to_date("2026-03-15"), "typed wrongly")
        self.assertEqual(self._used(), (0.0, 0.0))

    def test_what_the_second_payer_leaves_counts_for_the_second_coverage_only(self):
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2")
        invoice = self._bill()
        self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        claim = invoice.encounter_id.claim_ids - invoice.claim_ids
        self._answer(claim, 60.0, [(self.pr_2, 20.0)])
        self.assertEqual(self._used(), (80.0, 80.0))
        figures = secondary._get_used(fields.Date.to_date("2026-06-01"))[secondary]
        self.assertEqual((float(figures["deductible"]), float(figures["oop"])), (0.0, 20.0))

    def test_one_answer_about_two_visits_meets_the_deductible_of_the_second_payer_once(self):
        self.plan_b.billing_mode = "split"
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2", deductible=100.0)
        claims = (self._bill() | self._bill()).claim_ids
        answer = self._prepare_answer(claims, 840.0)
        for line in answer.line_ids:
            line.write({
                "amount_paid": 420.0,
                "adjustment_ids": [Command.create({"reason_id": self.pr_2.id, "amount": 80.0})],
            })
        answer.action_post()
        asked = answer.caused_move_ids.filtered("billing_kind")
        self.assertEqual(
            asked.mapped(lambda move: (move.partner_id, move.amount_total)),
            [(self.patient, 80.0), (self.payer_b, 60.0), (self.patient, 20.0)],
        )
        self.assertEqual(secondary.deductible_used, 100.0)
        self.assertConserved()

    def test_what_both_plans_split_leave_counts_for_both(self):
        """The deductible of the first is met by what it leaves, whatever the second takes up of that."""
        (self.plan | self.plan_b).billing_mode = "split"
        self.coverage.deductible = 100.0
        secondary = self._create_coverage(self.patient, self.plan_b, rank="2", coinsurance=50.0)
        invoices = self._bill()
        self.assertEqual(invoices.mapped("amount_total"), [400.0, 50.0, 50.0])
        asked = invoices[-1].invoice_line_ids
        self.assertEqual((asked.adjustment_reason_id, asked.billing_coverage_id), (self.pr_2, secondary))
        self.assertEqual(asked.billing_earlier_reason_id, self.pr_1)
        self.assertEqual(asked.billing_earlier_coverage_id, self.coverage)
        self.assertEqual(self._used(), (100.0, 100.0))
        figures = secondary._get_used(fields.Date.to_date("2026-06-01"))[secondary]
        self.assertEqual((float(figures["deductible"]), float(figures["oop"])), (0.0, 50.0))
        invoices.encounter_id.action_unbill()
        self.assertEqual(self._used(), (0.0, 0.0))

    def test_no_patient_is_asked_for_more_than_the_maximum_of_the_year(self):
        self.plan.billing_mode = "split"
        self.coverage.write({"coinsurance": 50.0, "oop_max": 300.0})
        self.assertEqual(sorted(self._bill().mapped("amount_total")), [250.0, 250.0])
        self.assertEqual(sorted(self._bill().mapped("amount_total")), [50.0, 450.0])
        self.assertEqual(self._bill().mapped("amount_total"), [500.0])
