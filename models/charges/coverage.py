from odoo import api, fields, models


class BillingCoverage(models.Model):
    """A policy of Medicare that pays after another one says why."""

    _inherit = "billing.coverage"

    is_medicare = fields.Boolean(
        compute="_compute_is_medicare",
    )

    @api.depends("payer_id.claim_filing")
    def _compute_is_medicare(self):
        for coverage in self:
            coverage.is_medicare = coverage.payer_id.claim_filing in ("MA", "MB")
