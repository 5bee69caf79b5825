from odoo import api, fields, models


class BillingCollectionPromisePart(models.Model):
    """What somebody promised to pay on a day; in the currency of the company."""

    _name = "billing.collection.promise.part"
    _description = "Part of a promise to pay"
    _order = "date, id"

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
    date = fields.Date(
        string="On",
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(
        required=True,
        readonly=True,
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amount_paid",
        help="What is paid fills the parts in the order of their days.",
    )

    _date_once = models.UniqueIndex(
        "(promise_id, date)",
        "Two parts of one promise cannot be due on the same day. Add them up, or choose another day for one of them.",
    )

    # === COMPUTE METHODS === #

    @api.depends("promise_id.amount_paid", "promise_id.part_ids.amount", "promise_id.part_ids.date")
    def _compute_amount_paid(self):
        for promise, parts in self.grouped("promise_id").items():
            filled = promise._get_filled()
            for part in parts:
                part.amount_paid = filled.get(part, 0.0)
