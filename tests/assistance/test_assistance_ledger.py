from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AssistanceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAssistanceLedger(AssistanceCase):
    """The journal items of financial assistance: Ana's visit of 5 March costs 500, she gets 60 %."""

    def test_sixty_percent_of_a_self_pay_bill(self):
        bill = self._bill()
        application = self._accept()
        adjustment = self._take_off(application)
        self.assertItems(adjustment.entry_id, [
            (self.charity_account, self.patient, 300.0, 0.0),
            (self._receivable(), self.patient, 0.0, 300.0),
        ])
        self.assertEqual(adjustment.entry_id.line_ids.adjustment_reason_id, self.assist_reason)
        self.assertEqual(
            (adjustment.state, adjustment.amount, adjustment.approver_id), ("posted", 300.0, application.decided_by_id),
        )
        self.assertEqual(bill.amount_residual, 200.0)
        self.assertEqual(self._flow(bill), {"charge": 500.0, "adjusted": 300.0, "open": 200.0})
        self.assertConserved()

    def test_a_second_time_does_nothing_and_says_so(self):
        self._bill()
        application = self._accept()
        first = self._take_off(application)
        entries = self.env["account.move"].search_count([])
        with self.assertRaisesRegex(UserError, f"the discount has been given already by {first.name}"):
            application.action_preview_discounts()
        self.assertFalse(application._apply_discounts(first.move_id))
        self.assertEqual(self.env["account.move"].search_count([]), entries)
        self.assertEqual(application.bill_count, 0)

    def test_two_windows_open_at_once_discount_once(self):
        bill = self._bill()
        application = self._accept()
        windows = [application.action_preview_discounts() for _number in range(2)]
        first, second = (self.env[action["res_model"]].browse(action["res_id"]) for action in windows)
        first.action_apply()
        with self.assertRaisesRegex(UserError, "the discount has been given already"):
            second.action_apply()
        self.assertEqual(bill.amount_residual, 200.0)

    def test_what_changed_since_the_preview_is_looked_at_again(self):
        bill = self._bill()
        action = self._accept().action_preview_discounts()
        self._pay(bill, 100.0)
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Something happened to .* since the discounts were shown"):
            wizard.action_apply()
        self.assertEqual(bill.amount_residual, 400.0)

    def test_what_was_paid_before_stays_as_it_is(self):
        bill = self._bill()
        self._pay(bill, 100.0)
        adjustment = self._take_off(self._accept())
        self.assertItems(adjustment.entry_id, [
            (self.charity_account, self.patient, 240.0, 0.0),
            (self._receivable(), self.patient, 0.0, 240.0),
        ])
        self.assertEqual(bill.amount_residual, 160.0)
        self.assertConserved()

    def test_a_bill_paid_in_full_is_not_discounted(self):
        self._pay(self._bill())
        with self.assertRaisesRegex(UserError, "No open bill is discounted"):
            self._accept().action_preview_discounts()

    def test_a_programme_may_give_back_what_was_paid(self):
        bill = self._bill()
        self._pay(bill, 450.0)
        self.programme.refund_paid = True
        application = self._accept()
        action = application.action_preview_discounts()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(
            wizard.line_ids.mapped(lambda line: (line.amount_open, line.amount, line.amount_remaining)),
            [(50.0, 300.0, -250.0)],
        )
        self.assertTrue(wizard.has_refund)
        wizard.action_apply()
        adjustment = application.adjustment_ids
        self.assertItems(adjustment.entry_id, [
            (self.charity_account, self.patient, 300.0, 0.0),
            (self._receivable(), self.patient, 0.0, 300.0),
        ])
        self.assertEqual(self._owed(self.patient), -250.0)
        self.assertEqual(self.patient.billing_credit, 250.0)
        self.assertEqual(self._flow(bill), {"charge": 500.0, "paid": 450.0, "adjusted": 300.0, "open": -250.0})
        self.assertConserved()
        self.assertFalse(application._find_discounts(bill))
        self._refund()
        self.assertEqual(self._owed(self.patient), 0.0)
        self.assertFalse(application._find_discounts(bill), "a refund is no reason to discount again")
        self.assertConserved()

    def _refund(self):
        action = self.patient.action_billing_refund_credit()
        self.env["account.payment.register"].with_context(**action["context"]).create({
            "payment_date": TODAY,
        })._create_payments()
        self.env.invalidate_all()

    def test_a_bill_paid_in_full_is_given_back_by_its_percentage(self):
        bill = self._bill()
        self._pay(bill)
        self.programme.refund_paid = True
        self._take_off(self._accept())
        self.assertEqual(self._owed(self.patient), -300.0)
        self.assertEqual(self._flow(bill), {"charge": 500.0, "paid": 500.0, "adjusted": 300.0, "open": -300.0})
        self.assertConserved()

    def test_what_insurance_leaves_is_discounted_and_what_it_still_decides_is_not(self):
        self._create_coverage(self.patient, self.plan)
        invoice = self._bill()
        application = self._accept()
        self.assertEqual(application.bill_count, 0)
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        adjustment = self._take_off(application)
        self.assertItems(adjustment.entry_id, [
            (self.charity_account, self.patient, 48.0, 0.0),
            (self._receivable(), self.patient, 0.0, 48.0),
        ])
        self.assertEqual(self._owed(self.patient), 32.0)
        self.assertConserved()
        answer._reverse(fields.Date.to_date(TODAY), "typed wrongly")
        self.assertEqual((self._owed(self.payer), self._owed(self.patient)), (500.0, 0.0))
        self.assertEqual(adjustment.state, "reversed", "what hung on the patient's bill is undone with it")
        self.assertConserved()
        self._answer(invoice.claim_ids, 400.0, [(self.pr_1, 100.0)], reference="CHK 2")
        application.invalidate_recordset()
        self.assertEqual(self._take_off(application).amount, 60.0)
        self.assertEqual(self._owed(self.patient), 40.0)
        self.assertConserved()

    def test_taking_a_discount_back_asks_for_the_amount_again_and_offers_it_again(self):
        for percent_income, amount in ((40000.0, 300.0), (20000.0, 500.0)):
            with self.subTest(amount=amount):
                patient = self._create_patient(f"Patient {amount}")
                bill = self._bill(patient=patient)
                application = self._accept(patient, percent_income)
                adjustment = self._take_off(application)
                self.assertEqual(self._owed(patient), 500.0 - amount)
                adjustment.action_reverse()
                self.assertEqual(self._owed(patient), 500.0)
                self.assertConserved()
                self.env.invalidate_all()
                self.assertEqual(application.bill_count, 1)
                self.assertEqual(self._take_off(application).amount, amount)
                self.assertEqual(self._owed(patient), 500.0 - amount)
                self.assertEqual(bill.billing_amount_open, 500.0 - amount)
        self.assertConserved()

    def test_several_services_and_bills_are_discounted_each_by_itself(self):
        bills = self._bill(services=[(self.service, 40.0), (self.service, 60.0)]) | self._bill(
            services=[(self.service, 0.01)],
        ) | self._bill(services=[(self.service, 99.99)])
        self._take_off(self._accept())
        self.assertEqual(bills.mapped("amount_residual"), [40.0, 0.0, 40.0])
        entry = bills[0].line_ids.matched_credit_ids.credit_move_id.move_id
        self.assertEqual(
            sorted(entry.line_ids.filtered("debit").mapped("debit")), [24.0, 36.0], "in proportion to the services",
        )
        self.assertConserved()

    def test_in_a_foreign_currency_and_without_cents(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.80)])
        yen = self.setup_other_currency("JPY", rates=[("1900-01-01", 150.0)], rounding=1.0)
        in_euro = self._bill(services=[(self.service, 99.99)], currency_id=euro.id)
        in_yen = self._bill(services=[(self.service, 333.0)], currency_id=yen.id)
        self._take_off(self._accept())
        self.assertEqual((in_euro.amount_residual, in_yen.amount_residual), (40.0, 133.0))
        self.assertConserved()

    def test_no_second_approval_is_asked_of_a_coordinator_below_any_limit(self):
        coordinator = new_test_user(
            self.env, "assist_coordinator", groups="billing_coordinator.group_coordinator",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        self.company.billing_adjustment_limit = 10.0
        bill = self._bill()
        application = self._accept()
        self.env.invalidate_all()
        action = application.with_user(coordinator).action_preview_discounts()
        self.env[action["res_model"]].with_user(coordinator).browse(action["res_id"]).action_apply()
        adjustment = application.adjustment_ids
        self.assertEqual((adjustment.state, adjustment.requested_by_id), ("posted", coordinator))
        self.assertEqual(adjustment.approver_id, self.env.user)
        small = self.env["billing.adjustment"].with_user(coordinator).create({
            "move_id": bill.id, "reason_id": self.small_balance.id, "amount": 10.0,
        })
        small._decide_or_ask()
        self.assertEqual(small.state, "posted", "what the application gave uses up nobody's own limit")
        self.assertConserved()

    def test_the_application_approves_no_more_than_it_gives(self):
        coordinator = new_test_user(
            self.env, "assist_coordinator", groups="billing_coordinator.group_coordinator",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        bill = self._bill()
        other_bill = self._bill(patient=self._create_patient("Max Frei"))
        early_bill = self._bill(date="2026-02-20", encounter=self._create_encounter(date="2026-02-20"))
        application = self._accept()

        def ask(move, amount, reason=self.assist_reason):
            adjustment = self.env["billing.adjustment"].with_user(coordinator).create({
                "move_id": move.id, "reason_id": reason.id, "amount": amount, "date": TODAY,
                "assistance_id": application.id,
            })
            adjustment._decide_or_ask()
            return adjustment.state

        self.assertEqual(ask(bill, 300.01), "to_approve")
        self.assertEqual(ask(early_bill, 10.0), "to_approve", "the service was before the validity")
        for move, reason in ((other_bill, self.assist_reason), (bill, self.small_balance)):
            with self.assertRaisesRegex(ValidationError, "on bills of Ana López alone"), self.env.cr.savepoint():
                ask(move, 10.0, reason)
        self.assertEqual(ask(bill, 300.0), "posted")

    def test_charity_typed_by_hand_still_waits_for_a_manager(self):
        coordinator = new_test_user(
            self.env, "assist_coordinator", groups="billing_coordinator.group_coordinator",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        adjustment = self.env["billing.adjustment"].with_user(coordinator).create({
            "move_id": self._bill().id, "reason_id": self.assist_reason.id, "amount": 1.0, "date": TODAY,
        })
        adjustment._decide_or_ask()
        self.assertEqual(adjustment.state, "to_approve")

    def test_a_closed_period_refuses_the_whole(self):
        bills = self._bill() | self._bill()
        application = self._accept()
        self.company.fiscalyear_lock_date = TODAY
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._take_off(application)
        self.assertEqual(bills.mapped("amount_residual"), [500.0, 500.0])
