from odoo import fields, models


class BillingPlacementWizardLine(models.TransientModel):
    """A debtor whose debt may be handed over, or why not."""

    _name = "billing.placement.wizard.line"
    _description = "Debtor to hand over"
    _order = "goes desc, id"

    wizard_id = fields.Many2one(
        comodel_name="billing.placement.wizard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    case_id = fields.Many2one(
        comodel_name="billing.collection.case",
        required=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id",
    )
    currency_id = fields.Many2one(
        related="case_id.currency_id",
    )
    amount_overdue = fields.Monetary(
        related="case_id.amount_overdue",
    )
    may_go = fields.Boolean(
        readonly=True,
    )
    goes = fields.Boolean(
        string="Hand over",
    )
    amount = fields.Monetary(
        string="Goes",
        readonly=True,
    )
    bill_count = fields.Integer(
        string="Bills",
        readonly=True,
    )
    against = fields.Char(
        string="Why not",
        readonly=True,
    )
    stays = fields.Text(
        string="Stays here",
        readonly=True,
    )
