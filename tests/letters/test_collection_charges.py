from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionCharges(CollectionCase):
    """What being late costs Nora: a fee once a step, interest by days, each an invoice of its own that can be waived.

    | event | journal items |
    |---|---|
    | fee 5 | Dr AR[N] 5 / Cr FEE 5 |
    | interest to 19 March: 200 for 38 days, 400 for 7 days, at 9.12 % | Dr AR[N] 2.60 / Cr INT 1.90, 0.70 |
    | waived | the same the other way round |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first.write({"fee": 5.0, "charges_interest": True})
        cls.fees, cls.interest = cls.company.billing_fee_account_id, cls.company.billing_interest_account_id
        cls.receivable = cls.nora.property_account_receivable_id
        cls._add_rate("2026-01-01", 9.12)

    @classmethod
    def _add_rate(cls, day, percent, debtor="person"):
        return cls.env["billing.interest.rate"].create({
            "company_id": cls.company.id, "debtor": debtor, "date_from": day, "percent": percent,
        })

    def _notice(self):
        """The first notice, three days after the reminder."""
        self._night("2026-03-16")
        self._night("2026-03-19")
        return self._case().step_ids.filtered(lambda step: step.stage_id == self.first)

    def _charges(self, step, account):
        return step.charge_ids.filtered(lambda move: account in move.line_ids.account_id)

    def test_fee_and_interest_are_invoices_on_their_own_accounts(self):
        step = self._notice()
        fee, interest = self._charges(step, self.fees), self._charges(step, self.interest)
        self.assertItems(fee, [(self.receivable, self.nora, 5.0, 0.0), (self.fees, self.nora, 0.0, 5.0)])
        self.assertItems(interest, [
            (self.receivable, self.nora, 2.60, 0.0), (self.interest, self.nora, 0.0, 1.90),
            (self.interest, self.nora, 0.0, 0.70),
        ])
        self.assertEqual((fee.state, interest.state, str(fee.invoice_date)), ("posted", "posted", "2026-03-19"))
        self.assertEqual(fee.invoice_line_ids.mapped("name"), ["Fee: First notice"])
        self.assertEqual(interest.invoice_line_ids.mapped("name"), [
            f"Interest on $200.00 of {self.january.name}: 9.12 % a year, February 10, 2026 to March 19, 2026 (38 days)",
            f"Interest on $400.00 of {self.february.name}: 9.12 % a year, March 13, 2026 to March 19, 2026 (7 days)",
        ])
        self.assertConserved()

    def test_they_join_the_case_and_are_asked_for_with_the_bills(self):
        step = self._notice()
        case = self._case()
        self.assertEqual((step.amount, case.amount_open, case.amount_overdue), (607.6, 607.6, 600.0))
        self.assertEqual(len(case.item_ids), 4)
        self.assertEqual(case.item_ids.stage_id, self.first)
        # By when the second notice may come.
        self.assertEqual(set(map(str, step.charge_ids.mapped("invoice_date_due"))), {"2026-04-01"})

    def test_the_next_interest_begins_where_the_last_one_ended_and_fees_bear_none(self):
        self.second.charges_interest = True
        self._notice()
        self._night("2026-04-12")
        step = self._case().step_ids.filtered(lambda step: step.stage_id == self.second)
        interest = step.charge_ids
        self.assertEqual(interest.invoice_line_ids.mapped("name"), [
            f"Interest on $200.00 of {self.january.name}: 9.12 % a year, March 20, 2026 to April 12, 2026 (24 days)",
            f"Interest on $400.00 of {self.february.name}: 9.12 % a year, March 20, 2026 to April 12, 2026 (24 days)",
        ])
        # 200 and 400 for 24 days: 1.1994 and 2.3986.
        self.assertEqual(interest.invoice_line_ids.mapped("price_unit"), [1.20, 2.40])

    def test_a_new_rate_splits_the_interest(self):
        self._add_rate("2026-03-15", 10.12)
        names = self._charges(self._notice(), self.interest).invoice_line_ids.mapped("name")
        self.assertEqual([name.partition(": ")[2] for name in names], [
            "9.12 % a year, February 10, 2026 to March 14, 2026 (33 days)",
            "10.12 % a year, March 15, 2026 to March 19, 2026 (5 days)",
            "9.12 % a year, March 13, 2026 to March 14, 2026 (2 days)",
            "10.12 % a year, March 15, 2026 to March 19, 2026 (5 days)",
        ])

    def test_less_than_the_least_adds_up_until_the_next_step(self):
        self.company.billing_interest_min = 5.0
        self.second.charges_interest = True
        self.assertFalse(self._charges(self._notice(), self.interest))
        self._night("2026-04-12")
        step = self._case().step_ids.filtered(lambda step: step.stage_id == self.second)
        self.assertEqual([name.rpartition(" (")[2] for name in step.charge_ids.invoice_line_ids.mapped("name")], [
            "62 days)", "31 days)",
        ])

    def test_without_a_rate_there_is_no_interest(self):
        self.env["billing.interest.rate"].search([]).unlink()
        step = self._notice()
        self.assertEqual(step.charge_ids, self._charges(step, self.fees))

    def test_no_fee_is_asked_for_fees_alone(self):
        self.second.fee = 7.0
        step = self._notice()
        self._pay(self.january + self.february, 600.0, date="2026-03-20")
        self._night("2026-05-20")
        later = self._case()[0].step_ids - step
        self.assertTrue(later.filtered(lambda step: step.state == "done"))
        self.assertFalse(later.charge_ids)

    def test_what_a_plan_pays_bears_no_interest(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.item_ids.filtered(lambda item: item.move_id == self.february).unlink()
        plan.action_accept()
        step = self._notice()
        names = self._charges(step, self.interest).invoice_line_ids.mapped("name")
        self.assertEqual(len(names), 0, "0.70 of February alone is less than the least")
        self.company.billing_interest_min = 0.0
        with freeze_time("2026-03-19"):
            found = step._find_interest(step._get_bearing_bills())
        self.assertEqual(
            [line.move_id for rows in found.values() for line, _period in rows], [self.february],
        )

    def test_what_is_disputed_bears_no_interest_and_is_not_asked_for(self):
        case = type(self.env["billing.collection.case"])
        item = self.february._get_billing_receivable_item()
        with patch.object(case, "_get_held", lambda cases, items: {item.id: [("dispute", 100.0)]}):
            step = self._notice()
        names = self._charges(step, self.interest).invoice_line_ids.mapped("name")
        self.assertIn(f"Interest on $300.00 of {self.february.name}", names[1])
        # 200 + 300, fee 5, interest 1.90 + 0.52.
        self.assertEqual(step.amount, 507.42)

    def test_days_in_a_plan_that_broke_are_not_counted(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.action_accept()
        with freeze_time("2026-03-17"):
            plan.action_cancel()
        self._night("2026-03-17")
        self._night("2026-04-01")
        step = self._case().step_ids.filtered(lambda step: step.stage_id == self.first)
        names = self._charges(step, self.interest).invoice_line_ids.mapped("name")
        self.assertEqual(
            [name.partition("a year, ")[2] for name in names], ["March 18, 2026 to April 1, 2026 (15 days)"] * 2,
        )

    def test_a_bill_in_a_foreign_currency_bears_interest_in_it(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({"currency_id": euro.id, "rate": 0.5, "name": "2026-01-01"})
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "currency_id": euro.id,
            "invoice_date": "2026-01-10", "invoice_date_due": "2026-02-09",
            "invoice_line_ids": [fields.Command.create({"name": "X", "price_unit": 1000.0, "tax_ids": False})],
        })
        bill.action_post()
        step = self._notice()
        interest = self._charges(step, self.interest)
        self.assertEqual(
            sorted((move.currency_id.name, move.amount_total) for move in interest), [("EUR", 9.49), ("USD", 2.60)],
        )
        self.assertItems(interest.filtered(lambda move: move.currency_id == euro), [
            (self.receivable, self.nora, 18.98, 0.0), (self.interest, self.nora, 0.0, 18.98),
        ])

    def test_a_currency_without_cents(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create({"currency_id": yen.id, "rate": 100.0, "name": "2026-01-01"})
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "currency_id": yen.id,
            "invoice_date": "2026-01-10", "invoice_date_due": "2026-02-09",
            "invoice_line_ids": [fields.Command.create({"name": "X", "price_unit": 50000.0, "tax_ids": False})],
        })
        bill.action_post()
        interest = self._charges(self._notice(), self.interest).filtered(lambda move: move.currency_id == yen)
        # 50000 × 9.12 % × 38 / 365 = 474.74
        self.assertEqual(interest.amount_total, 475.0)

    def test_a_company_pays_the_lump_sum_once_for_each_bill_and_people_never(self):
        self.company.billing_late_lump_sum = 40.0
        step = self._notice()
        self.assertEqual(self._charges(step, self.fees).amount_total, 5.0)
        stages = self.env["billing.collection.stage"].create([
            {"name": name, "company_id": self.company.id, "debtor_class": "company", "sequence": sequence, "days": days,
             "wait": 3, "charges_interest": True, "subject": name, "text": f"<p>{name}.</p>"}
            for sequence, (name, days) in enumerate((("Notice", 5), ("Final", 10)), start=1)
        ])
        self._add_rate("2026-01-01", 10.15, "company")
        firm = self.env["res.partner"].create({"name": "Acme", "is_company": True, "email": "acme@example.com"})
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": firm.id, "invoice_date": "2026-02-01",
            "invoice_date_due": "2026-03-01",
            "invoice_line_ids": [fields.Command.create({"name": "X", "price_unit": 1000.0, "tax_ids": False})],
        })
        bill.action_post()
        self._night("2026-03-20")
        self._night("2026-04-20")
        steps = self._case(firm).step_ids.sorted("date")
        self.assertEqual(steps.stage_id, stages)
        self.assertItems(self._charges(steps[0], self.fees), [
            (self.receivable, firm, 40.0, 0.0), (self.fees, firm, 0.0, 40.0),
        ])
        self.assertEqual(self._charges(steps[0], self.fees).invoice_line_ids.name, (
            f"Lump sum for the late payment of {bill.name} (Directive 2011/7/EU, article 6)"
        ))
        self.assertFalse(self._charges(steps[1], self.fees))
        # 1000 × 10.15 % × 19 and 31 days.
        self.assertEqual([self._charges(step, self.interest).amount_total for step in steps], [5.28, 8.62])

    def test_without_an_account_the_step_waits_and_says_why_and_the_others_go_on(self):
        otto = self._create_patient("Otto Oldt", email="otto@example.com")
        otto._set_state("pending")
        otto._set_state("active")
        self._night("2026-03-16")
        self._bill(self._create_encounter(otto, [(self.service, 90.0)], date="2026-02-01"), date="2026-02-01")
        self.company.billing_fee_account_id = False
        self._night("2026-03-19")
        step = self._case().step_ids.filtered(lambda step: step.stage_id == self.first)
        self.assertEqual(step.state, "ready")
        self.assertIn("has no account for fees and interest yet", step.problem)
        self.assertEqual(self._steps(otto), [("2026-03-19", "Reminder", 90.0)])
        self.company._billing_setup()
        self._night("2026-03-20")
        self.assertEqual((step.state, step.problem, len(step.charge_ids)), ("done", False, 2))

    # === WAIVED === #

    def _waive(self, move, user=None, reason="Paid on the day of the letter"):
        wizard = self.env["billing.charge.waive"].with_user(user or self.env.user).create({
            "move_id": move.id, "reason": reason,
        })
        return wizard.action_waive()

    def test_a_fee_is_waived_with_a_credit_note_that_says_why(self):
        step = self._notice()
        fee = self._charges(step, self.fees)
        self._waive(fee)
        note = fee.reversal_move_ids
        self.assertItems(note, [(self.receivable, self.nora, 0.0, 5.0), (self.fees, self.nora, 5.0, 0.0)])
        self.assertEqual((fee.amount_residual, note.state, note.ref), (0.0, "posted", "Paid on the day of the letter"))
        self.assertEqual(self._case().amount_open, 602.6)
        self.assertIn("is waived with", self._case().message_ids[0].body)
        self.assertConserved()
        with self.assertRaisesRegex(UserError, "a part was paid or credited"):
            self._waive(fee)

    def test_what_was_waived_is_not_asked_for_again(self):
        self.second.charges_interest = True
        self._waive(self._charges(self._notice(), self.interest))
        self._night("2026-04-12")
        step = self._case().step_ids.filtered(lambda step: step.stage_id == self.second)
        self.assertEqual(step.charge_ids.amount_total, 3.60)

    def test_a_coordinator_waives_within_the_limit_and_a_manager_beyond_it(self):
        fee = self._charges(self._notice(), self.fees)
        clara = new_test_user(self.env, "clara", "billing_coordinator.group_coordinator", company_id=self.company.id)
        self.company.billing_adjustment_limit = 4.0
        with self.assertRaisesRegex(UserError, "is above what you may give up. Ask a billing manager"):
            self._waive(fee, clara)
        self.company.billing_adjustment_limit = 5.0
        self._waive(fee, clara)
        self.assertFalse(fee.amount_residual)

    def test_a_bill_is_not_waived_this_way_and_a_fee_is_not_edited(self):
        step = self._notice()
        with self.assertRaisesRegex(UserError, "is no fee or interest of a collection step"):
            self._waive(self.january)
        with self.assertRaisesRegex(UserError, "is not edited. Waive it instead"):
            self._charges(step, self.fees).button_draft()

    # === RATES === #

    def test_the_rates_of_the_law_are_loaded_once_and_by_country(self):
        self.env["billing.interest.rate"].search([]).unlink()
        self.company.country_id = self.env.ref("base.es")
        self.company._load_billing_late_defaults()
        rates = self.env["billing.interest.rate"].search([("company_id", "=", self.company.id)])
        self.assertEqual(rates.mapped("debtor"), ["company"] * 5)
        self.assertEqual(rates[0].percent, 10.15)
        self.company._load_billing_late_defaults()
        self.assertEqual(len(self.env["billing.interest.rate"].search([("company_id", "=", self.company.id)])), 5)
        rates.unlink()
        self.company.country_id = self.env.ref("base.de")
        self.company._load_billing_late_defaults()
        german = self.env["billing.interest.rate"].search([
            ("company_id", "=", self.company.id), ("date_from", "=", "2026-01-01"),
        ])
        self.assertEqual(dict(german.mapped(lambda rate: (rate.debtor, rate.percent))), {
            "person": 6.27, "company": 10.27,
        })
        self.assertFalse(self.env["billing.collection.stage"].search([("charges_interest", "=", True)]) - self.first)

    def test_elsewhere_the_office_types_its_own_rates(self):
        with self.assertRaisesRegex(UserError, "is in United States. Add the rates that hold there instead"):
            self.company._load_billing_late_defaults()

    def test_a_rate_beyond_reason_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Type a rate between 0 and 100"):
            self._add_rate("2026-05-01", 912.0)
