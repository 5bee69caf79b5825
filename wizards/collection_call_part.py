from odoo import fields, models


class BillingCollectionCallPart(models.TransientModel):
    """What somebody promises on the phone: so much, on a day; in the currency of the company."""

    _name = "billing.collection.call.part"
    _description = "Part of a promise on the phone"
    _order = "date, id"

    call_id = fields.Many2one(
        comodel_name="billing.collection.call",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(
        related="call_id.currency_id",
    )
    date = fields.Date(
        string="On",
        required=True,
    )
    amount = fields.Monetary(
        required=True,
    )
