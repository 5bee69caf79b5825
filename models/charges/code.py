from odoo import models
from odoo.fields import Domain

from .service_line import MODIFIER_FIELDS

# Where codes stand: the model, the field that leads to its document, the fields that hold codes.
USES = (
    ("billing.encounter", None, ("place_id",)),
    ("billing.encounter.diagnosis", "encounter_id", ("code_id",)),
    ("billing.encounter.line", "encounter_id", ("code_id", *MODIFIER_FIELDS)),
    ("billing.estimate", None, ("place_id", "diagnosis_code_ids")),
    ("billing.estimate.line", "estimate_id", ("code_id", *MODIFIER_FIELDS)),
)


class BillingCode(models.Model):
    """Codes that stand on visits and estimates keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _find_uses(self):
        uses = super()._find_uses()
        for model, path, names in USES:
            domain = Domain.OR(Domain(name, "in", self.ids) for name in names)
            for record in self.env[model].sudo().search(domain):
                for name in names:
                    for code in record[name] & self.sudo():
                        uses.setdefault(code.sudo(False), record[path] if path else record)
        return uses
