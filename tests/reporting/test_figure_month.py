from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase
from .company_books import Books

MARCH = date(2026, 3, 1)


class FiguresCase(BillingCase):
    """A practice since January 2025, and a second one in Tokyo since November: bills in two currencies, answers,
    refunds, corrections, write-offs, money from the bank; wages of the billing office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        (cls.coverage | cls._create_coverage(cls.patient, cls.plan_b, rank="2")).date_from = "2025-01-01"
        cls.euro = cls.setup_other_currency("EUR", rates=[
            ("1900-01-01", 0.90), ("2025-06-10", 0.83), ("2025-12-15", 0.97),
        ])
        cls.dan = cls._create_patient("Dan Self")
        cls.wages = cls.env["account.account"].create({
            "name": "Wages of the billing office", "code": "640900", "account_type": "expense",
        })
        cls.company.billing_cost_account_ids = cls.wages
        cls.bank = cls.company.billing_payment_journal_id
        cls._work_a_year()
        cls._work_in_tokyo()
        cls.env.flush_all()

    @classmethod
    def _work_a_year(cls):
        settled = cls._bill_on("2025-01-10", 500.0)
        cls._answer_on("2025-02-20", settled, 300.0, [(cls.co_45, 120.0), (cls.pr_1, 80.0)])
        second = settled.encounter_id.claim_ids - settled.claim_ids
        cls._answer_on("2025-03-31", second.invoice_id, 50.0, [(cls.pr_2, 30.0)])
        wrong = cls._bill_on("2025-02-28", 400.0)
        answer = cls._answer_on("2025-04-15", wrong, 250.0, [(cls.co_45, 150.0)])
        with freeze_time("2025-07-02"):
            answer._reverse(date(2025, 7, 2), "wrong", money="keep")
        in_euro = cls._bill_on("2025-04-30", 333.33, patient=cls.dan, currency_id=cls.euro.id)
        cls._pay_on("2025-05-20", in_euro, 100.0)
        cls._pay_on("2025-08-25", in_euro, 233.33)
        taken_back = cls._bill_on("2025-05-05", 250.0, patient=cls.dan)
        with freeze_time("2025-06-30"):
            taken_back.encounter_id._unbill("wrong")
        late = cls._bill_on("2025-06-01", 700.0, patient=cls.dan)
        cls._pay_on("2025-12-31", late, 200.0)
        cls._decide_on("2026-01-31", late, "billing_coordinator.reason_office_baddebt", 150.0)
        overpaid = cls._bill_on("2025-09-09", 90.0, patient=cls.dan)
        cls._pay_on("2025-10-01", overpaid, 120.0)
        cls._refund_on("2025-11-30", cls.dan, 30.0)
        small = cls._bill_on("2025-10-10", 60.0, patient=cls.dan)
        decision = cls._decide_on("2025-11-11", small, "billing_coordinator.reason_office_small", 4.2)
        with freeze_time("2025-12-12"):
            decision.action_reverse()
        by_bank = cls._bill_on("2025-12-01", 85.0, patient=cls.dan)
        cls._pay_by_bank_on("2026-01-02", by_bank)
        cls._bill_on("2026-02-15", 1200.0)
        cls._bill_on("2026-03-10", 77.77, patient=cls.dan)
        for day, amount in (("2025-03-31", 40.0), ("2025-12-31", 55.5), ("2026-03-15", 12.0)):
            cls._spend_on(day, amount)

    @classmethod
    def _work_in_tokyo(cls):
        yen = cls.env.ref("base.JPY")
        yen.active = True
        data = cls.setup_other_company(name="Tokyo Practice", currency_id=yen.id)
        cls.tokyo = data["company"]
        cls.tokyo._billing_setup()
        cls.env.user.company_ids += cls.tokyo
        cls.both = cls.company + cls.tokyo
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.both.ids})
        cls.service.with_company(cls.tokyo).property_account_income_id = data["default_account_revenue"]
        cls.service.taxes_id = False
        first = cls._bill_on("2025-11-05", 33333.0, patient=cls.dan, company_id=cls.tokyo.id)
        cls._bill_on("2026-01-20", 1001.0, patient=cls.dan, company_id=cls.tokyo.id)
        cls._pay_on("2026-02-28", first, 11111.0)

    # === ON A DAY === #

    @classmethod
    def _bill_on(cls, day, price, **values):
        with freeze_time(day):
            visit = cls._create_encounter(services=[(cls.service, price)], date=day, **values)
            return cls._bill(visit, date=day)

    @classmethod
    def _answer_on(cls, day, invoice, paid, adjustments):
        with freeze_time(day):
            return cls._answer(invoice.claim_ids, paid, adjustments, date=day)

    @classmethod
    def _pay_on(cls, day, invoice, amount):
        with freeze_time(day):
            return cls._pay(invoice, amount, date=day)

    @classmethod
    def _decide_on(cls, day, invoice, reason, amount):
        with freeze_time(day):
            decision = cls.env["billing.adjustment"].create({
                "move_id": invoice.id, "reason_id": cls.env.ref(reason).id, "amount": amount, "date": day,
            })
            decision.action_approve()
        return decision

    @classmethod
    def _refund_on(cls, day, partner, amount):
        with freeze_time(day):
            payment = cls.env["account.payment"].create({
                "payment_type": "outbound", "partner_type": "customer", "partner_id": partner.id, "amount": amount,
                "date": day, "journal_id": cls.bank.id,
            })
            payment.action_post()
            credit = cls.env["account.move.line"].search([
                ("partner_id", "=", partner.id), ("account_type", "=", "asset_receivable"), ("amount_residual", "<", 0),
                ("company_id", "=", cls.company.id),
            ])
            (credit | payment.move_id.line_ids.filtered(lambda item: item.account_id == credit.account_id)).reconcile()

    @classmethod
    def _pay_by_bank_on(cls, day, invoice):
        """A line of a bank statement that an accountant matches with the bill."""
        with freeze_time(day):
            line = cls.env["account.bank.statement.line"].create({
                "journal_id": cls.bank.id, "date": day, "payment_ref": invoice.name, "amount": invoice.amount_residual,
                "partner_id": invoice.partner_id.id,
            })
            _liquidity, suspense, _other = line._seek_for_lines()
            debt = invoice._get_billing_receivable_item()
            suspense.account_id = debt.account_id
            (suspense | debt).reconcile()

    @classmethod
    def _spend_on(cls, day, amount):
        cls.env["account.move"].create({
            "move_type": "entry", "date": day, "line_ids": [
                Command.create({"account_id": cls.wages.id, "debit": amount}),
                Command.create({"account_id": cls.company_data["default_account_assets"].id, "credit": amount}),
            ],
        }).action_post()

    def _rows(self, companies=None, **context):
        return self.env["billing.figure.month"].with_context(**context).search([
            ("company_id", "in", (companies or self.both).ids),
        ])

    def assertFigures(self, rows, today=TODAY):
        """Each row says what the books say, figure by figure."""
        for row in rows:
            expected = Books(row.company_id).figures(row.month, fields.Date.to_date(today))
            found = {name: row[name] for name in expected}
            for name, value in expected.items():
                with self.subTest(company=row.company_id.name, month=str(row.month), figure=name):
                    if isinstance(value, float):
                        self.assertAlmostEqual(found[name], value, places=6)
                    else:
                        self.assertEqual(found[name], value)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFigureMonth(FiguresCase):
    """Each figure of each month is what the journal items of that time say."""

    def test_every_figure_of_every_month_is_that_of_the_books(self):
        rows = self._rows()
        self.assertEqual(
            rows.filtered(lambda row: row.company_id == self.company).mapped("month"),
            [MARCH - relativedelta(months=number) for number in range(15)],
        )
        self.assertEqual(len(rows.filtered(lambda row: row.company_id == self.tokyo)), 5)
        self.assertFigures(rows)
        self.assertGreater(sum(rows.mapped("amount_over_90")), 0.0)
        self.assertGreater(sum(rows.mapped("amount_bad_debt")), 0.0)

    def test_the_figures_of_a_past_day_are_those_that_it_had(self):
        rows = self._rows(self.company, billing_as_of="2025-08-20")
        self.assertEqual((rows[0].month, rows[0].date), (date(2025, 8, 1), date(2025, 8, 20)))
        self.assertFigures(rows, "2025-08-20")

    def test_figures_and_aged_receivables_agree_at_the_end_of_each_month(self):
        for row in self._rows(self.company):
            aged = self.env["billing.aged.item"].with_context(billing_as_of=row.date)
            [(amount, credit, old, oldest)] = aged._read_group(
                [("company_id", "=", self.company.id)], [],
                ["amount:sum", "amount_credit:sum", "amount_91_120:sum", "amount_over_120:sum"],
            )
            with self.subTest(month=str(row.month)):
                self.assertAlmostEqual(row.amount_receivable, amount)
                self.assertAlmostEqual(row.amount_asked, amount - credit)
                self.assertAlmostEqual(row.amount_over_90, old + oldest)

    def test_what_is_open_is_what_moved_receivables(self):
        """From one month to the next: charges, money and adjustments, and what else moved the accounts."""
        before = 0.0
        for row in self._rows(self.company).sorted("month"):
            taken_off = sum(row[f"amount_{name}"] for name in (
                "paid", "allowance", "charity", "discount", "writeoff", "bad_debt",
            ))
            after = before + row.amount_charged - taken_off + row.amount_other
            self.assertAlmostEqual(row.amount_receivable, after, places=2)
            before = row.amount_receivable

    def test_nothing_but_exchange_rates_moves_receivables_besides(self):
        exchange = self.company.currency_exchange_journal_id
        for row in self._rows(self.company):
            items = self.env["account.move.line"].search([
                ("journal_id", "=", exchange.id), ("account_type", "=", "asset_receivable"),
                ("date", ">=", row.month), ("date", "<=", row.date), ("company_id", "=", self.company.id),
            ])
            self.assertAlmostEqual(row.amount_other, sum(items.mapped("balance")), places=2, msg=row.month)

    def test_a_known_month_by_hand(self):
        """February 2025: 400 charged, 500 answered with 300 paid and 120 allowed, 80 passed on."""
        [february] = self._rows(self.company).filtered(lambda row: row.month == date(2025, 2, 1))
        self.assertEqual(
            (february.amount_charged, february.amount_paid, february.amount_allowance, february.amount_receivable),
            (400.0, 300.0, 120.0, 480.0),
        )
        self.assertAlmostEqual(february.days_receivable, 480 / (900 / 90))
        self.assertAlmostEqual(february.rate_net, 100 * 300 / 280)
        self.assertAlmostEqual(february.rate_net_year, 100 * 300 / 780)

    def test_the_last_months_alone_are_the_same_as_among_all(self):
        """The dashboard asks for some months only, which reads much less of the books."""
        names = [name for name, field in self.env["billing.figure.month"]._fields.items() if field.type != "many2one"]
        for day in (TODAY, "2025-10-01"):
            every = {row["id"]: row for row in self._rows(billing_as_of=day).read(names)}
            for months in (1, 3, 13):
                some = self._rows(billing_as_of=day, billing_months=months)
                months_shown = some.filtered(lambda row: row.company_id == self.company).mapped("month")
                self.assertEqual(len(months_shown), min(months, 15 if day == TODAY else 10))
                for row in some.read(names):
                    self.assertEqual(row, every[row["id"]])

    # === GROUPS === #

    def test_over_months_flows_are_added_up_and_stocks_are_those_of_the_last(self):
        rows = self._rows(self.company).filtered(lambda row: row.month.year == 2025)
        [(year, receivable, charged, paid, net, days)] = self.env["billing.figure.month"]._read_group(
            [("company_id", "=", self.company.id), ("month", "<", "2026-01-01")], ["month:year"],
            ["amount_receivable:sum", "amount_charged:sum", "amount_paid:sum", "rate_net:avg", "days_receivable:avg"],
        )
        self.assertEqual(year, date(2025, 1, 1))
        [december] = rows.filtered(lambda row: row.month.month == 12)
        self.assertAlmostEqual(receivable, december.amount_receivable)
        self.assertAlmostEqual(charged, sum(rows.mapped("amount_charged")))
        self.assertAlmostEqual(net, 100 * paid / (charged - sum(rows.mapped("amount_allowance"))))
        self.assertAlmostEqual(days, december.days_receivable)

    def test_companies_of_one_currency_are_added_up_and_others_never(self):
        names = ["amount_receivable:sum", "amount_paid:sum", "rate_net:avg", "days_receivable:avg"]
        [amounts] = self.env["billing.figure.month"]._read_group([("company_id", "in", self.both.ids)], [], names)
        self.assertFalse(any(amounts), amounts)
        second = self.env["res.company"].create({
            "name": "Second Practice", "country_id": self.company.country_id.id,
            "currency_id": self.company.currency_id.id,
        })
        self.env["account.chart.template"].try_loading("generic_coa", second, install_demo=False)
        self.env.user.company_ids += second
        invoice = self.env["account.move"].with_company(second).create({
            "move_type": "out_invoice", "partner_id": self.dan.id, "invoice_date": "2026-03-01",
            "company_id": second.id,
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 90.0, "tax_ids": [Command.clear()]})],
        })
        invoice.action_post()
        dollars = self.company + second
        figures = self.env["billing.figure.month"].with_context(allowed_company_ids=dollars.ids)
        groups = figures._read_group(
            [("month", "=", MARCH)], ["month:month"], ["amount_receivable:sum", "days_receivable:avg"],
        )
        charged = Books(self.company).charged(date(2025, 12, 17), date(2026, 3, 16)) + 90.0
        receivable = Books(self.company).receivable(date(2026, 3, 16)) + 90.0
        self.assertEqual(groups[0][:2], (MARCH, receivable))
        self.assertAlmostEqual(groups[0][2], receivable / (charged / 90))

    # === RIGHTS, SPEED === #

    def test_each_company_sees_its_own_money_alone(self):
        rows = self.env["billing.figure.month"].with_context(allowed_company_ids=self.tokyo.ids).search([])
        self.assertEqual(rows.company_id, self.tokyo)
        self.assertEqual(rows.currency_id.name, "JPY")
        self.assertEqual([row.amount_receivable for row in rows.sorted("month")],
                         [33333.0, 33333.0, 34334.0, 23223.0, 23223.0])

    def test_reading_takes_two_queries_however_long_the_history(self):
        figures = self.env["billing.figure.month"]
        self.env.flush_all()
        names = ["month", "amount_receivable", "rate_net_year"]
        for domain in ([("month", "=", MARCH)], []):
            figures.search_fetch(domain, names)
            self.env.invalidate_all()
            # The figures, and before them which matches are with drafts.
            with self.assertQueryCount(2):
                figures.search_fetch(domain, names)

    def test_a_click_opens_the_items_of_the_month(self):
        [march] = self._rows(self.company).filtered(lambda row: row.month == MARCH)
        items = self.env["account.move.line"].search(march.action_view_source()["domain"])
        before = self._rows(self.company).filtered(lambda row: row.month == date(2026, 2, 1)).amount_receivable
        self.assertAlmostEqual(march.amount_receivable - before, sum(items.mapped("balance")))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFigurePlans(FiguresCase):
    """A payment plan moves due dates: on a past day, an item was due when it was due then."""

    def test_a_plan_makes_old_debts_young_until_it_ends(self):
        policy = self.env["billing.plan.policy"].create({
            "name": "Whatever helps", "amount_min": 0.0, "instalment_min": 0.0, "months_max": 0,
            "needs_answer": False, "company_id": self.company.id,
        })
        with freeze_time("2026-01-20"):
            plan = self.env["billing.payment.plan"].create({
                "partner_id": self.dan.id, "policy_id": policy.id, "date": "2026-01-20", "date_first": "2026-02-10",
            })
            plan._take_debts()
            plan.action_propose()
            plan.action_accept()
        # 430 of others all the time. Dan's: 350 of summer; 55.80 of autumn; 4.20 of it, asked again in December.
        self.assertEqual(self._get_over_90(), {"2025-12": 930.0, "2026-01": 430.0, "2026-02": 430.0, "2026-03": 430.0})
        with freeze_time("2026-02-20"):
            plan.action_cancel()
        self.assertEqual(self._get_over_90(), {"2025-12": 930.0, "2026-01": 430.0, "2026-02": 835.8, "2026-03": 840.0})
        self.assertFigures(self._rows(self.company).filtered(lambda row: row.date == date(2026, 3, 16)))
        # Aged receivables of past days say the same.
        for row in self._rows(self.company):
            aged = self.env["billing.aged.item"].with_context(billing_as_of=row.date)
            [(old, oldest)] = aged._read_group(
                [("company_id", "=", self.company.id)], [], ["amount_91_120:sum", "amount_over_120:sum"],
            )
            self.assertAlmostEqual(row.amount_over_90, old + oldest, msg=row.month)

    def _get_over_90(self):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self._rows(self.company).filtered(lambda row: row.month >= date(2025, 12, 1))
        return {str(row.month)[:7]: row.amount_over_90 for row in rows.sorted("month")}
