from odoo import fields, models


class BillingPlacementItem(models.Model):
    """A bill that an agency has: a receivable item, and what was open on it when it was handed over."""

    _name = "billing.placement.item"
    _description = "Bill at a collection agency"
    _order = "placement_id, date_due, id"

    placement_id = fields.Many2one(
        comodel_name="billing.placement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="placement_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="placement_id.currency_id",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        string="Bill",
    )
    date_due = fields.Date(
        string="Due on",
        readonly=True,
    )
    amount_start = fields.Monetary(
        string="Handed over",
        readonly=True,
        help="What was open on it on the day it was handed over.",
    )
    amount_direct_before = fields.Monetary(
        string="Paid before",
        readonly=True,
        help="Money that had come for it before.",
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual_currency",
        currency_field="currency_id",
        string="Open now",
    )
    amount_taken_before = fields.Monetary(
        string="Taken off before",
        readonly=True,
        help="What credit notes and discounts had taken off it before.",
    )
    is_running = fields.Boolean(
        readonly=True,
        help="An agency has it, or is about to get it: no other one may.",
    )

    _running_once = models.UniqueIndex(
        "(move_line_id) WHERE is_running",
        "One of these bills is with a collection agency already, or is about to be handed over. Reload the page.",
    )
    _once = models.UniqueIndex(
        "(placement_id, move_line_id)",
        "A bill is handed over once.",
    )

    # === ACTIONS === #

    def action_open_bill(self):
        """The bill itself."""
        return self.move_id._get_records_action(name=self.env._("Bill"))
