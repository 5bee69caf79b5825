from odoo import fields, models


class ResPartner(models.Model):
    """A payer: who in the office works on its denials, and by when it may be appealed to."""

    _inherit = "res.partner"

    billing_denial_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Denials go to",
        domain="[('share', '=', False)]",
        company_dependent=True,
        groups="billing_coordinator.group_readonly",
        help="Gets new denials of this payer, whatever their cause. Empty: whoever the cause names.",
    )
    billing_appeal_level_ids = fields.One2many(
        comodel_name="billing.appeal.level",
        inverse_name="payer_id",
        string="Levels of appeal",
        groups="billing_coordinator.group_readonly",
    )
