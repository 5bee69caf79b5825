from functools import partial

from odoo import api, fields, models

US_LAW = "US"


class BillingPlanPaper(models.AbstractModel):
    """What the papers of a payment plan say: agreement, reminder, receipt, statement. Nothing about health.

    The agreement discloses what 12 CFR 1026.18 asks of a creditor, wherever a charge is made, and in the United States
    from the fifth instalment on: amount financed, finance charge, annual percentage rate, total of payments, the
    schedule, what paying early and paying late cost.
    """

    _name = "billing.plan.paper"
    _inherit = ["billing.paper"]
    _description = "Papers of a payment plan"

    @api.model
    def _get_values(self, plan):
        """The figures and words of one plan.

        :param plan: in the language of its reader
        """
        company = plan.company_id.sudo()
        rows = plan.instalment_ids.filtered("date").sorted("date")
        at_once = sum(row.amount for row in rows if row.date == plan.date)
        amount, due, due_now = self._get_payable(plan, rows)
        today = fields.Date.context_today(self)
        # What is sent is proposed with it, and says so: the paper is made a moment before.
        is_draft = plan.state == "draft" and not self.env.context.get("billing_sending")
        holds_until = False
        if not is_draft and plan.state in ("draft", "proposed"):
            holds_until = plan.expires_on or fields.Date.add(today, days=plan.policy_id.proposal_days)
        return {
            "company": company,
            "money": partial(self._format_money, currency=plan.currency_id),
            "rows": rows,
            "down": rows.filtered(lambda row: row._is_down_payment()),
            "is_draft": is_draft,
            "is_running": plan.state in ("accepted", "active"),
            "has_ended": plan.state in ("defaulted", "cancelled", "replaced"),
            "holds_until": holds_until,
            "usual": self._get_usual(plan, rows),
            "bills": self._get_bills(plan),
            "has_charges": bool(plan.amount_charges),
            "discloses": bool(plan.amount_charges)
            or (plan.needs_disclosure and company.country_id.code == US_LAW),
            # What is paid at once is no credit (12 CFR 1026.18(b), .2(a)(18)).
            "financed": plan.amount_total - at_once,
            "total_of_payments": plan.amount_to_pay - at_once,
            "at_once": at_once,
            "today": today,
            "pay": self._get_pay_values(company, amount, plan.currency_id, due, plan.name, due_now=due_now),
        }

    @api.model
    def _get_payable(self, plan, rows):
        """(what is to be paid, by when, how much of it is due by now): the first instalment of a proposal, what is late
        or comes next in a running plan, everything of one that has ended."""
        if plan.state in ("draft", "proposed", "expired"):
            return rows[:1].amount, rows[:1].date, 0.0
        if plan.state in ("defaulted", "cancelled", "replaced"):
            left = sum(plan._get_payable_items().mapped("amount_residual_currency"))
            return left, None, left
        if plan.amount_due:
            return plan.amount_due, None, plan.amount_due
        return plan.amount_next, plan.date_coming, 0.0

    @api.model
    def _get_reminder_pay(self, plan, values):
        """What a reminder asks for: what is late together with the coming instalment, the same sum in box and slip."""
        if not values["is_running"] or not plan.date_coming or plan.date_coming < values["today"]:
            return values["pay"]
        return self._get_pay_values(
            values["company"], plan.amount_next, plan.currency_id, not plan.amount_due and plan.date_coming, plan.name,
            due_now=plan.amount_due,
        )

    @api.model
    def _get_usual(self, plan, rows):
        """What is paid each time, where that is one amount but for the last; None where amounts differ."""
        amounts = [row.amount for row in rows if not row._is_down_payment()][:-1]
        # The first one may carry the fee.
        others = [amount for amount in amounts[1:] if plan.currency_id.compare_amounts(amount, amounts[-1])]
        return amounts[-1] if amounts and not others else None

    @api.model
    def _get_bills(self, plan):
        """What the plan covers: number, date of the visit or of the bill, what was open. Never what was done."""
        return [
            {
                "number": item.move_id.name,
                "date": item.sudo().move_id.encounter_id.date or item.move_id.invoice_date or item.move_id.date,
                "amount": item.amount_start,
            }
            for item in plan.item_ids
        ]

    @api.model
    def _get_consequences(self, plan):
        """What happens when an instalment is missed, in the order in which it does."""
        policy, sentences = plan.policy_id, []
        sentences.append(self.env._(
            "Please call us before the day if you cannot pay an instalment. We will find another day or another amount "
            "with you.",
        ))
        if policy.grace_days:
            sentences.append(self.env._(
                "An instalment counts as missed when it has not arrived %(days)s days after it was due.",
                days=policy.grace_days,
            ))
        ends = []
        if policy.missed_max:
            ends.append(self.env._("%(count)s instalments are missed at once", count=policy.missed_max))
        if policy.late_max:
            ends.append(self.env._("one is %(days)s days late", days=policy.late_max))
        if ends:
            conditions = self.env._(" or ").join(ends)
            sentences.append({
                "before": self.env._(
                    "When %(conditions)s, the plan ends, and what is left is due as if there had been no plan.",
                    conditions=conditions,
                ),
                "now": self.env._(
                    "When %(conditions)s, the plan ends, and what is left is due on that day.", conditions=conditions,
                ),
                "plan": self.env._("When %(conditions)s, the plan ends.", conditions=conditions),
            }[policy.due_again])
        fee = policy.default_fee and policy.currency_id._convert(
            policy.default_fee, plan.currency_id, plan.company_id, plan.date,
        )
        sentences.append(self.env._(
            "We then ask for a fee of %(amount)s.", amount=self._format_money(fee, plan.currency_id),
        ) if fee and ends else self.env._("A late instalment costs you no fee."))
        return sentences
