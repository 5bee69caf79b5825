from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import DisputeCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDisputeDeadline(DisputeCase):
    """Who answers by when, and who hears of it when nobody has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.cora = new_test_user(cls.env, "cora", "billing_coordinator.group_coordinator", **values)
        cls.max = new_test_user(cls.env, "max", "billing_coordinator.group_manager", **values)

    def test_the_answer_is_due_after_the_business_days_of_its_reason(self):
        self.assertEqual(str(self._dispute().date_deadline), "2026-03-30")
        paid = self.env.ref("billing_coordinator.dispute_category_paid")
        self.assertEqual(str(self._dispute((self.february, 1.0), category_id=paid.id).date_deadline), "2026-03-23")

    def test_holidays_of_the_office_do_not_count(self):
        self.env["resource.calendar.leaves"].create({
            "name": "Founders' day", "calendar_id": self.company.resource_calendar_id.id,
            "date_from": "2026-03-17 00:00:00", "date_to": "2026-03-17 23:59:59",
        })
        self.company.resource_calendar_id.tz = "UTC"
        self.assertEqual(str(self._dispute().date_deadline), "2026-03-31")

    def test_what_came_on_a_leap_day_that_is_a_sunday(self):
        with freeze_time("2032-03-01"):
            dispute = self._dispute(date="2032-02-29")
            self.assertEqual(str(dispute.date_deadline), "2032-03-12")

    def test_whoever_answers_has_an_activity_that_follows_owner_and_day(self):
        dispute = self._dispute(user_id=self.cora.id, subject="Twice?")
        activity = dispute.activity_ids
        self.assertEqual(
            (activity.user_id, str(activity.date_deadline), activity.summary),
            (self.cora, "2026-03-30", "Answer Nora Neu: Twice?"),
        )
        dispute.write({"user_id": self.max.id, "date_deadline": "2026-04-02"})
        self.assertEqual((activity.user_id, str(activity.date_deadline)), (self.max, "2026-04-02"))
        self._resolve(dispute, "explained")
        self.assertFalse(dispute.activity_ids)

    def test_the_reason_says_who_answers_else_whoever_writes_it_down(self):
        self.assertEqual(self._dispute().user_id, self.env.user)
        self.wrong_amount.user_id = self.cora
        dispute = self._dispute((self.february, 1.0))
        self.assertEqual(dispute.user_id, self.cora)
        dispute.with_user(self.max).action_start()
        self.assertEqual((dispute.state, dispute.user_id), ("working", self.cora))

    def test_a_manager_hears_once_that_an_answer_is_late(self):
        dispute = self._dispute(user_id=self.cora.id)
        kind = self.env.ref("billing_coordinator.activity_dispute_overdue")
        for day, told in (("2026-03-30", 0), ("2026-03-31", 1), ("2026-04-01", 1)):
            self._dispute_night(day)
            activities = dispute.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)
            self.assertEqual(len(activities), told, day)
        self.assertEqual(activities.user_id, self.company._get_billing_manager())
        # A new day, a new chance; missed again, the manager hears again.
        with freeze_time("2026-04-01"):
            dispute.date_deadline = "2026-04-10"
        self.assertFalse(dispute.overdue_told_on)
        self._dispute_night("2026-04-11")
        self.assertEqual(str(dispute.overdue_told_on), "2026-04-11")

    def test_nobody_hears_of_what_is_answered(self):
        dispute = self._dispute()
        self._resolve(dispute, "explained")
        self._dispute_night("2026-06-01")
        self.assertFalse(dispute.overdue_told_on)

    def test_reopened_it_has_a_new_day(self):
        dispute = self._dispute()
        self._resolve(dispute, "rejected")
        with freeze_time("2026-05-04"):
            dispute.action_reopen()
            self.assertEqual(
                (dispute.state, str(dispute.date_deadline), dispute.resolution, dispute.date_lift),
                ("open", "2026-05-18", False, False),
            )
            self.assertEqual(self._held(self.january), [80.0])

    def test_days_that_are_none_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be answered within -1 days"):
            self.wrong_amount.days = -1
        with self.assertRaisesRegex(ValidationError, "After an answer, leave alone for"):
            self.company.billing_dispute_lift_days = -1

    def test_the_figures_say_why_how_much_and_how_long(self):
        dispute = self._dispute(date="2026-03-02")
        self._dispute((self.february, 40.0))
        self._resolve(dispute, "credited", [60.0])
        self.env.flush_all()
        figures = self.env["billing.dispute.figure"].search([("partner_id", "=", self.nora.id)], order="id")
        self.assertEqual(
            figures.mapped(lambda figure: (
                figure.category_id, figure.debtor_class, figure.amount_disputed, figure.amount_credited, figure.days,
                figure.late_count, figure.state,
            )),
            [
                (self.wrong_amount, "person", 80.0, 60.0, 14.0, 0, "resolved"),
                (self.wrong_amount, "person", 40.0, 0.0, 0.0, 0, "open"),
            ],
        )
        groups = figures._read_group(
            [("partner_id", "=", self.nora.id)], ["category_id", "date:month"],
            ["__count", "amount_disputed:sum", "amount_credited:sum", "days:avg"],
        )
        self.assertEqual(
            groups, [(self.wrong_amount, fields.Date.to_date("2026-03-01"), 2, 120.0, 60.0, 14.0)],
        )
