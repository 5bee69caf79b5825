from odoo import fields, models
from odoo.exceptions import UserError


class BillingEncounter(models.Model):
    """A visit's claims."""

    _inherit = "billing.encounter"

    claim_ids = fields.One2many(
        comodel_name="billing.claim",
        inverse_name="encounter_id",
        string="Claims",
    )
    claim_count = fields.Integer(
        compute="_compute_claim_count",
    )

    def _compute_claim_count(self):
        for encounter in self:
            encounter.claim_count = len(encounter.claim_ids)

    def _after_billing(self, moves):
        # One claim for each invoice that goes to a payer.
        super()._after_billing(moves)
        self.env["billing.claim"].create([
            {
                "encounter_id": move.encounter_id.id,
                "coverage_id": move.billing_coverage_id.id,
                "payer_id": move.billing_coverage_id.payer_id.id,
                "invoice_id": move.id,
            }
            for move in moves
            if move.billing_coverage_id
        ])

    def _check_can_unbill(self):
        super()._check_can_unbill()
        for claim in self.claim_ids:
            if remittance := claim._get_posted_remittances()[:1]:
                raise UserError(self.env._(
                    "%(visit)s cannot go back: %(payer)s has answered %(claim)s in %(remittance)s. Reverse that "
                    "remittance first.",
                    visit=self[:1].display_name if len(self) == 1 else claim.encounter_id.display_name,
                    payer=claim.payer_id.display_name,
                    claim=claim.name,
                    remittance=remittance.display_name,
                ))
        adjustment = self.env["billing.adjustment"].search([
            ("move_id", "in", self.invoice_ids.ids), ("state", "=", "posted"),
        ], limit=1)
        if adjustment:
            raise UserError(self.env._(
                "%(visit)s cannot go back: %(adjustment)s has been posted on %(invoice)s. Reverse that first.",
                visit=adjustment.move_id.encounter_id.display_name,
                adjustment=adjustment.display_name,
                invoice=adjustment.move_id.name,
            ))

    def action_view_claims(self):
        """The claims of this visit."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_claim_action")
        action["domain"] = [("encounter_id", "in", self.ids)]
        action["context"] = {"create": False}
        if len(self.claim_ids) == 1:
            action.update(views=[(False, "form")], res_id=self.claim_ids.id)
        return action
