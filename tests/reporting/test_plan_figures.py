from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..plans.common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanFigures(PlanCase):
    """How plans end, by hand: Nora owes 600 and pays a hundred a month from April on."""

    def _figure(self, plan):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["billing.plan.figure"].search([("plan_id", "=", plan.id)])

    def _told(self, plan):
        figure = self._figure(plan)
        return figure.outcome, figure.amount_promised, figure.amount_received, figure.amount_given_up

    def test_a_plan_counts_from_the_day_on_which_it_runs(self):
        plan = self._draw_up()
        self.assertFalse(self._figure(plan))
        plan.action_propose()
        plan.action_accept()
        self.assertEqual(self._told(plan), ("1_running", 600.0, 0.0, 0.0))
        figure = self._figure(plan)
        self.assertEqual(
            (str(figure.date), figure.policy_id, figure.begun_count, figure.running_count, figure.broken_count),
            (TODAY, self.policy, 1, 1, 0),
        )
        self.assertEqual(figure.action_view_source()["res_id"], plan.id)

    def test_money_is_received_and_a_credit_note_is_given_up(self):
        self._pay(self.january, 30.0, date="2026-03-12")
        plan = self._run()
        self._pay(self.january, 100.0, date="2026-04-01")
        with freeze_time("2026-04-02"):
            self._credit(self.february, 50.0, date="2026-04-02")
        self._night("2026-04-03")
        # 570 were open; the credit note makes the plan smaller by 50.
        self.assertEqual(self._told(plan), ("1_running", 520.0, 100.0, 50.0))
        self._pay(self.january, 70.0, date="2026-04-20")
        self._pay(self.february, 350.0, date="2026-04-20")
        self._night("2026-04-21")
        self.assertEqual(self._told(plan), ("2_completed", 520.0, 520.0, 50.0))

    def test_a_broken_plan_stays_broken_though_another_one_takes_its_place(self):
        plan = self._run()
        self._pay(self.january, 100.0, date="2026-04-01")
        self._night("2026-07-20")
        self.assertEqual((plan.state, str(plan.broken_on)), ("defaulted", "2026-07-20"))
        self.assertEqual(self._told(plan), ("3_broken", 600.0, 100.0, 0.0))
        # What comes afterwards, did not come as promised.
        self._pay(self.january, 20.0, date="2026-07-25")
        with freeze_time("2026-08-01"):
            plan.action_renegotiate()
            following = plan.next_ids
            following.action_propose()
            following.action_accept()
        self.assertEqual(plan.state, "replaced")
        self.assertEqual(self._told(plan), ("3_broken", 600.0, 100.0, 0.0))
        self.assertEqual((self._told(following)[0], self._figure(following).kind), ("1_running", "renegotiated"))
        [(policy, begun, broken, rate, received_rate)] = self.env["billing.plan.figure"]._read_group(
            [("partner_id", "=", self.nora.id)], ["policy_id"],
            ["begun_count:sum", "broken_count:sum", "broken_rate:avg", "received_rate:avg"],
        )
        self.assertEqual((policy, begun, broken, rate), (self.policy, 2, 1, 50.0))
        self.assertAlmostEqual(received_rate, 100 * 100 / 1080)

    def test_replaced_and_cancelled_plans_are_not_broken(self):
        plan = self._run()
        plan.action_renegotiate()
        following = plan.next_ids
        following.action_propose()
        following.action_accept()
        self.assertEqual(self._told(plan)[0], "4_renegotiated")
        following.action_cancel()
        self.assertEqual(self._told(following)[0], "5_cancelled")
        [(cancelled, replaced, broken)] = self.env["billing.plan.figure"]._read_group(
            [("partner_id", "=", self.nora.id)], [],
            ["cancelled_count:sum", "renegotiated_count:sum", "broken_count:sum"],
        )
        self.assertEqual((cancelled, replaced, broken), (1, 1, 0))

    def test_nobody_types_that_a_plan_was_broken(self):
        plan = self._run()
        with self.assertRaisesRegex(Exception, "never typed"):
            plan.with_user(self._reader("billing_coordinator.group_manager")).broken_on = "2026-01-01"

    def test_a_plan_in_euros_is_told_in_dollars_of_its_bills(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.80)])
        greta = self._create_patient("Greta Blau")
        greta._set_state("pending")
        greta._set_state("active")
        visit = self._create_encounter(greta, [(self.service, 400.0)], date="2026-02-01", currency_id=euro.id)
        bill = self._bill(visit, date="2026-02-01")
        plan = self._run(partner_id=greta.id, currency_id=euro.id)
        self.assertEqual(plan.amount_total, 400.0)
        self._pay(bill, 100.0, date="2026-03-20")
        self.assertEqual(self._told(plan), ("1_running", 500.0, 125.0, 0.0))
        rows = self.env["billing.plan.promise"].search([("plan_id", "=", plan.id)])
        told = {
            kind: (sum(mine.mapped("amount")), sum(mine.mapped("amount_plan")))
            for kind, mine in rows.grouped("kind").items()
        }
        # Six times 66.67 or so, each one rounded to the cent.
        self.assertAlmostEqual(told["promised"][0], 500.0, delta=0.03)
        self.assertEqual((told["promised"][1], told["received"]), (400.0, (125.0, 100.0)))
        self.assertEqual((rows.currency_id, rows.plan_currency_id), (self.company.currency_id, euro))

    def test_plans_of_another_company_stay_there(self):
        plan = self._run()
        company_2 = self.setup_other_company(name="Second Practice")["company"]
        user = self._reader("billing_coordinator.group_readonly", company_2)
        self.assertFalse(self.env["billing.plan.figure"].with_user(user).search([]))
        mine = self._reader("billing_coordinator.group_readonly")
        self.assertEqual(self.env["billing.plan.figure"].with_user(mine).search([]).plan_id, plan)

    def test_a_list_costs_as_much_for_eight_as_for_two(self):
        for number in range(8):
            person = self._create_patient(f"Person {number}")
            person._set_state("pending")
            person._set_state("active")
            self._bill(self._create_encounter(person, [(self.service, 60.0)], date="2026-02-01"), date="2026-02-01")
            self._run(partner_id=person.id)

        def cost(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            figures = self.env["billing.plan.figure"].search([], limit=limit)
            before = self.cr.sql_log_count
            figures.web_read({
                "plan_id": {"fields": {"display_name": {}}}, "policy_id": {"fields": {"display_name": {}}},
                "amount_received": {}, "broken_rate": {}, "outcome": {},
            })
            return self.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(8), cost(2))

    def _reader(self, group, company=None):
        company = company or self.company
        return new_test_user(
            self.env, f"reader{company.id}{group[-4:]}", group, company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
