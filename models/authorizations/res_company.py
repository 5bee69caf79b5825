from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS

from ..written_numbers import format_number


class ResCompany(models.Model):
    """When people of a company are reminded that an authorization ends or runs out."""

    _inherit = "res.company"

    billing_authorization_days = fields.Integer(
        string="Days before an authorization ends",
        default=14,
        help="So many days ahead somebody is reminded that an authorization with units left is about to end.",
    )
    billing_authorization_units = fields.Float(
        string="Units left",
        default=1.0,
        digits="Product Unit",
        help="Somebody is reminded when no more units than these are left of an authorized series.",
    )
    billing_authorization_percent = fields.Float(
        string="Share left (%)",
        default=20.0,
        help="Or when no more than this share of the approved units is left.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_authorization_days", "billing_authorization_units", "billing_authorization_percent")
    def _check_billing_authorization_reminders(self):
        """When people are reminded of authorizations: days, units and a share, none of them negative."""
        for company in self:
            left, percent = company.billing_authorization_units, company.billing_authorization_percent
            is_day = 0 <= company.billing_authorization_days <= MOST_DAYS
            if not is_day or left < 0 or not 0 <= percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%(company)s cannot remind of authorizations %(days)s days before they end, or when %(units)s "
                        "units or %(percent)s %% are left. Type days and units of zero or more, %(most)s days at most, "
                        "and a share between 0 and 100.",
                        company=company.name,
                        most=MOST_DAYS,
                        days=company.billing_authorization_days,
                        units=format_number(self.env, left),
                        percent=format_number(self.env, percent),
                    )
                )
