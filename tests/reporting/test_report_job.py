from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import ReportCase

MODULE = "odoo.addons.billing_coordinator.models.reporting.report_job_run"
WIZARD = "odoo.addons.billing_coordinator.wizards.report_wizard"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReportJob(ReportCase):
    """Long reports are made in the background, for who asked and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._charge_history()

    def _wait(self, **values):
        """A report that waits."""
        action = self._ask(is_background=True, file_format="xlsx", with_details=True, **values).action_make()
        self.assertEqual(action["res_model"], "billing.report.job")
        return self.env["billing.report.job"].sudo().browse(action["res_id"])

    def _work(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_make_reports").method_direct_trigger()

    def _told(self):
        return patch.object(self.env.registry["res.users"], "_bus_send", autospec=True)

    def test_who_asked_is_told_when_it_is_ready(self):
        job = self._wait()
        self.assertEqual((job.state, job.progress, job.user_id), ("waiting", 0.0, self.reader))
        with self._told() as told:
            self._work()
        self.assertEqual((job.state, job.progress, job.row_done, job.row_count), ("done", 100.0, 5, 5))
        user, kind, message = told.call_args.args
        self.assertEqual((user, kind), (self.reader, "simple_notification"))
        self.assertIn("“Conservation” is ready", message["message"])
        self.assertEqual(self._sheets(job)["USD"]["F3"].value, "=SUBTOTAL(109,F5:F7)")
        action = job.with_user(self.reader).action_download()
        self.assertIn(f"/web/content/billing.report.job/{job.id}/file", action["url"])

    def test_a_long_report_goes_to_the_background_by_itself(self):
        with patch(f"{WIZARD}.MOST_AT_ONCE", 2):
            request = self._ask(with_details=True)
            self.assertEqual((request.record_count, request.is_long), (5, True))
            action = request.action_make()
            self.assertEqual(action["res_model"], "billing.report.job")
            self.assertFalse(self._ask(with_details=False).is_long)

    def test_it_is_made_under_the_rights_and_in_the_companies_of_who_asked(self):
        job = self._wait()
        self.reader.company_ids -= self.tokyo
        self._work()
        self.assertEqual(self._sheets(job).sheetnames, ["USD"])

    def test_who_lost_the_right_meanwhile_gets_a_sentence_instead(self):
        job, other = self._wait(), self._wait(companies=self.tokyo)
        self.report.group_ids = self.env.ref("billing_coordinator.group_manager")
        with self._told() as told:
            self._work()
        self.assertEqual(job.state, "failed")
        self.assertIn("You may not read the report “Conservation”", job.note)
        self.assertIn("could not be made", told.call_args.args[2]["message"])
        self.report.group_ids = False
        self.reader.company_ids -= self.tokyo
        (job + other).with_user(self.reader).action_retry()
        self._work()
        self.assertEqual((job.state, other.state), ("done", "failed"))
        self.assertIn("works in none of the companies", other.note)

    def test_nobody_else_reads_it_not_even_a_manager(self):
        job = self._job(self._ask(file_format="xlsx"))
        manager = self._create_reader("max", groups="billing_coordinator.group_manager,base.group_multi_company")
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", job._name), ("res_id", "=", job.id), ("res_field", "=", "file"),
        ])
        self.assertTrue(attachment)
        self.assertTrue(job.with_user(self.reader).read(["name", "file"]))
        self.assertTrue(attachment.with_user(self.reader).read(["datas"]))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            job.with_user(manager).read(["name"])
        with self.assertRaises(AccessError):
            job.with_user(manager).action_download()
        with self.assertRaises(AccessError):
            attachment.with_user(manager).read(["datas"])
        self.assertNotIn(job, self.env["billing.report.job"].with_user(manager).search([]))

    def test_nobody_writes_one_by_hand(self):
        job = self._wait()
        with self.assertRaises(AccessError):
            job.with_user(self.reader).write({"user_id": self.env.uid})
        with self.assertRaises(AccessError):
            self.env["billing.report.job"].with_user(self.reader).create({
                "name": "x", "report_id": self.report.id, "user_id": self.env.uid, "date_asked": TODAY,
            })
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            job.write({"state": "done"})

    def test_what_was_cut_off_is_begun_anew_and_not_for_ever(self):
        job = self._wait()
        job._set_state("running", attempt_count=1, row_done=3)
        self._work()
        self.assertEqual((job.state, job.attempt_count, job.row_done), ("done", 2, 5))
        job = self._wait()
        job._set_state("running", attempt_count=3)
        self._work()
        self.assertEqual(job.state, "failed")
        self.assertIn("begun 3 times and cut off each time", job.note)

    @mute_logger(MODULE)
    def test_one_that_fails_stops_no_other(self):
        first, second = self._wait(), self._wait()
        make = self.env.registry["billing.report.job"]._make

        def fail(job, *args):
            if job == first:
                raise ZeroDivisionError
            return make(job, *args)

        with patch.object(self.env.registry["billing.report.job"], "_make", fail):
            self._work()
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertIn("not your doing", first.note)
        self.assertNotIn("ZeroDivision", first.note)

    def test_what_is_thrown_away_while_it_is_made_stops_no_other(self):
        first, second = self._wait(), self._wait()
        make = self.env.registry["billing.report.job"]._make

        def throw_away(job, *args):
            if job == first:
                job.unlink()
                job.env.cr.commit()
            return make(job, *args)

        with patch.object(self.env.registry["billing.report.job"], "_make", throw_away):
            self._work()
        self.assertFalse(first.exists())
        self.assertEqual(second.state, "done")

    def test_one_that_somebody_else_changes_at_that_moment_stops_no_other(self):
        first, second = self._wait(), self._wait()
        lock = self.env.registry["billing.report.job"].try_lock_for_update
        tried = []

        def try_lock(job, **options):
            tried.append(job)
            if tried == [first]:
                raise SerializationFailure
            return lock(job, **options)

        with patch.object(self.env.registry["billing.report.job"], "try_lock_for_update", try_lock):
            self._work()
        self.assertEqual(tried[:2], [first, second])
        self.assertEqual((first.state, second.state), ("done", "done"), "the next run makes it")

    def test_a_language_that_was_switched_off_meanwhile_stops_nothing(self):
        self.reader.lang = "de_DE"
        job = self._wait()
        self.assertEqual(job.lang, "de_DE")
        self.reader.lang = "en_US"
        self.env["res.lang"]._lang_get("de_DE").active = False
        self._work()
        self.assertEqual(job.state, "done")

    def test_relative_days_count_from_the_day_of_asking(self):
        job = self._wait(period_name="last_month", companies=self.tokyo)
        with freeze_time("2026-04-01 00:30:00"):
            self._work()
        self.assertEqual(self._sheets(job, data_only=True)["JPY"]["F3"].value, 12000)

    def test_old_ones_are_removed_with_their_file(self):
        job, waiting = self._job(self._ask(file_format="xlsx")), self._wait()
        self.env.flush_all()
        self.cr.execute("UPDATE billing_report_job SET create_date = '2026-03-01'")
        self.env.invalidate_all()
        self.env["billing.report.job"]._gc_jobs()
        self.assertFalse(job.exists())
        self.assertTrue(waiting.exists(), "what was not made yet is kept")
        self.assertFalse(self.env["ir.attachment"].sudo().search([
            ("res_model", "=", "billing.report.job"), ("res_id", "=", job.id), ("res_field", "=", "file"),
        ]))
