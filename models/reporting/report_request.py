import ast

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.reporting_days import day_of, period_of
from .report_reading import LEVELS

PAPER, SHEET = "pdf", "xlsx"


class BillingReportRequest(models.AbstractModel):
    """What somebody can ask of a report: which day or period, which companies, grouped by what, on paper or as a table.

    The same for who prints now, for what is made in the background, and for what is mailed every Monday.
    """

    _name = "billing.report.request"
    _description = "Asks for a report"

    # === FIELDS === #

    report_id = fields.Many2one(
        comodel_name="billing.report",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_available", "=", True)],
    )
    date_kind = fields.Selection(
        related="report_id.date_kind",
    )
    day_name = fields.Selection(
        selection=[
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("last_month", "End of last month"),
            ("last_quarter", "End of last quarter"),
            ("last_year", "End of last year"),
            ("own", "Another day"),
        ],
        string="As of",
        required=True,
        default="today",
    )
    date = fields.Date(string="Day")
    period_name = fields.Selection(
        selection=[
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("this_week", "This week"),
            ("last_week", "Last week"),
            ("this_month", "This month"),
            ("last_month", "Last month"),
            ("this_quarter", "This quarter"),
            ("last_quarter", "Last quarter"),
            ("this_year", "This year"),
            ("last_year", "Last year"),
            ("all", "All dates"),
            ("own", "Other dates"),
        ],
        string="Period",
        required=True,
        default="this_month",
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    company_ids = fields.Many2many(
        comodel_name="res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.companies,
    )
    level_1 = fields.Selection(
        selection="_select_levels",
        string="Group by",
        compute="_compute_levels",
        store=True,
        readonly=False,
    )
    level_2 = fields.Selection(
        selection="_select_levels",
        string="Then by",
        compute="_compute_levels",
        store=True,
        readonly=False,
    )
    level_choices = fields.Json(compute="_compute_level_choices")
    with_details = fields.Boolean(
        string="With details",
        help="Every row of the report below its group. Without it there is one line for each group.",
    )
    file_format = fields.Selection(
        selection=[
            (PAPER, "Paper (PDF)"),
            (SHEET, "Spreadsheet (XLSX)"),
        ],
        string="Format",
        required=True,
        default=PAPER,
    )
    domain = fields.Char(
        help="Only these rows: taken over from the list that the report was asked from.",
    )
    filter_text = fields.Char(
        string="Only",
        help="What was filtered in the list, in words.",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _select_levels(self):
        return [
            (report._get_level_key(spec), label)
            for report in self.env["billing.report"].sudo().with_context(active_test=False).search([])
            for spec, label in report._get_level_labels().items()
        ]

    @api.depends("level_choices")
    def _compute_levels(self):
        for request in self:
            usual = request.level_choices[1:][:min(request.report_id.group_count, LEVELS)]
            request.level_1, request.level_2 = (usual + [False] * LEVELS)[:LEVELS]

    @api.depends("report_id")
    def _compute_level_choices(self):
        for request in self:
            report = request.report_id
            labels = report._get_level_labels() if report else {}
            # Nothing can always be chosen; the screen needs a list in any case.
            request.level_choices = [False, *(report._get_level_key(spec) for spec in labels)]

    # === CONSTRAINT METHODS === #

    @api.constrains("report_id", "level_1", "level_2")
    def _check_levels(self):
        labels = dict(self._select_levels())
        for request in self:
            for level in filter(None, (request.level_1, request.level_2)):
                if level not in request.level_choices:
                    raise ValidationError(self.env._(
                        "“%(report)s” cannot be grouped by “%(level)s”. Choose another grouping.",
                        report=request.report_id.name, level=labels.get(level, level),
                    ))

    @api.constrains("report_id", "day_name", "date", "period_name", "date_from", "date_to")
    def _check_dates(self):
        for request in self:
            if request.date_kind == "as_of" and request.day_name == "own" and not request.date:
                raise ValidationError(self.env._("Type the day as of which “%(report)s” is wanted.",
                                                 report=request.report_id.name))
            if request.date_kind != "period" or request.period_name != "own":
                continue
            if not request.date_from or not request.date_to:
                raise ValidationError(self.env._(
                    "Type the first and the last day that “%(report)s” shall be about.", report=request.report_id.name,
                ))
            if request.date_from > request.date_to:
                raise ValidationError(self.env._(
                    "The first day (%(start)s) lies after the last one (%(end)s). Exchange them.",
                    start=request.date_from, end=request.date_to,
                ))

    @api.constrains("report_id", "day_name", "date")
    def _check_day_known(self):
        today = fields.Date.context_today(self)
        for request in self:
            is_own = request.date_kind == "as_of" and request.day_name == "own"
            if is_own and request.date and request.date > today:
                raise ValidationError(self.env._(
                    "Nobody knows yet how the books will stand on %(day)s. Choose today or an earlier day.",
                    day=format_date(self.env, request.date),
                ))

    @api.constrains("domain")
    def _check_domain(self):
        for request in self.filtered("domain"):
            request._parse_domain()

    # === BUSINESS METHODS === #

    def _get_options(self):
        """The values that say the same for another request."""
        self.ensure_one()
        names = (
            "report_id", "day_name", "date", "period_name", "date_from", "date_to", "company_ids", "level_1", "level_2",
            "with_details", "file_format", "domain", "filter_text",
        )
        return {name: self._fields[name].convert_to_write(self[name], self) for name in names}

    def _get_specs(self):
        """By what rows are grouped, in the words of the ORM; each once, and as long as the report can be grouped so."""
        self.ensure_one()
        levels = dict.fromkeys(filter(None, (self.level_1, self.level_2)))
        return [level.partition("/")[2] for level in levels if level in self.level_choices]

    def _get_day(self, today):
        """The day as of which figures are read."""
        self.ensure_one()
        return self.date if self.day_name == "own" else day_of(self.day_name, today)

    def _get_period(self, today):
        """The first and the last day that the report is about, or None."""
        self.ensure_one()
        if self.date_kind != "period" or self.period_name == "all":
            return None
        if self.period_name == "own":
            return self.date_from, self.date_to
        return period_of(self.period_name, today)

    def _parse_domain(self):
        """The filter of the list: a plain list of conditions, of which nothing is executed.

        :raise UserError: when it is something else
        """
        self.ensure_one()
        try:
            domain = Domain(ast.literal_eval(self.domain or "[]"))
            model = self.env.get(self.report_id.res_model)
            if model is not None:
                domain.validate(model)
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(self.env._(
                "The filter of “%(report)s” cannot be read (%(error)s). Open the report again and filter anew.",
                report=self.report_id.name, error=error,
            )) from error
        return domain
