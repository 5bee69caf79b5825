from odoo import fields, models


class BillingCollectionItem(models.Model):
    """A bill in a case, and the last step that covered it: so a part payment skips none and repeats none."""

    _name = "billing.collection.item"
    _description = "Bill in a collection case"
    _order = "case_id, date_due, id"

    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="case_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="case_id.currency_id",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        string="Bill",
    )
    date_due = fields.Date(
        related="move_line_id.date_maturity",
        store=True,
        string="Due on",
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual",
        string="Open",
    )
    stage_id = fields.Many2one(
        comodel_name="billing.collection.stage",
        string="Last step",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date_stage = fields.Date(
        string="Step of",
        readonly=True,
    )

    _once = models.UniqueIndex(
        "(case_id, move_line_id)",
        "A bill stands once in a case.",
    )
