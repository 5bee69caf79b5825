from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanExtremes(PlanCase):
    """Other currencies and companies, a cent, six hundred instalments, the last days of months."""

    def _bill_in(self, currency, price, **values):
        """A bill to Nora in another currency."""
        visit = self._create_encounter(
            self.nora, [(self.service, price)], date="2026-02-20", currency_id=currency.id, **values,
        )
        return self._bill(visit, date="2026-02-20")

    def test_a_plan_has_one_currency_and_says_what_stays_out(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.9), ("2026-03-20", 0.8)])
        bill = self._bill_in(euro, 300.0)
        plan = self._draw_up()
        self.assertEqual(plan.item_ids.move_id, self.january + self.february)
        self.assertEqual(
            plan.left_out, f"{bill.name}, 300.00\N{NO-BREAK SPACE}€: it is in EUR; a plan has one currency",
        )

    def test_a_plan_in_euros_counts_in_euros_whatever_the_rate(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.9), ("2026-03-20", 0.8)])
        bill = self._bill_in(euro, 300.0)
        plan = self._run(currency_id=euro.id, instalment_count=3, fee=0.0)
        self.assertEqual((plan.item_ids.move_id, plan.amount_total), (bill, 300.0))
        self._pay(bill, 100.0, date="2026-03-25")
        self.assertEqual(self._paid(plan), [100.0, 0.0, 0.0])
        # The last of it is due with the last instalment.
        self.assertEqual(self._due(bill), [("2026-06-01", "2026-06-01")])
        self._pay(bill, 200.0, date="2026-03-26")
        self._night("2026-03-27")
        self.assertEqual((plan.state, bill.amount_residual), ("completed", 0.0))
        self.assertConserved()

    def test_fee_and_interest_in_a_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        self.policy.fee = 10.0
        self._bill_in(euro, 300.0)
        plan = self._run(currency_id=euro.id, instalment_count=3, rate=12.0)
        # Ten dollars are five euros.
        self.assertEqual(plan.fee, 5.0)
        self._night("2026-04-01")
        charge = plan.charge_ids
        row = plan.instalment_ids.sorted("date")[0]
        self.assertEqual((charge.currency_id, charge.amount_total), (euro, row.fee + row.interest))
        self._pay(charge, charge.amount_total, date="2026-04-01")
        self.assertEqual(row.amount_paid, charge.amount_total)

    def test_a_currency_without_cents(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("1900-01-01", 133.0)])
        self._bill_in(yen, 10001.0)
        plan = self._run(currency_id=yen.id, instalment_count=3)
        self.assertEqual([row[1] for row in self._schedule(plan)], [3333.0, 3333.0, 3335.0])
        self.assertEqual(
            self._draw_up(partner_id=self._owe_one_cent().id, instalment_count=1).amount_total, 0.01, "a cent",
        )

    def _owe_one_cent(self):
        otto = self._create_patient("Otto One")
        otto._set_state("pending")
        otto._set_state("active")
        self._bill(self._create_encounter(otto, [(self.service, 0.01)], date="2026-02-20"), date="2026-02-20")
        return otto

    def test_one_cent_is_paid_by_one_instalment_and_not_by_two(self):
        otto = self._owe_one_cent()
        plan = self._draw_up(partner_id=otto.id, instalment_count=1)
        self.assertEqual([row[:2] for row in self._schedule(plan)], [("2026-04-01", 0.01)])
        plan.instalment_count = 2
        self.assertRegex(plan.schedule_problem, "0.01 cannot be divided into 2 instalments. Take fewer.")

    def test_six_hundred_instalments_and_not_one_more(self):
        self.policy.write({"months_max": 0, "instalment_min": 0.0})
        plan = self._draw_up(instalment_count=600)
        rows = self._schedule(plan)
        self.assertEqual((len(rows), rows[0][:2], rows[-1][:2]), (600, ("2026-04-01", 1.0), ("2076-03-01", 1.0)))
        plan.instalment_count = 601
        self.assertRegex(plan.schedule_problem, "1 to 600")

    def test_the_last_of_the_month_stays_the_last_of_the_month(self):
        plan = self._draw_up(date="2027-12-01", date_first="2027-12-31", instalment_count=4)
        self.assertEqual([row[0] for row in self._schedule(plan)], [
            "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31",
        ])

    def test_interest_over_the_29th_of_february(self):
        plan = self._draw_up(date="2028-02-29", date_first="2028-03-31", instalment_count=1, rate=12.0)
        # 600 x 12 % x 31 / 365
        self.assertEqual(self._schedule(plan), [("2028-03-31", 606.12, 0.0)])

    def test_two_companies_know_nothing_of_each_others_plans(self):
        data = self.setup_other_company(name="Second Practice")
        other = data["company"]
        other._billing_setup()
        plan = self._run()
        self.env.user.company_ids += other
        cora = new_test_user(
            self.env, "cora", "billing_coordinator.group_coordinator", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            plan.with_user(cora).amount_open  # noqa: B018
        self.assertFalse(self.env["billing.plan.promise"].with_user(cora).search([("plan_id", "=", plan.id)]))
        self.nora.company_id = False
        theirs = self.env["billing.payment.plan"].with_company(other).create({
            "partner_id": self.nora.id, "company_id": other.id, "currency_id": other.currency_id.id,
            "policy_id": self.policy.copy({"company_id": other.id}).id,
        })
        with self.assertRaisesRegex(UserError, "Nothing of Nora Neu can go into a payment plan.\nNo bill is open."):
            theirs._take_debts()

    def test_bills_of_somebody_else_are_not_paid_by_a_plan(self):
        cora = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id)
        ana = self._bill()._get_billing_receivable_item()
        plan = self._draw_up().with_user(cora)
        plan.item_ids = [Command.create({"move_line_id": ana.id, "amount_start": ana.amount_residual_currency})]
        with self.assertRaisesRegex(UserError, "cannot stand in .*: Blue Insurance owes it. Take it off the plan."):
            plan.action_propose()

    def test_amounts_are_not_typed_into_a_plan(self):
        cora = new_test_user(self.env, "cora", "billing_coordinator.group_coordinator", company_id=self.company.id)
        plan = self._draw_up().with_user(cora)
        items = plan.item_ids.move_line_id
        self.policy.write({"amount_min": 0.0, "instalment_min": 0.0})
        plan.item_ids = [Command.clear(), *(
            Command.create({"move_line_id": item.id, "amount_start": 1.0}) for item in items
        )]
        with self.assertRaisesRegex(UserError, "had \\$\\s1.00 open when .*, and has \\$\\s200.00 open now"):
            plan.action_propose()

    def test_whoever_only_reads_makes_no_plan(self):
        rosa = new_test_user(self.env, "rosa", "billing_coordinator.group_readonly", company_id=self.company.id)
        plan = self._draw_up()
        for step in ("action_propose", "action_accept", "action_cancel", "action_take_debts"):
            with self.assertRaises(AccessError):
                getattr(plan.with_user(rosa), step)()

    def test_an_accountant_without_billing_rights_pays_and_imports_statements(self):
        plan = self._run()
        groups = "base.group_user,account.group_account_manager,account.group_account_basic"
        arno = new_test_user(self.env, "arno", groups, company_id=self.company.id)
        action = self.january.with_user(arno).action_register_payment()
        wizard = self.env["account.payment.register"].with_user(arno).with_context(**action["context"]).create({})
        self.assertEqual((wizard.amount, wizard.communication), (100.0, plan.name))
        wizard._create_payments()
        banks = [("type", "=", "bank"), ("company_id", "=", self.company.id)]
        bank = self.env["account.journal"].search(banks, limit=1)
        line = self.env["account.bank.statement.line"].with_user(arno).create({
            "journal_id": bank.id, "date": "2026-04-02", "payment_ref": plan.name, "amount": 50.0,
        })
        self.assertTrue(line.is_reconciled)
        self.assertEqual(plan.amount_paid, 150.0)

    def test_what_the_portal_calls_overdue_agrees_with_the_plan(self):
        def overdue(day):
            return self.env["account.move"].search([
                ("state", "=", "posted"), ("move_type", "=", "out_invoice"), ("invoice_date_due", "<", day),
                ("payment_state", "not in", ("in_payment", "paid", "reversed")), ("partner_id", "=", self.nora.id),
            ])

        def aged(day):
            items = (self.january + self.february).line_ids.filtered(
                lambda item: item.account_type == "asset_receivable" and item.date_maturity < day
            )
            return sum(items.mapped("amount_residual"))

        day = self.env["account.move"]._fields["invoice_date_due"].to_date("2026-03-16")
        self.assertEqual((overdue(day), aged(day)), (self.january + self.february, 600.0))
        self._run()
        self.assertEqual((overdue(day), aged(day)), (self.env["account.move"], 0.0))
        # A part payment makes Odoo work due dates out anew: they stay with the plan.
        self._pay(self.january, 50.0, date="2026-03-16")
        self._pay(self.february, 50.0, date="2026-03-16")
        self.assertEqual((overdue(day), aged(day)), (self.env["account.move"], 0.0))
        self._night("2026-06-10")
        self.assertEqual((overdue(day), aged(day)), (self.january + self.february, 500.0))
