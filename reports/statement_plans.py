from markupsafe import Markup

from odoo import api, models


class ReportStatement(models.AbstractModel):
    """What a payment plan has agreed on is not asked for before its day: a statement says what the plan pays, and asks
    for the rest and the instalment."""

    _inherit = "report.billing_coordinator.report_statement"

    @api.model
    def _get_statements(self, debtors, companies):
        statements = super()._get_statements(debtors, companies)
        plans = self.env["billing.payment.plan"].sudo().search([
            ("partner_id", "in", debtors.commercial_partner_id.ids),
            ("company_id", "in", companies.ids),
            ("state", "=", "active"),
        ], order="date, id").grouped(lambda plan: (plan.partner_id, plan.company_id, plan.currency_id))
        for statement in statements:
            key = (statement["debtor"].commercial_partner_id, statement["company"], statement["currency"])
            statement.update(self._get_plan_values(plans.get(key, ()), statement))
        return statements

    @api.model
    def _get_plan_values(self, plans, statement):
        """What running plans change of a statement: how they stand, and what is asked for later."""
        if not plans:
            return {"plans": [], "amount_later": 0.0}
        round_amount = statement["currency"].round
        items = self.env["account.move.line"].sudo().union(*(plan._get_payable_items() for plan in plans))
        covered = sum(items.mapped("amount_residual_currency"))
        # Of bills in a plan the instalments are late, not the bills, whichever of them money has paid first.
        is_past = items.filtered(lambda item: item.date_maturity and item.date_maturity < statement["date"])
        late_elsewhere = self._get_late(statement["rows"], statement["date"]) - sum(
            is_past.mapped("amount_residual_currency"),
        )
        payable = sum(plan.amount_payable for plan in plans)
        late = sum(plan.amount_due for plan in plans)
        days = [plan.date_coming for plan in plans if plan.date_coming and not plan.amount_due]
        return {
            "plans": [
                {
                    "number": plan.name,
                    "to_pay": plan.amount_to_pay,
                    "paid": plan.amount_paid,
                    "open": plan.amount_open,
                    "next": plan.amount_payable,
                    "day": plan.date_coming,
                    "is_late": bool(plan.amount_due),
                }
                for plan in plans
            ],
            "amount_later": max(round_amount(covered - payable), 0.0),
            "amount_due_now": max(round_amount(late_elsewhere + late - statement["amount_credit"]), 0.0),
            "due": min(filter(None, [statement["due"], *days]), default=None),
        }

    def _say_plan(self, plan, money):
        """How a payment plan stands."""
        stands = self.env._(
            "Plan %(number)s: %(paid)s of %(all)s is paid.",
            number=plan["number"], paid=money(plan["paid"]), all=money(plan["to_pay"]),
        )
        amount = self._format_strong(money(plan["next"]))
        then = self.env._(
            "%(amount)s is late; please call us if you cannot pay it.", amount=amount,
        ) if plan["is_late"] else self.env._(
            "The next instalment is %(amount)s, on %(day)s.",
            amount=amount, day=self._format_strong(self._format_day(plan["day"])),
        )
        return Markup("%s %s") % (stands, then)

    def _say_later(self, amount):
        """What instalments to come pay."""
        return self.env._(
            "%(amount)s of what you owe is paid by later instalments. We do not ask for them now.", amount=amount,
        )

    @api.model
    def _get_left_alone(self, statement):
        return super()._get_left_alone(statement) + statement["amount_later"]
