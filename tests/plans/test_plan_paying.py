from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import PlanCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlanPaying(PlanCase):
    """Odoo's own ways to pay ask for what is due now; money on a statement finds its plan by the number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._run()
        banks = [("type", "=", "bank"), ("company_id", "=", cls.company.id)]
        cls.bank = cls.env["account.journal"].search(banks, limit=1)

    def _register(self, action):
        return self.env["account.payment.register"].with_context(**action["context"]).create({})

    def _receive(self, amount, text, **values):
        """Money on a bank statement."""
        return self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-04-02", "payment_ref": text, "amount": amount, **values,
        })

    def _items(self, line):
        return sorted((item.account_id.account_type, item.debit, item.credit) for item in line.move_id.line_ids)

    def test_registering_a_payment_begins_with_the_next_instalment(self):
        wizard = self._register(self.plan.action_register_payment())
        self.assertEqual((wizard.amount, wizard.communication, wizard.payment_difference), (100.0, self.plan.name, 0.0))
        self.assertEqual(wizard.installments_switch_amount, 600.0)
        wizard.payment_date = "2026-04-01"
        payment = wizard._create_payments()
        self.assertEqual((payment.amount, payment.memo), (100.0, self.plan.name))
        self.assertEqual(self._paid(self.plan), [100, 0, 0, 0, 0, 0])
        # What is due first is paid first.
        self.assertEqual((self.january.amount_residual, self.february.amount_residual), (100.0, 400.0))

    def test_what_is_late_is_asked_for_without_what_is_still_to_come(self):
        with freeze_time("2026-05-10"):
            self.env.invalidate_all()
            self.assertEqual((self.plan.amount_due, self.plan.amount_next), (200.0, 300.0))
            self.assertEqual(self._register(self.plan.action_register_payment()).amount, 200.0)

    def test_a_bill_of_a_plan_asks_for_the_instalment_everywhere(self):
        self.assertEqual(self._register(self.february.action_register_payment()).amount, 100.0)
        values = self.february._get_invoice_next_payment_values()
        self.assertEqual(
            (values["next_amount_to_pay"], values["next_payment_reference"], str(values["next_due_date"]),
             values["amount_due"], values["installment_state"]),
            (100.0, self.plan.name, "2026-04-01", 400.0, "next"),
        )
        # The last of a bill is asked for by itself.
        self._pay(self.january, 160.0, date="2026-04-01")
        self.assertEqual(self.january._get_invoice_next_payment_values()["next_amount_to_pay"], 40.0)
        self.assertEqual(self.january._get_invoice_next_payment_values(custom_amount=15.0)["next_amount_to_pay"], 15.0)

    def test_the_payment_link_asks_for_the_instalment(self):
        action = self.plan.action_payment_link()
        wizard = self.env["payment.link.wizard"].with_context(**action["context"]).create({})
        self.assertEqual((wizard.amount, wizard.amount_max), (100.0, 200.0))

    def test_money_on_a_statement_finds_its_plan_by_the_number(self):
        text = f"NORA NEU RATE {self.plan.name.replace('-', ' ').lower()} danke"
        line = self._receive(100.0, text)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.partner_id, self.nora)
        self.assertEqual(self._items(line), [("asset_cash", 100.0, 0.0), ("asset_receivable", 0.0, 100.0)])
        self.assertEqual(self._paid(self.plan), [100, 0, 0, 0, 0, 0])
        self.assertConserved()

    def test_a_day_or_a_count_may_follow_the_number(self):
        name = self.plan.name
        for text in (f"{name} 01.04.2026", f"{name}/2", f"{name[:-2]} {name[-2:]} 3", f"2026 {name}"):
            self.assertTrue(self._receive(10.0, text).is_reconciled, text)
        self.assertEqual(self._paid(self.plan)[0], 40.0)

    def test_money_beyond_the_plan_stays_as_credit(self):
        line = self._receive(650.0, self.plan.name)
        self.assertEqual(self._items(line), [("asset_cash", 650.0, 0.0), ("asset_receivable", 0.0, 650.0)])
        credit = line.move_id.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        self.assertEqual((credit.partner_id, credit.amount_residual), (self.nora, -50.0))
        self._night("2026-04-03")
        self.assertEqual(self.plan.state, "completed")

    def test_a_statement_that_names_two_plans_or_none_waits_for_people(self):
        ben = self._create_patient("Ben Bar")
        ben._set_state("pending")
        ben._set_state("active")
        self._bill(self._create_encounter(ben, [(self.service, 300.0)], date="2026-01-10"), date="2026-01-10")
        other = self._draw_up(partner_id=ben.id)
        other.action_accept()
        for text in (f"{self.plan.name} {other.name}", "Thank you", f"{self.plan.name}7", ""):
            line = self._receive(50.0, text)
            self.assertFalse(line.is_reconciled, text)
            self.assertEqual(self._items(line)[0][0], "asset_cash")
            self.assertNotIn("asset_receivable", [kind for kind, *_amounts in self._items(line)])
        self.assertEqual(self._paid(self.plan), [0] * 6)

    def test_money_that_goes_out_pays_nothing(self):
        line = self._receive(-100.0, self.plan.name)
        self.assertNotIn("asset_receivable", [kind for kind, *_amounts in self._items(line)])

    def test_many_lines_of_a_statement_are_looked_up_at_once(self):
        lines = [{
            "journal_id": self.bank.id, "date": "2026-04-02", "payment_ref": f"Nothing {number}", "amount": 10.0,
        } for number in range(20)]
        plans = type(self.env["billing.payment.plan"])
        found = []
        search = plans.search
        self.patch(plans, "search", lambda self, *args, **kwargs: found.append(1) or search(self, *args, **kwargs))
        self.env["account.bank.statement.line"].create(lines)
        self.assertEqual(len(found), 1)

    def test_the_statement_leads_to_the_plan_of_one_person(self):
        wizard = self.env["billing.statement.wizard"].create({"partner_ids": self.nora.ids})
        self.assertEqual(wizard.action_payment_plan()["res_id"], self.plan.id)
        wizard.partner_ids += self.patient
        with self.assertRaisesRegex(UserError, "A payment plan is made with one person; 2 are chosen. Choose one."):
            wizard.action_payment_plan()

    def test_a_bill_leads_to_the_plan_that_pays_it_or_to_a_new_one(self):
        self.assertEqual(self.january.action_billing_plan()["res_id"], self.plan.id)
        self.plan.action_cancel()
        self.env.invalidate_all()
        again = self.env["billing.payment.plan"].browse(self.january.action_billing_plan()["res_id"])
        self.assertEqual((again.state, again.amount_total), ("draft", 600.0))
