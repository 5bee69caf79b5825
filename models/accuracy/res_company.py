from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How strict the office is with its bills: prices that are off, deadlines that come near."""

    _inherit = "res.company"

    billing_price_tolerance = fields.Float(
        string="Prices may be off by (%)",
        default=10.0,
        help="A service whose price lies further from the price list than this share is pointed out.",
    )
    billing_filing_days = fields.Integer(
        string="Warn before the filing deadline",
        default=30,
        help="How many days before a payer stops accepting a claim its visit is pointed out.",
    )

    @api.constrains("billing_price_tolerance", "billing_filing_days")
    def _check_billing_accuracy(self):
        for company in self:
            if company.billing_price_tolerance < 0 or company.billing_filing_days < 0:
                raise ValidationError(self.env._(
                    "%(company)s cannot point out prices that are off by %(percent)s %%, or deadlines %(days)s days "
                    "ahead. Type a share and a number of days of zero or more.",
                    company=company.name,
                    percent=f"{company.billing_price_tolerance:g}",
                    days=company.billing_filing_days,
                ))
