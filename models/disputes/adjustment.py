from odoo import fields, models

from ..assistance import adjustment


class BillingAdjustment(models.Model):
    """Corrections that come out of a dispute: once posted or refused, the dispute goes on."""

    _inherit = "billing.adjustment"

    dispute_item_id = fields.Many2one(
        comodel_name="billing.dispute.item",
        string="Disputed bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    dispute_id = fields.Many2one(
        related="dispute_item_id.dispute_id",
        store=True,
        index="btree_not_null",
    )

    _decided_fields = adjustment.BillingAdjustment._decided_fields | {"dispute_item_id"}

    # === ACTIONS === #

    def action_refuse(self):
        super().action_refuse()
        self.dispute_id._after_refusal()

    # === BUSINESS METHODS === #

    def _post_decision(self):
        super()._post_decision()
        if item := self.dispute_item_id.sudo():
            item.amount_credited += self.amount
        self.dispute_id._after_posting()

    def _reverse(self, date, reason):
        super()._reverse(date, reason)
        if item := self.dispute_item_id.sudo():
            item.amount_credited -= self.amount
