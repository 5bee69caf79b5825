from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Bills that a payment plan pays, and invoices that it caused."""

    _inherit = "account.move"

    billing_payment_plan_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        string="Payment plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        groups="billing_coordinator.group_readonly",
        help="The plan whose fee or interest this is.",
    )
    billing_plan_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        string="Paid by plan",
        compute="_compute_billing_plan_id",
        compute_sudo=True,
        groups="billing_coordinator.group_readonly",
        help="The running payment plan that pays this bill.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids")
    def _compute_billing_plan_id(self):
        found = dict(self.env["billing.payment.plan.item"].sudo()._read_group(
            [("move_line_id.move_id", "in", self.ids), ("is_running", "=", True)],
            ["move_line_id", "plan_id"],
        ))
        plans = {item.move_id: plan for item, plan in found.items()}
        for move in self:
            move.billing_plan_id = plans.get(move)

    def _compute_invoice_date_due(self):
        """A bill of a running plan is due when the plan pays the last of it, also when Odoo works the day out anew."""
        super()._compute_invoice_date_due()
        posted = self.filtered(lambda move: move.state == "posted")._origin
        items = self.env["billing.payment.plan.item"].sudo().search([
            ("move_line_id.move_id", "in", posted.ids), ("is_running", "=", True), ("date_maturity_plan", "!=", False),
        ])
        for move in items.move_line_id.move_id.with_env(self.env):
            lines = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
            move.invoice_date_due = max(filter(None, lines.mapped("date_maturity")), default=move.invoice_date_due)

    # === ACTIONS === #

    def action_billing_plan(self):
        """The plan that pays this bill; without one, a plan of whoever owes it."""
        self.ensure_one()
        if self.billing_plan_id:
            return self.billing_plan_id._get_records_action(name=self.env._("Payment Plan"))
        return self.partner_id.commercial_partner_id.action_billing_plans()

    # === BUSINESS METHODS === #

    @property
    def _billing_fields(self):
        return super()._billing_fields | {"billing_payment_plan_id"}

    def button_draft(self):
        self._billing_refuse_planned()
        return super().button_draft()

    def _billing_refuse_planned(self):
        """A bill that a plan pays stays as it is, and so does the invoice of its fee: promises were made on them."""
        posted = self.sudo().filtered(lambda move: move.state == "posted")
        for move in posted.filtered("billing_payment_plan_id"):
            raise UserError(self.env._(
                "%(move)s is the fee or interest of %(plan)s and is not edited. Write a credit note for what is not "
                "asked any more.",
                move=move.name, plan=move.billing_payment_plan_id.name,
            ))
        for item in self.env["billing.payment.plan.item"].sudo().search([
            ("move_line_id.move_id", "in", posted.ids), ("is_running", "=", True),
        ]):
            raise UserError(self.env._(
                "%(plan)s pays %(move)s, which is not edited. Write a credit note, or cancel the plan first.",
                plan=item.plan_id.name, move=item.move_id.name,
            ))

    def _get_invoice_next_payment_values(self, custom_amount=None):
        values = super()._get_invoice_next_payment_values(custom_amount=custom_amount)
        plan = self.sudo().billing_plan_id
        if not values or not plan or custom_amount is not None:
            return values
        payable = min(plan.amount_payable, self.amount_residual)
        if self.currency_id.is_zero(payable) or not self.currency_id.compare_amounts(payable, self.amount_residual):
            return values
        return {
            **values,
            "installment_state": "next",
            "next_amount_to_pay": payable,
            "next_payment_reference": plan.name,
            "next_due_date": plan.date_next,
            "amount_due": self.amount_residual,
            "is_last_installment": False,
        }
