from odoo import api, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    """Odoo's invoice analysis: a transfer is no second sale, so that every charge is counted once."""

    _inherit = "account.invoice.report"

    @api.model
    def _where(self) -> SQL:
        return SQL("%s AND move.billing_kind IS DISTINCT FROM 'transfer'", super()._where())
