from odoo import models

from ..charges.service_line import MODIFIER_FIELDS


class BillingCode(models.Model):
    """Codes that stand on estimates keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _get_use_fields(self):
        return [
            *super()._get_use_fields(),
            ("billing.estimate", None, ("place_id", "diagnosis_code_ids")),
            ("billing.estimate.line", "estimate_id", ("code_id", *MODIFIER_FIELDS)),
        ]
