from collections import defaultdict
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_PENDING


class Debt(NamedTuple):
    """A receivable item of a person, and why it cannot go into a plan; an empty reason where it can."""

    item: models.Model
    amount: float
    reason: str


class BillingPaymentPlan(models.Model):
    """Which debts a plan may cover, and why others stay out."""

    _inherit = "billing.payment.plan"

    left_out = fields.Text(
        string="Stays out",
        compute="_compute_left_out",
        help="Open bills that this plan does not cover, and why.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id", "currency_id", "policy_id", "item_ids.move_line_id", "state")
    @api.depends_context("lang")
    def _compute_left_out(self):
        for plan in self:
            sentences = []
            for debt in plan._get_debts() if plan.state in (False, "draft") and plan.partner_id else ():
                if debt.item in plan.item_ids.move_line_id:
                    continue
                sentences.append(self.env._(
                    "%(bill)s, %(amount)s: %(reason)s",
                    bill=debt.item.move_id.name,
                    amount=format_amount(self.env, debt.amount, debt.item.currency_id),
                    reason=debt.reason or self.env._("not chosen"),
                ))
            plan.left_out = "\n".join(sentences) or False

    # === ACTIONS === #

    def action_take_debts(self):
        """Cover everything that may go into the plan, with what is open on it now."""
        for plan in self:
            plan._check_draft()
            plan._take_debts()

    # === BUSINESS METHODS === #

    def _take_debts(self):
        """Cover every debt that the policy allows, with what is open on it now.

        :raise UserError: nothing may go into a plan; the reasons are listed
        """
        self.ensure_one()
        debts = self._get_debts()
        eligible = [debt for debt in debts if not debt.reason]
        if not eligible:
            raise UserError(self.env._(
                "Nothing of %(person)s can go into a payment plan.\n%(reasons)s",
                person=self.partner_id.name,
                reasons="\n".join(f"{debt.item.move_id.name}: {debt.reason}" for debt in debts)
                or self.env._("No bill is open."),
            ))
        self.item_ids = [Command.clear(), *(Command.create(self._prepare_item(debt)) for debt in eligible)]

    def _prepare_item(self, debt):
        """The values of a debt in this plan."""
        return {
            "move_line_id": debt.item.id,
            "amount_start": debt.amount,
            "date_maturity_before": debt.item.date_maturity,
        }

    def _get_debts(self):
        """Every open debt of this person in the plan's company, the oldest first, each with the reason against it."""
        self.ensure_one()
        items = self.env["account.move.line"].search([
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
        ], order="date_maturity, date, id")
        reasons = self._find_reasons_against(items)
        return [Debt(item, item.amount_residual_currency, reasons.get(item, "")) for item in items]

    def _find_reasons_against(self, items):
        """{item: why it cannot go into this plan}, in a number of queries that does not grow with the items."""
        self.ensure_one()
        running = self._find_other_plans(items)
        pending = self._find_pending(items)
        elective = self._find_elective(items)
        policy, reasons = self.policy_id, {}
        since = self.date and self.date - relativedelta(days=policy.days_open)
        for item in items:
            if item.partner_id != self.partner_id or item.company_id != self.company_id:
                reasons[item] = self.env._("%(debtor)s owes it", debtor=item.partner_id.name or "")
            elif item.account_id.account_type != "asset_receivable" or item.parent_state != "posted":
                reasons[item] = self.env._("it is not an open bill")
            elif item.sudo().move_id.billing_coverage_id:
                reasons[item] = self.env._("a payer is asked for it, not the patient")
            elif item in running:
                reasons[item] = self.env._("%(plan)s covers it already", plan=running[item].name)
            elif item.currency_id != self.currency_id:
                reasons[item] = self.env._(
                    "it is in %(currency)s; a plan has one currency", currency=item.currency_id.name,
                )
            elif item.move_id in pending:
                reasons[item] = self.env._("insurance still decides about this visit")
            elif item.move_id in elective:
                reasons[item] = self.env._(
                    "%(services)s: not medically necessary", services=", ".join(elective[item.move_id]),
                )
            elif policy.days_open and since and (item.invoice_date or item.date) > since:
                reasons[item] = self.env._(
                    "billed on %(date)s, less than %(days)s days ago",
                    date=format_date(self.env, item.invoice_date or item.date), days=policy.days_open,
                )
        return reasons

    def _find_other_plans(self, items):
        """{item: the running plan that covers it}."""
        covered = self.env["billing.payment.plan.item"].sudo().search([
            ("move_line_id", "in", items.ids), ("is_running", "=", True), ("plan_id", "not in", self._origin.ids),
        ])
        return {line.move_line_id: line.plan_id for line in covered}

    def _find_pending(self, items):
        """Bills for visits of which a payer still decides something; none where the policy does not mind."""
        if not self.policy_id.needs_answer:
            return self.env["account.move"]
        moves = items.move_id.sudo()
        undecided = self.env["billing.claim"].sudo().search([
            ("encounter_id", "in", moves.encounter_id.ids), ("state", "in", CLAIM_PENDING),
        ]).encounter_id
        return moves.filtered(lambda move: move.encounter_id in undecided).sudo(False)

    def _find_elective(self, items):
        """{bill: the services on it that are not medically necessary}; none where the policy does not mind."""
        found = defaultdict(list)
        if not self.policy_id.allows_discretionary:
            for move in items.move_id.sudo():
                services = move.encounter_id.line_ids if move.billing_kind else move.invoice_line_ids
                for service in services:
                    if service.product_id.is_billing_elective:
                        found[move.sudo(False)].append(service.name or service.product_id.name)
        return found
