from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUnfilled(BillingCase):
    """What was agreed on and has not gone on, on 16 March 2026."""

    def _rows(self, domain=(), user=None):
        self.env.invalidate_all()
        model = self.env["billing.unfilled.item"].with_user(user or self.env.user)
        return model.search([("patient_id", "=", self.patient.id), *domain])

    def _estimate(self, date, accepted, price=500.0, **values):
        """An estimate that Ana has said yes to."""
        with freeze_time(accepted):
            estimate = self.env["billing.estimate"].create({
                "patient_id": self.patient.id, "date": date, "provider_id": self.provider.id,
                "line_ids": [Command.create({"product_id": self.service.id, "price_unit": price})], **values,
            })
            estimate.action_print()
            estimate.action_accept()
        return estimate

    def _authorize(self, units, date_to="2026-06-30", decided="2026-02-02", **values):
        request = self.env["billing.authorization"].create({
            "patient_id": self.patient.id, "coverage_id": self.coverage.id, "date_from": "2026-01-01",
            "date_to": date_to, "number": "A-77",
            "line_ids": [Command.create({"units_asked": units, "product_id": self.service.id})], **values,
        })
        with freeze_time(decided):
            request.action_submit()
            request.action_approve()
        return request

    def test_accepted_estimates_without_a_visit(self):
        waits = self._estimate("2026-04-01", "2026-02-14")
        past = self._estimate("2026-03-10", "2026-02-13", price=80.0)
        self._estimate("2026-04-02", "2026-03-01").action_make_visit()
        self._estimate("2026-04-03", "2026-03-01").action_decline()
        rows = self._rows()
        self.assertEqual(
            [(row.kind, row.name, row.amount, row.days, row.bucket, row.days_left) for row in rows],
            [("1_estimate", past.name, 80.0, 31, "days_31_60", -6),
             ("1_estimate", waits.name, 500.0, 30, "days_1_30", 16)],
        )
        self.assertEqual((rows[1].provider_id, rows[1].user_id), (self.provider, self.env.user))
        self.assertEqual(rows[1].action_view_source()["res_id"], waits.id)

    def test_granted_units_that_nobody_has_rendered(self):
        self.patch(
            type(self.env["billing.insurance.plan"]), "_needs_authorization",
            lambda plan, product, code, date, book=None: True,
        )
        request = self._authorize(10.0)
        self._authorize(3.0, date_to="2026-03-15", number="A-78")
        billed = self._create_encounter(date="2026-03-02")
        billed.line_ids.quantity = 4.0
        self._bill(billed)
        planned = self._create_encounter(date="2026-03-20")
        planned.line_ids.quantity = 5.0
        self.assertEqual(planned.line_ids.authorization_line_id.authorization_id, request)
        row = self._rows([("kind", "=", "2_authorization")])
        self.assertEqual(
            (row.name, row.units, row.amount, row.payer_id, row.product_id, row.date_deadline, row.days_left),
            (request.name, 1.0, 0.0, self.payer, self.service, fields.Date.to_date("2026-06-30"), 106),
        )
        self.assertEqual((row.date, row._get_source()), (fields.Date.to_date("2026-02-02"), request))
        planned.line_ids.quantity = 6.0
        self.assertFalse(self._rows([("kind", "=", "2_authorization")]), "every unit stands on a visit")

    def test_claims_that_nobody_has_sent_in_dollars_of_the_books(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.90), ("2026-03-10", 0.50)])
        self.plan.timely_filing_days = 40
        first = self._bill(date="2026-03-06")
        second = self._bill(currency_id=euro.id, services=[(self.service, 90.0)], date="2026-03-07")
        sent = self._bill(date="2026-03-06")
        sent.claim_ids.action_send()
        answered = self._bill(date="2026-03-06")
        self._answer(answered.claim_ids, 500.0)
        rows = self._rows().sorted("date")
        self.assertEqual([(row.name, row.amount, row.amount_document, row.days) for row in rows], [
            (first.claim_ids.name, 500.0, 500.0, 10), (second.claim_ids.name, 100.0, 90.0, 9),
        ])
        # Rendered on 5 March, to be filed within 40 days.
        self.assertEqual({(str(row.date_deadline), row.days_left) for row in rows}, {("2026-04-14", 29)})
        self.assertEqual(rows[0]._get_source(), first.claim_ids)

    def test_estimates_in_yen_are_told_in_dollars_of_today(self):
        yen = self.setup_other_currency("JPY", rates=[("1900-01-01", 100.0), ("2026-03-01", 150.0)], rounding=1.0)
        estimate = self._estimate("2026-04-01", "2026-02-14", price=1000.0, currency_id=yen.id)
        self.assertEqual(estimate.currency_id, yen)
        self.assertEqual(self._rows().mapped(lambda row: (row.amount_document, row.amount)), [(1000.0, 6.67)])

    def test_companies_do_not_see_what_others_have_left_lying(self):
        company_2 = self.setup_other_company(name="Second Practice")["company"]
        company_2._billing_setup()
        mine = self._estimate("2026-04-01", "2026-02-14")
        theirs = self._estimate("2026-04-01", "2026-02-14", company_id=company_2.id)
        for company, estimate in ((self.company, mine), (company_2, theirs)):
            user = new_test_user(
                self.env, f"reader{company.id}", "billing_coordinator.group_readonly", company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            self.assertEqual(self._rows(user=user)._get_source(), estimate.with_user(user))

    def test_other_rooms_add_what_they_leave_lying(self):
        model = type(self.env["billing.unfilled.item"])
        usual = model._get_unfilled_selects

        def with_patients(item):
            return [*usual(item), item._select_kind(
                15, "3_claim", "res.partner", SQL("FROM res_partner partner WHERE partner.id = %s", self.patient.id),
                res_id=SQL("partner.id"), patient_id=SQL("partner.id"), company_id=SQL("%s", self.company.id),
                date=SQL("'2026-03-01'"), amount=SQL("12.5"),
            )]

        self.patch(model, "_get_unfilled_selects", with_patients)
        row = self._rows()
        self.assertEqual((row._get_source(), row.amount, row.days), (self.patient, 12.5, 15))

    def test_a_list_costs_as_much_for_twenty_as_for_five(self):
        for number in range(20):
            self._estimate("2026-04-01", f"2026-02-{number + 1:02}")

        def cost(limit):
            rows = self._rows()[:limit]
            before = self.cr.sql_log_count
            rows.web_read({"name": {}, "amount": {}, "days": {}, "kind": {}, "patient_id": {"fields": {"name": {}}}})
            return self.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(20), cost(5))
