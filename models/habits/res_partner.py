from odoo import fields, models


class ResPartner(models.Model):
    """What a payer wants to be told differently."""

    _inherit = "res.partner"

    billing_habit_count = fields.Integer(
        string="Habits",
        compute="_compute_billing_habit_count",
        groups="billing_coordinator.group_readonly",
        help="What the payer wants to be told differently.",
    )

    def _compute_billing_habit_count(self):
        counts = dict(self.env["billing.payer.habit"]._read_group(
            [("payer_id", "in", self.ids)], ["payer_id"], ["__count"],
        ))
        for partner in self:
            partner.billing_habit_count = counts.get(partner._origin, 0)

    def action_billing_habits(self):
        """The habits of this payer and of its plans."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_payer_habit_action")
        action["domain"] = [("payer_id", "=", self.id)]
        action["context"] = {"default_payer_id": self.id}
        return action
