from odoo import api, fields, models
from odoo.tools.misc import format_datetime

# So many days a report that was made can be fetched again.
KEPT_DAYS = 14


class BillingReportJob(models.Model):
    """A report that somebody asked for, with the file when it is made.

    It is made under the rights, in the language and the companies of who asked, and nobody else may read it.
    """

    _name = "billing.report.job"
    _description = "Report that was asked for"
    _inherit = ["billing.report.request", "billing.state.gate"]
    _order = "id desc"

    _state_moves = {
        "waiting": ("running", "done", "failed"),
        "running": ("running", "done", "failed"),
        "failed": ("waiting",),
        "done": (),
    }

    # === FIELDS === #

    name = fields.Char(
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    lang = fields.Char(readonly=True)
    date_asked = fields.Date(
        string="Asked on",
        required=True,
        readonly=True,
        help="Today, last month and the like count from this day.",
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("running", "Being made"),
            ("done", "Ready"),
            ("failed", "Not made"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
        copy=False,
    )
    note = fields.Text(
        readonly=True,
        copy=False,
        help="What became of it, or why it could not be made.",
    )
    file = fields.Binary(
        attachment=True,
        readonly=True,
        copy=False,
    )
    file_name = fields.Char(
        readonly=True,
        copy=False,
    )
    row_count = fields.Integer(
        string="Rows",
        readonly=True,
        copy=False,
    )
    row_done = fields.Integer(
        string="Rows done",
        readonly=True,
        copy=False,
    )
    progress = fields.Float(compute="_compute_progress")
    attempt_count = fields.Integer(
        readonly=True,
        copy=False,
    )
    date_done = fields.Datetime(
        string="Made on",
        readonly=True,
        copy=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("row_count", "row_done", "state")
    def _compute_progress(self):
        for job in self:
            share = 100.0 * job.row_done / job.row_count if job.row_count else 0.0
            job.progress = 100.0 if job.state == "done" else min(share, 99.0)

    # === ACTION METHODS === #

    def action_download(self):
        """Fetch the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file?filename_field=file_name&download=true",
            "target": "download",
        }

    def action_retry(self):
        """Try again what could not be made."""
        self.check_access("read")
        for job in self.sudo():
            job._set_state("waiting", note=False, attempt_count=0, row_done=0)
        self.env.ref("billing_coordinator.cron_make_reports").sudo()._trigger()

    # === BUSINESS METHODS === #

    @api.model
    def _ask(self, request, user=None, **values):
        """Note down what a user asks for; gives the job, which waits.

        :param request: a ``billing.report.request``
        :param user: who asks; this environment's user when left out
        """
        user = user or self.env.user
        lang = user.lang if user != self.env.user else self.env.lang or user.lang
        here = self.env(context={**self.env.context, "lang": lang, "tz": user.tz})
        return self.sudo().create({
            **request._get_options(),
            "name": here["billing.report"].browse(request.report_id.id).sudo().name,
            "user_id": user.id,
            "lang": lang,
            "date_asked": fields.Date.context_today(here["billing.report"].with_user(user)),
            **values,
        })

    def _get_reader(self):
        """The environment of who asked: their rights, language, time zone and companies, and nothing of ours."""
        self.ensure_one()
        user = self.user_id
        return self.env(user=user.id, su=False, context={
            # A language may be switched off while the report waits.
            "lang": self.lang if self.env["res.lang"]._get_data(code=self.lang) else user.lang,
            "tz": user.tz,
            "allowed_company_ids": (self.company_ids & user.sudo().company_ids).ids,
        })

    def _get_file_name(self):
        self.ensure_one()
        return f"{self.name} {self.date_asked.isoformat()}.{self.file_format}".replace("/", "-")

    @api.depends("name", "date_asked")
    def _compute_display_name(self):
        for job in self:
            moment = job.create_date and format_datetime(self.env, job.create_date, dt_format="short")
            job.display_name = f"{job.name}, {moment}" if moment else job.name

    @api.autovacuum
    def _gc_jobs(self):
        """Remove what was made some days ago, file and all."""
        end = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.sudo().search([("create_date", "<", end), ("state", "in", ("done", "failed"))]).unlink()
