import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class BillingReportSchedule(models.Model):
    """When its day has come, a report is asked for on behalf of each of its readers."""

    _inherit = "billing.report.schedule"

    @api.model
    def _cron_send(self):
        """Ask for what is due on the day of each company; once a day, however often this runs."""
        self._stop_closed()
        self._work_through(
            (lambda model: Domain("next_date", "<=", fields.Date.context_today(model)), type(self)._send),
        )

    @api.model
    def _stop_closed(self):
        """Nothing is mailed any more for a company that was closed."""
        closed = self.sudo().search([("company_id.active", "=", False)])
        for schedule in closed:
            schedule._message_log(body=self.env._(
                "%(company)s is closed: this report is not mailed any more.", company=schedule.company_id.name,
            ))
        closed.active = False

    def _send(self):
        """Ask for the reports of these schedules, one for each reader, and move on to the next day."""
        today = fields.Date.context_today(self)
        for schedule in self:
            try:
                with self.env.cr.savepoint():
                    schedule._ask_for_readers(today)
            except UserError as error:
                # A report that was changed may lack what its mail was grouped or filtered by: no other waits for it.
                schedule._log_lines(self.env._("Not mailed to anybody; change it first:"), [error])
            schedule.next_date = schedule._get_next_date(today)
        self.env.ref("billing_coordinator.cron_make_reports")._trigger()

    def _ask_for_readers(self, today):
        """Ask for the report once for each reader, and write down who gets none."""
        self.ensure_one()
        jobs = self.env["billing.report.job"].sudo()
        asked = jobs.search([("schedule_id", "=", self.id), ("date_asked", "=", today)]).user_id
        skipped = []
        for user in self.with_context(active_test=False).user_ids:
            if reason := self._get_refusal(user):
                skipped.append(self.env._("%(user)s: %(reason)s", user=user.name, reason=reason))
            elif user not in asked:
                jobs._ask(self, user, schedule_id=self.id, date_asked=today)
        if skipped:
            self._log_lines(self.env._("Not mailed to everybody:"), skipped)

    def _log_lines(self, head, lines):
        """Some lines in the history."""
        self._message_log(body=Markup("%s<ul>%s</ul>") % (
            head, Markup().join(Markup("<li>%s</li>") % line for line in lines),
        ))


class BillingReportJob(models.Model):
    """A report that was asked for by a schedule goes out by mail as soon as it is made."""

    _inherit = "billing.report.job"

    schedule_id = fields.Many2one(
        comodel_name="billing.report.schedule",
        string="Mailed by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _once_a_day = models.UniqueIndex(
        "(schedule_id, user_id, date_asked) WHERE schedule_id IS NOT NULL",
        "This report has been asked for on that day already.",
    )

    def _check_reader(self, reader):
        """Between the asking and the making somebody may have left."""
        super()._check_reader(reader)
        if self.schedule_id:
            self.report_id.with_env(reader)._check_available()

    def _tell(self):
        """The mail, and a line in the history of the schedule when the last one of the day is made."""
        if not self.schedule_id:
            super()._tell()
            return
        if self.state == "done":
            self._mail()
        self._log_day()

    def _mail(self):
        """Put the mail into Odoo's outbox, in the same transaction as the report: it goes out once."""
        template = self.env.ref("billing_coordinator.mail_template_report")
        attachment = self.env["ir.attachment"].sudo().create({
            "name": self.file_name,
            "raw": base64.b64decode(self.with_context(bin_size=False).file),
            # Read by whoever may read the job: its reader.
            "res_model": self._name,
            "res_id": self.id,
        })
        template.sudo().with_context(lang=self.lang).send_mail(
            self.id, email_values={"attachment_ids": [fields.Command.link(attachment.id)]},
            email_layout_xmlid="billing_coordinator.mail_layout",
        )

    def _log_day(self):
        """Who got the report of this day, when all have been made."""
        jobs = self.schedule_id.job_ids.filtered(lambda job: job.date_asked == self.date_asked)
        if jobs.filtered(lambda job: job.state in ("waiting", "running")):
            return
        done = jobs.filtered(lambda job: job.state == "done")
        lines = [
            self.env._("%(user)s: %(reason)s", user=job.user_id.name, reason=job.note) for job in jobs - done
        ]
        if done:
            lines.insert(0, self.env._("Mailed to %(users)s.", users=", ".join(done.user_id.mapped("name"))))
        self.schedule_id._log_lines(
            self.env._("Report of %(day)s:", day=fields.Date.to_string(self.date_asked)), lines,
        )
