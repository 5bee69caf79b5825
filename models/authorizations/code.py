from odoo import models


class BillingCode(models.Model):
    """Codes that a payer was asked for keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _get_use_fields(self):
        return [
            *super()._get_use_fields(),
            ("billing.authorization.line", "authorization_id", ("code_id", "code_to_id")),
            ("billing.authorization", None, ("diagnosis_ids",)),
        ]
