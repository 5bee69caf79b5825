import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from ..nightly import OVERTAKEN

_logger = logging.getLogger(__name__)
# So few go out while the person who has released them waits.
AT_ONCE = 10
MAIL_BATCH = 20
# Letters printed and saved together, and letters in one file.
PART = 50
FILE = 1000


class BillingStatementRun(models.Model):
    """A run goes out: e-mails in batches, letters as one file for the printer, in the background where they are many.

    Each batch is saved by itself. Cut off anywhere, the next hour goes on with what is left.
    """

    _inherit = "billing.statement.run"

    sent_at = fields.Datetime(
        string="All out at",
        readonly=True,
        copy=False,
    )
    file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Letters",
        compute="_compute_file_ids",
        help="What goes to the printer, in the order of the pile. It can be downloaded again at any time.",
    )
    email_count = fields.Integer(string="E-mails", compute="_compute_figures")
    letter_count = fields.Integer(string="Letters to print", compute="_compute_figures")
    out_count = fields.Integer(string="Left out", compute="_compute_figures")
    failed_count = fields.Integer(string="Failed", compute="_compute_figures")
    sent_count = fields.Integer(string="Sent so far", compute="_compute_figures")
    waiting_count = fields.Integer(string="To go out", compute="_compute_figures")
    progress = fields.Float(compute="_compute_figures", help="Percent of what is released that is out by now.")

    # === COMPUTE METHODS === #

    @api.depends("state", "line_ids.file_id")
    def _compute_file_ids(self):
        files = self._get_files()
        for run in self:
            run.file_ids = files.get(run._origin) if run.state == "sent" else False

    @api.depends("state", "line_ids.state", "line_ids.channel")
    def _compute_figures(self):
        counts = {
            (run.id, state, channel): count
            for run, state, channel, count in self.env["billing.statement.line"]._read_group(
                [("run_id", "in", self.ids)], ["run_id", "state", "channel"], ["__count"],
            )
        }
        for run in self:
            run.email_count = run._count_lines(counts, ("in", "sent"), ("email",))
            run.letter_count = run._count_lines(counts, ("in", "sent"), ("letter",))
            run.out_count = run._count_lines(counts, ("out",))
            run.failed_count = run._count_lines(counts, ("failed",))
            run.sent_count = run._count_lines(counts, ("sent",))
            run.waiting_count = run._count_lines(counts, ("in",))
            released = run.waiting_count + run.sent_count
            run.progress = 100.0 * run.sent_count / released if released else 0.0

    def _count_lines(self, counts, states, channels=("email", "letter")):
        """How many lines of this run there are in these states, of those that go out in these ways.

        :param dict counts: {(run id, state, channel): lines}
        """
        run = self._origin.id
        return sum(counts.get((run, state, channel), 0) for state in states for channel in channels)

    def _get_files(self):
        """{run: its files for the printer, in the order of the pile}."""
        groups = self.env["billing.statement.line"].sudo()._read_group(
            [("run_id", "in", self.ids), ("file_id", "!=", False)],
            ["run_id", "file_id"], ["position:min"], order="position:min",
        )
        files = {}
        for run, file, _position in groups:
            file = file.with_env(self.env)  # noqa: PLW2901
            files[run.with_env(self.env)] = files.get(run, file.browse()) + file
        return files

    # === ACTIONS === #

    def action_send(self):
        """Release this run: few statements go out at once, many in the background."""
        self.ensure_one()
        self.check_access("write")
        run = self._apart_from_screen()
        run._release()
        if run.waiting_count <= AT_ONCE:
            run._send_here()
        else:
            self.env.ref("billing_coordinator.cron_statements_send")._trigger()

    def action_try_again(self):
        """Send once more what could not be sent."""
        self.ensure_one()
        self.check_access("write")
        run = self._apart_from_screen()
        run._lock_or_refuse()
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        if run.state not in ("sending", "sent") or not failed:
            raise UserError(self.env._("Nothing of %(run)s has failed.", run=self.name))
        failed._set_state("in", problem=False)
        if run.state == "sent":
            run._set_state("sending")
        if len(failed) <= AT_ONCE:
            run._send_here()
        else:
            self.env.ref("billing_coordinator.cron_statements_send")._trigger()

    def action_stop(self):
        """Keep back what is not out yet; it can be looked at and released again."""
        self.ensure_one()
        self.check_access("write")
        self._lock_or_refuse()
        if self.state != "sending":
            raise UserError(self.env._("%(run)s is not going out.", run=self.name))
        self._set_state("prepared", self.env._("Stopped: what is not out yet is kept back."))

    def action_download(self):
        """The letters for the printer; where they are several files, the first. The others stand beside it."""
        self.ensure_one()
        if not self.file_ids:
            raise UserError(self.env._("%(run)s has no letters to print.", run=self.name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.file_ids[0].id}?download=true",
            "target": "download",
        }

    # === RELEASING === #

    def _release(self):
        """From now on statements go out.

        :raise UserError: somebody was faster, or nobody gets one
        """
        self._lock_or_refuse()
        if self.state != "prepared":
            raise UserError(self.env._(
                "%(run)s is “%(state)s”: only one that is to be looked at is released.",
                run=self.name, state=dict(self._fields["state"]._description_selection(self.env))[self.state],
            ))
        if not self.waiting_count and not self.sent_count:
            raise UserError(self.env._(
                "Nobody gets a statement from %(run)s. Take somebody in, or change whom it leaves out and prepare it "
                "again.", run=self.name,
            ))
        self._sort_letters()
        self._set_state("sending", user_id=self.env.uid, date=fields.Date.context_today(self))

    def _sort_letters(self):
        """Lay the letters in the order in which the post, or the office, wants them."""
        letters = self.line_ids.filtered(lambda line: line.state == "in" and line.channel == "letter")
        by_name = [(line.partner_name or "").casefold() for line in letters]
        keys = {
            line: ((line.address or "") if self.letter_order == "zip" else "", name, line.id)
            for line, name in zip(letters, by_name, strict=True)
        }
        for position, line in enumerate(sorted(letters, key=keys.get), start=1):
            if line.position != position:
                line.sudo().position = position

    # === SENDING === #

    @api.model
    def _cron_send(self):
        """Go on with what was released, e-mails first."""
        self.env["billing.statement.line"]._work_through(
            (
                lambda model: [("state", "=", "in"), ("run_id.state", "=", "sending"), ("channel", "=", "email")],
                lambda lines: [of_run._send_safely() for of_run in lines.grouped("run_id").values()],
            ),
            batch_size=MAIL_BATCH,
        )
        for here in self._by_company():
            for run in here.search([("state", "=", "sending"), ("company_id", "=", here.env.company.id)], order="id"):
                if not run._print_letters():
                    return

    def _print_letters(self):
        """The letters of a run, part by part, each saved, and then its end.

        :return: whether there is time left
        """
        cron = self.env["ir.cron"]
        waiting = [("run_id", "=", self.id), ("state", "=", "in")]
        letters = [*waiting, ("channel", "=", "letter"), ("run_id.state", "=", "sending")]
        lines = self.env["billing.statement.line"]
        while found := lines.search(letters, order="position, id", limit=PART):
            try:
                free = found.try_lock_for_update(allow_referencing=True)
                if not free:
                    return True
                free._send_safely()
                self.env.flush_all()
            except OVERTAKEN:
                _logger.info("Somebody else prints %s.", self.name)
                self.env.cr.rollback()
                return True
            if not cron._commit_progress(len(free), remaining=lines.search_count(waiting)):
                return False
        if not lines.search_count(waiting):
            self._finish_safely()
        return bool(cron._commit_progress(remaining=0))

    def _send_here(self):
        """Send all of it in this transaction."""
        waiting = self.line_ids.filtered(lambda line: line.state == "in")
        waiting.filtered(lambda line: line.channel == "email")._send_safely()
        letters = self.line_ids.filtered(lambda line: line.state == "in").sorted("position")
        if letters:
            letters._send_safely()
        self._finish()

    def _finish_safely(self):
        try:
            if self.try_lock_for_update(allow_referencing=True):
                self._finish()
                self.env.flush_all()
        except OVERTAKEN:
            self.env.cr.rollback()

    def _finish(self):
        """Everything is out: the letters become one file, and the run says how many went which way."""
        if self.state != "sending":
            return
        self._join_letters()
        self._note_total()
        self.invalidate_recordset(["email_count", "letter_count", "failed_count", "file_ids"])
        self._set_state(
            "sent",
            self.env._(
                "E-mails: %(emails)s. Letters: %(letters)s. Failed: %(failed)s.",
                emails=self.email_count, letters=self.letter_count, failed=self.failed_count,
            ),
            sent_at=fields.Datetime.now(),
        )

    def _join_letters(self):
        """One file of all letters; one for each thousand where there are very many."""
        parts = self._get_files().get(self, self.env["ir.attachment"]).sudo()
        lines = self.env["billing.statement.line"].sudo()
        in_files, size = [], FILE
        for part in parts:
            count = lines.search_count([("file_id", "=", part.id)])
            if size + count > FILE:
                in_files.append(part.browse())
                size = 0
            in_files[-1] += part
            size += count
        for number, some in enumerate(in_files, start=1):
            self._join(some, number if len(in_files) > 1 else 0)

    def _join(self, parts, number):
        """These parts of the pile as one file; web pages where Odoo prints none, as in tests."""
        kind = "pdf" if all(part.mimetype == "application/pdf" for part in parts) else "html"
        contents = parts.mapped("raw")
        lines = self.env["billing.statement.line"].sudo().search([("file_id", "in", parts.ids)])
        file = parts[:1]
        file.write({
            "name": " ".join(filter(None, [
                self.env._("Statements"), self.name, str(number or ""),
            ])) + f".{kind}",
            **({"raw": merge_pdf(contents) if kind == "pdf" else b"".join(contents)} if len(parts) > 1 else {}),
        })
        lines.file_id = file
        (parts - file).unlink()
