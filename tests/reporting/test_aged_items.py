import re
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL

from odoo.addons.account.controllers.portal import PortalAccount

from odoo.addons.billing_coordinator.reports.analyses.receivables.aged_item import APART_FIELDS, BUCKET_FIELDS

from ..agencies.common import AgencyCase
from ..collections.common import CollectionCase
from ..common import TODAY, BillingCase
from ..plans.common import PlanCase

# Days past due, and the column in which an item of that age stands.
BOUNDARIES = (
    (-1, "amount_current"), (0, "amount_current"), (1, "amount_1_30"), (29, "amount_1_30"), (30, "amount_1_30"),
    (31, "amount_31_60"), (60, "amount_31_60"), (61, "amount_61_90"), (90, "amount_61_90"), (91, "amount_91_120"),
    (120, "amount_91_120"), (121, "amount_over_120"),
)


class AgedMixin:
    """Ways to read the report, and to add up the books without it."""

    def _aged(self, day=None, **context):
        """{journal item: row} as of a day."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["billing.aged.item"].with_context(billing_as_of=day, **context).search([])
        return {row.move_line_id: row for row in rows}

    def _open_by_hand(self, day):
        """{journal item: open amount} at the end of a day, from all that was ever matched until then."""
        day = fields.Date.to_date(day)
        lines = self.env["account.move.line"].search([
            ("parent_state", "=", "posted"), ("account_id.account_type", "=", "asset_receivable"),
            ("date", "<=", day), ("company_id", "in", self.env.companies.ids),
        ])
        found = {}
        for line in lines:
            matched = line.matched_debit_ids | line.matched_credit_ids
            amount = line.balance
            for partial in matched.filtered(lambda part: part.max_date <= day):
                amount += partial.amount if partial.credit_move_id == line else -partial.amount
            if not line.company_currency_id.is_zero(amount):
                found[line] = round(amount, 2)
        return found

    def _receivable_balance(self, day):
        """The receivable accounts of the trial balance at the end of a day, in the companies at work."""
        [(balance,)] = self.env["account.move.line"]._read_group([
            ("parent_state", "=", "posted"), ("account_id.account_type", "=", "asset_receivable"),
            ("date", "<=", day), ("company_id", "in", self.env.companies.ids),
        ], [], ["balance:sum"])
        return balance or 0.0

    def assertAged(self, day):
        """The report of a day: each item by itself, each cent in one age and one place, all of it the balance."""
        rows = self._aged(day)
        self.assertEqual(
            {line: round(row.amount, 2) for line, row in rows.items() if round(row.amount, 2)},
            self._open_by_hand(day), day,
        )
        for line, row in rows.items():
            for columns in (BUCKET_FIELDS, APART_FIELDS):
                parts = sum(row[fname] for fname in columns) + row.amount_credit
                self.assertAlmostEqual(parts, row.amount, places=2, msg=(line.move_name, columns))
                self.assertTrue(all(row[fname] >= 0 for fname in columns), (line.move_name, columns))
        self.assertAlmostEqual(
            sum(row.amount for row in rows.values()), self._receivable_balance(day), places=2, msg=day,
        )


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAgeOfItems(AgedMixin, CollectionCase):
    """One rule for how late something is: on the statement, in the report, in the case and on the portal."""

    def test_every_boundary_is_the_same_on_statement_report_case_and_portal(self):
        today = fields.Date.to_date(TODAY)
        for days, column in BOUNDARIES:
            with self.subTest(days=days):
                person = self._create_patient(f"Late by {days}")
                due = today - timedelta(days=days)
                visit = self._create_encounter(person, [(self.service, 70.0)], date=str(due - timedelta(days=30)))
                bill = self._bill(visit, date=str(due - timedelta(days=30)))
                item = bill._get_billing_receivable_item()
                self.assertEqual(item.date_maturity, due)
                row = self._aged()[item]
                self.assertEqual({fname: row[fname] for fname in BUCKET_FIELDS if row[fname]}, {column: 70.0})
                self.assertEqual(row.days_late, days)
                ages = self._statement_ages(person)
                self.assertEqual([bucket for bucket, amount in ages.items() if amount], [row.bucket])
                self._night()
                self.assertEqual(self._case(person).amount_overdue, 70.0 if days > 0 else 0.0)
                overdue = PortalAccount._get_overdue_invoices_domain(None, person.id)
                self.assertEqual(self.env["account.move"].search_count(overdue), 1 if days > 0 else 0)

    def _statement_ages(self, person):
        [statement] = self.env["report.billing_coordinator.report_statement"]._get_statements(person, self.company)
        return dict(statement["ages"])

    def test_the_ages_are_named_as_their_columns(self):
        names = dict(self.env["billing.aged.item"]._fields["bucket"]._description_selection(self.env))
        self.assertEqual(list(names.values()), [
            "Not due", "1–30 days", "31–60 days", "61–90 days", "91–120 days", "Over 120 days",
        ])

    def test_who_owes_is_told_apart_by_kind(self):
        claim = self._bill()
        rows = self._aged()
        self.assertEqual(rows[self.january._get_billing_receivable_item()].debtor_class, "person")
        row = rows[claim._get_billing_receivable_item()]
        self.assertEqual((row.debtor_class, row.payer_type, row.debtor_id), ("payer", "insurer", self.payer))
        self.assertEqual((row.patient_id, row.provider_id), (self.patient, self.provider))
        self.assertEqual((row.amount_claim, row.amount_asked), (500.0, 0.0))

    def test_a_click_opens_the_bill(self):
        row = self._aged()[self.january._get_billing_receivable_item()]
        action = row.action_view_source()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", self.january.id))

    def test_what_nobody_asks_for_is_not_joined(self):
        for day in (None, "2026-03-01"):
            analysis = self.env["billing.aged.item"].with_context(billing_as_of=day)
            ages = ", ".join(f"SUM({fname})" for fname in ("amount", *BUCKET_FIELDS))
            plan = self.env.execute_query(SQL(
                "EXPLAIN SELECT debtor_id, %s FROM (%s) aged GROUP BY debtor_id", SQL(ages), analysis._table_query,
            ))
            tables = set(re.findall(r" on (\w+)", "\n".join(line for line, in plan)))
            self.assertIn("account_move_line", tables)
            # On a past day plans say when items were due.
            plans = {"billing_payment_plan", "billing_payment_plan_item"} if day else set()
            self.assertEqual({name for name in tables if name.startswith(("billing_", "res_"))}, plans)

    def test_reading_many_takes_as_many_queries_as_reading_few(self):
        analysis = self.env["billing.aged.item"]

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            analysis.formatted_read_group([], ["debtor_id"], ["amount:sum", "amount_plan:sum"])
            analysis.search([]).read(["debtor_id", "move_id", "amount", "amount_disputed"])
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(5):
            self._bill_nora(100.0 + number, "2026-03-01")
        self.assertEqual(queries(), few)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAgedBooks(AgedMixin, BillingCase):
    """The report of any day is what the books said on that day."""

    def test_every_day_of_a_history_adds_up_to_the_receivable_accounts(self):
        first = self._bill(date="2026-01-20", encounter=self._create_encounter(date="2026-01-15"))
        answer = self._answer(first.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)], date="2026-02-05")
        left = answer.caused_move_ids.filtered("billing_kind")
        self._pay(left, 100.0, date="2026-02-20")
        second = self._bill(date="2026-02-01", encounter=self._create_encounter(date="2026-01-25"))
        self._answer(second.claim_ids, 0.0, [(self.co_50, 500.0)], date="2026-02-25")
        answer._reverse(fields.Date.to_date("2026-03-02"), "Wrong patient", money="keep")
        self._answer(first.claim_ids, 320.0, [(self.co_45, 100.0), (self.pr_1, 80.0)], date="2026-03-05")
        own = self._bill(
            date="2026-02-10", encounter=self._create_encounter(self._create_patient("Dan Self"), date="2026-02-08"),
        )
        self._pay(own, 600.0, date="2026-03-10")
        self._reverse(own, "2026-03-12")
        start = date(2026, 1, 14)
        for days in range(0, 62):
            self.assertAged(str(start + timedelta(days=days)))
        self.assertConserved()

    def _reverse(self, invoice, day):
        """The office takes an invoice back."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids,
        ).create({"date": day, "reason": "Wrong", "journal_id": invoice.journal_id.id})
        refund = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        if refund.state == "draft":
            refund.action_post()
        return refund

    def test_a_payment_that_came_later_is_not_known_before(self):
        invoice = self._bill(
            date="2026-01-20", encounter=self._create_encounter(self._create_patient("Dan Self"), date="2026-01-15"),
        )
        item = invoice._get_billing_receivable_item()
        self._pay(invoice, 180.0, date="2026-02-10")
        self._pay(invoice, date="2026-03-10")
        self.assertEqual(self._aged("2026-02-09")[item].amount, 500.0)
        self.assertEqual(self._aged("2026-02-10")[item].amount, 320.0)
        self.assertEqual(self._aged("2026-03-09")[item].amount, 320.0)
        self.assertNotIn(item, self._aged("2026-03-10"))
        self.assertNotIn(item, self._aged("2026-01-19"))
        self.assertNotIn(item, self._aged())

    def test_money_of_a_day_to_come_is_not_there_today(self):
        invoice = self._bill(encounter=self._create_encounter(self._create_patient("Dan Self")))
        self._pay(invoice, date="2026-03-20")
        row = self._aged()[invoice._get_billing_receivable_item()]
        self.assertEqual(row.amount, 500.0)
        self.assertAged(TODAY)

    def test_what_is_set_back_to_draft_pays_nothing_until_it_is_posted_again(self):
        invoice = self._bill(
            date="2026-01-20", encounter=self._create_encounter(self._create_patient("Dan Self"), date="2026-01-15"),
        )
        item = invoice._get_billing_receivable_item()
        self._pay(invoice, 180.0, date="2026-02-10")
        payment = item.matched_credit_ids.credit_move_id.payment_id
        payment.action_draft()
        self.assertTrue(item.matched_credit_ids, "Odoo keeps the match")
        for day in ("2026-02-28", TODAY):
            self.assertEqual(self._aged(day)[item].amount, 500.0)
            self.assertAlmostEqual(self._receivable_balance(day), 500.0)
            [figure] = self.env["billing.figure.month"].with_context(billing_as_of=day).search([
                ("company_id", "=", self.company.id), ("month", "=", f"{day[:7]}-01"),
            ])
            self.assertEqual((figure.amount_asked, figure.amount_receivable), (500.0, 500.0))
        payment.action_post()
        self.assertAged("2026-02-28")
        self.assertEqual(self._aged()[item].amount, 320.0)

    def test_money_for_a_bill_that_is_set_back_to_draft_is_a_credit_meanwhile(self):
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self._create_patient("Dan Self").id,
            "invoice_date": "2026-01-20",
            "invoice_line_ids": [Command.create({"name": "Film", "price_unit": 90.0, "tax_ids": [Command.clear()]})],
        })
        invoice.action_post()
        self._pay(invoice, date="2026-02-10")
        money = invoice._get_billing_receivable_item().matched_credit_ids.credit_move_id
        invoice.button_draft()
        for day in ("2026-02-28", TODAY):
            rows = self._aged(day)
            self.assertEqual({line: row.amount for line, row in rows.items()}, {money: -90.0})
            self.assertAlmostEqual(self._receivable_balance(day), -90.0)
        self.assertEqual(self.env["billing.credit.item"].search([("move_line_id", "=", money.id)]).amount, 90.0)
        invoice.action_post()
        self.assertFalse(self._aged())

    def test_the_days_of_reports_have_names(self):
        analysis = self.env["billing.aged.item"]
        for name, day in (
            (False, "2026-03-16"), ("today", "2026-03-16"), ("last_month", "2026-02-28"),
            ("last_quarter", "2025-12-31"), ("last_year", "2025-12-31"), ("2024-02-29", "2024-02-29"),
        ):
            self.assertEqual(str(analysis.with_context(billing_as_of=name)._get_as_of()), day)
        with self.assertRaisesRegex(UserError, "A report needs a day such as 2026-03-31; “2026-02-29” is none."):
            analysis.with_context(billing_as_of="2026-02-29")._get_as_of()

    def test_another_currency_is_aged_in_that_of_the_company(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-15", 0.8)])
        person = self._create_patient("Dan Self")
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": person.id, "invoice_date": "2026-01-20",
            "currency_id": euro.id, "invoice_date_due": "2026-02-01",
            "invoice_line_ids": [Command.create({"name": "Visit", "price_unit": 100.0, "tax_ids": [Command.clear()]})],
        })
        invoice.action_post()
        item = invoice._get_billing_receivable_item()
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids,
        ).create({"payment_date": "2026-03-01", "amount": 40.0, "currency_id": euro.id})
        payment._create_payments()
        row = self._aged("2026-02-20")[item]
        self.assertEqual((row.amount, row.amount_foreign, row.currency_id), (200.0, 100.0, self.company.currency_id))
        self.assertEqual(row.foreign_currency_id, euro)
        row = self._aged()[item]
        self.assertEqual((row.amount, row.amount_foreign, row.amount_31_60), (120.0, 60.0, 120.0))
        for day in ("2026-01-19", "2026-01-20", "2026-02-28", "2026-03-01", TODAY):
            self.assertAged(day)

    def test_a_company_that_counts_in_yen_has_its_own_figures(self):
        self.setup_other_currency("JPY", rounding=1.0)
        other = self.setup_other_company(name="Billing KK", currency_id=self.env.ref("base.JPY").id)["company"]
        ours = self._bill(encounter=self._create_encounter(self._create_patient("Dan Self")))
        theirs = self.env["account.move"].with_company(other).create({
            "move_type": "out_invoice", "partner_id": self.patient.id, "invoice_date": "2026-01-20",
            "company_id": other.id,
            "invoice_line_ids": [Command.create({"name": "Visit", "price_unit": 7000.0, "tax_ids": [Command.clear()]})],
        })
        theirs.action_post()
        self.env.user.company_ids += other
        item = theirs._get_billing_receivable_item()
        self.assertNotIn(item, self._aged(allowed_company_ids=self.company.ids))
        rows = self._aged(allowed_company_ids=(self.company | other).ids)
        self.assertEqual((rows[item].amount, rows[item].currency_id.name), (7000.0, "JPY"))
        self.assertEqual(rows[ours._get_billing_receivable_item()].amount, 500.0)

    def test_credits_never_make_a_debt_look_smaller(self):
        person = self._create_patient("Dan Self")
        invoice = self._bill(encounter=self._create_encounter(person))
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": person.id, "amount": 70.0,
            "date": "2026-03-10",
        })
        payment.action_post()
        [group] = self.env["billing.aged.item"]._read_group(
            [("debtor_id", "=", person.id)], ["debtor_id"],
            ["amount:sum", "amount_current:sum", "amount_credit:sum", "amount_asked:sum"],
        )
        self.assertEqual(group[1:], (430.0, 500.0, -70.0, 500.0))
        credit = self.env["billing.credit.item"].search([("partner_id", "=", person.id)])
        self.assertEqual((credit.amount, credit.amount_usable, credit.amount_due_back), (70.0, 70.0, 0.0))
        self.assertEqual((credit.kind, credit.days), ("payment", 6))
        self._pay(invoice, date="2026-03-14")
        self.env.invalidate_all()
        credit = self.env["billing.credit.item"].search([("partner_id", "=", person.id)])
        self.assertEqual((credit.amount, credit.amount_usable, credit.amount_due_back), (70.0, 0.0, 70.0))

    def test_the_oldest_credit_takes_what_bills_can_use(self):
        person = self._create_patient("Dan Self")
        self._bill(encounter=self._create_encounter(person, [(self.service, 100.0)]))
        for amount, day in ((70.0, "2026-03-01"), (50.0, "2026-03-05"), (20.0, "2026-03-06")):
            self.env["account.payment"].create({
                "payment_type": "inbound", "partner_type": "customer", "partner_id": person.id, "amount": amount,
                "date": day,
            }).action_post()
        credits = self.env["billing.credit.item"].search([("partner_id", "=", person.id)])
        self.assertEqual(
            credits.mapped(lambda row: (row.amount, row.amount_usable, row.amount_due_back)),
            [(70.0, 70.0, 0.0), (50.0, 30.0, 20.0), (20.0, 0.0, 20.0)],
        )

    def test_another_day_is_chosen_in_a_window(self):
        wizard = self.env["billing.as.of"].with_context(billing_report="aged_item").create({})
        self.assertEqual(str(wizard.day), "2026-02-28")
        action = wizard.action_open()
        self.assertEqual(action["name"], "Aged Receivables as of 02/28/2026")
        self.assertEqual(action["context"], {"billing_as_of": "2026-02-28"})
        wizard.day = "2026-03-17"
        with self.assertRaisesRegex(UserError, "Nobody knows yet how the books will stand on 03/17/2026"):
            wizard.action_open()


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAgedPlans(AgedMixin, PlanCase):
    """What a plan promises is not late, from the day on which it was signed, and not before."""

    def test_a_plan_counts_from_its_signature_to_its_end(self):
        before = self._aged()[self.january._get_billing_receivable_item()]
        self.assertEqual((before.date_due, before.amount_31_60), (date(2026, 2, 9), 200.0))
        plan = self._run()
        item = self.january._get_billing_receivable_item()
        row = self._aged()[item]
        self.assertEqual((row.date_due, row.amount_current, row.amount_plan), (date(2026, 5, 1), 200.0, 200.0))
        row = self._aged("2026-03-15")[item]
        self.assertEqual((row.date_due, row.amount_31_60, row.amount_plan), (date(2026, 2, 9), 200.0, 0.0))
        self.assertEqual(row.amount_asked, 200.0)
        with freeze_time("2026-04-20"):
            plan._set_state("cancelled", ended_on=fields.Date.to_date("2026-04-20"))
            plan._restore_dates()
            plan._let_go()
            row = self._aged("2026-04-19")[item]
            self.assertEqual((row.date_due, row.amount_current, row.amount_plan), (date(2026, 5, 1), 200.0, 200.0))
            row = self._aged("2026-04-20")[item]
            self.assertEqual((row.date_due, row.amount_61_90, row.amount_plan), (date(2026, 2, 9), 200.0, 0.0))
            for day in ("2026-03-15", "2026-04-19", "2026-04-20"):
                self.assertAged(day)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAgedPlaces(AgedMixin, AgencyCase):
    """Each cent stands where it is: at an agency, disputed, or asked for here."""

    def test_a_dispute_holds_its_amount_and_no_more(self):
        item = self.february._get_billing_receivable_item()
        dispute = self.env["billing.dispute"].create({
            "partner_id": self.nora.id, "company_id": self.company.id, "date": "2026-03-10",
            "category_id": self.env["billing.dispute.category"].search([], limit=1).id, "claim": "Too much",
            "item_ids": [Command.create({"move_line_id": item.id, "amount": 150.0})],
        })
        row = self._aged()[item]
        self.assertEqual((row.amount_disputed, row.amount_asked, row.amount), (150.0, 250.0, 400.0))
        row = self._aged("2026-03-09")[item]
        self.assertEqual((row.amount_disputed, row.amount_asked), (0.0, 400.0))
        dispute._set_state("withdrawn", "Sorry", ended_on=fields.Date.to_date(TODAY))
        self.assertEqual(self._aged()[item].amount_disputed, 0.0)
        self.assertEqual(self._aged("2026-03-15")[item].amount_disputed, 150.0)

    def test_what_an_agency_has_is_there_disputed_or_not(self):
        placement = self._place()
        item = placement.item_ids.move_line_id[:1]
        open_amount = item.amount_residual
        row = self._aged()[item]
        self.assertEqual((row.amount_placed, row.amount_asked), (open_amount, 0.0))
        row = self._aged(str(placement.date - timedelta(days=1)))[item]
        self.assertEqual((row.amount_placed, row.amount_asked), (0.0, open_amount))
