from odoo.tests import HttpCase, tagged

from .common import ReportCase


@tagged("post_install", "-at_install", "is_tour")
class TestReportTour(ReportCase, HttpCase):
    """In the browser: a report is found by its question, asked for, and fetched by who asked."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_report_is_chosen_and_exported(self):
        self._charge(self.ben, 100.25, "2026-03-02")
        self.reader.password = "rita-rita-rita"
        self.env.flush_all()
        self.start_tour("/odoo/billing-reports", "billing_report_export", login=self.reader.login)
        job = self.env["billing.report.job"].sudo().search([("user_id", "=", self.reader.id)])
        self.assertEqual((job.state, job.file_format, job.with_details), ("waiting", "xlsx", True))
        with self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_make_reports").method_direct_trigger()
        self.assertEqual(job.state, "done")
        url = job.with_user(self.reader).action_download()["url"]
        self.authenticate(self.reader.login, "rita-rita-rita")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content[:2], b"PK")
        self.assertIn("Conservation", answer.headers["Content-Disposition"])
        stranger = self._create_reader("sven", password="sven-sven-sven")
        self.authenticate(stranger.login, "sven-sven-sven")
        self.assertEqual(self.url_open(url).status_code, 404)
