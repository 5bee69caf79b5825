from odoo import models
from odoo.fields import Domain

from .service_line import MODIFIER_FIELDS


class BillingCode(models.Model):
    """Codes that stand on visits keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _find_uses(self):
        uses = super()._find_uses()
        for model, names in (
            ("billing.encounter", ("place_id",)),
            ("billing.encounter.diagnosis", ("code_id",)),
            ("billing.encounter.line", ("code_id", *MODIFIER_FIELDS)),
        ):
            domain = Domain.OR(Domain(name, "in", self.ids) for name in names)
            for record in self.env[model].sudo().search(domain):
                visit = record if model == "billing.encounter" else record.encounter_id
                for name in names:
                    if record[name] in self.sudo():
                        uses.setdefault(record[name].sudo(False), visit)
        return uses
