from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.reporting_days import next_day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAST_MONTH_DAY = 31


class BillingReportSchedule(models.Model):
    """A report that comes by mail by itself: to chosen people of the office, each with the figures they may see."""

    _name = "billing.report.schedule"
    _description = "Report by mail"
    _inherit = ["billing.report.request", "mail.thread", "billing.nightly"]
    _order = "next_date, id"
    _rec_name = "report_id"

    # === FIELDS === #

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The company on whose day the mail is made.",
    )
    # It is made in the night: the day before is over.
    day_name = fields.Selection(default="yesterday")
    period_name = fields.Selection(default="last_month")
    frequency = fields.Selection(
        selection=[
            ("daily", "Every day"),
            ("weekly", "On days of the week"),
            ("monthly", "Once a month"),
        ],
        string="How often",
        required=True,
        default="weekly",
        tracking=True,
    )
    mon = fields.Boolean(
        string="Monday",
        default=True,
    )
    tue = fields.Boolean(string="Tuesday")
    wed = fields.Boolean(string="Wednesday")
    thu = fields.Boolean(string="Thursday")
    fri = fields.Boolean(string="Friday")
    sat = fields.Boolean(string="Saturday")
    sun = fields.Boolean(string="Sunday")
    month_day = fields.Integer(
        string="Day of the month",
        default=1,
        help="In a month that is shorter: its last day.",
    )
    next_date = fields.Date(
        string="Next mail",
        compute="_compute_next_date",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        tracking=True,
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Goes to",
        required=True,
        domain=[("share", "=", False)],
        tracking=True,
    )
    text = fields.Text(
        translate=True,
        help="Stands in the mail, above the report. Nothing about health: mail is read by others, too.",
    )
    job_ids = fields.One2many(
        comodel_name="billing.report.job",
        inverse_name="schedule_id",
    )

    # === COMPUTE METHODS === #

    @api.depends("frequency", *WEEKDAYS, "month_day")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for schedule in self:
            # Nothing is due before it can be: the form is still being filled in.
            is_whole = schedule.frequency != "weekly" or schedule._get_weekdays()
            schedule.next_date = schedule._get_next_date(today) if is_whole else schedule.next_date or today

    # === CONSTRAINT METHODS === #

    @api.constrains("frequency", *WEEKDAYS, "month_day")
    def _check_days(self):
        for schedule in self:
            name = schedule.report_id.name
            if schedule.frequency == "weekly" and not schedule._get_weekdays():
                raise ValidationError(self.env._("Choose at least one weekday on which “%(report)s” is mailed.",
                                                 report=name))
            if schedule.frequency == "monthly" and not 1 <= schedule.month_day <= LAST_MONTH_DAY:
                raise ValidationError(self.env._(
                    "“%(report)s” cannot be mailed on day %(day)s of the month. Type a day from 1 to 31.",
                    report=name, day=schedule.month_day,
                ))

    @api.constrains("report_id", "user_ids", "company_ids")
    def _check_recipients(self):
        for schedule in self:
            for user in schedule.user_ids:
                if reason := schedule._get_refusal(user):
                    raise ValidationError(self.env._(
                        "“%(report)s” cannot be mailed to %(user)s: %(reason)s Take them off the list, or have that "
                        "changed first.",
                        report=schedule.report_id.name, user=user.name, reason=reason,
                    ))

    @api.constrains("day_name", "period_name", "report_id")
    def _check_relative(self):
        for schedule in self:
            kind, own = schedule.date_kind, self.env._("fixed dates")
            if "own" in (kind == "as_of" and schedule.day_name, kind == "period" and schedule.period_name):
                raise ValidationError(self.env._(
                    "“%(report)s” with %(own)s would say the same again and again. Choose a day or period that moves "
                    "on, such as last month.",
                    report=schedule.report_id.name, own=own,
                ))

    # === ACTION METHODS === #

    def action_send_now(self):
        """Make it now, for who asks alone: to see what the others get."""
        self.ensure_one()
        self.check_access("read")
        job = self.env["billing.report.job"]._ask(self)
        job._make()
        return job.with_user(self.env.user).action_download()

    def action_view_jobs(self):
        """What was made by this schedule, of what the reader may see."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_report_job_action")
        return {**action, "domain": [("schedule_id", "=", self.id)], "context": {}}

    # === BUSINESS METHODS === #

    def _get_weekdays(self):
        """The chosen weekdays, 0 is Monday."""
        return {number for number, name in enumerate(WEEKDAYS) if self[name]}

    def _get_next_date(self, after):
        """The first day after this one on which a mail is due."""
        self.ensure_one()
        month_day = min(max(self.month_day, 1), LAST_MONTH_DAY)
        return next_day(after, self.frequency or "daily", self._get_weekdays(), month_day)

    def _get_refusal(self, user):
        """Why this report is not mailed to a user, as a sentence; nothing when it is."""
        self.ensure_one()
        user = user.sudo()
        if not self.report_id.active:
            return self.env._("The report is archived.")
        if not user.active:
            return self.env._("They do not work here any more.")
        if user.share:
            return self.env._("They are no user of the office.")
        if not user.email:
            return self.env._("They have no e-mail address.")
        companies = self.company_ids.sudo().filtered("active") & user.company_ids
        if not companies:
            return self.env._("They work in none of the companies that it is about.")
        report = self.report_id.with_user(user).with_context(allowed_company_ids=companies.ids)
        if not report.has_access("read") or not report.is_available:
            return self.env._("They may not read it.")
        return None
