from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount
from odoo.tools.misc import clean_context


class BillingChargeWaive(models.TransientModel):
    """Waive a fee or interest: a credit note that says why, within one's limit for write-offs."""

    _name = "billing.charge.waive"
    _description = "Waive a fee or interest"

    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
        readonly=True,
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
    amount = fields.Monetary(
        related="move_id.amount_total",
    )
    amount_open = fields.Monetary(
        related="move_id.amount_residual",
        string="Open",
    )
    is_allowed = fields.Boolean(
        compute="_compute_is_allowed",
    )
    reason = fields.Char(
        string="Why",
        required=True,
        help="Stands on the credit note and in the history.",
    )

    @api.depends("move_id")
    def _compute_is_allowed(self):
        for wizard in self:
            wizard.is_allowed = wizard._is_within_limit()

    # === ACTIONS === #

    def action_waive(self):
        """Write the credit note.

        :raise UserError: it is above the user's limit, settled already, or none of ours
        """
        self.ensure_one()
        self.move_id.check_access("read")
        move = self.move_id.sudo()
        if not move.billing_collection_step_id or move.state != "posted" or move.move_type != "out_invoice":
            raise UserError(self.env._(
                "%(invoice)s is no fee or interest of a collection step. Correct it where it came from.",
                invoice=move.display_name,
            ))
        if move.currency_id.compare_amounts(move.amount_residual, move.amount_total):
            raise UserError(self.env._(
                "%(open)s of %(amount)s is open on %(invoice)s: a part was paid or credited. Write a credit note for "
                "the rest.",
                invoice=move.name,
                open=format_amount(self.env, move.amount_residual, move.currency_id),
                amount=format_amount(self.env, move.amount_total, move.currency_id),
            ))
        if not self._is_within_limit():
            raise UserError(self.env._(
                "%(amount)s is above what you may give up. Ask a billing manager to waive %(invoice)s.",
                amount=format_amount(self.env, move.amount_total, move.currency_id), invoice=move.name,
            ))
        self._credit(move)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _credit(self, move):
        today = fields.Date.context_today(self)
        apart = move.with_context(clean_context(self.env.context)).with_company(move.company_id)
        note = apart._reverse_moves([{
            "invoice_date": today, "date": today, "invoice_date_due": today, "ref": self.reason,
        }], cancel=True)
        said = self.env._(
            "%(invoice)s over %(amount)s is waived with %(note)s: %(reason)s",
            invoice=move.name, note=note.name, reason=self.reason,
            amount=format_amount(self.env, move.amount_total, move.currency_id),
        )
        move._message_log(body=said)
        move.billing_collection_step_id.case_id._message_log(body=said)
        return note

    def _is_within_limit(self):
        """Whether the user may give up so much without asking."""
        move = self.move_id.sudo()
        company = move.company_id
        amount = move.currency_id._convert(
            move.amount_total, company.currency_id, company, fields.Date.context_today(self),
        )
        if self.env.user.has_group("billing_coordinator.group_manager"):
            limit = company.billing_manager_adjustment_limit
            return not limit or company.currency_id.compare_amounts(amount, limit) <= 0
        return self.env.user.has_group("billing_coordinator.group_coordinator") and company.currency_id.compare_amounts(
            amount, company.billing_adjustment_limit,
        ) <= 0
