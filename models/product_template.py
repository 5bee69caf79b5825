from odoo import fields, models


class ProductTemplate(models.Model):
    """A service that the office bills, with the code under which payers know it."""

    _inherit = "product.template"

    billing_code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure code",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', 'procedure')]",
        # A price list is no health record; and Odoo lets nobody duplicate what has fields they may not read.
        help="Goes to the visit line, the invoice and the claim with this service.",
    )
