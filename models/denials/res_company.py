from odoo import api, fields, models

from ..figures import check_not_negative

TOLERANCES = ("billing_underpaid_amount", "billing_underpaid_percent")


class ResCompany(models.Model):
    """From when on a difference from the contract is worth asking for."""

    _inherit = "res.company"

    billing_underpaid_amount = fields.Monetary(
        string="Let go up to",
        default=1.0,
        help="What a payer takes off a service beyond the contract, up to this amount, is no underpayment.",
    )
    billing_underpaid_percent = fields.Float(
        string="Or up to (%)",
        default=1.0,
        help="The same, in percent of the contract price. Whichever is more counts.",
    )

    @api.constrains(*TOLERANCES)
    def _check_billing_tolerances(self):
        check_not_negative(self, TOLERANCES)
