from odoo import fields, models


class AccountMoveLine(models.Model):
    """An item on the payer's own account says which provider-level adjustment it stands for."""

    _inherit = "account.move.line"

    billing_provider_adjustment_id = fields.Many2one(
        comodel_name="billing.remittance.provider.adjustment",
        string="Kept or added by the payer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="billing_coordinator.group_readonly",
    )

    @property
    def _billing_fields(self):
        return super()._billing_fields | {"billing_provider_adjustment_id"}

    def _get_billing_matching_key(self):
        return (*super()._get_billing_matching_key(), self.sudo().billing_provider_adjustment_id)
