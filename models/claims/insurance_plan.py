from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS


class BillingInsurancePlan(models.Model):
    """Until when its payer accepts what is not a first claim: the second payer's, and corrected ones."""

    _inherit = "billing.insurance.plan"

    secondary_filing_days = fields.Integer(
        string="Days to file after the earlier payer's answer",
        help="For claims that another payer has answered first: days after that answer. Zero: counted from the "
             "service, like other claims.",
    )
    corrected_filing_days = fields.Integer(
        string="Days to send a corrected claim",
        help="Days after its own answer within which the payer accepts a corrected claim; after the service where it "
             "has not answered. Zero: the limit of the first claim.",
    )

    @api.constrains("secondary_filing_days", "corrected_filing_days")
    def _check_later_filing_days(self):
        for plan in self:
            for name in ("secondary_filing_days", "corrected_filing_days"):
                if not 0 <= plan[name] <= MOST_DAYS:
                    raise ValidationError(self.env._(
                        "“%(field)s” of %(plan)s cannot be %(days)s. Type a number of days from 0 to %(most)s; zero if "
                        "there is no such limit.",
                        field=self._fields[name]._description_string(self.env),
                        plan=plan.name,
                        days=plan[name],
                        most=MOST_DAYS,
                    ))
