from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanNights(PlanCase):
    """What happens by itself: fees and interest fall due, missed instalments are told, plans break by policy."""

    def _told(self, plan):
        return plan.activity_ids.mapped("summary")

    def test_the_set_up_fee_is_invoiced_with_the_first_instalment(self):
        plan = self._run(fee=25.0)
        self._night("2026-03-31")
        self.assertFalse(plan.charge_ids)
        self._night("2026-04-01")
        self._night("2026-04-01")
        fee = plan.charge_ids
        self.assertEqual((fee.state, str(fee.invoice_date), str(fee.invoice_date_due), fee.ref), (
            "posted", "2026-04-01", "2026-04-01", plan.name,
        ))
        self.assertItems(fee, [
            (self._receivable(self.nora), self.nora, 25.0, 0.0),
            (self.company.billing_fee_account_id, self.nora, 0.0, 25.0),
        ])
        self.assertEqual((plan.amount_to_pay, plan.amount_charges), (625.0, 25.0))
        self._pay(fee, 25.0, date="2026-04-01")
        self.assertEqual(self._paid(plan), [25, 0, 0, 0, 0, 0])

    def test_each_instalments_interest_is_invoiced_when_it_is_due(self):
        plan = self._run(rate=12.0, instalment_count=3)
        # 600 × 12 % × 16 / 365, then 400.10 × 12 % × 30 / 365, then 200.99 × 12 % × 31 / 365
        rows = plan.instalment_ids.sorted("date")
        self.assertEqual([(row.principal, row.interest) for row in rows], [
            (199.9, 3.16), (199.11, 3.95), (200.99, 2.05),
        ])
        self._night("2026-05-01")
        self.assertEqual(sorted(plan.charge_ids.mapped("amount_total")), [3.16, 3.95])
        self.assertItems(rows[0].charge_id, [
            (self._receivable(self.nora), self.nora, 3.16, 0.0),
            (self.company.billing_interest_account_id, self.nora, 0.0, 3.16),
        ])
        self.assertConserved()

    def test_a_missed_instalment_is_told_once_after_the_days_of_grace(self):
        plan = self._run()
        self._night("2026-04-06")
        self.assertEqual(self._told(plan), [])
        self._night("2026-04-07")
        self._night("2026-04-08")
        self.assertEqual(self._told(plan), ["Nora Neu missed an instalment of 04/01/2026"])
        self.assertEqual((plan.state, plan.missed_told), ("active", 1))

    def test_who_catches_up_is_told_anew_the_next_time(self):
        plan = self._run()
        self._night("2026-04-07")
        self._pay(self.january, 100.0, date="2026-04-10")
        self._night("2026-04-11")
        self.assertEqual(plan.missed_told, 0)
        self._night("2026-05-07")
        self.assertEqual(self._told(plan), [
            "Nora Neu missed an instalment of 04/01/2026", "Nora Neu missed an instalment of 05/01/2026",
        ])

    def test_two_missed_instalments_break_the_plan_and_the_old_due_dates_count_again(self):
        self.policy.default_fee = 15.0
        plan = self._run()
        self._night("2026-05-06")
        self.assertEqual(plan.state, "active")
        self._night("2026-05-07")
        self.assertEqual((plan.state, str(plan.ended_on)), ("defaulted", "2026-05-07"))
        self.assertEqual([due for due, _bill in self._due(self.january, self.february)], ["2026-02-09", "2026-03-12"])
        self.assertItems(plan.charge_ids, [
            (self._receivable(self.nora), self.nora, 15.0, 0.0),
            (self.company.billing_fee_account_id, self.nora, 0.0, 15.0),
        ])
        self._night("2026-05-08")
        self.assertEqual(len(plan.charge_ids), 1)

    def test_who_broke_a_plan_needs_a_manager_for_the_next_one(self):
        plan = self._run()
        self._night("2026-05-07")
        with freeze_time("2026-06-01"):
            again = self._draw_up(date="2026-06-01", date_first="2026-07-01")
            self.assertEqual(again.limits_passed, f"{plan.name} was broken on 05/07/2026.")

    def test_a_policy_may_leave_the_due_dates_where_the_plan_put_them(self):
        self.policy.due_again = "plan"
        plan = self._run()
        self._night("2026-05-07")
        self.assertEqual(plan.state, "defaulted")
        self.assertEqual([due for due, _bill in self._due(self.january, self.february)], ["2026-05-01", "2026-09-01"])

    def test_or_ask_for_what_is_left_from_the_day_on_which_the_plan_broke(self):
        # Whoever reminds by due dates begins anew with the first step.
        self.policy.due_again = "now"
        plan = self._run()
        self._pay(self.january, 200.0, date="2026-03-16")
        self._night("2026-07-07")
        self.assertEqual((plan.state, str(plan.ended_on)), ("defaulted", "2026-07-07"))
        self.assertEqual(self._due(self.february), [("2026-07-07", "2026-07-07")])
        self.assertEqual([due for due, _bill in self._due(self.january)], ["2026-02-09"], "paid, and as it was")

    def test_proposals_that_nobody_answers_expire(self):
        plan = self._draw_up()
        plan.action_propose()
        self._night("2026-03-30")
        self.assertEqual(plan.state, "proposed")
        self._night("2026-03-31")
        self.assertEqual(plan.state, "expired")

    def test_twenty_plans_cost_a_night_as_many_queries_as_five(self):
        plans = self.env["billing.payment.plan"]
        for number in range(25):
            patient = self._create_patient(f"Patient {number}")
            patient._set_state("pending")
            patient._set_state("active")
            self._bill(self._create_encounter(patient, [(self.service, 300.0)], date="2026-02-01"), date="2026-02-01")
            plan = self._draw_up(partner_id=patient.id)
            plan.action_accept()
            plans += plan

        def night(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time("2026-04-02"):
                batch._follow()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        night(plans[:1])
        five, twenty = night(plans[:5]), night(plans[5:])
        self.assertLessEqual(twenty, five + 2)

    def test_twenty_reminders_and_receipts_cost_few_queries_more_than_five(self):
        plans = self.env["billing.payment.plan"]
        for number in range(25):
            patient = self._create_patient(f"Patient {number}", email=f"patient{number}@example.com")
            patient._set_state("pending")
            patient._set_state("active")
            self._bill(self._create_encounter(patient, [(self.service, 300.0)], date="2026-02-01"), date="2026-02-01")
            plan = self._draw_up(partner_id=patient.id)
            plan.action_accept()
            self._pay(plan.item_ids.move_id, 10.0, date="2026-03-17")
            plans += plan

        def night(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time("2026-03-30"):
                batch._follow()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        night(plans[:1])
        five, twenty = night(plans[1:6]), night(plans[5:])
        self.assertLessEqual(twenty, five + 20)
