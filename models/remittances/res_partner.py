from odoo import fields, models

from ..groups import HEALTH_GROUP


class ResPartner(models.Model):
    """A payer is known in its files by more than one number or name."""

    _inherit = "res.partner"

    billing_alias_ids = fields.One2many(
        comodel_name="billing.payer.alias",
        inverse_name="payer_id",
        string="Also known as",
        groups=HEALTH_GROUP,
        help="Numbers and names under which this payer stands in remittance files.",
    )
