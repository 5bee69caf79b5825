from odoo import models

from ..claims.claim_content import Telling


class BillingClaim(models.Model):
    """Claims say the codes and values that were written down for their payer when they were made."""

    _inherit = "billing.claim"

    def _get_telling(self):
        return {**super()._get_telling(), **{claim: claim._get_own_telling() for claim in self}}

    def _get_own_telling(self):
        kinds = self.told_ids.grouped("kind")
        none = self.env["billing.claim.told"]
        return Telling(
            {
                told.encounter_line_id: (told.code_id, told.modifiers)
                for told in kinds.get("service", none) if told.encounter_line_id
            },
            [(told.letter, told.code_id) for told in kinds.get("diagnosis", none)],
            [(told.label, told.value) for told in kinds.get("value", none) if told.value],
        )
