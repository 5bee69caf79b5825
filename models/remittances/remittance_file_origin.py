from odoo import fields, models


class BillingRemittance(models.Model):
    """A remittance that came from a file leads back to it."""

    _inherit = "billing.remittance"

    file_transaction_ids = fields.One2many(
        comodel_name="billing.remittance.transaction",
        inverse_name="remittance_id",
        string="Read from",
        readonly=True,
        copy=False,
    )
    file_item_ids = fields.One2many(
        comodel_name="billing.remittance.item",
        inverse_name="remittance_id",
        string="Answers in the file",
        readonly=True,
        copy=False,
    )

    def action_view_file(self):
        """The payment in the file that it was read from."""
        return (self.file_transaction_ids or self.file_item_ids.transaction_id)._get_records_action()

    def _has_content(self):
        # Money of which no claim is known yet is posted as well: it is in the bank.
        return super()._has_content() or bool(self.amount_unapplied)

    def _after_reversal(self):
        res = super()._after_reversal()
        posted = self.file_item_ids.sudo().filtered(lambda item: item.state == "posted")
        posted._set_state("ignored", why="taken_back")
        return res
