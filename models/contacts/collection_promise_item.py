from odoo import fields, models


class BillingCollectionPromiseItem(models.Model):
    """A bill that was open when somebody promised to pay, and how much of it; in the currency of the company."""

    _name = "billing.collection.promise.item"
    _description = "Bill of a promise to pay"
    _order = "promise_id, id"

    promise_id = fields.Many2one(
        comodel_name="billing.collection.promise",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="promise_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="promise_id.currency_id",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        string="Bill",
    )
    amount_start = fields.Monetary(
        string="Open when promised",
        readonly=True,
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual",
        string="Still open",
    )

    _once = models.UniqueIndex(
        "(promise_id, move_line_id)",
        "A bill stands once in a promise.",
    )
