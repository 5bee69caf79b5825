from odoo import fields, models
from odoo.tools import SQL


class BillingAgedItem(models.Model):
    """Where the claim stands that asks a payer for an item: as it is now, on past days too."""

    _inherit = "billing.aged.item"
    _depends = {
        "account.move.line": ["billing_invoice_id", "move_id"],
        "billing.claim": ["invoice_id", "state"],
    }

    claim_state = fields.Selection(
        selection=lambda self: self.env["billing.claim"]._fields["state"]._description_selection(self.env),
        string="Claim",
        readonly=True,
    )

    @property
    def _table_query(self):
        # Both keys are unique, so that PostgreSQL leaves the joins out where nobody asks for the claim.
        return SQL(
            """
            SELECT aged.*, claim.state AS claim_state
              FROM (%s) aged
         LEFT JOIN account_move_line asking ON asking.id = aged.id
         LEFT JOIN billing_claim claim ON claim.invoice_id = COALESCE(asking.billing_invoice_id, asking.move_id)
            """,
            super()._table_query,
        )
