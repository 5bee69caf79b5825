from odoo import models
from odoo.tools import SQL


class BillingChargeFlow(models.Model):
    """What an agency kept of what it collected is paid as well: by the commission that the office owes it."""

    _inherit = "billing.charge.flow"
    _depends = {
        "account.move": ["billing_recovery_id"],
    }

    def _get_money_condition(self):
        return SQL("(%s OR outside.billing_recovery_id IS NOT NULL)", super()._get_money_condition())
