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

    def _invoice_paid_hook(self):
        # Money may come past billing, from a bank statement or Odoo's payment wizard: it settles the claim as well.
        super()._invoice_paid_hook()
        if not self._is_billing_at_work():
            self._billing_follow_money()

    def _billing_follow_money(self):
        """Bring the claims on these invoices into line with what is open on them."""
        for move in self.sudo().filtered(lambda m: m.billing_kind and m.claim_ids):
            move.claim_ids._follow_ledger(reason=self.env._(
                "%(invoice)s: %(open)s open", invoice=move.name,
                open=move.currency_id.format(sum(move.claim_ids.mapped("amount_open"))),
            ))
