from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY
from ..contacts.common import NOON, ContactCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionFigures(CollectionCase):
    """What each step of collection brought, by hand: Nora owes 200 of January and 400 of February."""

    def _figures(self, domain=(), user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["billing.collection.figure"].with_user(user or self.env.user).search(
            [("company_id", "in", (user or self.env.user).company_ids.ids), *domain], order="date, id",
        )

    def _told(self, domain=()):
        return [
            (str(f.date), f.stage_id.name, f.amount_asked, f.amount_prompt, f.amount_received, f.days)
            for f in self._figures([("partner_id", "=", self.nora.id), *domain])
        ]

    def test_money_belongs_to_the_latest_step_that_asked_for_the_bill(self):
        self._pay(self.january, 10.0, date="2026-03-15")
        self._night("2026-03-16")
        self._pay(self.january, 40.0, date="2026-03-18")
        self._night("2026-03-19")
        # On the day of a step money counts for that step.
        self._pay(self.january, 50.0, date="2026-03-19")
        self._pay(self.february, 60.0, date="2026-04-01")
        self._night("2026-04-02")
        self.assertEqual(self._told(), [
            ("2026-03-16", "Reminder", 590.0, 40.0, 40.0, 2.0),
            ("2026-03-19", "First notice", 550.0, 110.0, 110.0, 0.0),
            ("2026-04-02", "Second notice", 440.0, 0.0, 0.0, 0.0),
        ])
        # Thirty days after the step is prompt, the day after is not.
        self._pay(self.february, 100.0, date="2026-05-02")
        self._pay(self.february, 30.0, date="2026-05-03")
        self.assertEqual(self._told([("stage_id", "=", self.second.id)]), [
            ("2026-04-02", "Second notice", 440.0, 100.0, 130.0, 30.0),
        ])

    def test_credit_notes_and_write_offs_are_no_money_and_money_taken_back_came_not(self):
        self._night("2026-03-16")
        with freeze_time("2026-03-18"):
            self.env["billing.adjustment"].create({
                "move_id": self.january.id, "reason_id": self.small_balance.id, "amount": 5.0, "date": "2026-03-18",
            })._post_decision()
        self.assertEqual(self._told()[0][4], 0.0)
        payment = self._pay(self.january, 100.0, date="2026-03-18")
        self.assertEqual(self._told()[0][4], 100.0)
        payment.action_draft()
        self.assertEqual(self._told()[0][4], 0.0, "a draft is no money, though Odoo keeps its match")
        payment.action_cancel()
        self.assertEqual(self._told()[0][4], 0.0)

    def test_a_correction_of_insurance_is_no_money(self):
        self.patient.email = "ana@example.com"
        self.patient._set_state("pending")
        self.patient._set_state("active")
        invoice = self._bill(date="2026-01-12", encounter=self._create_encounter(date="2026-01-10"))
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)], date="2026-01-20")
        self._night("2026-03-16")
        domain = [("partner_id", "=", self.patient.id)]
        self.assertEqual(self._figures(domain).mapped("amount_asked"), [80.0])
        with freeze_time("2026-03-18"):
            answer._reverse(fields.Date.to_date("2026-03-18"), "The payer has decided anew")
        self.assertEqual(self._owed(self.patient), 0.0)
        self.assertEqual(self._figures(domain).mapped("amount_received"), [0.0])

    def test_rates_are_those_of_the_sums(self):
        otto = self._create_patient("Otto Alt", email="otto@example.com")
        otto._set_state("pending")
        otto._set_state("active")
        bill = self._bill(self._create_encounter(otto, [(self.service, 1400.0)], date="2026-01-10"), date="2026-01-10")
        self._night("2026-03-16")
        self._pay(self.january, 200.0, date="2026-03-17")
        self._pay(bill, 50.0, date="2026-03-18")
        self.env.flush_all()
        domain = [("partner_id", "in", (self.nora + otto).ids)]
        [(stage, asked, received, rate, days, count)] = self.env["billing.collection.figure"]._read_group(
            domain, ["stage_id"],
            ["amount_asked:sum", "amount_received:sum", "recovery_rate:avg", "days:avg", "paid_count:sum"],
        )
        self.assertEqual((stage, asked, received, rate, days, count), (self.reminder, 2000.0, 250.0, 12.5, 1.5, 2))

    def test_a_bill_in_euros_counts_in_dollars(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.80)])
        greta = self._create_patient("Greta Blau", email="greta@example.com")
        greta._set_state("pending")
        greta._set_state("active")
        bill = self._bill(self._create_encounter(
            greta, [(self.service, 400.0)], date="2026-01-10", currency_id=euro.id,
        ), date="2026-01-10")
        self._night("2026-03-16")
        self._pay(bill, 100.0, date="2026-03-17")
        figure = self._figures([("partner_id", "=", greta.id)])
        self.assertEqual((figure.amount_asked, figure.amount_received, figure.recovery_rate), (500.0, 125.0, 25.0))

    def test_steps_of_another_company_stay_there(self):
        company_2 = self.setup_other_company(name="Second Practice")["company"]
        self._night("2026-03-16")
        user = new_test_user(
            self.env, "reader2", "billing_coordinator.group_readonly", company_id=company_2.id,
            company_ids=[Command.set(company_2.ids)],
        )
        self.env.invalidate_all()
        self.assertFalse(self.env["billing.collection.figure"].with_user(user).search([]))
        figure = self._figures([("partner_id", "=", self.nora.id)])
        self.assertEqual(figure.action_view_source()["res_id"], self._case().id)

    def test_a_list_costs_as_much_for_twenty_as_for_five(self):
        for number in range(20):
            person = self._create_patient(f"Person {number}", email="person@example.com")
            person._set_state("pending")
            person._set_state("active")
            self._bill(self._create_encounter(person, [(self.service, 20.0)], date="2026-01-10"), date="2026-01-10")
        self._night("2026-03-16")

        def cost(limit):
            figures = self._figures()[:limit]
            self.assertEqual(len(figures), limit)
            before = self.cr.sql_log_count
            figures.web_read({
                "partner_id": {"fields": {"display_name": {}}}, "stage_id": {"fields": {"display_name": {}}},
                "amount_asked": {}, "amount_received": {}, "recovery_rate": {},
            })
            return self.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(20), cost(5))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestContactFigures(ContactCase):
    """Whom the office reaches, who promises, and who keeps it."""

    def _told(self, *domain):
        self.env.flush_all()
        self.env.invalidate_all()
        return [
            (str(f.date), f.user_id.login, f.outcome, f.stage_id.name, f.contact_count, f.talked_count, f.promise_count,
             f.promise_state, f.amount_promised, f.amount_paid)
            for f in self.env["billing.contact.figure"].search(
                [("partner_id", "=", self.nora.id), *domain], order="date, id",
            )
        ]

    def test_contacts_with_their_promises_and_what_became_of_them(self):
        case = self._open("2026-03-16")
        self._contact(case, "2026-03-16 18:00:00", "no_answer", user=self.max)
        self._call(case, "promise", moment=NOON, parts=[("2026-03-18", 250.0)])
        self.assertEqual(self._told(), [
            ("2026-03-16", "max", "no_answer", "Reminder", 1, 0, 0, False, 0.0, 0.0),
            ("2026-03-16", "cora", "promise", "Reminder", 1, 1, 1, "running", 250.0, 0.0),
        ])
        self._pay(self.january, 100.0, date="2026-03-17")
        self._night("2026-03-26")
        self.assertEqual(self._told(("promise_count", "=", 1)), [
            ("2026-03-16", "cora", "promise", "Reminder", 1, 1, 1, "broken", 250.0, 100.0),
        ])
        with freeze_time("2026-03-30 19:00:00"):
            # A promise that no contact was written down for counts, too, but not as a contact.
            self._promise(case, ("2026-04-02", 300.0), day="2026-03-30", user=self.max)
        self._pay(self.february, 400.0, date="2026-04-01")
        self._night("2026-04-03")
        told = self._told(("promise_count", "=", 1))
        # Paid more than was promised: all of the promise, no more.
        self.assertEqual(told[1], (
            "2026-03-30", "max", False, "First notice", 0, 0, 1, "kept", 300.0, 300.0,
        ))
        [(contacts, reached, promises, kept, judged, amount)] = self.env["billing.contact.figure"]._read_group(
            [("partner_id", "=", self.nora.id)], [],
            ["contact_count:sum", "reach_rate:avg", "promise_rate:avg", "kept_rate:avg", "judged_count:sum",
             "amount_promised:sum"],
        )
        self.assertEqual((contacts, reached, promises, kept, judged, amount), (2, 50.0, 50.0, 50.0, 2, 550.0))

    def test_a_cancelled_promise_is_neither_kept_nor_broken(self):
        case = self._open("2026-03-16")
        promise = self._promise(case, ("2026-03-20", 250.0))
        promise.action_cancel()
        [(kept, broken, rate)] = self._group("kept_count:sum", "broken_count:sum", "kept_rate:avg")
        self.assertEqual((kept, broken, rate), (0, 0, False))

    def test_late_in_the_evening_it_is_the_day_of_the_reader(self):
        case = self._open("2026-03-16")
        self._contact(case, "2026-03-17 01:30:00", "reached", is_incoming=True)
        figures = self.env["billing.contact.figure"]
        domain = [("partner_id", "=", self.nora.id)]
        for zone, day in (("America/New_York", "2026-03-16"), ("Europe/Berlin", "2026-03-17")):
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(figures.with_context(tz=zone).search(domain).date, fields.Date.to_date(day))

    def _group(self, *aggregates):
        self.env.flush_all()
        return self.env["billing.contact.figure"]._read_group(
            [("partner_id", "=", self.nora.id)], [], list(aggregates),
        )
