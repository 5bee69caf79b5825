from odoo import models


class BillingEncounter(models.Model):
    """A visit that a dispute has taken back: what it is billed at now belongs to the answer."""

    _inherit = "billing.encounter"

    def _after_billing(self, moves):
        super()._after_billing(moves)
        disputes = self.env["billing.dispute"].sudo().search([
            ("item_ids.move_line_id.move_id.encounter_id", "in", self.ids), ("resolution", "=", "corrected"),
        ], order="id")
        for dispute in disputes:
            again = moves.filtered(
                lambda move, dispute=dispute: move.encounter_id in dispute.item_ids.move_id.encounter_id
                and move.partner_id.commercial_partner_id == dispute.partner_id
            )
            again.sudo().write({"billing_dispute_id": dispute.id})
