from odoo import fields, models
from odoo.tools import SQL


class BillingAgedItem(models.Model):
    """Where the claim stands that asks a payer for an item: as it is now, on past days too."""

    _inherit = "billing.aged.item"
    _depends = {"billing.claim": ["invoice_id", "state"]}

    claim_state = fields.Selection(
        selection=lambda self: self.env["billing.claim"]._fields["state"]._description_selection(self.env),
        string="Claim",
        readonly=True,
    )

    @property
    def _table_query(self):
        # The key is unique, so that PostgreSQL leaves the join out where nobody asks for the claim.
        return SQL(
            """
            SELECT aged.*, claim.state AS claim_state
              FROM (%s) aged
         LEFT JOIN billing_claim claim ON claim.invoice_id = aged.bill_id
            """,
            super()._table_query,
        )
