from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..figures import check_days, check_not_negative

CHANNELS = [
    ("preferred", "As each person prefers"),
    ("email", "By e-mail wherever that is possible"),
    ("letter", "By letter, all of them"),
]
ORDERS = [
    ("zip", "Postal code"),
    ("name", "Name"),
]


class ResCompany(models.Model):
    """When and how the statements of a company go out."""

    _inherit = "res.company"

    billing_statement_day = fields.Integer(
        string="Statements on day",
        help="The day of each month on which the night prepares the statements, for somebody to look at and release; "
             "in shorter months the last one. Zero: never by itself.",
    )
    billing_statement_min = fields.Monetary(
        string="Statements from",
        help="Whoever is asked for less gets no statement yet.",
    )
    billing_statement_recent_days = fields.Integer(
        string="Days between statements",
        default=14,
        help="Whoever had a statement less than so many days ago gets none. Zero: everybody gets one.",
    )
    billing_statement_channel = fields.Selection(
        selection=CHANNELS,
        string="Statements go",
        default="preferred",
        required=True,
        help="Nobody gets an e-mail who took back the consent to it, has no address or one that does not work.",
    )
    billing_statement_order = fields.Selection(
        selection=ORDERS,
        string="Letters in the order of",
        default="zip",
        required=True,
    )

    @api.constrains("billing_statement_day", "billing_statement_min", "billing_statement_recent_days")
    def _check_billing_statement_figures(self):
        check_not_negative(self, ("billing_statement_min",))
        check_days(self, ("billing_statement_recent_days",))
        for company in self:
            if not 0 <= company.billing_statement_day <= 31:
                raise ValidationError(self.env._(
                    "%(company)s cannot prepare statements on day %(day)s of a month. Type a day from 1 to 31, or zero "
                    "where nothing is prepared by itself.",
                    company=company.name, day=company.billing_statement_day,
                ))
