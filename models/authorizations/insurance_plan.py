from odoo import api, fields, models

from ..coverage.insurance_plan_rules import RuleBook


class BillingInsurancePlan(models.Model):
    """Which services the payer wants to be asked about beforehand, and how strict the office is about it."""

    _inherit = "billing.insurance.plan"

    authorization_policy = fields.Selection(
        selection=[
            ("stop", "Stop the visit"),
            ("warn", "Warn and go on"),
            ("ignore", "Say nothing"),
        ],
        string="Missing authorization",
        required=True,
        default="stop",
        tracking=True,
        help="What happens when a service needs the payer's prior authorization and none is on file: the visit cannot "
             "be marked as ready or billed; or both work and a warning is shown and kept in the history; or nothing.",
    )

    @api.model
    def _get_authorization_needs(self, wanted):
        """Which of many services need an authorization: each plan's rules are made out once, each service asked once.

        :param wanted: (plan, product, code, date) tuples
        :return: {tuple: whether an authorization is needed}
        """
        book = RuleBook()
        return {key: bool(key[0]) and key[0]._needs_authorization(*key[1:], book=book) for key in wanted}
