from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.contact_rules import Rules
from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS

CLOSED_DAYS = {"all": frozenset(), "saturday": frozenset({6}), "friday": frozenset({5, 6})}
NUMBERS = (
    "billing_contact_most", "billing_contact_window", "billing_contact_quiet", "billing_promise_days_ahead",
    "billing_promise_grace",
)


class ResCompany(models.Model):
    """When a company contacts those who owe it money, and what it takes for a promise.

    The numbers start as the rules of the United States for collection agencies have them (12 CFR 1006.6(b) and
    1006.14(b)); an office that collects for itself may choose its own.
    """

    _inherit = "res.company"

    billing_contact_earliest = fields.Float(
        string="From",
        default=8.0,
        help="Nobody is called, visited or sent a text message before this hour where they live.",
    )
    billing_contact_latest = fields.Float(
        string="Until",
        default=21.0,
        help="Nobody is called, visited or sent a text message from this hour on where they live.",
    )
    billing_contact_days = fields.Selection(
        selection=[
            ("all", "On any day"),
            ("saturday", "Monday to Saturday, not on holidays"),
            ("friday", "Monday to Friday, not on holidays"),
        ],
        string="Days",
        default="saturday",
        required=True,
        help="Holidays are the time off of the company's working hours.",
    )
    billing_contact_most = fields.Integer(
        string="Attempts at most",
        default=7,
        help="So many calls and visits within the days below, whoever answers.",
    )
    billing_contact_window = fields.Integer(
        string="Within (days)",
        default=7,
        help="The day of the attempt is the last of them. Zero: attempts are not counted.",
    )
    billing_contact_quiet = fields.Integer(
        string="Quiet after a conversation (days)",
        default=7,
        help="The day of the conversation is the first of them. Zero: none.",
    )
    billing_sms_consent = fields.Boolean(
        string="Text messages only with consent",
        help="Without a consent on record, an e-mail or a letter is sent instead. Who has taken a consent back is "
             "never contacted that way.",
    )
    billing_promise_days_ahead = fields.Integer(
        string="Promises at most ahead (days)",
        default=30,
        help="A promise that lies further ahead is for a manager to take; longer ones are better a payment plan.",
    )
    billing_promise_grace = fields.Integer(
        string="Wait for the money (days)",
        default=2,
        help="So many days after the promised one a promise is broken: money takes its time on the way.",
    )
    billing_promise_after = fields.Selection(
        selection=[
            ("next", "The next step at once"),
            ("usual", "The next step when its time has come"),
        ],
        string="After a broken promise",
        default="next",
        required=True,
        help="At once: it does not wait for the days since the step before. A bill that is not late enough for it "
             "waits all the same; no step is skipped and none repeated.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_contact_earliest", "billing_contact_latest")
    def _check_billing_contact_hours(self):
        for company in self:
            if not 0 <= company.billing_contact_earliest < company.billing_contact_latest <= 24:
                raise ValidationError(self.env._(
                    "%(company)s cannot contact people from %(earliest)s to %(latest)s. Type two hours of one day, the "
                    "earlier one first.",
                    company=company.name,
                    earliest=_to_words(company.billing_contact_earliest),
                    latest=_to_words(company.billing_contact_latest),
                ))

    @api.constrains(*NUMBERS)
    def _check_billing_contact_numbers(self):
        for company in self:
            for name in NUMBERS:
                if not 0 <= company[name] <= MOST_DAYS:
                    raise ValidationError(self.env._(
                        "“%(field)s” of %(company)s cannot be %(value)s. Type a number from zero to %(most)s.",
                        field=self._fields[name]._description_string(self.env),
                        company=company.name,
                        value=company[name],
                        most=MOST_DAYS,
                    ))

    # === BUSINESS METHODS === #

    def _get_contact_rules(self):
        """What this company keeps to: :class:`tools.contact_rules.Rules`."""
        self.ensure_one()
        company = self.sudo()
        days = company.billing_contact_days
        return Rules(
            earliest=_to_time(company.billing_contact_earliest),
            latest=_to_time(company.billing_contact_latest),
            closed_days=CLOSED_DAYS[days],
            holidays=frozenset() if days == "all" else frozenset(company._get_billing_holidays()),
            most=company.billing_contact_most,
            window=company.billing_contact_window,
            quiet=company.billing_contact_quiet,
        )


def _to_time(hours):
    """8.5 is half past eight; the end of the day is as late as it gets."""
    minutes = round(hours * 60)
    return time.max if minutes >= 24 * 60 else time(*divmod(minutes, 60))


def _to_words(hours):
    return "{:02d}:{:02d}".format(*divmod(round(hours * 60), 60))
