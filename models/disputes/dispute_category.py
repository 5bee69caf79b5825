from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS


class BillingDisputeCategory(models.Model):
    """What people say is wrong with a bill: who looks into it, by when, and where to look first."""

    _name = "billing.dispute.category"
    _description = "Reason of a dispute"
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: every company.",
    )
    question = fields.Char(
        string="On the letter",
        required=True,
        translate=True,
        help="How our answer puts the question, after “You told us that …”. Nothing about health.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who answers",
        domain="[('share', '=', False)]",
        help="Empty: whoever writes the dispute down.",
    )
    days = fields.Integer(
        string="Answered within (business days)",
        default=10,
        required=True,
    )
    hint = fields.Text(
        string="Where to look",
        translate=True,
        help="Shown to whoever looks into it.",
    )

    @api.constrains("days")
    def _check_days(self):
        for category in self:
            if not 0 <= category.days <= MOST_DAYS:
                raise ValidationError(self.env._(
                    "“%(category)s” cannot be answered within %(days)s days. Type a number of business days, zero for "
                    "the same day and %(most)s at most.",
                    category=category.name, days=category.days, most=MOST_DAYS,
                ))
