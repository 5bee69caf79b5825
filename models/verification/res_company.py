from odoo import api, fields, models

from ..figures import check_days

DAYS = ("billing_verify_days", "billing_verify_ahead_days", "billing_coverage_notice_days")


class ResCompany(models.Model):
    """How carefully the office verifies insurance before patients come."""

    _inherit = "res.company"

    billing_verify_days = fields.Integer(
        string="An answer is good for",
        default=30,
        help="Days for which a payer's answer about a coverage counts as fresh, unless the payer names a day.",
    )
    billing_verify_ahead_days = fields.Integer(
        string="Verify visits ahead",
        default=7,
        help="How many days ahead visits whose insurance is not verified appear on the worklist.",
    )
    billing_coverage_notice_days = fields.Integer(
        string="Notice before a coverage ends",
        default=30,
        help="How many days before its last day somebody is asked to find out what follows a coverage.",
    )
    billing_verifier_id = fields.Many2one(
        comodel_name="res.users",
        string="Who verifies insurance",
        domain="[('share', '=', False)]",
        help="Gets the activities about coverages that end or change. Empty: whoever asked the payer last.",
    )

    @api.constrains(*DAYS)
    def _check_billing_verify_days(self):
        check_days(self, DAYS)
