from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.good_faith import Terms
from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS

from ..written_numbers import format_number

ESTIMATE_FIELDS = (
    "billing_good_faith", "billing_estimate_threshold", "billing_estimate_dispute_days", "billing_plan_offer_from",
    "billing_good_faith_short_notice", "billing_good_faith_short_days", "billing_good_faith_long_notice",
    "billing_good_faith_long_days", "billing_good_faith_request_days",
)
NUMBERS = ESTIMATE_FIELDS[1:]


class ResCompany(models.Model):
    """What a company promises with its estimates, and by when it owes them.

    Numbers start as the law of the United States has them: 45 CFR 149.610(b)(1)(vi) for the terms, 149.620 for the
    amount and the days within which a patient may dispute a bill.
    """

    _inherit = "res.company"

    billing_good_faith = fields.Boolean(
        string="Good-faith estimates",
        compute="_compute_billing_good_faith",
        store=True,
        readonly=False,
        help="Patients who pay themselves get their estimate within the terms of the law of the United States, with "
             "everything that it has to say.",
    )
    billing_estimate_threshold = fields.Monetary(
        string="Bills above their estimate by",
        default=400.0,
        help="A bill that asks this much more than its estimate, or more, raises a flag before it is sent. Zero: none.",
    )
    billing_estimate_dispute_days = fields.Integer(
        string="Days to dispute a bill",
        default=120,
        help="How long a patient who pays themselves may dispute a bill that is too far above its estimate.",
    )
    billing_plan_offer_from = fields.Monetary(
        string="Payment plans are offered from",
        default=200.0,
        help="When the patient's share is at least this much, estimates advise to offer a payment plan. Zero: never.",
    )
    billing_good_faith_short_notice = fields.Integer(
        string="Due when booked ahead by (business days)",
        default=3,
        help="From how many business days before the service on a booking makes an estimate due.",
    )
    billing_good_faith_short_days = fields.Integer(
        string="Booked shortly ahead: within (business days)",
        default=1,
    )
    billing_good_faith_long_notice = fields.Integer(
        string="Long ahead means (business days)",
        default=10,
    )
    billing_good_faith_long_days = fields.Integer(
        string="Booked long ahead: within (business days)",
        default=3,
    )
    billing_good_faith_request_days = fields.Integer(
        string="Asked for: within (business days)",
        default=3,
    )

    @api.depends("account_fiscal_country_id")
    def _compute_billing_good_faith(self):
        for company in self:
            company.billing_good_faith = company.account_fiscal_country_id.code == "US"

    @api.constrains(*NUMBERS)
    def _check_billing_estimates(self):
        for company in self:
            for name in NUMBERS:
                if company[name] < 0:
                    raise ValidationError(self.env._(
                        "“%(field)s” of %(company)s cannot be less than zero (%(value)s).",
                        field=self._fields[name]._description_string(self.env),
                        company=company.name,
                        value=format_number(self.env, company[name]),
                    ))
                if self._fields[name].type == "integer" and company[name] > MOST_DAYS:
                    raise ValidationError(self.env._(
                        "“%(field)s” of %(company)s cannot be more than %(most)s (%(value)s).",
                        field=self._fields[name]._description_string(self.env),
                        company=company.name,
                        most=MOST_DAYS,
                        value=company[name],
                    ))
            if company.billing_good_faith_long_notice < company.billing_good_faith_short_notice:
                raise ValidationError(self.env._(
                    "%(company)s: what is booked long ahead (%(long)s business days) cannot be nearer than what is "
                    "booked ahead at all (%(short)s). Correct one of the two.",
                    company=company.name,
                    long=company.billing_good_faith_long_notice,
                    short=company.billing_good_faith_short_notice,
                ))

    def _get_good_faith_terms(self):
        """The terms for good-faith estimates, as ``good_faith`` wants them."""
        self.ensure_one()
        return Terms(**{
            name: self[f"billing_good_faith_{name}"]
            for name in ("short_notice", "short_days", "long_notice", "long_days", "request_days")
        })

    def _get_billing_holidays(self):
        """The days on which nobody works in this company: time off of its working hours that is nobody's own.

        :return: set of dates; a day off in part counts as a business day
        """
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        zone = timezone(calendar.tz or "UTC")
        holidays = set()
        for leave in calendar.global_leave_ids:
            first, last = (utc.localize(moment).astimezone(zone) for moment in (leave.date_from, leave.date_to))
            day = first.date() if first.time() == time.min else first.date() + timedelta(days=1)
            while zone.localize(datetime.combine(day, time(23, 59))) <= last:
                holidays.add(day)
                day += timedelta(days=1)
        return holidays
