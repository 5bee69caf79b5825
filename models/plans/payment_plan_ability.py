from odoo import fields, models


class BillingPaymentPlan(models.Model):
    """What the person can bear, asked in confidence before the terms are agreed on."""

    _inherit = "billing.payment.plan"

    assessment_ids = fields.One2many(
        comodel_name="billing.ability.assessment",
        inverse_name="plan_id",
        string="Ability to pay",
        groups="billing_coordinator.group_coordinator",
    )

    def action_assess(self):
        """Ask what the household has and needs, and propose the instalment that it can bear."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ability to Pay"),
            "res_model": "billing.ability.assessment",
            "res_id": self.assessment_ids[:1].id,
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }
