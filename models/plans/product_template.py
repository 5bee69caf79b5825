from odoo import fields, models


class ProductTemplate(models.Model):
    """Whether a service is medically necessary: what is not, stays out of payment plans unless a policy allows it."""

    _inherit = "product.template"

    is_billing_elective = fields.Boolean(
        string="Elective",
        help="Not medically necessary. Payment plans leave it out unless their policy allows it.",
    )
