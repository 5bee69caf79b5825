from odoo import api, models

from odoo.addons.billing_coordinator.tools.references import find_references

# Plans that money may be meant for.
PAYABLE = ("accepted", "active")


class AccountBankStatementLine(models.Model):
    """Money on a bank statement that names a payment plan pays what is open in it, what is due first in front."""

    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._billing_pay_plans()
        return lines

    def _billing_pay_plans(self):
        """Pay the plans that these lines name; what is paid beyond stays as the person's credit.

        | event | journal items |
        |---|---|
        | 100 with the number of a plan | Dr BANK 100 / Cr AR[P] 100, reconciled with what is due first |

        A line in another currency, or that somebody has dealt with, is left for people.
        """
        incoming = self.filtered(lambda line: line.amount > 0 and not line.is_reconciled)
        if not incoming:
            return
        plans = self.env["billing.payment.plan"].sudo().search([
            ("company_id", "in", incoming.company_id.ids), ("state", "in", PAYABLE),
        ])
        for company, of_company in plans.grouped("company_id").items():
            names = {plan.name: plan for plan in of_company}
            lines = incoming.filtered(lambda line, company=company: line.company_id == company)
            texts = [" ".join(filter(None, (line.payment_ref, line.ref))) for line in lines]
            for line, name in zip(lines, find_references(texts, names), strict=True):
                plan = names.get(name)
                if plan and plan.currency_id == (line.foreign_currency_id or line.currency_id):
                    line._billing_pay_plan(plan)

    def _billing_pay_plan(self, plan):
        """Pay what is open in a plan with this line."""
        self.ensure_one()
        _liquidity, waiting, others = self._seek_for_lines()
        if len(waiting) != 1 or others:
            return
        items = plan._get_payable_items()
        account = items[:1].account_id or plan.item_ids.move_line_id[:1].account_id
        if not self.partner_id:
            self.partner_id = plan.partner_id
            _liquidity, waiting, others = self._seek_for_lines()
        waiting.with_context(skip_readonly_check=True).write({
            "account_id": account.id, "partner_id": plan.partner_id.id,
        })
        (waiting | items.filtered(lambda item: item.account_id == account)).reconcile()
