from odoo import models
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_OPEN


class ResPartner(models.Model):
    """An account with claims that payers have still to settle cannot be closed, nor can who pays for that patient."""

    _inherit = "res.partner"

    def _get_open_business(self):
        claims = self.env["billing.claim"].sudo().search([
            ("state", "in", CLAIM_OPEN),
            "|", ("patient_id", "=", self.id), ("patient_id.guarantor_id", "=", self.id),
        ], order="service_date, id")
        states = dict(self.env["billing.claim"]._fields["state"]._description_selection(self.env))
        return [
            *super()._get_open_business(),
            *(
                (
                    self.env._(
                        "Claim %(claim)s to %(payer)s, visit of %(date)s: %(state)s",
                        claim=claim.name,
                        payer=claim.payer_id.name,
                        date=format_date(self.env, claim.service_date),
                        state=states[claim.state],
                    ),
                    claim,
                )
                for claim in claims
            ),
        ]
