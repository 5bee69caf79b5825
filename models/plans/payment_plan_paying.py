from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BillingPaymentPlan(models.Model):
    """Paying an instalment the standard ways, with what is due now filled in."""

    _inherit = "billing.payment.plan"

    amount_payable = fields.Monetary(
        string="To pay now",
        compute="_compute_amount_payable",
        help="What has fallen due; when nothing has, the next instalment.",
    )
    has_payment_link = fields.Boolean(
        compute="_compute_has_payment_link",
    )

    # === COMPUTE METHODS === #

    @api.depends("amount_due", "amount_next")
    def _compute_amount_payable(self):
        for plan in self:
            plan.amount_payable = plan.amount_due or plan.amount_next

    @api.depends("state")
    def _compute_has_payment_link(self):
        # The link comes with Odoo's online payments.
        is_there = "payment.link.wizard" in self.env
        for plan in self:
            plan.has_payment_link = is_there and plan.state in ("accepted", "active")

    # === ACTIONS === #

    def action_register_payment(self):
        """Odoo's own screen for payments, over everything open in the plan, with what is due now."""
        self.ensure_one()
        action = self._get_open_items().action_register_payment()
        return {**action, "context": {
            **action["context"],
            "default_communication": self.name,
            "default_group_payment": True,
            # The plan shows what was paid; nobody has asked for the payment itself.
            "dont_redirect_to_payments": True,
        }}

    def action_payment_link(self):
        """Odoo's own payment link for the bill that the next instalment pays first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generate a Payment Link"),
            "res_model": "payment.link.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": "account.move", "active_id": self._get_open_items()[:1].move_id.id},
        }

    # === BUSINESS METHODS === #

    def _get_open_items(self):
        """The receivable items on which something is open, those that are due first in front.

        :raise UserError: nothing is open any more
        """
        self.ensure_one()
        items = self._get_payable_items()
        if not items:
            raise UserError(self.env._("Everything in %(plan)s is paid.", plan=self.display_name))
        return items

    def _get_payable_items(self):
        """The receivable items on which something is open, those that are due first in front; maybe none."""
        charges = self.charge_ids.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        items = (self.item_ids.move_line_id | charges).filtered(
            lambda item: item.parent_state == "posted" and item.amount_residual_currency > 0
        )
        return items.sorted(lambda item: (item.date_maturity or item.date, item.id))

    def _get_payments(self):
        """[(day, amount)] of the money that has come for this plan since the day it was accepted on; one query."""
        items = self.item_ids.move_line_id | self.charge_ids.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        if not items or not self.accepted_on:
            return []
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move"].flush_model(["origin_payment_id", "statement_line_id", "date"])
        return [(day, float(amount)) for day, amount in self.env.execute_query(SQL(
            """
            SELECT move.date, SUM(part.debit_amount_currency)
              FROM account_partial_reconcile part
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move move ON move.id = credit.move_id
             WHERE part.debit_move_id IN %s
               AND (move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL)
               AND move.date >= %s
          GROUP BY move.date
          ORDER BY move.date
            """,
            tuple(items.ids), self.accepted_on,
        ))]
