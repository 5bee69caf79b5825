from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestClaimFigures(BillingCase):
    """Claims as figures on 16 March 2026, worked out by hand."""

    def _figures(self, domain=(), user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["billing.claim.figure"].with_user(user or self.env.user).search(
            [("patient_id", "=", self.patient.id), *domain], order="id",
        )

    def _figure(self, claim):
        return self._figures([("claim_id", "=", claim.id)])

    def _claim(self, price=500.0, sent=None, date="2026-03-06", **values):
        """A claim, sent on a day."""
        claim = self._bill(services=[(self.service, price)], date=date, **values).claim_ids
        if sent:
            with freeze_time(sent):
                claim.action_send()
        return claim

    def _group(self, domain, *aggregates, by=()):
        self.env.flush_all()
        return self.env["billing.claim.figure"]._read_group(
            [("patient_id", "=", self.patient.id), *domain], list(by), list(aggregates),
        )

    def test_what_became_of_a_claim_is_what_the_flow_of_its_charge_says(self):
        """Answers, denials, decisions, credit notes, take-backs, money past billing, an entry made by hand."""
        answered = self._claim()
        self._answer(answered, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        denied = self._claim()
        self._answer(denied, 100.0, [(self.co_50, 400.0)])
        kept = self._claim()
        self._answer(kept, 300.0, [(self.co_45, 200.0)])._reverse(fields.Date.to_date("2026-03-12"), "Wrong", "keep")
        taken = self._claim()
        self._answer(taken, 300.0, [(self.co_45, 200.0)])._reverse(fields.Date.to_date("2026-03-12"), "Wrong")
        self._answer(taken, 320.0, [(self.co_45, 180.0)], date="2026-03-13")
        given_up = self._claim()
        self._answer(given_up, 0.0, [(self.co_50, 500.0)])
        self.env["billing.adjustment"].create({
            "move_id": given_up.invoice_id.id, "reason_id": self.co_45.id, "amount": 130.0, "date": "2026-03-14",
        })._post_decision()
        paid = self._claim()
        self._pay(paid.invoice_id, 77.77)
        by_hand = self._claim()
        item = by_hand.invoice_id._get_billing_receivable_item()
        entry = self.env["account.move"].create({
            "journal_id": self.company_data["default_journal_misc"].id, "date": "2026-03-14",
            "line_ids": [
                Command.create({"account_id": item.account_id.id, "partner_id": item.partner_id.id, "credit": 55.0}),
                Command.create({"account_id": self.writeoff_account.id, "debit": 55.0}),
            ],
        })
        entry.action_post()
        (entry.line_ids.filtered(lambda line: line.account_id == item.account_id) + item).reconcile()
        claims = answered + denied + kept + taken + given_up + paid + by_hand
        self.env.invalidate_all()
        for claim in claims:
            figure = self._figure(claim)
            self.assertEqual(
                (figure.amount_charged, figure.amount_paid, figure.amount_adjusted, figure.amount_transferred,
                 figure.amount_open),
                (claim.amount_charged, claim.amount_paid, claim.amount_adjusted, claim.amount_transferred,
                 claim.amount_open),
                claim.name,
            )
        # And by hand.
        told = [(f.amount_paid, f.amount_adjusted, f.amount_transferred, f.amount_open) for f in self._figures()]
        self.assertEqual(told, [
            (300.0, 120.0, 80.0, 0.0),
            (100.0, 0.0, 0.0, 400.0),
            (0.0, 0.0, 0.0, 500.0),
            (320.0, 180.0, 0.0, 0.0),
            (0.0, 130.0, 0.0, 370.0),
            (77.77, 0.0, 0.0, 422.23),
            # What the accountant moved by hand is neither paid nor open; the report on conservation shows it.
            (0.0, 0.0, 0.0, 445.0),
        ])

    def test_a_claim_that_was_taken_back_is_no_claim(self):
        claim = self._claim()
        claim.action_void()
        self.assertFalse(self._figure(claim))

    def test_a_credit_note_of_the_office_adjusts_a_claim(self):
        claim = self._claim()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=claim.invoice_id.ids,
        ).create({"journal_id": claim.invoice_id.journal_id.id, "date": "2026-03-12"})
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        note.invoice_line_ids.write({"price_unit": 120.0, "quantity": 1.0, "tax_ids": [Command.clear()]})
        note.action_post()
        figure = self._figure(claim)
        self.assertEqual((figure.amount_adjusted, figure.amount_open, figure.amount_paid), (120.0, 380.0, 0.0))
        self.assertEqual(figure.amount_open, claim.amount_open)

    def test_outstanding_claims_by_days_since_they_were_sent(self):
        for day in ("2026-03-16", "2026-03-15", "2026-02-14", "2026-02-13", "2026-01-15", "2026-01-14", None):
            self._claim(sent=day)
        self._answer(self._claim(sent="2026-01-10"), 500.0)
        self.assertEqual(
            [(f.days_open, f.bucket, f.amount_open) for f in self._figures([("amount_open", ">", 0)])],
            [(0, "current", 500.0), (1, "days_1_30", 500.0), (30, "days_1_30", 500.0), (31, "days_31_60", 500.0),
             (60, "days_31_60", 500.0), (61, "days_61_90", 500.0), (0, "unsent", 500.0)],
        )
        self.assertEqual(
            dict(self._group([("amount_open", ">", 0)], "amount_open:sum", by=["bucket"])),
            {"current": 500.0, "days_1_30": 1000.0, "days_31_60": 1000.0, "days_61_90": 500.0, "unsent": 500.0},
        )
        self.assertFalse(self._figures([("amount_open", "=", 0)]).bucket)

    def test_first_pass_is_a_first_answer_without_denial_or_correction(self):
        passed = self._claim(sent="2026-03-01")
        self._answer(passed, 400.0, [(self.co_45, 100.0)])
        denied = self._claim(sent="2026-03-01")
        self._answer(denied, 0.0, [(self.co_50, 500.0)])
        paid_later = self._claim(sent="2026-03-01")
        self._answer(paid_later, 0.0, [(self.co_50, 500.0)], date="2026-03-10")
        self._answer(paid_later, 500.0, date="2026-03-14")
        corrected = self._claim(sent="2026-03-01")
        self._answer(corrected, 300.0, [(self.co_45, 200.0)])._reverse(fields.Date.to_date("2026-03-12"), "Wrong")
        self._answer(corrected, 320.0, [(self.co_45, 180.0)])
        self._claim(sent="2026-03-01")
        figures = self._figures()
        self.assertEqual(
            [(f.answered_count, f.first_pass_count, f.denied_count) for f in figures],
            [(1, 1, 0), (1, 0, 1), (1, 0, 1), (1, 0, 0), (0, 0, 0)],
        )
        self.assertEqual(
            self._group([], "first_pass_rate:avg", "denial_rate:avg", by=["payer_id"]), [(self.payer, 25.0, 50.0)],
        )
        # Nobody has answered: there is no rate.
        self.assertEqual(self._group([("answered_count", "=", 0)], "first_pass_rate:avg"), [(False,)])

    def test_days_to_answer_and_to_pay_count_from_the_first_sending(self):
        claim = self._claim(sent="2026-03-06")
        self._answer(claim, 0.0, [(self.co_50, 500.0)], date="2026-03-10")
        claim.payer_control_number = "ICN 77"
        with freeze_time("2026-03-12"):
            claim.action_send()
        self._answer(claim, 500.0, date="2026-03-16")
        fast = self._claim(sent="2026-03-06")
        self._answer(fast, 500.0, date="2026-03-09")
        never_marked = self._claim(date="2026-03-07")
        self._answer(never_marked, 500.0, date="2026-03-09")
        refused = self._claim(sent="2026-03-06")
        self._answer(refused, 0.0, [(self.co_50, 500.0)], date="2026-03-11")
        self.assertEqual(
            [(f.days_to_answer, f.days_to_pay) for f in self._figures()], [(4, 10), (3, 3), (2, 2), (5, 0)],
        )
        self.assertEqual((claim.date_first_sent, claim.date_sent),
                         tuple(map(fields.Date.to_date, ("2026-03-06", "2026-03-12"))))
        # The refused claim brought no money, and counts for no average of days to pay.
        self.assertEqual(self._group([], "days_to_answer:avg", "days_to_pay:avg"), [(3.5, 5.0)])
        fast_again = self._claim(sent="2026-03-06")
        fast_again.action_unsend()
        self.assertFalse(fast_again.date_first_sent)

    def test_paid_against_what_the_contract_says(self):
        self.coverage.write({"deductible": 100.0})
        full = self._claim()
        self.assertEqual(full.amount_expected, 400.0)
        self._answer(full, 400.0, [(self.pr_1, 100.0)])
        self.coverage.write({"deductible": 0.0})
        to_patient = self._claim()
        self._answer(to_patient, 420.0, [(self.pr_1, 80.0)])
        short = self._claim()
        self._answer(short, 300.0, [(self.co_45, 150.0), (self.pr_2, 50.0)])
        # Not answered yet: nothing is short of anything.
        self._claim(1000.0)
        # Below the deductible nothing is expected: what comes all the same makes up for nothing.
        self.coverage.write({"deductible": 5000.0})
        beyond = self._claim(60.0)
        self.assertEqual(beyond.amount_expected, 0.0)
        self._answer(beyond, 60.0)
        self.assertEqual(
            [(f.amount_expected, f.amount_paid, f.amount_patient, f.amount_short, f.contract_rate)
             for f in self._figures()],
            [(400.0, 400.0, 100.0, 0.0, 100.0), (500.0, 420.0, 80.0, 0.0, 100.0), (500.0, 300.0, 50.0, 150.0, 70.0),
             (1000.0, 0.0, 0.0, 0.0, 0.0), (0.0, 60.0, 0.0, 0.0, 0.0)],
        )
        [(expected, short, paid_rate, contract_rate)] = self._group(
            [], "amount_expected:sum", "amount_short:sum", "paid_rate:avg", "contract_rate:avg",
        )
        self.assertEqual((expected, short), (2400.0, 150.0))
        self.assertAlmostEqual(paid_rate, 100 * 1120 / 1400)
        self.assertAlmostEqual(contract_rate, 100 * 1250 / 1400)

    def test_claims_in_euros_and_yen_are_told_in_dollars_of_their_invoice(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.80), ("2026-03-09", 0.50)])
        yen = self.setup_other_currency("JPY", rates=[("1900-01-01", 100.0)], rounding=1.0)
        claim = self._claim(400.0, currency_id=euro.id)
        self._answer(claim, 200.0, [(self.co_45, 40.0), (self.pr_1, 60.0), (self.co_50, 100.0)])
        figure = self._figure(claim)
        self.assertEqual(
            (figure.amount_charged, figure.amount_paid, figure.amount_adjusted, figure.amount_transferred,
             figure.amount_open, figure.amount_patient, figure.currency_id),
            (500.0, 250.0, 50.0, 75.0, 125.0, 75.0, self.company.currency_id),
        )
        claim = self._claim(1001.0, currency_id=yen.id)
        self._answer(claim, 1001.0)
        self.assertEqual((self._figure(claim).amount_charged, self._figure(claim).amount_paid), (10.01, 10.01))

    def test_the_second_payer_is_judged_by_what_it_was_asked(self):
        self._create_coverage(self.patient, self.plan_b, rank="2")
        claim = self._claim()
        self._answer(claim, 300.0, [(self.co_45, 120.0), (self.pr_1, 80.0)])
        second = self.env["billing.claim"].search([("payer_id", "=", self.payer_b.id)])
        self._answer(second, 60.0, [(self.pr_2, 20.0)])
        figure = self._figure(second)
        self.assertEqual(
            (figure.amount_charged, figure.amount_paid, figure.amount_transferred, figure.amount_open, figure.plan_id),
            (80.0, 60.0, 20.0, 0.0, self.plan_b),
        )

    def test_companies_do_not_see_the_claims_of_others(self):
        company_2 = self.setup_other_company(name="Second Practice")["company"]
        company_2._billing_setup()
        plan = self._create_plan("Second Plan", self.payer, company_id=company_2.id)
        self._create_coverage(self.patient, plan)
        mine = self._claim()
        theirs = self._claim(30.0, company_id=company_2.id)
        for company, claim in ((self.company, mine), (company_2, theirs)):
            user = new_test_user(
                self.env, f"reader{company.id}", "billing_coordinator.group_readonly", company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            self.assertEqual(self._figures(user=user).mapped(lambda f: (f.claim_id.id, f.amount_charged)),
                             [(claim.id, claim.amount_charged)])

    def test_a_list_costs_as_much_for_twenty_as_for_five(self):
        for _number in range(20):
            self._claim()

        def cost(limit):
            figures = self._figures()[:limit]
            before = self.cr.sql_log_count
            figures.web_read({
                "claim_id": {"fields": {"display_name": {}}}, "payer_id": {"fields": {"display_name": {}}},
                "amount_open": {}, "amount_paid": {}, "first_pass_rate": {},
            })
            return self.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(20), cost(5))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDenialFigures(BillingCase):
    """What payers denied, and why."""

    def _denials(self, domain=()):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["billing.denial.figure"].search([("patient_id", "=", self.patient.id), *domain], order="id")

    def _told(self, domain=()):
        return [
            (row.reason_id, row.amount, row.amount_overturned, row.is_repeat, row.claim_state)
            for row in self._denials(domain)
        ]

    def test_each_cause_of_a_denial_with_what_was_paid_after_all(self):
        co_16 = self.env["billing.adjustment.reason"].create({
            "group": "CO", "code": "16X", "name": "Information is missing", "effect": "hold",
        })
        claim = self._bill().claim_ids
        self._answer(claim, 100.0, [(self.co_50, 250.0), (co_16, 150.0)], date="2026-03-10")
        self.assertEqual(self._told(), [
            (self.co_50, 250.0, 0.0, False, "denied"), (co_16, 150.0, 0.0, False, "denied"),
        ])
        self._answer(claim, 300.0, [(self.co_45, 100.0)], date="2026-03-14")
        self.assertEqual(self._told(), [
            (self.co_50, 250.0, 250.0, False, "settled"), (co_16, 150.0, 50.0, False, "settled"),
        ])
        [(amount, overturned, rate)] = self.env["billing.denial.figure"]._read_group(
            [("claim_id", "=", claim.id)], [], ["amount:sum", "amount_overturned:sum", "overturn_rate:avg"],
        )
        self.assertEqual((amount, overturned, rate), (400.0, 300.0, 75.0))
        row = self._denials()[0]
        self.assertEqual(
            (row.payer_id, row.plan_id, row.provider_id, row.product_id, row.reason_group, str(row.date)),
            (self.payer, self.plan, self.provider, self.service, "CO", "2026-03-10"),
        )
        self.assertEqual(row.action_view_source()["res_id"], claim.id)

    def test_denied_again_it_stands_there_twice_and_money_counts_for_the_last_one(self):
        claim = self._bill().claim_ids
        self._answer(claim, 0.0, [(self.co_50, 500.0)], date="2026-03-08")
        self._answer(claim, 120.0, [(self.co_50, 380.0)], date="2026-03-10")
        self._answer(claim, 200.0, [(self.co_45, 180.0)], date="2026-03-12")
        self.assertEqual(self._told(), [
            (self.co_50, 500.0, 0.0, False, "settled"), (self.co_50, 380.0, 200.0, True, "settled"),
        ])

    def test_an_answer_that_was_taken_back_denied_nothing(self):
        claim = self._bill().claim_ids
        answer = self._answer(claim, 0.0, [(self.co_50, 500.0)])
        answer._reverse(fields.Date.to_date("2026-03-12"), "Typed wrongly")
        self.assertFalse(self._denials())

    def test_denials_of_two_services_in_euros_are_told_in_dollars(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.80)])
        scan = self._create_service("Scan", 100.0)
        invoice = self._bill(services=[(self.service, 400.0), (scan, 100.0)], currency_id=euro.id)
        answer = self._prepare_answer(invoice.claim_ids, 400.0)
        office, other = answer.line_ids.sorted(lambda line: -line.amount_charged)
        office.amount_paid = 400.0
        other.adjustment_ids = [Command.create({"reason_id": self.co_50.id, "amount": 100.0})]
        answer.action_post()
        row = self._denials()
        self.assertEqual((row.amount, row.product_id, row.currency_id), (125.0, scan, self.company.currency_id))
