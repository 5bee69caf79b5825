from odoo import fields, models


class ResPartner(models.Model):
    """A payer: who in the office works on its denials."""

    _inherit = "res.partner"

    billing_denial_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Denials go to",
        domain="[('share', '=', False)]",
        company_dependent=True,
        groups="billing_coordinator.group_readonly",
        help="Gets new denials of this payer, whatever their cause. Empty: whoever the cause names.",
    )
