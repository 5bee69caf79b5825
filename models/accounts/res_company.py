from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS

# A hundred years.
MOST_MONTHS = 1200


class ResCompany(models.Model):
    """How a company deals with accounts: whether unapproved ones are billed, how long a verified contact is good."""

    _inherit = "res.company"

    billing_unapproved = fields.Selection(
        selection=[
            ("no", "Not billed"),
            ("warn", "Billed, with a warning"),
            ("yes", "Billed"),
        ],
        string="Accounts not approved yet",
        default="warn",
        required=True,
        help="Whether visits of an account that neither a rule nor a manager has approved can be billed.",
    )
    billing_verification_days = fields.Integer(
        string="Verify contacts every",
        default=365,
        help="After this many days, phone, e-mail and address of an account are verified again. Zero: never.",
    )

    billing_idle_months = fields.Integer(
        string="Accounts rest after",
        default=24,
        help="An account without bill, payment, visit or talk for so many months, on which nothing is open, is "
             "proposed for closing.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_idle_months")
    def _check_billing_idle_months(self):
        for company in self:
            if not 1 <= company.billing_idle_months <= MOST_MONTHS:
                raise ValidationError(self.env._(
                    "%(company)s cannot propose accounts for closing after %(months)s months. Type a number of months "
                    "from 1 to %(most)s.",
                    company=company.name, months=company.billing_idle_months, most=MOST_MONTHS,
                ))

    @api.constrains("billing_verification_days")
    def _check_billing_verification_days(self):
        for company in self:
            if not 0 <= company.billing_verification_days <= MOST_DAYS:
                raise ValidationError(self.env._(
                    "%(company)s cannot verify contacts every %(days)s days. Type how many days a verification is good "
                    "for, %(most)s at most, or zero if it always is.",
                    most=MOST_DAYS,
                    company=company.name,
                    days=company.billing_verification_days,
                ))
