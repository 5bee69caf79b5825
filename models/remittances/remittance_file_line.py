from odoo import fields, models


class BillingRemittanceLine(models.Model):
    """A line that came from a file says which answer in it stands behind it."""

    _inherit = "billing.remittance.line"

    item_id = fields.Many2one(
        comodel_name="billing.remittance.item",
        string="In the file",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
