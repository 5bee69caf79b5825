from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.late_interest import split_interest
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingCollectionStep(models.Model):
    """Which bills of a step bear interest, from which day on, and how much.

    Only what the step asks for: nothing that is disputed, in a plan or waits for insurance. Days for which interest was
    asked, or in which a payment plan ran, are not counted again, and there is no interest on interest and fees.
    """

    _inherit = "billing.collection.step"

    def _get_bearing_bills(self):
        """{step id: its lines with a bill that is late, and no fee or interest itself}, in one query."""
        today = fields.Date.context_today(self)
        self.env["billing.collection.step.line"].flush_model()
        rows = self.env.execute_query(SQL(
            """
            SELECT line.step_id, ARRAY_AGG(line.id ORDER BY line.date_due, line.id)
              FROM billing_collection_step_line line
              JOIN billing_collection_item item ON item.id = line.item_id
              JOIN account_move_line debt ON debt.id = item.move_line_id
              JOIN account_move move ON move.id = debt.move_id
             WHERE line.step_id = ANY(%(steps)s)
               AND line.date_due < %(today)s
               AND line.amount > 0
               AND move.billing_collection_step_id IS NULL
               AND move.billing_payment_plan_id IS NULL
          GROUP BY line.step_id
            """,
            steps=self.ids, today=today,
        ))
        lines = self.env["billing.collection.step.line"].browse([line for _step, ids in rows for line in ids])
        return {step: lines.browse(ids).with_prefetch(lines.ids) for step, ids in rows}

    def _find_interest(self, bearing):
        """{(step id, currency): [(line, :class:`tools.late_interest.Period`)]} of those who are asked for interest."""
        steps = self.filtered(lambda step: step.stage_id.charges_interest)
        items = [line.move_line_id.id for step in steps for line in bearing.get(step.id, ())]
        asked, today = self._get_interest_days(items), fields.Date.context_today(self)
        rates = self.env["billing.interest.rate"].sudo()._get_rates(steps.company_id)
        found = defaultdict(list)
        for step in steps:
            wanted = rates.get((step.company_id, step._get_debtor_kind()))
            for line in bearing.get(step.id, ()) if wanted else ():
                since = max(filter(None, (line.date_due, asked.get(line.move_line_id.id))))
                found[step.id, line.currency_id] += [
                    (line, period) for period in split_interest(
                        to_decimal(line.amount), wanted, since, today, to_unit(line.currency_id.rounding),
                    )
                ]
        return {key: rows for key, rows in found.items() if self._is_worthwhile(*key, rows)}

    def _is_worthwhile(self, step_id, currency, rows):
        """Whether this interest comes to what the company asks for at least; less adds up until the next step."""
        company = self.browse(step_id).company_id
        amount = currency._convert(
            float(sum(period.amount for _line, period in rows)), company.currency_id, company,
            fields.Date.context_today(self),
        )
        least = company.sudo().billing_interest_min
        return amount > 0 and company.currency_id.compare_amounts(amount, least) >= 0

    def _get_debtor_kind(self):
        """Whose rates hold for this step."""
        return "person" if self.case_id.debtor_class == "person" else "company"

    def _get_interest_days(self, item_ids):
        """{journal item: the last day for which nobody is asked for interest any more}, in one query."""
        self.env["account.move.line"].flush_model(["billing_late_item_id", "billing_late_until", "parent_state"])
        self.env["billing.payment.plan"].flush_model(["ended_on", "started_on"])
        return dict(self.env.execute_query(SQL(
            """
            SELECT asked.item, MAX(asked.day)
              FROM (SELECT line.billing_late_item_id AS item, line.billing_late_until AS day
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id AND move.move_type = 'out_invoice'
                     WHERE line.billing_late_item_id = ANY(%(items)s) AND line.parent_state = 'posted'
                     UNION ALL
                    SELECT part.move_line_id, plan.ended_on
                      FROM billing_payment_plan_item part
                      JOIN billing_payment_plan plan ON plan.id = part.plan_id
                     WHERE part.move_line_id = ANY(%(items)s) AND plan.started_on IS NOT NULL) asked
             WHERE asked.day IS NOT NULL
          GROUP BY asked.item
            """,
            items=item_ids,
        )))

    def _get_lump_items(self, bearing):
        """The bills among these for which a lump sum was asked before, in one query."""
        return self.env["account.move.line"].sudo().search([
            ("billing_late_item_id", "in", [line.move_line_id.id for lines in bearing.values() for line in lines]),
            ("billing_late_until", "=", False),
            ("parent_state", "=", "posted"),
            ("move_id.move_type", "=", "out_invoice"),
        ]).billing_late_item_id

    def _find_lump_sums(self, interest, known):
        """What a company pays once for each late bill, with the first interest on it; people never do."""
        self.ensure_one()
        amount = self.company_id.sudo().billing_late_lump_sum
        if not amount or self._get_debtor_kind() == "person":
            return []
        bills = {
            line.move_line_id: line.move_id.name
            for (step, _currency), rows in interest.items() if step == self.id for line, _period in rows
        }
        return [
            (
                self.env._(
                    "Lump sum for the late payment of %(bill)s (Directive 2011/7/EU, article 6)", bill=name,
                ),
                amount, item.id, False,
            )
            for item, name in bills.items() if item not in known
        ]

    def _say_interest(self, rows, currency):
        """The lines of an invoice of interest: each with its sum, rate and days, as the debtor reads them."""
        paper = self.env["billing.paper"]
        one = self.env._("1 day")
        return [
            (
                self.env._(
                    "Interest on %(amount)s of %(bill)s: %(rate)s %% a year, %(first)s to %(last)s (%(days)s)",
                    amount=paper._format_money(line.amount, currency),
                    bill=line.move_id.name,
                    rate=paper._format_number(float(period.rate)),
                    first=paper._format_day(period.first),
                    last=paper._format_day(period.last),
                    days=one if period.days == 1 else self.env._("%(count)s days", count=period.days),
                ),
                float(period.amount), line.move_line_id.id, period.last,
            )
            for line, period in rows
        ]
