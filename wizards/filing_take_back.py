from odoo import fields, models


class BillingFilingTakeBack(models.TransientModel):
    """A batch was marked as handed over, but never left: why."""

    _name = "billing.filing.take.back"
    _description = "Batch not sent after all"

    batch_id = fields.Many2one(
        comodel_name="billing.filing.batch",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    reason = fields.Char(
        required=True,
        help="Stands in the history: how it is known that the receiver does not have it.",
    )

    def action_apply(self):
        """Its claims are to be sent again, under other numbers."""
        self.ensure_one()
        self.batch_id._apart_from_screen()._take_back(self.reason)
