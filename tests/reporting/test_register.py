from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..agencies.common import AgencyCase
from ..common import TODAY, BillingCase
from .books import Books


class RegisterCase(Books, BillingCase):
    """A register that is read as (day, kind): amount."""

    def _register(self, *domain, by="kind"):
        rows = self._sum_rows("billing.register.entry", ["date:day", by], "amount", domain)
        return {(str(day), what): amount for (day, what), amount in rows.items()}

    def _answered(self, **values):
        """A claim answered 300 paid, 120 discount, 80 to the patient; gives (invoice, answer, patient's invoice)."""
        invoice = self._bill(**values)
        answer = self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        return invoice, answer, answer.caused_move_ids.filtered("billing_kind")

    def _decide(self, invoice, amount, reason=None, date="2026-03-14"):
        decision = self.env["billing.adjustment"].create({
            "move_id": invoice.id, "reason_id": (reason or self.small_balance).id, "amount": amount, "date": date,
        })
        decision.action_approve()
        return decision

    def _refund(self, partner, amount, date="2026-03-16"):
        payment = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "customer", "partner_id": partner.id, "amount": amount,
            "date": date, "journal_id": self.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        return payment


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRegister(RegisterCase):
    """The day sheet: every kind of event on its day, under whoever it belongs to."""

    def test_a_claim_from_bill_to_last_cent(self):
        _invoice, _answer, patient_invoice = self._answered()
        self._pay(patient_invoice, 50.0)
        self._decide(patient_invoice, 10.0)
        expected = {
            ("2026-03-06", "billed"): 500.0,
            ("2026-03-10", "paid"): -300.0,
            ("2026-03-10", "adjusted"): -120.0,
            ("2026-03-10", "passed_on"): -80.0,
            ("2026-03-10", "received"): 80.0,
            ("2026-03-12", "paid"): -50.0,
            ("2026-03-14", "adjusted"): -10.0,
        }
        self.assertEqual(self._register(), expected)
        self.assertRegisterTies()
        entries = self.env["billing.register.entry"].search([])
        self.assertEqual(entries.provider_id, self.provider, "the one of the visit, on every row")
        self.assertEqual((entries.payer_id, set(entries.mapped("payer_type"))), (self.payer, {"insurer"}))
        self.assertEqual(entries.patient_id, self.patient)
        self.assertEqual(entries.user_id, self.env.user)
        self.assertEqual(
            self._sum_rows("billing.register.entry", ["debtor_id"], "amount"), {self.patient: 20.0},
        )
        reasons = entries.filtered("reason_id").mapped(lambda row: (row.reason_id, row.amount))
        self.assertCountEqual(reasons, [(self.co_45, -120.0), (self.pr_1, -80.0), (self.small_balance, -10.0)])

    def test_columns_stand_for_their_kinds(self):
        _invoice, _answer, patient_invoice = self._answered()
        self._pay(patient_invoice, 50.0)
        self.env.flush_all()
        names = ("amount_charged", "amount_paid", "amount_adjusted", "amount_moved", "amount_other", "amount")
        [totals] = self.env["billing.register.entry"]._read_group([], [], [f"{name}:sum" for name in names])
        self.assertEqual(totals, (500.0, -350.0, -120.0, 0.0, 0.0, 30.0))

    def test_an_answer_taken_back_with_its_money(self):
        _invoice, answer, patient_invoice = self._answered()
        self._pay(patient_invoice)
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong")
        self.assertEqual(self._register(("date", "=", "2026-03-15")), {
            ("2026-03-15", "paid"): 300.0, ("2026-03-15", "adjusted"): 120.0, ("2026-03-15", "passed_on"): 80.0,
            ("2026-03-15", "received"): -80.0,
        })
        back = self.env["billing.register.entry"].search([("is_reversal", "=", True)])
        self.assertEqual(set(back.mapped("kind")), {"paid", "adjusted", "passed_on"})
        self.assertRegisterTies()

    def test_an_answer_taken_back_whose_money_stays_and_pays_another_claim(self):
        _invoice, answer, _patient_invoice = self._answered()
        answer._reverse(fields.Date.to_date("2026-03-15"), "wrong", money="keep")
        credit = self.env["billing.register.entry"].search([("kind", "=", "credit")])
        self.assertEqual(sorted(credit.mapped("amount")), [-300.0, 300.0], "open again, and credit of the payer")
        self.assertRegisterTies()
        other = self._bill()
        again = self._prepare_answer(other.claim_ids, 0.0, reference="CHK 2", date="2026-03-16", credit_amount=300.0)
        again.line_ids.write({
            "amount_paid": 300.0,
            "adjustment_ids": [Command.create({"reason_id": self.co_45.id, "amount": 200.0})],
        })
        again.action_post()
        self.assertEqual(self._register(("date", "=", "2026-03-16")), {("2026-03-16", "adjusted"): -200.0})
        self.assertRegisterTies()

    def test_credit_note_and_refund(self):
        invoice = self._bill(is_self_pay=True)
        self._pay(invoice, 520.0)
        with freeze_time("2026-03-13"):
            invoice.encounter_id._unbill("wrong")
        self._refund(self.patient, 520.0)
        self.assertEqual(self._register(), {
            ("2026-03-06", "billed"): 500.0, ("2026-03-12", "paid"): -520.0, ("2026-03-13", "credited"): -500.0,
            ("2026-03-16", "refunded"): 520.0,
        })
        self.assertRegisterTies()

    def test_money_belongs_to_the_providers_of_the_bills_that_it_pays(self):
        second = self.env["res.partner"].create({"name": "Dr. Otto Hahn", "is_provider": True})
        first = self._bill(is_self_pay=True)
        other = self._bill(self._create_encounter(is_self_pay=True, provider_id=second.id))
        payment = self._pay_with(first + other, group_payment=True)
        self.assertEqual(len(payment), 1)
        paid = self._sum_rows("billing.register.entry", ["provider_id"], "amount", [("kind", "=", "paid")])
        self.assertEqual(paid, {self.provider: -500.0, second: -500.0})
        payment.move_id.line_ids.remove_move_reconcile()
        self.env.invalidate_all()
        paid = self._sum_rows("billing.register.entry", ["provider_id"], "amount", [("kind", "=", "paid")])
        self.assertEqual(paid, {self.env["res.partner"]: -1000.0}, "it pays no bill for now")
        self.assertRegisterTies()

    def _pay_with(self, invoices, date="2026-03-12", **values):
        """Odoo's payment window, filled in like this."""
        return self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids,
        ).create({"payment_date": date, **values})._create_payments()

    def test_what_odoos_payment_window_writes_off_is_no_money(self):
        invoice = self._bill(is_self_pay=True)
        self._pay_with(
            invoice, amount=480.0, payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(self._register(("date", "=", "2026-03-12")), {
            ("2026-03-12", "paid"): -480.0, ("2026-03-12", "other"): -20.0,
        })
        self.assertRegisterTies()

    def test_a_line_of_the_bank_statement_is_money(self):
        invoice = self._bill(is_self_pay=True)
        bank = self.company.billing_payment_journal_id
        self.pay_with_statement_line(invoice, bank.id, "2026-03-11", 500.0)
        self.assertEqual(self._register(("date", "=", "2026-03-11")), {("2026-03-11", "paid"): -500.0})
        self.assertRegisterTies()

    def test_what_billing_does_not_know_is_shown(self):
        _invoice, _answer, patient_invoice = self._answered()
        by_hand = self.env["account.move"].create({
            "move_type": "entry", "date": "2026-03-13", "line_ids": [
                Command.create({
                    "account_id": self._receivable().id, "partner_id": self.patient.id, "credit": 30.0,
                }),
                Command.create({"account_id": self.company_data["default_account_expense"].id, "debit": 30.0}),
            ],
        })
        by_hand.action_post()
        (by_hand.line_ids.filtered("credit") + patient_invoice._get_billing_receivable_item()).reconcile()
        customer = self.env["res.partner"].create({"name": "An ordinary customer"})
        sale = self._create_invoice_one_line(
            partner_id=customer, price_unit=70.0, tax_ids=[], post=True, invoice_date="2026-03-14",
        )
        self._pay(sale, date="2026-03-15")
        nobody = by_hand.copy({"date": "2026-03-16", "line_ids": [
            Command.create({"account_id": self._receivable().id, "debit": 7.0}),
            Command.create({"account_id": self.company_data["default_account_expense"].id, "credit": 7.0}),
        ]})
        nobody.action_post()
        other = {key: amount for key, amount in self._register().items() if key[1] == "other"}
        self.assertEqual(other, {
            ("2026-03-13", "other"): -30.0, ("2026-03-14", "other"): 70.0, ("2026-03-15", "other"): -70.0,
            ("2026-03-16", "other"): 7.0,
        })
        self.assertRegisterTies()

    def test_euros_stand_in_the_currency_of_the_company_and_their_difference_on_its_day(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.90), ("2026-03-10", 0.83)])
        invoice = self._bill(currency_id=euro.id, services=[(self.service, 500.0)])
        self._answer(invoice.claim_ids, 300.0, [(self.co_45, 200.0)])
        # 500 at 0.90 were asked, 300 and 200 at 0.83 came off: Odoo books the rest on the day it is found.
        self.assertEqual(self._register(), {
            ("2026-03-06", "billed"): 555.56, ("2026-03-10", "paid"): -361.45, ("2026-03-10", "adjusted"): -240.96,
            ("2026-03-16", "exchange"): 46.85,
        })
        billed = self.env["billing.register.entry"].search([("kind", "=", "billed")])
        self.assertEqual((billed.amount_foreign, billed.foreign_currency_id), (500.0, euro))
        self.assertRegisterTies()

    def test_past_days_are_filled_when_something_is_posted_late(self):
        self._bill(self._create_encounter(date="2025-12-30", is_self_pay=True), date="2025-12-31")
        self.assertEqual(self._register(), {("2025-12-31", "billed"): 500.0})
        self.assertRegisterTies()

    def test_each_company_has_its_own_register_in_its_own_currency(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        data = self.setup_other_company(name="Second Practice", currency_id=yen.id)
        company = data["company"]
        company._billing_setup()
        self.env.user.company_ids += company
        both = self.company + company
        self.env = self.env(context={**self.env.context, "allowed_company_ids": both.ids})
        plan = self._create_plan("Second Plan", self.payer, company_id=company.id)
        self._create_coverage(self.patient, plan)
        self.service.with_company(company).property_account_income_id = data["default_account_revenue"]
        self.service.taxes_id = False
        self._answered()
        invoice = self._bill(company_id=company.id, services=[(self.service, 1001.0)])
        self._answer(invoice.claim_ids, 667.0, [(self.co_45, 334.0)])
        self.assertRegisterTies(both)
        self.assertAllowancesTie(both)
        self.assertProfitTies(both)
        rows = self._sum_rows("billing.register.entry", ["currency_id", "kind"], "amount", companies=both)
        self.assertEqual(
            {kind: amount for (currency, kind), amount in rows.items() if currency == yen},
            {"billed": 1001.0, "paid": -667.0, "adjusted": -334.0},
        )
        stranger = new_test_user(
            self.env, login="sam", groups="billing_coordinator.group_manager", company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for model in ("billing.register.entry", "billing.allowance.item", "billing.profit.item"):
            rows = self.env[model].with_user(stranger).with_context(allowed_company_ids=company.ids).search([])
            self.assertEqual(rows.company_id, company, model)

    def test_a_row_opens_what_it_came_from(self):
        invoice = self._bill()
        self.env.flush_all()
        [row] = self.env["billing.register.entry"].search([])
        action = row.action_view_source()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", invoice.id))

    def test_any_number_of_rows_is_read_in_the_same_number_of_queries(self):
        def count(model, names, groups):
            """Queries of the second run: the first one fills Odoo's caches."""
            for _time in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.env[model].search_fetch([], names).mapped("debtor_id.display_name")
                self.env[model].formatted_read_group([], groups, [f"{names[-1]}:sum"])
            return self.env.cr.sql_log_count - before

        wanted = [
            ("billing.register.entry", ["date", "kind", "debtor_id", "provider_id", "amount"], ["date:day", "kind"]),
            ("billing.allowance.item", ["date", "reason_id", "debtor_id", "amount_adjusted"], ["kind", "reason_id"]),
            ("billing.profit.item", ["date", "account_id", "debtor_id", "amount"], ["account_id", "date:month"]),
        ]
        self._answered()
        few = [count(*one) for one in wanted]
        for _time in range(5):
            self._answered()
        self.assertEqual([count(*one) for one in wanted], few)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRegisterOfAgencies(Books, AgencyCase):
    """What agencies collect is paid; what they keep of it is not money, and says so."""

    def test_what_an_agency_keeps(self):
        placements = self._place()
        recovery = self._report((placements[0], 100.0), pays="net")
        today = [("date", "=", TODAY)]
        rows = self._sum_rows("billing.register.entry", ["kind", "debtor_id"], "amount", today)
        self.assertEqual(rows, {("paid", self.nora): -75.0, ("kept", self.nora): -25.0})
        self.assertRegisterTies()
        self.assertProfitTies()
        commission = self._sum_rows("billing.profit.item", ["account_id"], "amount_commission")
        self.assertEqual(commission, {self.commission_account: -25.0})
        recovery.action_reverse()
        self.assertFalse(self._sum_rows("billing.register.entry", ["kind", "debtor_id"], "amount", today))
        self.assertRegisterTies()
        self.assertProfitTies()

    def test_fee_and_interest_and_what_is_waived_of_them(self):
        self.first.write({"fee": 5.0})
        self._night("2026-03-16")
        self._night("2026-03-19")
        fee = self._case().step_ids.charge_ids
        with freeze_time("2026-03-20"):
            self.env["billing.charge.waive"].create({"move_id": fee.id, "reason": "A mistake"}).action_waive()
        since = [("date", ">", TODAY)]
        rows = self._sum_rows("billing.register.entry", ["date:day", "kind"], "amount", since)
        self.assertEqual(
            {(str(day), kind): amount for (day, kind), amount in rows.items()},
            {("2026-03-19", "fee"): 5.0, ("2026-03-20", "credited"): -5.0},
        )
        self.assertRegisterTies()
        self.assertAllowancesTie()
        self.assertProfitTies()
        waived = self._sum_rows("billing.allowance.item", ["kind", "account_id"], "amount_credited")
        self.assertEqual(waived, {("waived", self.company.billing_fee_account_id): 5.0})
        self.assertFalse(self._sum_rows("billing.profit.item", ["kind"], "amount", since), "earned and waived")
