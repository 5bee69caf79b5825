from odoo import models


class BillingCode(models.Model):
    """Modifiers that a plan wants keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _get_use_fields(self):
        return [*super()._get_use_fields(), ("billing.coverage.rule", None, ("modifier_needed_ids",))]
