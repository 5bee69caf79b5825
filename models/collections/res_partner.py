from odoo import fields, models

from ..groups import HEALTH_GROUP


class ResPartner(models.Model):
    """What stands against asking somebody for money, whatever they owe."""

    _inherit = "res.partner"

    billing_bankrupt_on = fields.Date(
        string="Bankrupt since",
        copy=False,
        groups=HEALTH_GROUP,
        help="Proceedings were opened: nobody asks this person for what was owed before.",
    )
    billing_deceased_on = fields.Date(
        string="Died on",
        copy=False,
        groups=HEALTH_GROUP,
        help="Nobody writes to this person any more; a manager decides what becomes of the debt.",
    )
    billing_contact_stopped_on = fields.Date(
        string="Asked not to be contacted",
        copy=False,
        groups=HEALTH_GROUP,
        help="Nobody calls or writes beyond what the law requires.",
    )
    billing_case_ids = fields.One2many(
        comodel_name="billing.collection.case",
        inverse_name="partner_id",
        string="Collection cases",
        groups=HEALTH_GROUP,
    )
