from odoo import models


class AccountMove(models.Model):
    """The debt of an invoice of billing: items that ask, pay, reduce and reopen, matched with each other."""

    _inherit = "account.move"

    def _get_billing_receivable_item(self):
        """The receivable item with which this invoice asks: its account and partner are those of the debt."""
        self.ensure_one()
        return self.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")[:1]

    def _get_billing_receivables(self):
        """Open receivable items of these invoices: their own, those of their credit notes, and those of entries
        that pay, reduce or reopen them.

        :return: unreconciled posted ``account.move.line`` records
        """
        return self.env["account.move.line"].search([
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("account_id.account_type", "=", "asset_receivable"),
            "|", "|",
            ("move_id", "in", self.ids),
            ("billing_invoice_id", "in", self.ids),
            "&",
            ("move_id.reversed_entry_id", "in", self.ids),
            ("move_id.move_type", "=", "out_refund"),
        ])

    def _reconcile_billing_receivables(self):
        """Match what is open on each of these invoices: debits with payments, reductions and credit notes.

        Each invoice is matched by itself, so that money for one claim never pays another.
        """
        items = self._get_billing_receivables()
        by_invoice = items.grouped(lambda item: (item._get_billing_invoice(), item.account_id, item.partner_id))
        plan = [
            group for group in by_invoice.values()
            if any(item.amount_residual > 0 for item in group) and any(item.amount_residual < 0 for item in group)
        ]
        if plan:
            items.with_env(self._as_billing().env)._reconcile_plan(plan)

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """An entry that speaks of debts meets its reversal debt by debt.

        Odoo would match everything on an account: what one debt is asked again with the credit that goes back to the
        payer, or one debt with another.
        """
        others = self.env["account.move"], self.env["account.move"]
        plan = []
        for move, reversal in zip(self, reverse_moves, strict=False):
            if not move.line_ids.billing_invoice_id:
                others = others[0] + move, others[1] + reversal
                continue
            items = (move + reversal).line_ids.filtered(
                lambda item: not item.reconciled and (
                    item.account_id.reconcile or item.account_id.account_type in ("asset_cash", "liability_credit_card")
                )
            )
            plan += items.grouped(lambda item: item._get_billing_matching_key()).values()
        plan = [items for items in plan if len(items) > 1]
        if plan:
            items = plan[0].with_env(self._as_billing().env)
            items.with_context(move_reverse_cancel=move_reverse_cancel)._reconcile_plan(plan)
        super(AccountMove, others[0])._reconcile_reversed_moves(others[1], move_reverse_cancel)
        return reverse_moves

    def _billing_follow_money(self):
        """Bring the claims on these invoices into line with what is open on them."""
        self.sudo().filtered("billing_kind").claim_ids._follow_ledger()
