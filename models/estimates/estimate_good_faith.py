from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.good_faith import find_due_date


class BillingEstimate(models.Model):
    """The estimate that the law owes to patients who pay themselves, and the day by which it must reach them.

    45 CFR 149.610 (United States); where a company is not bound by it no estimate has a deadline.
    """

    _inherit = "billing.estimate"

    date_scheduled = fields.Date(
        string="Booked on",
        default=fields.Date.context_today,
        copy=False,
        help="The day on which the service was booked. Empty: nothing is booked, the patient only asked.",
    )
    date_requested = fields.Date(
        string="Asked for on",
        copy=False,
        help="The day on which the patient asked what the service will cost. Empty: they did not.",
    )
    is_good_faith = fields.Boolean(
        string="Good-faith estimate",
        compute="_compute_is_good_faith",
        store=True,
        help="The patient pays this themselves: the law says by when the estimate is due and what it contains.",
    )
    date_due = fields.Date(
        string="Send by",
        compute="_compute_date_due",
        store=True,
        index="btree_not_null",
        help="The last day on which a good-faith estimate may reach the patient.",
    )
    due_reason = fields.Char(
        string="Because",
        compute="_compute_due_reason",
    )
    is_late = fields.Boolean(
        compute="_compute_is_late",
        help="The day by which it had to be sent is over, or it was sent after that day.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "patient_id", "company_id.billing_good_faith", "date", "is_self_pay", "patient_id.coverage_ids.date_from",
        "patient_id.coverage_ids.date_to", "patient_id.coverage_ids.active", "patient_id.coverage_ids.plan_id",
    )
    def _compute_is_good_faith(self):
        for estimate in self:
            if estimate.state in (False, "draft"):
                estimate.is_good_faith = (
                    bool(estimate.patient_id) and estimate.company_id.billing_good_faith and not estimate.coverage_ids
                )

    @api.depends("is_good_faith", "date", "date_scheduled", "date_requested", "company_id")
    def _compute_date_due(self):
        for estimate in self:
            if estimate.state in (False, "draft"):
                estimate.date_due = (estimate._find_due() or (False,))[0]

    @api.depends("date_due")
    @api.depends_context("lang")
    def _compute_due_reason(self):
        for estimate in self:
            found = estimate.date_due and estimate._find_due()
            estimate.due_reason = found and estimate._get_due_sentence(found[1])

    def _get_due_sentence(self, event):
        """Why the estimate is due on its day."""
        terms = self.company_id.sudo()._get_good_faith_terms()
        days = {"requested": terms.request_days, "long": terms.long_days, "short": terms.short_days}[event]
        term = self.env._("1 business day") if days == 1 else self.env._("%s business days", days)
        if event == "requested":
            return self.env._("Asked for: due within %s", term)
        if event == "long":
            return self.env._("Booked long ahead: due within %s", term)
        return self.env._("Booked at short notice: due within %s", term)

    @api.depends("date_due", "date_sent", "state")
    @api.depends_context("tz")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for estimate in self:
            until = estimate.date_sent if estimate.state != "draft" else today
            estimate.is_late = bool(estimate.date_due and until and until > estimate.date_due)

    # === CONSTRAINT METHODS === #

    @api.constrains("date", "date_scheduled", "date_requested")
    def _check_dates(self):
        for estimate in self:
            for name in ("date_scheduled", "date_requested"):
                if estimate[name] and estimate.date and estimate[name] > estimate.date:
                    raise ValidationError(self.env._(
                        "“%(field)s” of %(estimate)s, %(date)s, is after the day for which the service is planned, "
                        "%(planned)s. Correct one of the two dates.",
                        field=self._fields[name]._description_string(self.env),
                        estimate=estimate.display_name,
                        date=format_date(self.env, estimate[name]),
                        planned=format_date(self.env, estimate.date),
                    ))

    # === BUSINESS METHODS === #

    def _find_due(self):
        """(last day to send it, the event that sets it), None where the law sets no day."""
        self.ensure_one()
        if not (self.is_good_faith and self.date):
            return None
        company = self.company_id.sudo()
        return find_due_date(
            self.date, self.date_scheduled or None, self.date_requested or None, company._get_good_faith_terms(),
            company._get_billing_holidays(),
        )

    def _get_missing_content(self):
        """What the law wants a good-faith estimate to say and nobody has recorded yet, in words."""
        self.ensure_one()
        missing = []
        if not self.patient_id.birth_date:
            missing.append(self.env._("the patient's date of birth"))
        if not self.diagnosis_code_ids:
            missing.append(self.env._("the diagnosis, if there is one yet"))
        for line in self.line_ids.filtered(lambda line: not line.code_id):
            missing.append(self.env._("the code of “%s”", line.name or line.product_id.name or ""))
        providers = [line._get_provider() for line in self.line_ids]
        if not all(providers):
            missing.append(self.env._("who renders the service"))
        for provider in self.provider_id.browse().union(*providers).filtered(lambda provider: not provider.npi):
            missing.append(self.env._("the NPI of %s", provider.name))
        if not self.company_id.vat:
            missing.append(self.env._("the tax id of %s", self.company_id.name))
        return missing
