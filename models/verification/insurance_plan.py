from odoo import models


class BillingInsurancePlan(models.Model):
    """A plan that is offered again."""

    _inherit = "billing.insurance.plan"

    def write(self, vals):
        again = self.filtered(lambda plan: not plan.active) if vals.get("active") else self.browse()
        result = super().write(vals)
        if again:
            # Should it be given up a second time, that is another matter to tell people about.
            self.env["billing.coverage"].sudo().with_context(active_test=False).search([
                ("plan_id", "in", again.ids), ("is_plan_end_announced", "=", True),
            ]).is_plan_end_announced = False
        return result
