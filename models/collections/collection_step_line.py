from odoo import fields, models


class BillingCollectionStepLine(models.Model):
    """A bill that a message covered: what was asked of it, and at which stage it was from then on."""

    _name = "billing.collection.step.line"
    _description = "Bill of a collection step"
    _order = "step_id, date_due, id"
    # Written by the hundred thousand, and by nobody in person.
    _log_access = False

    step_id = fields.Many2one(
        comodel_name="billing.collection.step",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="step_id.company_id",
    )
    item_id = fields.Many2one(
        comodel_name="billing.collection.item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_line_id = fields.Many2one(
        related="item_id.move_line_id",
    )
    move_id = fields.Many2one(
        related="item_id.move_line_id.move_id",
        string="Bill",
    )
    currency_id = fields.Many2one(
        related="item_id.move_line_id.currency_id",
        help="Of the bill.",
    )
    amount = fields.Monetary(
        string="Asked for",
        readonly=True,
    )
    date_due = fields.Date(
        string="Due on",
        readonly=True,
    )
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        string="Then at",
        readonly=True,
        ondelete="restrict",
        help="Empty: it is not late enough for a step of its own yet.",
    )
