from odoo import models

from odoo.addons.billing_coordinator.tools.instalment_filling import get_clearing_days
from odoo.addons.billing_coordinator.tools.money import to_decimal

from .payment_plan_eligibility import Debt


class BillingPaymentPlan(models.Model):
    """While a plan runs, each of its bills is due when the instalment that pays the last of it is."""

    _inherit = "billing.payment.plan"

    def _move_dates(self):
        """Put the due dates of the bills where the plan says, but for those that somebody has changed since.

        Ageing, the portal and dunning read them: all agree with what was promised.
        """
        for plan in self:
            items = plan.item_ids.sorted(lambda item: (item.date_maturity_before or item.move_line_id.date, item.id))
            rows = [(row.date, to_decimal(row.principal)) for row in plan.instalment_ids.sorted("date")]
            if not rows:
                # All of it was forgiven: nothing is due on any day.
                continue
            days = get_clearing_days([to_decimal(item.amount_start) for item in items], rows)
            days = {
                item: day for item, day in zip(items, days, strict=True)
                if not item.date_maturity_plan or item.move_line_id.date_maturity == item.date_maturity_plan
            }
            for item, day in days.items():
                item.sudo().date_maturity_plan = day
            plan._write_dates(days)

    def _restore_dates(self, items=None, day=None):
        """Put the due dates back to what they were without the plan, where nobody has changed them since.

        :param items: of which debts; of all when left out
        :param day: the day on which what is open is due from now on, instead
        """
        for plan in self:
            plan._write_dates({
                item: day if day and item.amount_open else item.date_maturity_before
                for item in (plan.item_ids if items is None else items & plan.item_ids)
                if item.date_maturity_plan and item.move_line_id.date_maturity == item.date_maturity_plan
            })

    def _note_dates(self):
        """Write down when the bills are due without any plan, as it is on the day on which this one takes them.

        Somebody may have changed that since the plan was drawn up. Where an earlier plan has moved a due date, it is
        that plan's still, until this one moves it.
        """
        self.ensure_one()
        for item in self.item_ids:
            day = item.move_line_id.date_maturity
            before = self._prepare_item(Debt(item.move_line_id, item.amount_start, ""))["date_maturity_before"]
            item.sudo().write({"date_maturity_before": before, "date_maturity_plan": day != before and day})

    def _note_other_dates(self):
        """Take the due dates as they are where they have changed while this plan was at rest: another one may have had
        the bills meanwhile."""
        for item in self.item_ids:
            day = item.move_line_id.date_maturity
            if day != item.date_maturity_plan:
                item.sudo().write({"date_maturity_before": day, "date_maturity_plan": False})

    def _write_dates(self, days):
        """Write due dates on posted items, and on their bills what Odoo's portal and lists read.

        :param days: {plan item: day}
        """
        by_day = {}
        for item, day in days.items():
            by_day[day] = by_day.get(day, self.env["account.move.line"]) | item.move_line_id
        for day, lines in by_day.items():
            # Posted entries are written by accountants; what is written here moves no money.
            lines.sudo().with_context(skip_account_move_synchronization=True).date_maturity = day
        moves = self.env["account.move"].union(*(item.move_id for item in days)).sudo()
        for move in moves:
            open_items = move.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and line.date_maturity
            )
            move.with_context(skip_account_move_synchronization=True).invoice_date_due = max(
                open_items.mapped("date_maturity"), default=move.invoice_date_due,
            )
