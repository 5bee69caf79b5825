import base64
import io
from unittest.mock import patch

import openpyxl
from lxml import html

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase

GROUPS = "billing_coordinator.group_readonly,base.group_multi_company"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class ReportCase(BillingCase):
    """Charges of January and March 2026 in dollars, and of a second practice in Tokyo in yen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        yen = cls.env.ref("base.JPY")
        yen.active = True
        cls.tokyo = cls.setup_other_company(name="Tokyo Practice", currency_id=yen.id)["company"]
        cls.tokyo._billing_setup()
        cls.ben = cls._create_patient("Ben =1+1")
        for code in ("de_DE", "es_ES"):
            cls.env["res.lang"]._activate_lang(code)
        cls.reader = cls._create_reader("rita")
        cls.report = cls.env.ref("billing_coordinator.report_conservation")

    @classmethod
    def _create_reader(cls, login, companies=None, groups=GROUPS, **values):
        companies = companies or cls.company + cls.tokyo
        return new_test_user(
            cls.env, login, groups=groups, name=login.title(), email=f"{login}@office.example", tz="UTC",
            company_id=companies[0].id, company_ids=[Command.set(companies.ids)], **values,
        )

    @classmethod
    def _charge(cls, patient, price, date, company=None):
        """A visit that its patient pays, billed on its day."""
        company = company or cls.company
        service = cls.service.with_company(company)
        if company == cls.tokyo:
            service.property_account_income_id = cls.env["account.account"].with_company(company).search([
                ("company_ids", "in", company.ids), ("account_type", "=", "income"),
            ], limit=1)
        service.taxes_id = False
        cls.env.user.company_ids += company
        here = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        visit = here["billing.encounter"].create({
            "patient_id": patient.id, "date": date, "provider_id": cls.provider.id, "is_self_pay": True,
            "company_id": company.id,
            "line_ids": [Command.create({"product_id": cls.service.id, "price_unit": price})],
        })
        visit.action_ready()
        return visit._bill(fields.Date.to_date(date))

    @classmethod
    def _charge_history(cls):
        """Three charges in dollars, two in yen."""
        cls._charge(cls.patient, 1234.5, "2026-01-31")
        cls._charge(cls.ben, 100.25, "2026-03-02")
        cls._charge(cls.patient, 200.0, "2026-03-05")
        cls._charge(cls.patient, 12000.0, "2026-02-28", cls.tokyo)
        cls._charge(cls.ben, 3456.0, "2026-03-01", cls.tokyo)

    # === ASKING === #

    def _ask(self, user=None, companies=None, report=None, **values):
        """The request of a user, as the window writes it."""
        user = user or self.reader
        companies = companies or user.company_ids
        here = self.env(user=user.id, context={
            "lang": user.lang, "tz": "UTC", "allowed_company_ids": companies.ids,
        })
        self.env.flush_all()
        return here["billing.report.wizard"].create({
            "report_id": (report or self.report).id, "period_name": "all", "company_ids": [Command.set(companies.ids)],
            **values,
        })

    def _level(self, spec, report=None):
        return (report or self.report)._get_level_key(spec)

    def _table(self, request):
        return request.env["billing.report.table"]._read(request)

    def _job(self, request):
        """What the window makes of a request, made at once."""
        action = request.action_make()
        self.assertEqual(action["type"], "ir.actions.act_url")
        return self.env["billing.report.job"].sudo().search([("user_id", "=", request.env.uid)], limit=1)

    def _content(self, job):
        return base64.b64decode(job.with_context(bin_size=False).file)

    def _sheets(self, job, **options):
        return openpyxl.load_workbook(io.BytesIO(self._content(job)), **options)

    def _paper_text(self, request):
        """What stands on the paper, blanks made one."""
        paper = request.env["billing.report.paper"]
        source = request.env["ir.actions.report"]._render_template(
            "billing_coordinator.report_table", paper._get_values(self._table(request)),
        )
        tree = html.fromstring(source)
        for noise in tree.xpath("//style | //head | //div[@name='headings']"):
            noise.drop_tree()
        return " ".join(" ".join(tree.xpath("//body//text()")).split())

    def _most_lines(self, count):
        return patch("odoo.addons.billing_coordinator.reports.report_paper.MOST_LINES", count)
