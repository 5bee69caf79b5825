from odoo import models
from odoo.tools import format_amount, format_date


class ResPartner(models.Model):
    """An account with visits that are not billed yet, its own or of those it pays for, cannot be closed."""

    _inherit = "res.partner"

    def _get_open_business(self):
        visits = self.env["billing.encounter"].sudo().search([
            ("state", "in", ("draft", "ready")),
            "|", ("patient_id", "=", self.id), ("patient_id.guarantor_id", "=", self.id),
        ], order="date, id")
        return [
            *super()._get_open_business(),
            *(
                (
                    self.env._(
                        "Visit %(visit)s of %(date)s: %(amount)s not billed yet",
                        visit=visit.name,
                        date=format_date(self.env, visit.date),
                        amount=format_amount(self.env, visit.amount_unbilled, visit.currency_id),
                    ),
                    visit,
                )
                for visit in visits
            ),
        ]
