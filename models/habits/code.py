from odoo import models


class BillingCode(models.Model):
    """Codes that payers were told, or want to be told, keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _get_use_fields(self):
        return [
            *super()._get_use_fields(),
            ("billing.payer.habit", None, ("use_code_id", "modifier_id", "use_modifier_id", "place_id")),
            ("billing.claim.told", "claim_id", ("code_id",)),
        ]
