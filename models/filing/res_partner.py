from odoo import fields, models


class ResPartner(models.Model):
    """How claims reach this payer."""

    _inherit = "res.partner"

    billing_route_id = fields.Many2one(
        comodel_name="billing.filing.route",
        string="Claims go by",
        company_dependent=True,
        check_company=True,
        groups="billing_coordinator.group_readonly",
        help="The way in which claims reach this payer; plans may have another one. Empty: by post.",
    )
