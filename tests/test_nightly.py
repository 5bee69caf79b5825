"""Nightly runs go by each company's own day, and say how much is left."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .common import BillingCase


@freeze_time("2026-03-17 02:00:00")
@tagged("post_install", "-at_install")
class TestNightly(BillingCase):
    """Two in the morning in London is the evening before in Los Angeles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "America/Los_Angeles"

    def _night(self, model, method):
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1):
            getattr(self.env[model].with_user(1).with_context(tz=False), method)()
        self.env.invalidate_all()

    def _authorize(self, date_to, **values):
        request = self.env["billing.authorization"].create({
            "patient_id": self.patient.id, "coverage_id": self.coverage.id, "date_from": "2026-01-01",
            "date_to": date_to, "number": f"A {date_to}", **values,
            "line_ids": [(0, 0, {"product_id": self.service.id, "units_asked": 5.0})],
        })
        request.action_submit()
        request.action_approve()
        return request

    def test_an_authorization_holds_until_its_last_day_is_over_where_the_company_is(self):
        today, yesterday = self._authorize("2026-03-16"), self._authorize("2026-03-15")
        self._night("billing.authorization", "_cron_follow_up")
        self.assertEqual((today.state, yesterday.state), ("approved", "expired"))

    def test_a_company_in_the_east_is_a_day_ahead(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        request = self._authorize("2026-03-16")
        self._night("billing.authorization", "_cron_follow_up")
        self.assertEqual(request.state, "expired")

    def test_an_estimate_can_be_answered_until_its_last_day_is_over(self):
        estimate = self.env["billing.estimate"].create({
            "patient_id": self.patient.id, "date": "2026-04-15", "provider_id": self.provider.id,
            "line_ids": [(0, 0, {"product_id": self.service.id})],
        })
        estimate.action_print()
        estimate.date_valid_until = "2026-03-16"
        self._night("billing.estimate", "_cron_expire")
        self.assertEqual(estimate.state, "sent")
        self.company.partner_id.tz = "Europe/Berlin"
        self._night("billing.estimate", "_cron_expire")
        self.assertEqual(estimate.state, "expired")

    def test_assistance_holds_until_its_last_day_is_over(self):
        programme = self.env["billing.assistance.programme"].create({
            "name": "Care Fund", "company_id": self.company.id, "guideline_amount": 15000.0,
            "bracket_ids": [(0, 0, {"guideline_percent": 200.0, "discount_percent": 100.0})],
        })
        application = self.env["billing.assistance.application"].create({
            "applicant_id": self.patient.id, "programme_id": programme.id, "company_id": self.company.id,
            "date": "2026-03-01", "date_to": "2026-03-16",
        })
        application.action_submit()
        application.action_accept()
        self._night("billing.assistance.application", "_cron_expire")
        self.assertEqual(application.state, "accepted")
        self.company.partner_id.tz = "UTC"
        self._night("billing.assistance.application", "_cron_expire")
        self.assertEqual(application.state, "expired")

    def test_a_coverage_is_announced_by_the_days_of_its_company(self):
        self.company.billing_coverage_notice_days = 10
        self.coverage.date_to = "2026-03-27"
        self._night("billing.coverage", "_cron_announce_changes")
        self.assertFalse(self.coverage.activity_ids, "11 days away over there")
        self.coverage.date_to = "2026-03-26"
        self._night("billing.coverage", "_cron_announce_changes")
        self.assertEqual(len(self.coverage.activity_ids), 1)

    def test_what_is_left_counts_all_that_the_night_has_to_do(self):
        self.coverage.date_to = "2026-03-20"
        self._create_coverage(self._create_patient("Ben López"), self.plan_b)
        self.plan_b.active = False
        self.env.flush_all()
        said = []

        def remember(_cron, processed=0, *, remaining=None):
            said.append((processed, remaining))
            return 1

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", remember):
            self.env["billing.coverage"].with_user(1)._cron_announce_changes()
        self.assertEqual(said, [(0, 2), (1, None), (1, None)])

    def test_what_nights_and_today_look_for_has_an_index(self):
        self.cr.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
        found = {name for [name] in self.cr.fetchall()}
        self.assertLessEqual({
            "billing_authorization_in_force_idx", "billing_authorization_line_nearly_used_idx",
            "billing_coverage_plan_gone_idx", "billing_coverage_end_to_announce_idx", "billing_estimate_unanswered_idx",
            "res_partner__billing_oldest_verification_index",
        }, found)
