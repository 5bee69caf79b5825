from odoo.fields import Command, Domain
from odoo.tests import tagged

from ..sessions import SessionCase


@tagged("post_install", "-at_install")
class TestReportSessions(SessionCase):
    """Two schedulers come to the same mail at once: it is asked for once.

    Sessions are real database cursors; what they share is committed before and deleted after.
    """

    def setUp(self):
        super().setUp()
        with self._session() as env:
            admin = env.ref("base.user_admin")
            # What the addon brings along for its reader.
            admin.email = admin.email or "admin@office.example"
            self.schedule_id = env["billing.report.schedule"].create({
                "report_id": env.ref("billing_coordinator.report_conservation").id,
                "company_id": admin.company_id.id,
                "company_ids": [Command.set(admin.company_id.ids)],
                "user_ids": [Command.set(admin.ids)],
                "frequency": "daily",
                "next_date": "2026-01-01",
            }).id
            env.cr.commit()
        self.addCleanup(self._delete)

    def _delete(self):
        with self._session() as env:
            schedule = env["billing.report.schedule"].browse(self.schedule_id)
            schedule.job_ids.unlink()
            schedule.unlink()
            env.cr.commit()

    def _come(self, env):
        """What the scheduled action does with what it has found."""
        schedules = env["billing.report.schedule"].browse(self.schedule_id)
        schedules._work_on(schedules, Domain("next_date", "<=", "2026-01-01"), type(schedules)._send)
        return len(schedules.job_ids)

    def test_two_at_once_ask_once(self):
        with self._session() as first, self._session() as second:
            self.assertEqual(self._come(first), 1)
            self.assertEqual(self._come(second), 0, "the first one has it")
            second.cr.rollback()
            first.cr.commit()
            second.invalidate_all()
            self.assertEqual(self._come(second), 1, "it was done already")

    def test_what_was_cut_off_before_it_was_saved_is_asked_for_again(self):
        with self._session() as first, self._session() as second:
            self.assertEqual(self._come(first), 1)
            first.cr.rollback()
            self.assertEqual(self._come(second), 1)
            second.cr.rollback()
