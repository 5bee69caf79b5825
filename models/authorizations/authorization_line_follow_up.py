from odoo import api, fields, models


class BillingAuthorizationLine(models.Model):
    """Whether little is left of what was approved."""

    _inherit = "billing.authorization.line"

    is_nearly_used = fields.Boolean(
        compute="_compute_is_nearly_used",
        store=True,
        help="Some of a series has been used and no more is left than the settings say.",
    )
    is_reminded = fields.Boolean(
        compute="_compute_is_reminded",
        store=True,
        readonly=False,
        copy=False,
    )

    _nearly_used_idx = models.Index("(authorization_id) WHERE is_nearly_used")

    @api.depends(
        "units_approved", "units_used",
        "company_id.billing_authorization_units", "company_id.billing_authorization_percent",
    )
    def _compute_is_nearly_used(self):
        for line in self:
            company = line.company_id
            enough = max(
                company.billing_authorization_units,
                line.units_approved * company.billing_authorization_percent / 100.0,
            )
            # One single service is not a series that somebody would want to continue.
            is_series = line.units_approved > 1
            line.is_nearly_used = bool(is_series and line.units_used and line.units_left <= enough)

    @api.depends("is_nearly_used")
    def _compute_is_reminded(self):
        """More units, or units given back, end the matter: the next time is worth another reminder."""
        for line in self:
            line.is_reminded = line.is_reminded and line.is_nearly_used
