from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .company_books import Books
from .test_figure_month import FiguresCase

KPIS = ("received", "charged", "over_90", "denied", "net_rate")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDigest(FiguresCase):
    """Figures of billing in Odoo's digest, for those who work in the billing office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader, cls.accountant = (
            new_test_user(cls.env, login, groups=groups, email=f"{login}@example.com", company_id=cls.company.id,
                          company_ids=[Command.set(cls.company.ids)])
            for login, groups in (
                ("digest.reader", "billing_coordinator.group_readonly"),
                ("digest.accountant", "account.group_account_manager"),
            )
        )
        cls.digest = cls.env["digest.digest"].create({
            "name": "Billing", "company_id": cls.company.id, "user_ids": [Command.set(cls.reader.ids)],
            **{f"kpi_billing_{name}": True for name in KPIS},
        })

    def _value(self, name, start, end, user=None, digest=None):
        digest = (digest or self.digest).with_user(user or self.reader).with_context(
            start_datetime=datetime.fromisoformat(start), end_datetime=datetime.fromisoformat(end),
            allowed_company_ids=self.company.ids,
        )
        digest.invalidate_recordset()
        return digest[f"kpi_billing_{name}_value"]

    def test_figures_of_a_period_are_those_of_the_books(self):
        books = Books(self.company)
        for start, end in (("2026-02-14", "2026-03-16"), ("2025-02-10", "2025-03-12"), ("2025-12-15", "2026-01-14")):
            since, until = date.fromisoformat(start).toordinal() + 1, date.fromisoformat(end)
            since = date.fromordinal(since)
            with self.subTest(start):
                self.assertAlmostEqual(self._value("received", start, end), books.paid(since, until))
                self.assertAlmostEqual(self._value("charged", start, end), books.charged(since, until))
                self.assertAlmostEqual(self._value("over_90", start, end), books.over_90(until))
                year = date(until.year - 1, until.month, until.day + 1)
                expected = books.charged(year, until) - books.on(self.company.billing_allowance_account_id, year, until)
                self.assertAlmostEqual(self._value("net_rate", start, end), 100 * books.paid(year, until) / expected)

    def test_twelve_months_up_to_february_leave_out_the_leap_day_of_the_year_before(self):
        self._bill_on("2024-02-29", 300.0)
        self._bill_on("2024-03-01", 700.0)
        self._pay(self._bill_on("2025-02-10", 100.0), 100.0, date="2025-02-20")
        self.env.flush_all()
        figure = self.env["billing.figure.month"].with_context(billing_as_of="2025-02-28").search(
            [("company_id", "=", self.company.id)], order="month desc", limit=1,
        )
        self.assertGreater(figure.amount_charged_year, 0.0)
        self.assertAlmostEqual(self._value("net_rate", "2025-01-31", "2025-02-28"), figure.rate_net_year)

    def test_claims_denied_are_counted_once_by_the_day_of_the_answer(self):
        invoice = self._bill_on("2026-03-08", 500.0)
        self._answer_on("2026-03-12", invoice, 100.0, [(self.co_50, 300.0), (self.co_45, 100.0)])
        self.assertEqual(self._value("denied", "2026-03-11", "2026-03-16"), 1)
        self.assertEqual(self._value("denied", "2026-03-12", "2026-03-16"), 0)

    def test_the_mail_is_made_with_them(self):
        self.digest.action_send_manual()
        [mail] = self.env["mail.mail"].search([("email_to", "like", "digest.reader@example.com")], order="id desc")
        labels = self.digest.fields_get([f"kpi_billing_{name}" for name in KPIS], ["string"])
        for label in labels.values():
            with self.subTest(label["string"]):
                self.assertIn(label["string"], mail.body_html)
        self.assertIn("billing_coordinator.billing_figure_month_action", mail.body_html)
        kpis = {kpi["kpi_name"]: kpi for kpi in self.digest._compute_kpis(self.company, self.reader)}
        # The last 30 days: 1,200 were billed on 15 February and 77.77 on 10 March.
        self.assertIn("77.8", kpis["kpi_billing_charged"]["kpi_col3"]["value"])

    def test_who_does_not_work_in_the_billing_office_gets_none(self):
        for name in KPIS:
            with self.subTest(name), self.assertRaises(AccessError):
                self._value(name, "2026-02-14", "2026-03-16", user=self.accountant)
        kpis = self.digest._compute_kpis(self.company, self.accountant)
        self.assertFalse([kpi for kpi in kpis if kpi["kpi_name"].startswith("kpi_billing")])

    def test_nobody_hears_of_a_company_that_is_not_theirs(self):
        tokyo = self.digest.copy({"company_id": self.tokyo.id})
        with self.assertRaises(AccessError):
            self._value("received", "2026-02-14", "2026-03-16", digest=tokyo)
