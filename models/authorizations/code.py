from odoo import models


class BillingCode(models.Model):
    """Codes that a payer was asked for keep their meaning: they are not deleted."""

    _inherit = "billing.code"

    def _find_uses(self):
        uses = super()._find_uses()
        lines = self.env["billing.authorization.line"].sudo().search([
            "|", ("code_id", "in", self.ids), ("code_to_id", "in", self.ids),
        ])
        for line in lines:
            for code in (line.code_id | line.code_to_id) & self.sudo():
                uses.setdefault(code.sudo(False), line.authorization_id)
        for request in self.env["billing.authorization"].sudo().search([("diagnosis_ids", "in", self.ids)]):
            for code in request.diagnosis_ids & self.sudo():
                uses.setdefault(code.sudo(False), request)
        return uses
