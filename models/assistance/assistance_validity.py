from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.periods import get_last_day

from .assistance_decision import GRANTED


class BillingAssistanceApplication(models.Model):
    """From when until when an accepted application holds: it ends by itself or earlier, and is renewed."""

    _name = "billing.assistance.application"
    _inherit = ["billing.assistance.application", "billing.nightly"]

    date_from = fields.Date(
        string="Valid from",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
    )
    date_to = fields.Date(
        string="Valid until",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="The last day whose services are discounted.",
    )
    previous_id = fields.Many2one(
        comodel_name="billing.assistance.application",
        string="Renews",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    is_in_force = fields.Boolean(
        string="In force today",
        compute="_compute_is_in_force",
        search="_search_is_in_force",
    )

    # Ranges of one number: overlapping means equal, and no extension of the database is needed.
    _in_force_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(applicant_id, applicant_id, '[]') WITH &&,
            int4range(company_id, company_id, '[]') WITH &&,
            daterange(date_from, GREATEST(date_from, date_to), '[]') WITH &&
        ) WHERE (state IN ('accepted', 'expired'))""",
        "This person has another accepted application for some of these days. End that one first, or let this one "
        "begin after it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date", "previous_id")
    def _compute_date_from(self):
        for application in self:
            # A renewal begins where the one before ends.
            ends = application.previous_id.date_to if application.previous_id.state in GRANTED else False
            following = ends and ends + relativedelta(days=1)
            application.date_from = max(filter(None, (application.date, following)), default=False)

    @api.depends("date_from", "programme_id")
    def _compute_date_to(self):
        for application in self:
            months = application.programme_id.validity_months
            application.date_to = application.date_from and months and get_last_day(application.date_from, months)

    @api.depends("state", "date_from", "date_to")
    @api.depends_context("tz")
    def _compute_is_in_force(self):
        today = fields.Date.context_today(self)
        for application in self:
            application.is_in_force = application._is_in_force(today)

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "in", GRANTED), ("date_from", "<=", today), ("date_to", ">=", today)]

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to")
    def _check_validity(self):
        for application in self:
            if application.date_from and application.date_to and application.date_to < application.date_from:
                raise ValidationError(self.env._(
                    "%(application)s would end on %(date_to)s, before it begins on %(date_from)s. Correct one of the "
                    "two dates.",
                    application=application.name,
                    date_from=format_date(self.env, application.date_from),
                    date_to=format_date(self.env, application.date_to),
                ))

    # === ACTIONS === #

    def action_end(self):
        """End it today: services from tomorrow on are not discounted any more."""
        self._check_manager()
        today = fields.Date.context_today(self)
        for application in self:
            if application.date_from and application.date_from > today:
                raise UserError(self.env._(
                    "%(application)s begins on %(date)s only. Withdraw it instead.",
                    application=application.name,
                    date=format_date(self.env, application.date_from),
                ))
            application._set_state(
                "expired",
                self.env._("Ended by %(user)s", user=self.env.user.name),
                date_to=min(today, application.date_to),
            )

    def action_renew(self):
        """Apply again: a new application with the same household, to be filled in with today's income."""
        self.ensure_one()
        renewal = self.copy({"date": fields.Date.context_today(self), "income": 0.0, "note": False})
        renewal.sudo().previous_id = self
        return renewal._get_records_action(name=self.env._("Apply again"))

    # === BUSINESS METHODS === #

    @api.model
    def _get_in_force(self, wanted):
        """The applications that hold on a day, in one search, however many are asked for.

        Read with the system's rights: whoever reads a bill may know of a discount, not of the income behind it.

        :param wanted: (applicant, company, date) triples
        :return: {triple: application or none}, with an entry for each triple
        """
        wanted = list(wanted)
        found = dict.fromkeys(wanted, self.sudo().browse())
        if not wanted:
            return found
        granted = self.sudo().search_fetch(
            [
                ("applicant_id", "in", [applicant._origin.id for applicant, _company, _date in wanted]),
                ("company_id", "in", [company._origin.id for _applicant, company, _date in wanted]),
                ("state", "in", GRANTED),
                ("date_from", "<=", max(date for _applicant, _company, date in wanted)),
                ("date_to", ">=", min(date for _applicant, _company, date in wanted)),
            ],
            ["applicant_id", "company_id", "date_from", "date_to", "discount_percent", "state"],
        )
        owned = granted.grouped(lambda application: (application.applicant_id.id, application.company_id.id))
        for applicant, company, date in wanted:
            mine = owned.get((applicant._origin.id, company._origin.id), self.sudo().browse())
            found[applicant, company, date] = mine.filtered(lambda a, date=date: a._is_in_force(date))[:1]
        return found

    def _is_in_force(self, date):
        """Whether services of ``date`` are discounted: it was accepted and the day is within its validity."""
        self.ensure_one()
        return (
            self.state in GRANTED and bool(self.date_from and self.date_to)
            and self.date_from <= date <= self.date_to
        )

    # === CRON === #

    @api.model
    def _cron_expire(self):
        """Close what ran out, so that lists show what still holds. What it covered stays covered."""
        self._work_through((
            lambda model: [("state", "=", "accepted"), ("date_to", "<", fields.Date.context_today(model))],
            lambda expired: expired._set_state("expired", self.env._("The validity ran out.")),
        ))
