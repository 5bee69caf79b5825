from odoo import fields, models


class BillingClaim(models.Model):
    """Claims about which the office negotiates with the payer."""

    _inherit = "billing.claim"

    negotiation_count = fields.Integer(
        compute="_compute_negotiation_count",
    )

    def _compute_negotiation_count(self):
        counts = dict(self.env["billing.negotiation.item"]._read_group(
            [("move_id", "in", self.invoice_id.ids)], ["move_id"], ["__count"],
        ))
        for claim in self:
            claim.negotiation_count = counts.get(claim.invoice_id, 0)

    def action_negotiate(self):
        """Talk with the payer about these claims, or go on with the talks that run."""
        return self.env["billing.negotiation"]._open_new(self.invoice_id)

    def action_view_negotiations(self):
        """All talks about this claim, running or ended."""
        found = self.env["billing.negotiation.item"].search([("move_id", "in", self.invoice_id.ids)]).negotiation_id
        return found._get_records_action(name=self.env._("Negotiations"))
