from odoo import api, fields, models

from ..agencies.adjustment import BillingAdjustment as Decision


class BillingAdjustment(models.Model):
    """What an agreement takes off: whoever approved the agreement stands behind it."""

    _inherit = "billing.adjustment"

    negotiation_id = fields.Many2one(
        comodel_name="billing.negotiation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    _decided_fields = Decision._decided_fields | {"negotiation_id"}

    @api.model_create_multi
    def create(self, vals_list):
        # Only an agreement that was kept says so; nobody types it to borrow its approval.
        if not self.env.su:
            vals_list = [{name: vals[name] for name in vals if name != "negotiation_id"} for vals in vals_list]
        return super().create(vals_list)

    def _get_approver(self):
        return self.sudo().negotiation_id.approver_id.sudo(False) or super()._get_approver()
