from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingAdjustWizard(models.TransientModel):
    """Write off, discount, give up or pass on what is open on one invoice."""

    _name = "billing.adjust.wizard"
    _description = "Write off or discount"

    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
    )
    company_id = fields.Many2one(
        related="move_id.company_id",
    )
    currency_id = fields.Many2one(
        related="move_id.currency_id",
    )
    partner_id = fields.Many2one(
        related="move_id.partner_id",
        string="Owed by",
    )
    is_claim = fields.Boolean(
        compute="_compute_is_claim",
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amount_open",
    )
    reason_id = fields.Many2one(
        comodel_name="billing.adjustment.reason",
        required=True,
        domain="""[
            ('effect', 'in', ('reduce', 'transfer') if is_claim else ('reduce',)),
            ('group', 'in', ('OFFICE', 'PR')),
        ]""",
    )
    reason_effect = fields.Selection(
        related="reason_id.effect",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
    )
    note = fields.Text(
        string="Why",
    )
    needs_manager = fields.Boolean(
        compute="_compute_needs_manager",
    )

    @api.depends("move_id")
    def _compute_is_claim(self):
        for wizard in self:
            wizard.is_claim = bool(wizard.move_id.billing_coverage_id)

    @api.depends("move_id")
    def _compute_amount_open(self):
        flows = self.env["billing.charge.flow"]._get_flows(self.move_id._origin)
        for wizard in self:
            wizard.amount_open = flows.get(wizard.move_id._origin, {}).get("open", 0.0)

    @api.depends("amount_open")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard._get_proposed_amount()

    @api.depends("amount", "reason_id", "date")
    def _compute_needs_manager(self):
        for wizard in self:
            wizard.needs_manager = bool(wizard.reason_id) and not self.env["billing.adjustment"].new(
                wizard._prepare_adjustment_vals(),
            )._is_within_limit()

    def _get_proposed_amount(self):
        """What is probably meant: all that is open. Hook: rooms that know of a part of it name that."""
        self.ensure_one()
        return self.amount_open

    def _create_adjustment(self):
        """The decision, still to be posted. Hook: rooms that know what it is about note that."""
        return self.env["billing.adjustment"].create(self._prepare_adjustment_vals())

    def _prepare_adjustment_vals(self):
        self.ensure_one()
        return {
            "move_id": self.move_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "reason_id": self.reason_id.id,
            "amount": self.amount,
            "date": self.date,
            "note": self.note,
        }

    def action_apply(self):
        """Post it, or ask a manager where it is above one's limit."""
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._(
                "%(invoice)s: type how much is to be taken off, more than zero and at most %(open)s.",
                invoice=self.move_id.name,
                open=self.currency_id.format(self.amount_open),
            ))
        adjustment = self._create_adjustment()
        adjustment._check_open()
        adjustment._decide_or_ask()
        if adjustment.state == "posted":
            return {"type": "ir.actions.act_window_close"}
        return adjustment._get_records_action()
