from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..agencies.common import AgencyCase
from ..common import TODAY
from .books import Books
from .test_register import RegisterCase

COLUMNS = (
    "amount_gross", "amount_credited", "amount_reduced", "amount_net", "amount_bad_debt", "amount_commission",
    "amount_other", "amount",
)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestProfit(RegisterCase):
    """What was charged, given up and earned, as profit and loss have it."""

    def _profit(self, *groups, domain=()):
        self.env.flush_all()
        rows = self.env["billing.profit.item"]._read_group(list(domain), groups, [f"{name}:sum" for name in COLUMNS])
        size = len(groups)
        return {
            (row[0] if size == 1 else row[:size]): tuple(round(amount, 2) for amount in row[size:]) for row in rows
        }

    def test_a_charge_is_counted_once_wherever_it_is_passed_on(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        invoice = self._bill()
        self._answer(invoice.claim_ids, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        second = invoice.encounter_id.claim_ids - invoice.claim_ids
        self._answer(second, 60.0, [(self.pr_2, 20.0)], date="2026-03-11")
        self.assertEqual(self._profit("company_id"), {
            self.company: (500.0, 0.0, -120.0, 380.0, 0.0, 0.0, 0.0, 380.0),
        })
        self.assertProfitTies()

    def test_each_account_has_its_line(self):
        _invoice, _answer, patient_invoice = self._answered()
        self._decide(patient_invoice, 10.0)
        revenue = self.company_data["default_account_revenue"]
        march = fields.Date.to_date("2026-03-01")
        self.assertEqual(self._profit("account_id", "date:month"), {
            (revenue, march): (500.0, 0.0, 0.0, 500.0, 0.0, 0.0, 0.0, 500.0),
            (self.allowance_account, march): (0.0, 0.0, -120.0, -120.0, 0.0, 0.0, 0.0, -120.0),
            (self.writeoff_account, march): (0.0, 0.0, -10.0, -10.0, 0.0, 0.0, 0.0, -10.0),
        })
        self.assertProfitTies()

    def test_by_service_provider_and_payer(self):
        lab = self._create_service("Lab", 100.0)
        invoice = self._bill(services=[self.service, lab])
        answer = self._prepare_answer(invoice.claim_ids, 450.0)
        for line, paid, given in zip(answer.line_ids, (400.0, 50.0), (100.0, 50.0), strict=True):
            line.write({
                "amount_paid": paid,
                "adjustment_ids": [Command.create({"reason_id": self.co_45.id, "amount": given})],
            })
        answer.action_post()
        own = self._bill(is_self_pay=True)
        net = {key: row[3] for key, row in self._profit("product_id", "payer_id").items()}
        nobody = self.env["res.partner"]
        self.assertEqual(net, {
            (self.service, self.payer): 400.0, (lab, self.payer): 50.0, (self.service, nobody): 500.0,
        })
        self.assertEqual({row[3] for row in self._profit("provider_id").values()}, {950.0})
        self.assertEqual(
            {key: row[3] for key, row in self._profit("payer_type").items()}, {"insurer": 450.0, False: 500.0},
        )
        own.encounter_id._unbill("wrong")
        self.assertEqual(self._profit("product_id", "payer_id")[self.service, nobody][:4], (500.0, -500.0, 0.0, 0.0))
        self.assertProfitTies()

    def test_the_bad_debt_of_a_patient_belongs_to_the_payer_that_left_it(self):
        _invoice, _answer, patient_invoice = self._answered()
        bad_debt = self.env["billing.adjustment.reason"].search([("account_kind", "=", "bad_debt")], limit=1)
        self._decide(patient_invoice, 80.0, reason=bad_debt)
        self.assertEqual(self._profit("payer_id"), {
            self.payer: (500.0, 0.0, -120.0, 380.0, -80.0, 0.0, 0.0, 300.0),
        })
        self.assertProfitTies()

    def test_exchange_and_payment_differences(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.90), ("2026-03-10", 0.83)])
        invoice = self._bill(currency_id=euro.id, services=[(self.service, 500.0)])
        self._answer(invoice.claim_ids, 500.0)
        self.assertEqual(
            self._sum_rows("billing.profit.item", ["kind"], "amount"), {"gross": 555.56, "exchange": 46.85},
        )
        self.assertProfitTies()
        own = self._bill(is_self_pay=True)
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=own.ids).create({
            "payment_date": "2026-03-12", "amount": 480.0, "payment_difference_handling": "reconcile",
            "writeoff_account_id": self.company_data["default_account_expense"].id,
        })._create_payments()
        self.assertEqual(
            self._sum_rows("billing.profit.item", ["kind"], "amount", [("kind", "=", "payment")]), {"payment": -20.0},
        )
        self.assertProfitTies()

    def test_ordinary_sales_are_none_of_billings_business(self):
        customer = self.env["res.partner"].create({"name": "An ordinary customer"})
        self._create_invoice_one_line(
            partner_id=customer, price_unit=70.0, tax_ids=[], post=True, invoice_date="2026-03-14",
        )
        self.assertFalse(self._profit("kind"))

    def test_accountants_read_it_without_anything_about_health(self):
        invoice = self._answered()[0]
        for login, group in (("arno", "account.group_account_manager"), ("ada", "account.group_account_readonly")):
            self._check_reader(new_test_user(self.env, login=login, groups=f"base.group_user,{group}"), invoice)

    def _check_reader(self, accountant, invoice):
        self.env.flush_all()
        self.env.invalidate_all()
        items = self.env["billing.profit.item"].with_user(accountant)
        groups = ["account_id", "product_id", "provider_id", "payer_id", "date:month"]
        self.assertEqual(sum(total for *_key, total in items._read_group([], groups, ["amount:sum"])), 380.0)
        row = items.search([("kind", "=", "allowance")])
        self.assertEqual((row.invoice_id, row.action_view_source()["res_model"]), (invoice, "account.move"))
        for name in ("patient_id", "encounter_id", "billing_code_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                items._read_group([], [name], ["amount:sum"])
            with self.subTest(name), self.assertRaises(AccessError):
                row.read([name])
        for view, kind in ((False, "list"), (False, "pivot"), (False, "search"), (False, "kanban")):
            arch = items.get_view(view, kind)["arch"]
            for name in ("patient_id", "encounter_id", "billing_code_id"):
                self.assertNotIn(f'name="{name}"', arch)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestProfitOfCollections(Books, AgencyCase):
    """Bad debt, what comes of it later, and what the agency takes."""

    def test_written_off_and_recovered_in_part(self):
        placements = self._place()
        placements._return()
        placements._write_off()
        lost = sum(placements.mapped("amount_placed"))
        self._report((placements[0], 100.0))
        totals = self._sum_rows("billing.profit.item", ["kind"], "amount", [("date", "=", TODAY)])
        self.assertEqual(totals, {"bad_debt": -lost + 100.0, "commission": -25.0})
        self.assertProfitTies()
        self.assertAllowancesTie()
        self.assertRegisterTies()
