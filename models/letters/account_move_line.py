from odoo import fields, models


class AccountMoveLine(models.Model):
    """A line of a fee or interest invoice says for which bill it is, and until when: the journal is what later interest
    begins from."""

    _inherit = "account.move.line"

    billing_late_item_id = fields.Many2one(
        comodel_name="account.move.line",
        string="For the late bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What this interest or lump sum is asked for.",
    )
    billing_late_until = fields.Date(
        string="Interest until",
        readonly=True,
        copy=False,
        help="The last day that this interest counts for; empty for a lump sum.",
    )

    @property
    def _billing_fields(self):
        return super()._billing_fields | {"billing_late_item_id", "billing_late_until"}
