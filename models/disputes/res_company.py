from odoo import api, fields, models

from ..figures import check_days

DAYS = ("billing_dispute_lift_days", "billing_dispute_insurance_days")


class ResCompany(models.Model):
    """How a company deals with disputes."""

    _inherit = "res.company"

    billing_dispute_lift_days = fields.Integer(
        string="After an answer, leave alone for",
        default=14,
        help="Days after our answer on which what was disputed is still not asked for.",
    )
    billing_dispute_insurance_days = fields.Integer(
        string="After asking insurance again",
        default=45,
        help="The same, where insurance was asked again and may take its time.",
    )
    billing_dispute_confirm = fields.Boolean(
        string="Confirm disputes that come by e-mail",
        default=True,
        help="Whoever writes hears at once that it has arrived, and by when there is an answer.",
    )

    @api.constrains(*DAYS)
    def _check_billing_dispute_days(self):
        check_days(self, DAYS)
