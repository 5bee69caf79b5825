import json
from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..agencies.common import AgencyCase
from ..common import TODAY
from .company_books import Books
from .test_figure_month import FiguresCase

PLACES = (
    "not_sent", "payers", "denied", "not_due", "overdue", "plans", "disputed", "placed",
)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDashboardStations(AgencyCase):
    """A bill at every place where money can be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.tiles = cls.env["billing.dashboard.tile"].search([])
        cls.otto, cls.paul, cls.sam = (cls._create_patient(name) for name in ("Otto", "Paul", "Sam"))
        # With payers: one to send, one sent, one denied.
        cls.to_send = cls._bill(date="2026-03-06")
        cls.sent = cls._bill(services=[(cls.service, 400.0)], date="2026-02-06")
        cls.sent.claim_ids.action_send()
        cls.denied = cls._bill(services=[(cls.service, 250.0)], date="2026-03-07")
        cls._answer(cls.denied.claim_ids, 0.0, [(cls.co_50, 250.0)])
        # With debtors: not due, overdue, in a plan of which 100 are disputed, at an agency although 50 are disputed.
        cls._bill_to(cls.otto, 300.0, "2026-03-02")
        cls._bill_to(cls.sam, 90.0, "2026-01-02")
        cls.planned = cls._bill_to(cls.paul, 600.0, "2026-01-05")
        cls._run_plan(cls.paul)
        cls._dispute(cls.planned, 100.0)
        cls._bill_to(cls.sam, 60.0, "2026-01-03")
        cls._credit(cls.otto, 45.0)
        # Nobody was asked yet.
        cls._create_encounter(cls.otto, [(cls.service, 77.0)], date="2026-03-01").action_ready()
        cls._create_encounter(cls.otto, [(cls.service, 33.0)], date="2026-03-03")

    @classmethod
    def _bill_to(cls, patient, price, day, **values):
        return cls._bill(cls._create_encounter(patient, [(cls.service, price)], date=day, **values), date=day)

    @classmethod
    def _run_plan(cls, patient):
        policy = cls.env["billing.plan.policy"].create({
            "name": "Whatever helps", "amount_min": 0.0, "instalment_min": 0.0, "months_max": 0, "needs_answer": False,
            "company_id": cls.company.id,
        })
        plan = cls.env["billing.payment.plan"].create({
            "partner_id": patient.id, "policy_id": policy.id, "date": TODAY, "date_first": "2026-04-01",
        })
        plan._take_debts()
        plan.action_propose()
        plan.action_accept()

    @classmethod
    def _dispute(cls, bill, amount):
        return cls.env["billing.dispute"].create({
            "partner_id": bill.commercial_partner_id.id,
            "category_id": cls.env.ref("billing_coordinator.dispute_category_amount").id,
            "item_ids": [Command.create({
                "move_line_id": bill._get_billing_receivable_item().id, "amount": amount,
            })],
        })

    @classmethod
    def _credit(cls, partner, amount):
        payment = cls.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": partner.id, "amount": amount,
            "date": "2026-03-11", "journal_id": cls.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        return payment

    def _read(self, tiles=None):
        """{code: (records, amount in dollars)} of the stations."""
        self.env.flush_all()
        self.env.invalidate_all()
        stations = (tiles or self.tiles).filtered(lambda tile: tile.kind == "station")
        dollar = self.company.currency_id
        return {
            tile.code: (count, dollar.round(amounts[dollar]))
            for tile, (count, amounts, _oldest) in stations._read_stations().items()
        }

    def assertAddsUp(self):
        """No cent of the receivables is missing, and none stands at two stations."""
        found = self._read()
        places = sum(found[code][1] for code in PLACES)
        self.assertAlmostEqual(places - found["credits"][1], Books(self.company).receivable(fields.Date.to_date(TODAY)))

    # === WHERE IT IS === #

    def test_each_place_shows_what_stands_there(self):
        found = self._read()
        self.assertEqual(found, {
            "not_billed": (2, 110.0),
            "not_sent": (1, 500.0),
            "payers": (1, 400.0),
            "denied": (1, 250.0),
            "not_due": (1, 300.0),
            # 90 and 60 of Sam, 200 and 400 of Nora.
            "overdue": (4, 750.0),
            "plans": (1, 500.0),
            "disputed": (1, 100.0),
            "placed": (0, 0.0),
            "credits": (1, 45.0),
        })
        self.assertAddsUp()

    def test_what_an_agency_has_is_there_even_if_it_is_disputed(self):
        """Agency before dispute before plan before claim: one place for each cent."""
        cases = self._open_cases().filtered(lambda case: case.partner_id == self.nora)
        self._place(cases)
        self._dispute(self.january, 50.0)
        found = self._read()
        self.assertEqual((found["placed"], found["disputed"], found["overdue"]), ((2, 600.0), (1, 100.0), (2, 150.0)))
        self.assertAddsUp()

    def test_money_moves_from_one_place_to_the_next(self):
        self._answer(self.sent.claim_ids, 250.0, [(self.co_45, 70.0), (self.pr_1, 80.0)])
        found = self._read()
        self.assertEqual((found["payers"], found["not_due"]), ((0, 0.0), (2, 380.0)))
        self.assertAddsUp()

    def test_foreign_currency_stands_in_the_books_of_the_company(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.8)])
        self._bill_to(self.otto, 100.0, "2026-03-10", currency_id=euro.id)
        self.assertEqual(self._read()["not_due"], (2, 425.0))
        self.assertAddsUp()
        self._create_encounter(self.otto, [(self.service, 11.0)], date="2026-03-01", currency_id=euro.id)
        [tile] = self.tiles.filtered(lambda tile: tile.code == "not_billed")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("110.00", tile.amount_text)
        self.assertIn("11.00", tile.amount_text)

    def test_a_click_opens_exactly_what_the_tile_counts(self):
        cases = self._open_cases().filtered(lambda case: case.partner_id == self.nora)
        self._place(cases)
        for tile in self.tiles.filtered(lambda tile: tile.kind == "station"):
            with self.subTest(tile.code):
                action = tile.action_open()
                records = self.env[action["res_model"]].search(action["domain"])
                count, amount = self._read(tile)[tile.code]
                self.assertEqual(len(records), count)
                self.assertAlmostEqual(sum(records.mapped(tile.amount_field)), amount)
                self.assertTrue(records)
                self.assertNotIn("search_default", str(action["context"]))

    def test_shares_are_those_of_all_that_is_on_its_way(self):
        self.env.flush_all()
        shares = {tile.code: tile.share for tile in self.tiles}
        # 2,910: 110 not billed, 2,800 asked for; credits are nobody's share.
        self.assertEqual((shares["overdue"], shares["not_sent"], shares["credits"]), (26, 17, 0))
        [heading] = self.tiles.filtered(lambda tile: tile.code == "where")
        self.assertIn("2,910.00", heading.amount_text)
        [overdue] = self.tiles.filtered(lambda tile: tile.code == "overdue")
        self.assertEqual((overdue.oldest_date, overdue.oldest_days), (date(2026, 2, 1), 43))

    # === WHO, HOW FAST === #

    def test_reading_takes_as_many_queries_however_much_there_is(self):
        names = ["amount_text", "share", "value_text", "dashboard_graph"]
        self._read()
        self.tiles.read(names)
        self.env.flush_all()
        counts = []
        # What the server keeps for everybody is there by the second time.
        for _time in range(3):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.tiles.read(names)
            counts.append(self.env.cr.sql_log_count - before)
            for day in ("2026-02-03", "2026-02-04", "2026-03-05"):
                self._bill_to(self.otto, 10.0, day)
                self._bill(date=day)
            self.env.flush_all()
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[0], 20)

    def test_everybody_in_the_billing_office_may_look_and_managers_set_targets(self):
        reader, coordinator = (
            new_test_user(self.env, f"dashboard.{group}", groups=f"billing_coordinator.group_{group}",
                          company_id=self.company.id, company_ids=[Command.set(self.company.ids)])
            for group in ("readonly", "coordinator")
        )
        [days] = self.tiles.filtered(lambda tile: tile.code == "days")
        for user in (reader, coordinator):
            self.assertTrue(self.tiles.with_user(user).read(["amount_text", "value_text", "dashboard_graph"]))
            with self.assertRaises(AccessError):
                days.with_user(user).target = 40.0
        accountant = new_test_user(self.env, "dashboard.accountant", groups="account.group_account_manager")
        with self.assertRaises(AccessError):
            self.tiles.with_user(accountant).read(["amount_text"])

    def test_another_company_is_not_looked_into(self):
        data = self.setup_other_company(name="Tokyo Practice")
        other = data["company"]
        self.env["account.move"].with_company(other).create({
            "move_type": "out_invoice", "partner_id": self.otto.id, "company_id": other.id,
            "invoice_date": "2026-03-01",
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 90.0, "tax_ids": [Command.clear()]})],
        }).action_post()
        ours = self.tiles.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(self._read(ours)["not_due"], (1, 300.0))
        both = self.tiles.with_context(allowed_company_ids=(self.company + other).ids)
        self.assertEqual(self._read(both)["not_due"], (2, 390.0))

    def test_a_tile_that_cannot_be_read_is_refused(self):
        [tile] = self.tiles.filtered(lambda tile: tile.code == "overdue")
        with self.assertRaisesRegex(ValidationError, "has no field colour"):
            tile.amount_field = "colour"
        with self.assertRaisesRegex(ValidationError, "“?Patients, overdue”? would not work"):
            tile.domain = "[('colour', '=', 1)]"
        [days] = self.tiles.filtered(lambda tile: tile.code == "days")
        with self.assertRaisesRegex(ValidationError, "has no field colour"):
            days.figure_field = "colour"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDashboardFigures(FiguresCase):
    """This month, against the month before and a year ago, and the target."""

    def _tile(self, code, company=None):
        tile = self.env["billing.dashboard.tile"].search([("code", "=", code)])
        return tile.with_context(allowed_company_ids=(company or self.company).ids)

    def _expected(self, name, month, today=TODAY):
        return Books(self.company).figures(month, fields.Date.to_date(today))[name]

    def test_rates_are_compared_with_the_ends_of_the_month_before_and_of_a_year_ago(self):
        tile = self._tile("net")
        now, before, year = (
            self._expected("rate_net_year", month) for month in (date(2026, 3, 1), date(2026, 2, 1), date(2025, 3, 1))
        )
        self.assertEqual(tile.value_text, f"{now:.1f} %")
        for text, found in ((tile.month_text, now - before), (tile.year_text, now - year)):
            self.assertIn(f"{abs(found):.1f} points", text)
            self.assertEqual(text[0], "+" if found > 0 else "−")
        self.assertEqual(tile.month_mood, "good" if now > before else "bad")
        self.assertIn("Mar 2025", tile.year_text)

    def test_money_of_a_running_month_is_compared_up_to_the_same_day(self):
        """March 16: charges of February up to its 16th, and of the year before."""
        tile = self._tile("charged")
        books = Books(self.company)
        now = books.charged(date(2026, 3, 1), date(2026, 3, 16))
        before = books.charged(date(2026, 2, 1), date(2026, 2, 16))
        self.assertEqual((now, before), (77.77, 1200.0))
        self.assertIn("77.77", tile.value_text)
        self.assertEqual(tile.month_text, "−93.5 % against Feb 2026")
        self.assertEqual(tile.month_mood, "bad")
        # Nothing was charged in the first half of March 2025.
        self.assertFalse(tile.year_text)

    def test_a_target_is_of_a_company_and_says_whether_it_is_reached(self):
        tile = self._tile("days")
        self.assertFalse(tile.target_text)
        days = self._expected("days_receivable", date(2026, 3, 1))
        tile.target = days + 1
        self.assertTrue(tile.is_met)
        self.assertEqual(tile.target_text, f"Target: {days + 1:.1f} days or less")
        tile.target = days - 1
        self.assertFalse(tile.is_met)
        self.assertFalse(self._tile("days", self.tokyo).target)

    def test_the_line_shows_twelve_months(self):
        [line] = json.loads(self._tile("over_90").dashboard_graph)
        self.assertEqual([point["x"] for point in line["values"]][::11], ["Apr 2025", "Mar 2026"])
        rates = [self._expected("rate_over_90", date(2025, 4, 1)), self._expected("rate_over_90", date(2026, 3, 1))]
        self.assertEqual([point["y"] for point in line["values"]][::11], [round(rate, 2) for rate in rates])

    def test_a_click_opens_the_figure_by_month(self):
        action = self._tile("over_90").action_open()
        self.assertEqual(action["views"][0][1], "graph")
        self.assertEqual(action["context"]["graph_measure"], "rate_over_90")

    def test_currencies_are_not_added_up(self):
        """With both companies chosen, the figures are those of the books in the currency of the first."""
        alone, both = self._tile("received"), self._tile("received", self.both)
        self.assertEqual(alone.value_text, both.value_text)
        self.assertTrue(both.dashboard_graph)
