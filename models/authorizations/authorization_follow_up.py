from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..written_numbers import format_number

VALID_STATES = ("approved", "partly_approved")


class BillingAuthorization(models.Model):
    """Authorizations that end or run out: found in time, so that the payer can be asked for more."""

    _name = "billing.authorization"
    _inherit = ["billing.authorization", "billing.nightly"]

    is_expiring = fields.Boolean(
        string="About to end",
        compute="_compute_is_expiring",
        search="_search_is_expiring",
        help="It ends within the days of the settings and has units left.",
    )
    is_nearly_used = fields.Boolean(
        string="Nearly used up",
        compute="_compute_is_nearly_used",
        search="_search_is_nearly_used",
        help="Of one of its services no more units are left than the settings say.",
    )
    is_end_reminded = fields.Boolean(
        copy=False,
    )

    _in_force_idx = models.Index("(company_id, date_to) WHERE state IN ('approved', 'partly_approved')")

    # === COMPUTE METHODS === #

    @api.depends("state", "date_to", "line_ids.units_left", "company_id.billing_authorization_days")
    @api.depends_context("tz")
    def _compute_is_expiring(self):
        today = fields.Date.context_today(self)
        for request in self:
            last = today + timedelta(days=request.company_id.billing_authorization_days)
            request.is_expiring = bool(
                request.state in VALID_STATES
                and request.date_to
                and today <= request.date_to <= last
                and any(line.units_left > 0 for line in request.line_ids)
            )

    @api.model
    def _search_is_expiring(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        today = fields.Date.context_today(self)
        soon = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_to", "<=", today + timedelta(days=company.billing_authorization_days))
            for company in self.env["res.company"].sudo().search([])
        )
        valid = Domain("state", "in", VALID_STATES) & Domain("line_ids.units_left", ">", 0)
        return valid & Domain("date_to", ">=", today) & soon

    @api.depends("state", "line_ids.is_nearly_used")
    def _compute_is_nearly_used(self):
        for request in self:
            lines = request.line_ids if request.state in VALID_STATES else request.line_ids.browse()
            request.is_nearly_used = any(lines.mapped("is_nearly_used"))

    @api.model
    def _search_is_nearly_used(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("state", "in", VALID_STATES) & Domain("line_ids.is_nearly_used", "=", True)

    # === CRUD METHODS === #

    def write(self, vals):
        # Another last day is worth another reminder.
        if "date_to" in vals:
            vals = {**vals, "is_end_reminded": False}
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _cron_follow_up(self):
        """Once a day: those past their last day expire, and people are reminded of those that end or run out."""
        self._work_through(
            (type(self)._get_past_domain, type(self)._expire),
            (type(self)._get_reminder_domain, type(self)._remind),
        )

    @api.model
    def _get_past_domain(self):
        """Authorizations whose last day is over."""
        return Domain("state", "in", VALID_STATES) & Domain("date_to", "<", fields.Date.context_today(self))

    @api.model
    def _get_reminder_domain(self):
        """Authorizations about which somebody has to be reminded, and was not yet."""
        ending = self._search_is_expiring("in", [True]) & Domain("is_end_reminded", "=", False)
        running_out = (
            Domain("state", "in", VALID_STATES)
            & Domain("line_ids", "any", [("is_nearly_used", "=", True), ("is_reminded", "=", False)])
        )
        return ending | running_out

    def _expire(self):
        self._set_state("expired", self.env._("Its last day has passed."))

    def _remind(self):
        """Ask whoever looks after each of them for more, and remember what it was about."""
        reminders = {request: " ".join(sentences) for request in self if (sentences := request._get_reminders())}
        asked = self.browse().concat(*reminders)
        asked._ask_for(
            "billing_coordinator.mail_activity_type_authorization",
            {request: self.env._("Ask %(payer)s for more", payer=request.payer_id.name) for request in asked},
            users={request: request.user_id for request in asked},
            notes=reminders,
        )
        self.filtered("is_expiring").is_end_reminded = True
        self.line_ids.filtered("is_nearly_used").is_reminded = True

    def _get_reminders(self):
        """What to tell whoever looks after this authorization."""
        self.ensure_one()
        sentences = []
        if self.is_expiring and not self.is_end_reminded:
            sentences.append(self.env._(
                "%(authorization)s ends on %(date)s with %(units)s units left.",
                authorization=self.display_name,
                date=format_date(self.env, self.date_to),
                units=format_number(self.env, self.units_left),
            ))
        for line in self.line_ids.filtered(lambda line: line.is_nearly_used and not line.is_reminded):
            sentences.append(self.env._(
                "%(service)s: %(left)s of %(approved)s units left under %(authorization)s.",
                service=line._get_service_name(),
                left=format_number(self.env, line.units_left),
                approved=format_number(self.env, line.units_approved),
                authorization=self.display_name,
            ))
        return sentences
