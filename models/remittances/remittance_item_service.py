from odoo import api, fields, models


class BillingRemittanceItemService(models.Model):
    """What a payer's file says of one service (X12 835: SVC), and which of our services it is."""

    _name = "billing.remittance.item.service"
    _description = "Service in a remittance file"
    _order = "item_id, sequence, id"

    item_id = fields.Many2one(
        comodel_name="billing.remittance.item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="item_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="item_id.currency_id",
    )
    state = fields.Selection(
        related="item_id.state",
        string="State of the claim",
    )
    claim_id = fields.Many2one(
        related="item_id.claim_id",
    )
    invoice_id = fields.Many2one(
        related="claim_id.invoice_id",
    )
    sequence = fields.Integer(
        readonly=True,
    )
    date = fields.Date(
        readonly=True,
    )
    code = fields.Char(
        string="Procedure",
        readonly=True,
        help="The procedure on which the payer decided.",
    )
    modifiers = fields.Char(
        readonly=True,
    )
    original_code = fields.Char(
        string="Billed as",
        readonly=True,
        help="The procedure that was billed, where the payer decided on another one.",
    )
    units = fields.Float(
        readonly=True,
        digits=(16, 3),
    )
    control_number = fields.Char(
        string="Line number",
        readonly=True,
        help="Our number of the line, as the payer repeats it.",
    )
    amount_charged = fields.Monetary(
        string="Charged",
        readonly=True,
    )
    amount_allowed = fields.Monetary(
        string="Allowed",
        readonly=True,
        help="What the payer's contract allows for it, as the payer says.",
    )
    amount_paid = fields.Monetary(
        string="Paid",
        readonly=True,
    )
    adjustments = fields.Json(
        readonly=True,
        help="Group, code and amount of each reason.",
    )
    adjustment_text = fields.Char(
        string="Not paid because",
        compute="_compute_adjustment_text",
    )
    remarks = fields.Char(
        readonly=True,
        help="The payer's remark codes.",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Our service",
        index="btree_not_null",
        domain="[('move_id', '=', invoice_id), ('display_type', '=', 'product')]",
        help="Which service of our claim it is. Choose it where that is not certain.",
    )

    @api.depends("adjustments")
    def _compute_adjustment_text(self):
        for service in self:
            service.adjustment_text = service.item_id._tell_adjustments(service.adjustments)

    @api.depends("code", "modifiers", "date")
    def _compute_display_name(self):
        for service in self:
            service.display_name = " ".join(filter(None, (service.code, service.modifiers))) or str(service.sequence)

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if not self._fields[name].readonly}
        return super().write(vals)
