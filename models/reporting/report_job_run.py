import base64
import io
import logging
import tempfile

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from ...tools.report_sheet import A4, LETTER, write_sheet
from .report_request import SHEET

_logger = logging.getLogger(__name__)

# More rows than that are made in the background.
MOST_AT_ONCE = 10_000
# A report that takes the whole process with it would be begun for ever.
MOST_ATTEMPTS = 3


class BillingReportJob(models.Model):
    """How a report is made: at once when it is short, by the scheduled action when it is long."""

    _inherit = "billing.report.job"

    # === IN THE BACKGROUND === #

    @api.model
    def _cron_make(self):
        """Make what waits, one report after the other; what was cut off is begun anew."""
        for job in self.search([("state", "in", ("waiting", "running"))], order="id"):
            try:
                # Somebody else may have it, have made it, or thrown it away since.
                if job.try_lock_for_update() and job.state in ("waiting", "running"):
                    job._make_in_background()
            except OperationalError:
                # The database was overtaken or cut off: the next run begins this one anew.
                self.env.cr.rollback()
                self.env.ref("billing_coordinator.cron_make_reports")._trigger()
            except Exception as error:  # one bad report stops no other
                self.env.cr.rollback()
                # Who asked may have thrown it away while it was made.
                if job := job.exists():
                    job._fail(error)
            remaining = self.search_count([("state", "in", ("waiting", "running"))])
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _make_in_background(self):
        """Make one report, saving how far it has come."""
        self.ensure_one()
        if self.attempt_count >= MOST_ATTEMPTS:
            raise UserError(self._get_reader()._(
                "It was begun %(count)s times and cut off each time. Ask for a shorter period or fewer details.",
                count=self.attempt_count,
            ))
        self._set_state("running", attempt_count=self.attempt_count + 1, row_done=0)
        commit = self.env["ir.cron"]._commit_progress
        commit()

        def told(count):
            self.row_done += count
            commit()

        self._make(told)
        self._tell()

    def _fail(self, error):
        """Say why a report could not be made."""
        self.ensure_one()
        reader = self._get_reader()
        if not isinstance(error, UserError):
            _logger.exception("The report %s of %s failed", self.name, self.user_id.login)
        reason = str(error) if isinstance(error, UserError) else reader._(
            "Something went wrong that is not your doing. Try again, or tell an administrator: the log of the server "
            "says more.",
        )
        self._set_state("failed", note=reason)
        self._tell()

    def _tell(self):
        """Who asked hears of it, wherever they are working."""
        self.ensure_one()
        _ = self._get_reader()._
        if self.state == "done":
            message = _("“%(report)s” is ready. Find it in Reports > My Reports.", report=self.name)
        else:
            message = _("“%(report)s” could not be made: %(reason)s", report=self.name, reason=self.note)
        self.user_id._bus_send("simple_notification", {
            "type": "success" if self.state == "done" else "danger",
            "sticky": True,
            "message": message,
        })

    # === MAKING === #

    def _make(self, told=lambda count: None):
        """Read the figures as who asked, and write the file.

        :param told: is told every now and then how many rows more are done
        :raise AccessError: who asked may not read the report any more
        """
        self.ensure_one()
        reader = self._get_reader()
        self._check_reader(reader)
        table = reader["billing.report.table"]._read(self.with_env(reader), self.date_asked)
        self.row_count = table.row_count
        if self.file_format == SHEET:
            content = self._write_sheet(table, told)
        else:
            content = reader["billing.report.paper"]._print(table)
        self._set_state(
            "done",
            file=base64.b64encode(content),
            file_name=self._get_file_name(),
            date_done=fields.Datetime.now(),
            note=reader._("Rows: %(count)s", count=formatLang(reader, table.row_count, digits=0)),
        )

    def _check_reader(self, reader):
        user = self.user_id.sudo()
        if not user.active:
            raise UserError(reader._("%(user)s does not work here any more.", user=user.name))
        if not self.company_ids & user.company_ids:
            raise AccessError(reader._(
                "%(user)s works in none of the companies that the report is about.", user=user.name,
            ))

    def _write_sheet(self, table, told):
        """The file of a spreadsheet, written to the disk first: memory does not grow with the rows."""
        formats = self._get_reader().company.paperformat_id
        paper = LETTER if formats.format == "Letter" else A4
        with tempfile.TemporaryFile() as file:
            try:
                write_sheet(table, file, told, paper)
            except OverflowError as error:
                raise UserError(self._get_reader()._(
                    "A spreadsheet cannot hold %(count)s rows. Ask for a shorter period, or without details.",
                    count=error,
                )) from error
            file.seek(0, io.SEEK_SET)
            return file.read()
