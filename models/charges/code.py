from odoo import models

from .service_line import MODIFIER_FIELDS


class BillingCode(models.Model):
    """Codes that stand on visits keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _get_use_fields(self):
        return [
            *super()._get_use_fields(),
            ("billing.encounter", None, ("place_id",)),
            ("billing.encounter.diagnosis", "encounter_id", ("code_id",)),
            ("billing.encounter.line", "encounter_id", ("code_id", *MODIFIER_FIELDS)),
        ]
