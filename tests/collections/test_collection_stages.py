from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionStages(CollectionCase):
    """When a stage comes: days past due, days since the step before, the least that has to be due."""

    def _alone(self, **values):
        """Only one stage, and only Nora's bill of January, due on 9 February."""
        self.stages.active = False
        self._pay(self.february, 400.0)
        return self.env["billing.collection.stage"].create({
            "name": "Only", "company_id": self.company.id, "subject": "Only", "text": "<p>Only.</p>", "wait": 0,
            **values,
        })

    def _is_asked(self, day):
        """Whether a step would be taken in the night to this day; nothing is kept of it."""
        with self.env.cr.savepoint() as point:
            self._night(day)
            asked = bool(self._steps())
            point.rollback()
        self.env.invalidate_all()
        return asked

    def test_the_days_around_each_border(self):
        stage = self._alone()
        for days, before, on in (
            (0, "2026-02-08", "2026-02-09"),
            (1, "2026-02-09", "2026-02-10"),
            (29, "2026-03-09", "2026-03-10"),
            (30, "2026-03-10", "2026-03-11"),
            (31, "2026-03-11", "2026-03-12"),
            (60, "2026-04-09", "2026-04-10"),
            (61, "2026-04-10", "2026-04-11"),
            (-3, "2026-02-05", "2026-02-06"),
        ):
            with self.subTest(days=days):
                stage.write({"days": days})
                self.assertEqual((self._is_asked(before), self._is_asked(on)), (False, True))

    def test_a_reminder_before_the_due_date_is_not_sent_to_who_is_late(self):
        self._alone(days=-3, name="Soon due")
        self.stages[1:].active = True
        self._night("2026-02-10")
        self.assertEqual(self._steps(), [("2026-02-10", "First notice", 200.0)])

    def test_a_friendly_reminder_and_then_the_first_notice(self):
        self._alone(days=-3, name="Soon due", sequence=0)
        self.first.write({"active": True, "wait": 0})
        for day in ("2026-02-05", "2026-02-06", "2026-02-07", "2026-02-09", "2026-02-10"):
            self._night(day)
        self.assertEqual(self._steps(), [("2026-02-06", "Soon due", 200.0), ("2026-02-10", "First notice", 200.0)])

    def test_who_is_a_year_late_is_greeted_by_the_friendliest_text(self):
        self._night("2027-03-16")
        self.assertEqual(self._steps(), [("2027-03-16", "Reminder", 600.0)])

    def test_less_than_the_least_waits_at_the_stage_before(self):
        stage = self._alone(days=1, amount_min=200.01)
        self._night("2026-03-16")
        self.assertEqual((self._steps(), self._case().outlook), ([], "What is due is too little for the next step."))
        stage.amount_min = 200.0
        self._night("2026-03-17")
        self.assertEqual(self._steps(), [("2026-03-17", "Only", 200.0)])

    def test_days_between_two_steps(self):
        self._night("2026-03-16")
        self._night("2026-03-18")
        self.assertEqual(len(self._steps()), 1, "three days after the reminder, not two")
        self._night("2026-03-19")
        self._night("2026-04-01")
        self.assertEqual(len(self._steps()), 2, "fourteen days after the first notice, not thirteen")
        self._night("2026-04-02")
        self.assertEqual(len(self._steps()), 3)

    def test_whoever_pays_the_oldest_of_three_is_asked_for_the_others_where_they_are(self):
        march = self._bill_nora(50.0, "2026-02-12")
        self._night("2026-03-16")
        self._night("2026-03-19")
        self._pay(self.january, 200.0, date="2026-03-20")
        self._night("2026-04-02")
        self._night("2026-04-20")
        self.assertEqual(self._steps(), [
            ("2026-03-16", "Reminder", 650.0), ("2026-03-19", "First notice", 650.0),
            ("2026-04-02", "Second notice", 450.0), ("2026-04-20", "Final demand", 450.0),
        ])
        last = self._case().step_ids.sorted("date")[-1]
        self.assertEqual({line.move_id: (line.stage_id, line.amount) for line in last.line_ids}, {
            self.february: (self.final, 400.0), march: (self.final, 50.0),
        })

    def test_a_part_payment_neither_skips_nor_repeats_a_stage(self):
        self._night("2026-03-16")
        self._pay(self.january, 199.0, date="2026-03-17")
        self._night("2026-03-19")
        self._pay(self.january, 1.0, date="2026-03-20")
        self._night("2026-04-02")
        self.assertEqual(self._steps(), [
            ("2026-03-16", "Reminder", 600.0), ("2026-03-19", "First notice", 401.0),
            ("2026-04-02", "Second notice", 400.0),
        ])

    def test_a_bill_remembers_its_stage_when_its_case_has_rested(self):
        self._night("2026-03-16")
        self._night("2026-03-19")
        bounced = self._pay(self.january + self.february, 600.0, date="2026-03-20")
        self._night("2026-03-21")
        self.assertEqual(self._case().state, "closed")
        bounced.action_draft()
        bounced.action_cancel()
        self._night("2026-04-10")
        again = self._case().filtered(lambda case: case.state == "open")
        self.assertEqual([(str(step.date), step.stage_id.name) for step in again.step_ids], [
            ("2026-04-10", "Second notice"),
        ])

    def test_companies_and_people_have_pipelines_of_their_own(self):
        self._alone(days=1, debtor_class="company", name="To companies")
        works = self.env["res.partner"].create({
            "name": "Works Ltd", "is_company": True, "is_billing_account": True, "email": "works@example.com",
        })
        visit = self._create_encounter(works, [(self.service, 90.0)], date="2026-01-10")
        self._bill(visit, date="2026-01-10")
        self._night()
        self.assertEqual(self._steps(works), [("2026-03-16", "To companies", 90.0)])
        self.assertFalse(self._case(), "no stages for people, so no case")

    def test_a_folded_stage_is_shown_where_somebody_stands_there(self):
        self._night()
        pipeline = self.env["billing.collection.case"].with_context(
            default_debtor_class="person", read_group_expand=True,
        )

        def columns():
            groups = pipeline.web_read_group([("partner_id", "=", self.nora.id)], ["stage_id"], ["__count"])["groups"]
            return [group["stage_id"][1] for group in groups]

        self.assertEqual(columns(), ["Reminder", "First notice", "Second notice", "Final demand"])
        self.stages.fold = True
        self.assertEqual(columns(), ["Reminder"])
        self.second.fold = False
        self.assertEqual(columns(), ["Reminder", "Second notice"])

    def test_a_stage_that_calls_and_one_that_holds_the_account(self):
        call = self.env["mail.activity.type"].create({"name": "Call", "res_model": "billing.collection.case"})
        self.reminder.write({"activity_type_id": call.id})
        self.first.write({"holds_account": True, "name": "Hold"})
        self._night("2026-03-16")
        self.assertEqual(self._case().activity_ids.mapped("summary"), ["Reminder: Nora Neu"])
        self.assertEqual(self.nora.billing_state, "active")
        self._night("2026-03-19")
        self.assertEqual(
            (self.nora.billing_state, self.nora.billing_state_reason),
            ("on_hold", "Put on hold by “Hold” of collections."),
        )

    def test_a_reminder_before_the_due_date_threatens_with_nothing(self):
        self.reminder.days = -3
        with self.assertRaisesRegex(ValidationError, "Reminder comes before anything is late: it asks for no fee"):
            self.reminder.fee = 5.0
        with self.assertRaisesRegex(ValidationError, "“Fee” of First notice cannot be less than nothing .-5."):
            self.first.fee = -5.0
        with self.assertRaisesRegex(ValidationError, "First notice writes to people: type the subject and the text"):
            self.first.text = False

    def test_a_bill_in_another_currency_is_asked_for_in_its_own(self):
        self._alone(days=1, name="Notice")
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "CHF")])
        currency.write({"active": True, "rate_ids": [
            (5, 0, 0), (0, 0, {"name": "2026-01-01", "rate": 2.0, "company_id": self.company.id}),
        ]})
        foreign = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "invoice_date": "2026-01-15",
            "currency_id": currency.id, "invoice_date_due": "2026-02-01", "invoice_payment_term_id": False,
            "invoice_line_ids": [(0, 0, {"name": "Abroad", "price_unit": 100.0, "tax_ids": [(5, 0, 0)]})],
        })
        foreign.action_post()
        self._night()
        self.assertEqual(self._steps(), [("2026-03-16", "Notice", 250.0)])
        self.assertEqual(sorted((line.currency_id.name, line.amount) for line in self._case().step_ids.line_ids), [
            ("CHF", 100.0), (self.company.currency_id.name, 200.0),
        ])

    def test_each_company_asks_for_its_own(self):
        other = self.env["res.company"].create({"name": "Other office"})
        self._night()
        self.assertEqual(self._case().company_id, self.company)
        self.assertFalse(self.env["billing.collection.case"].search([("company_id", "=", other.id)]))
