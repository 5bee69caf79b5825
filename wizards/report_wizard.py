from odoo import api, fields, models

from odoo.addons.billing_coordinator.models.reporting.report_job_run import MOST_AT_ONCE


class BillingReportWizard(models.TransientModel):
    """Asks what exactly shall be printed: which day or period, grouped by what, on paper or as a spreadsheet."""

    _name = "billing.report.wizard"
    _description = "Print or export a report"
    _inherit = ["billing.report.request"]

    is_background = fields.Boolean(
        string="In the background",
        help="Go on working meanwhile; you are told when it is ready.",
    )
    record_count = fields.Integer(
        string="Rows",
        compute="_compute_record_count",
    )
    is_long = fields.Boolean(compute="_compute_record_count")
    has_companies = fields.Boolean(
        compute="_compute_has_companies",
    )

    @api.depends(
        "report_id", "day_name", "date", "period_name", "date_from", "date_to", "company_ids", "domain", "with_details",
    )
    def _compute_record_count(self):
        for wizard in self:
            wizard.record_count = wizard._count() if wizard.with_details else 0
            wizard.is_long = wizard.record_count > MOST_AT_ONCE

    @api.depends_context("uid")
    def _compute_has_companies(self):
        self.has_companies = len(self.env.user.company_ids) > 1

    # === ACTION METHODS === #

    def action_make(self):
        """Make the report and hand it over; a long one is made in the background, and its page says how far it is."""
        self.ensure_one()
        self.report_id._check_available()
        job = self.env["billing.report.job"]._ask(self)
        if not self.is_background and not self.is_long:
            job._make()
            return job.with_user(self.env.user).action_download()
        self.env.ref("billing_coordinator.cron_make_reports").sudo()._trigger()
        return {
            "type": "ir.actions.act_window",
            "name": job.name,
            "res_model": job._name,
            "res_id": job.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # === BUSINESS METHODS === #

    def _count(self):
        """How many rows the report has as it is asked for now; none as long as something is missing."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        period = self._get_period(today)
        is_missing = (self.date_kind == "as_of" and not self._get_day(today)) or (period and not all(period))
        if is_missing or not self.report_id.is_available:
            return 0
        model, domain = self.env["billing.report.table"]._get_source(self.report_id, self, today)
        return model.search_count(domain)
