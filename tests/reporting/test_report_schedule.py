import base64
import io
from unittest.mock import patch

import openpyxl
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import ReportCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReportSchedule(ReportCase):
    """Reports that come by mail: to each reader what they may see, once a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._charge_history()
        # Each company has its own day; here it is that of London.
        (cls.company + cls.tokyo).partner_id.tz = "UTC"
        cls.greta = cls._create_reader("greta", cls.company, lang="de_DE")
        cls.schedule = cls._schedule(cls.reader + cls.greta)

    @classmethod
    def _schedule(cls, users, **values):
        return cls.env["billing.report.schedule"].create({
            "report_id": cls.report.id, "period_name": "this_year", "file_format": "xlsx", "with_details": True,
            "company_ids": [Command.set((cls.company + cls.tokyo).ids)], "company_id": cls.company.id,
            "user_ids": [Command.set(users.ids)], **values,
        })

    def _night(self, day):
        """What happens by itself on that day; gives the mails."""
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        with freeze_time(f"{day} 02:00:00"), self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_report_schedules").method_direct_trigger()
            self.env.ref("billing_coordinator.cron_make_reports").method_direct_trigger()
        return (mails.search([]) - before).sorted("id")

    def _said(self, schedule=None):
        bodies = (schedule or self.schedule).message_ids.mapped("body")
        return " ".join(str(body) for body in bodies)

    def test_everybody_gets_the_figures_that_they_may_see_in_their_language(self):
        self.assertEqual(str(self.schedule.next_date), "2026-03-23", "the next Monday")
        self.report.with_context(lang="de_DE").name = "Erhaltung"
        self.assertFalse(self._night("2026-03-22"))
        mails = self._night("2026-03-23")
        self.assertEqual(mails.recipient_ids, (self.reader + self.greta).partner_id)
        sheets = {}
        for mail in mails:
            book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(mail.attachment_ids.datas)))
            sheets[mail.recipient_ids] = (mail.attachment_ids.name, book.sheetnames)
        self.assertEqual(sheets, {
            self.reader.partner_id: ("Conservation 2026-03-23.xlsx", ["JPY", "USD"]),
            self.greta.partner_id: ("Erhaltung 2026-03-23.xlsx", ["USD"]),
        })
        self.assertEqual(
            mails.filtered(lambda mail: mail.recipient_ids == self.greta.partner_id).subject,
            "company_1_data: Erhaltung, 23.03.2026",
        )
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        self.assertEqual(str(self.schedule.next_date), "2026-03-30")
        self.assertIn("Mailed to", self._said())

    def test_a_mail_goes_out_once_however_often_the_night_runs(self):
        self.assertEqual(len(self._night("2026-03-23")), 2)
        self.assertFalse(self._night("2026-03-23"))
        self.schedule.next_date = "2026-03-23"
        self.assertFalse(self._night("2026-03-23"), "asked for on that day already")
        self.schedule.next_date = "2026-03-23"
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["billing.report.job"]._ask(
                self.schedule, self.greta, schedule_id=self.schedule.id, date_asked="2026-03-23",
            )

    def test_a_mail_is_written_in_the_same_breath_as_its_report_is_made(self):
        job = self.env.registry["billing.report.job"]
        with patch.object(job, "_mail", side_effect=ZeroDivisionError), mute_logger(
            "odoo.addons.billing_coordinator.models.reporting.report_job_run",
        ):
            self.assertFalse(self._night("2026-03-23"))
        jobs = self.schedule.sudo().job_ids
        self.assertEqual(set(jobs.mapped("state")), {"failed"}, "no report without its mail")
        jobs.action_retry()
        self.assertEqual(len(self._night("2026-03-23")), 2)

    def test_who_may_not_read_it_is_refused_at_saving(self):
        clerk = self._create_reader("clara", groups="base.group_user")
        silent = self._create_reader("sid")
        silent.email = False
        stranger = self._create_reader("sven", self.tokyo)
        for user, values, sentence in (
            (clerk, {}, "cannot be mailed to Clara: They may not read it"),
            (silent, {}, "cannot be mailed to Sid: They have no e-mail address"),
            (stranger, {"company_ids": [Command.set(self.company.ids)]}, "They work in none of the companies"),
        ):
            with self.assertRaisesRegex(ValidationError, sentence):
                self._schedule(user, **values)

    def test_who_left_or_lost_the_right_is_skipped_with_a_note(self):
        max_ = self._create_reader("max")
        self.schedule.user_ids += max_
        self.greta.active = False
        max_.group_ids = self.env.ref("base.group_user")
        mails = self._night("2026-03-23")
        self.assertEqual(mails.recipient_ids, self.reader.partner_id)
        self.assertIn("Greta: They do not work here any more.", self._said())
        self.assertIn("Max: They may not read it.", self._said())

    def test_a_closed_company_is_left_out_and_one_that_keeps_the_mail_ends_it(self):
        other = self._schedule(self.reader, company_id=self.tokyo.id)
        self.env.user.company_ids -= self.tokyo
        self.tokyo.active = False
        mails = self._night("2026-03-23")
        self.assertEqual(len(mails), 2)
        for mail in mails:
            book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(mail.attachment_ids.datas)))
            self.assertEqual(book.sheetnames, ["USD"])
        self.assertFalse(other.sudo().active)
        self.assertIn("Tokyo Practice is closed", self._said(other.sudo()))

    def test_a_report_that_was_archived_is_mailed_to_nobody(self):
        self.report.active = False
        self.assertFalse(self._night("2026-03-23"))
        self.assertIn("Rita: The report is archived.", self._said())
        self.report.active = True
        self.assertEqual(len(self._night("2026-03-30")), 2)

    def test_a_mail_that_cannot_be_asked_for_any_more_stops_no_other(self):
        bad = self._schedule(self.reader, level_1=self._level("patient_id"), level_2=False)
        self.assertLess(self.schedule.id, bad.id)
        other = self._schedule(self.greta)
        waiting = self.env["billing.report.job"]._ask(bad, self.reader)
        self.report.group_fields = "date:month"
        self.schedule.level_1 = other.level_1 = self._level("date:month")
        (self.schedule + other).level_2 = False
        mails = self._night("2026-03-23")
        self.assertEqual(len(mails), 3)
        self.assertIn("cannot be grouped by", self._said(bad))
        self.assertEqual(str(bad.next_date), "2026-03-30")
        self.assertFalse(bad.sudo().job_ids)
        self.assertEqual(waiting.state, "done", "what waited is grouped as it still can be")

    def test_the_next_day_follows_from_how_often(self):
        for values, expected in (
            ({"frequency": "daily"}, "2026-03-17"),
            ({"frequency": "weekly", "mon": False, "fri": True}, "2026-03-20"),
            ({"frequency": "monthly", "month_day": 31}, "2026-03-31"),
            ({"frequency": "monthly", "month_day": 1}, "2026-04-01"),
        ):
            self.schedule.write(values)
            self.assertEqual(str(self.schedule.next_date), expected)

    def test_a_schedule_that_makes_no_sense_is_refused_with_a_sentence(self):
        for values, sentence in (
            ({"mon": False}, "Choose at least one weekday"),
            ({"frequency": "monthly", "month_day": 32}, "Type a day from 1 to 31"),
            ({"period_name": "own", "date_from": TODAY, "date_to": TODAY}, "would say the same again and again"),
        ):
            with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
                self.schedule.write(values)

    def test_it_is_filled_in_on_a_form(self):
        with Form(self.env["billing.report.schedule"]) as form:
            form.report_id = self.report
            form.frequency = "daily"
            form.user_ids.add(self.reader)
        self.assertEqual(form.record.level_1, self._level("date:month"))
        self.assertEqual(form.record.next_date, fields.Date.to_date("2026-03-17"))

    def test_somebody_looks_first_at_what_the_others_get(self):
        action = self.schedule.action_send_now()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertFalse(self.env["mail.mail"].sudo().search([("model", "=", "billing.report.job")]))

    def test_managers_arrange_mails_of_their_companies_others_read(self):
        with self.assertRaises(AccessError):
            self.schedule.with_user(self.reader).write({"frequency": "daily"})
        self.assertTrue(self.schedule.with_user(self.greta).read(["report_id"]))
        stranger = self._create_reader("sven", self.tokyo)
        with self.assertRaises(AccessError):
            self.schedule.with_user(stranger).read(["report_id"])
