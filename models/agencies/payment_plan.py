from odoo import models


class BillingPaymentPlan(models.Model):
    """What an agency has goes into no plan: it would be asked for twice."""

    _inherit = "billing.payment.plan"

    def _find_reasons_against(self, items):
        placed = self.env["billing.placement.item"].sudo().search([
            ("move_line_id", "in", items.ids), ("is_running", "=", True), ("placement_id.state", "=", "placed"),
        ])
        return {
            **super()._find_reasons_against(items),
            **{
                item.move_line_id.sudo(False): self.env._(
                    "%(agency)s has it: call back %(placement)s first",
                    agency=item.placement_id.agency_id.name, placement=item.placement_id.name,
                )
                for item in placed
            },
        }
