from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import EstimateCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimateAndTruth(EstimateCase):
    """What was expected beside what the ledger says."""

    def _bill_estimate(self, **values):
        estimate = self._hand_over(accept=True, **{"date": TODAY, **values})
        visit = estimate._make_visits()
        visit.action_ready()
        visit._bill()
        return estimate

    def _truth(self, estimate):
        estimate.invalidate_recordset()
        return (
            estimate.actual_total, estimate.actual_payer, estimate.actual_waiting, estimate.actual_discount,
            estimate.actual_patient, estimate.difference_patient,
        )

    def test_before_billing_there_is_nothing_to_compare(self):
        estimate = self._hand_over(accept=True)
        estimate._make_visits()
        self.assertFalse(estimate.is_billed)
        self.assertEqual(self._truth(estimate), (0.0,) * 6)

    def test_what_waits_for_the_payer_is_not_the_patients(self):
        estimate = self._bill_estimate()
        self.assertTrue(estimate.is_billed)
        self.assertEqual(self._truth(estimate), (500.0, 0.0, 500.0, 0.0, 0.0, -260.0))

    def test_the_answer_says_what_the_patient_really_pays(self):
        estimate = self._bill_estimate()
        self._answer(estimate.encounter_ids.claim_ids, 100.0, [(self.co_45, 50.0), (self.pr_1, 350.0)], date=TODAY)
        self.assertEqual(self._truth(estimate), (500.0, 100.0, 0.0, 50.0, 350.0, 90.0))
        self.assertEqual(estimate.encounter_ids.estimate_level, "none", "90 is below the threshold")

    def test_paid_bills_stay_the_patients(self):
        estimate = self._bill_estimate(patient=self.self_payer)
        self._pay(estimate.encounter_ids.invoice_ids, 200.0)
        self.assertEqual(self._truth(estimate), (500.0, 0.0, 0.0, 0.0, 500.0, 0.0))

    def test_a_payers_answer_far_above_the_estimate_flags_the_visit(self):
        estimate = self._bill_estimate(services=[self.scan])
        self._answer(estimate.encounter_ids.claim_ids, 0.0, [(self.pr_96, 900.0)], date=TODAY)
        visit = estimate.encounter_ids
        visit.invalidate_recordset()
        self.assertEqual(visit.estimate_level, "info")
        self.assertIn("$\xa0560.00 more than the $\xa0340.00", visit.estimate_notice)

    def test_the_bill_that_follows_from_the_answer_says_so_before_it_is_sent(self):
        estimate = self._bill_estimate(services=[self.scan])
        visit = estimate.encounter_ids
        charge = visit.invoice_ids
        answer = self._answer(charge.claim_ids, 0.0, [(self.pr_96, 900.0)], date=TODAY)
        bill = answer.caused_move_ids.filtered("billing_kind")
        self.assertIn("$\xa0560.00 more than the $\xa0340.00", bill.billing_estimate_notice)
        self.assertFalse(charge.billing_estimate_notice, "the payer was told nothing")
        view = self.env["account.move"].get_view(self.env.ref("account.view_move_form").id, "form")
        self.assertIn('name="billing_estimate_notice"', view["arch"])

    def test_what_was_taken_back_does_not_count(self):
        estimate = self._bill_estimate(patient=self.self_payer)
        visit = estimate.encounter_ids
        visit.action_unbill()
        self.assertEqual(self._truth(estimate), (0.0,) * 6)
        visit._bill()
        self.assertEqual(self._truth(estimate), (500.0, 0.0, 0.0, 0.0, 500.0, 0.0))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestEstimateQueryCounts(EstimateCase):
    """Lists of estimates: the number of queries does not grow with the number of records."""

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

    def _many(self, count=30):
        return self.env["billing.estimate"].concat(*(
            self._create_estimate(patient=self.self_payer if number % 2 else self.patient, date=TODAY)
            for number in range(count)
        ))

    def test_a_list_of_estimates(self):
        estimates = self._many()
        names = ("display_name", "date_due", "is_good_faith", "amount_total", "amount_patient", "state", "coverage_ids",
                 "addressee_id", "is_late")
        self.assertEqual(self._count(lambda: estimates[:2].read(names)), self._count(lambda: estimates.read(names)))

    def test_estimates_beside_their_bills(self):
        estimates = self._many()
        estimates.action_print()
        visits = estimates._make_visits()
        visits.action_ready()
        visits._bill()
        names = ("actual_patient", "actual_payer", "difference_patient")
        self.assertEqual(self._count(lambda: estimates[:4].read(names)), self._count(lambda: estimates.read(names)))

    def test_visits_compared_with_their_estimates(self):
        estimates = self._many()
        estimates.action_print()
        visits = estimates._make_visits()
        few, many = visits[:4], visits
        self.assertEqual(
            self._count(lambda: few.read(["estimate_level"])), self._count(lambda: many.read(["estimate_level"])),
        )

    def test_estimates_that_expire(self):
        cron = self.env.ref("billing_coordinator.cron_estimates_expire")

        def expire(count):
            estimates = self._many(count)
            estimates.action_print()
            estimates.date_valid_until = "2026-03-15"
            self.env.flush_all()
            self.env.invalidate_all()
            with self.enter_registry_test_mode():
                before = self.cr.sql_log_count
                cron.method_direct_trigger()
                queries = self.cr.sql_log_count - before
            self.env.invalidate_all()
            self.assertEqual(set(estimates.mapped("state")), {"expired"})
            return queries

        expire(2)
        few, many = expire(5), expire(30)
        self.assertEqual(many - few, 2 * 25, "the line in the history of each, which Odoo writes one by one")

    def test_refreshing_writes_each_figure_once(self):
        estimates = self._many(6)
        estimates.line_ids.amount_patient = 1.0
        self.env.flush_all()
        self.coverage.deductible = 300.0

        def refuse(lines, vals):
            raise AssertionError(f"written one by one: {vals}")

        with patch.object(type(estimates.line_ids), "write", refuse):
            estimates.action_refresh()
        self.assertEqual(
            [(estimate.amount_patient, estimate.line_ids.amount_patient) for estimate in estimates],
            [(340.0, 340.0), (500.0, 500.0)] * 3,
        )
