from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Money that is matched with a bill may be what was agreed on."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        moves = (partials.debit_move_id | partials.credit_move_id).move_id.sudo().filtered("billing_kind")
        moves.sudo(False)._billing_follow_negotiations()
        return partials
