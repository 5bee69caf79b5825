from odoo import fields, models


class BillingInsurancePlan(models.Model):
    """What a plan wants to be told differently."""

    _inherit = "billing.insurance.plan"

    habit_count = fields.Integer(
        string="Habits",
        compute="_compute_habit_count",
        help="What the payer wants to be told differently on claims of this plan.",
    )

    def _compute_habit_count(self):
        habits = self.env["billing.payer.habit"]._get_habits(self.payer_id, self.company_id)
        for plan in self:
            plan.habit_count = len(habits.filtered(
                lambda habit, plan=plan: habit.payer_id == plan.payer_id
                and habit.plan_id in (plan, plan.browse())
                and habit.company_id in (plan.company_id, plan.company_id.browse())
            ))

    def action_view_habits(self):
        """The habits that count for this plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_payer_habit_action")
        action["domain"] = [("payer_id", "=", self.payer_id.id), ("plan_id", "in", (False, self.id))]
        action["context"] = {"default_payer_id": self.payer_id.id, "default_plan_id": self.id}
        return action
