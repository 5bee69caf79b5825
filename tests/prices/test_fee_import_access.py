from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from odoo.addons.billing_coordinator.models.prices.fee_plan import FeeTerms
from odoo.addons.billing_coordinator.tools.fee_schedule import Indices

from ..common import TODAY
from .common import SCAN, VISIT, PriceCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFeeImportAccess(PriceCase):
    """Who takes schedules over, for which company's services, and at what cost in queries."""

    def test_managers_take_schedules_over_and_nobody_rewrites_what_was_done(self):
        done = self._import(VISIT)
        groups = {name: new_test_user(
            self.env, login=f"fee_{name}", groups=f"billing_coordinator.group_{name}", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        ) for name in ("coordinator", "manager")}
        with self.assertRaises(AccessError):
            self._wizard(self._write_file(VISIT), env=self.env(user=groups["coordinator"]))
        wizard = self._wizard(self._write_file(SCAN), env=self.env(user=groups["manager"]), end_dropped=False)
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(len(self._prices()), 2)
        for user in groups.values():
            with self.assertRaises(AccessError):
                done.with_user(user).changes = "nothing"

    def test_services_of_another_company_are_not_priced(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._create_service("Their visit", 5.0, billing_code_id=self.visit_code.id, company_id=other.id)
        self._import(VISIT)
        self.assertEqual([price[0] for price in self._prices()], ["Office visit"])
        stranger = new_test_user(
            self.env, login="fee_stranger", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["billing.fee.import"].with_user(stranger).search(
            [("pricelist_id", "=", self.plan_list.id)],
        ))

    def test_into_a_shared_list_each_company_prices_its_own_services(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        shared = self._create_pricelist("For all of us", company_id=False)
        self.service.company_id = self.company
        self._create_service("Their visit", 5.0, billing_code_id=self.visit_code.id, company_id=other.id)
        here, there = (
            self.env(user=new_test_user(
                self.env, login=f"fee_at_{company.id}", groups="billing_coordinator.group_manager",
                company_id=company.id, company_ids=[Command.set(company.ids)],
            )) for company in (self.company, other)
        )
        for env, first_day in ((here, "2026-01-01"), (there, "2026-02-01")):
            wizard = self._wizard(self._write_file(VISIT), env=env, pricelist_id=shared.id, date_from=first_day)
            wizard.action_preview()
            wizard.action_import()
        self.assertEqual(self._prices(shared), [
            ("Office visit", "", 93.0, "2026-01-01", ""), ("Their visit", "", 93.0, "2026-02-01", ""),
        ])
        self.assertIn("display_name", shared.with_env(here).web_read(
            {"billing_fee_import_id": {"fields": {"display_name": {}}}},
        )[0]["billing_fee_import_id"])

    def test_another_companys_list_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, login="fee_reach", groups="billing_coordinator.group_manager", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        terms = FeeTerms(Decimal(30), Indices(), "nonfacility", Decimal(100), fields.Date.to_date("2026-01-01"))
        with self.assertRaises(AccessError):
            self.env["billing.fee.import"].with_user(stranger)._take_over(
                self.plan_list, self._write_file(VISIT), terms, name="theirs",
            )
        self.assertFalse(self._prices())

    def test_reading_and_planning_takes_as_many_queries_for_many_codes_as_for_few(self):
        rows = []
        for number in range(60):
            code = self._create_code(f"G7{number:03}")
            self._create_service(f"Service {number}", 10.0, billing_code_id=code.id)
            rows.append((code.code, "", "1", "1", "1", str(number % 7)))
        terms = FeeTerms(Decimal(30), Indices(), "nonfacility", Decimal(100), fields.Date.to_date("2026-01-01"))
        load = self.env["billing.fee.import"]._take_over

        def count(some, pricelist):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            load(pricelist, self._write_file(*some), terms, name="x")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(rows[:3], self._create_pricelist("Warm"))
        few = count(rows[:3], self._create_pricelist("Few"))
        many_list = self._create_pricelist("Many")
        self.assertLessEqual(count(rows, many_list), few + 3)
        again = [(code, mod, "2", *rest) for code, mod, _work, *rest in rows]
        self.assertLessEqual(count(again, many_list), few + 25, "corrected")
