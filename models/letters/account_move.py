from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Fees and interest of collection steps: invoices of their own, which are waived and never edited."""

    _inherit = "account.move"

    billing_collection_step_id = fields.Many2one(
        comodel_name="billing.collection.step",
        string="Collection step",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="billing_coordinator.group_readonly",
        help="The step that asked for this fee or interest.",
    )

    @property
    def _billing_fields(self):
        return super()._billing_fields | {"billing_collection_step_id"}

    def button_draft(self):
        for move in self.sudo().filtered(lambda move: move.state == "posted" and move.billing_collection_step_id):
            raise UserError(self.env._(
                "%(move)s is the fee or interest of “%(stage)s” to %(debtor)s and is not edited. Waive it instead.",
                move=move.name,
                stage=move.billing_collection_step_id.stage_id.name,
                debtor=move.partner_id.display_name,
            ))
        return super().button_draft()

    # === ACTIONS === #

    def action_billing_waive(self):
        """Ask why this fee or interest is waived."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive %(invoice)s", invoice=self.name),
            "res_model": "billing.charge.waive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }
