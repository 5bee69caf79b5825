from decimal import Decimal
from itertools import islice

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.instalment_filling import get_paid_beyond, lower, raise_last, shorten
from odoo.addons.billing_coordinator.tools.instalment_interest import get_interest
from odoo.addons.billing_coordinator.tools.instalments import MOST_INSTALMENTS, make_dates
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from .payment_plan_eligibility import Debt

NOTHING = Decimal(0)


class BillingPaymentPlan(models.Model):
    """A debt that changes under a running plan: the plan follows, and says so."""

    _inherit = "billing.payment.plan"

    def _follow_debts(self):
        """Bring running plans into line with their bills: reductions and reopened debts, and money paid beyond.

        | event | what the plan does |
        |---|---|
        | credit note, discount, insurance corrected | the debt is smaller; it ends sooner, or each time less is paid |
        | a discount, or a payment from before the plan, is taken back | the debt is larger; instalments are added |
        | more is paid than the next instalment | what is beyond comes off the last ones, or off all of them alike |
        """
        reopened = self._take_reopened()
        reductions = self.item_ids._get_reductions()
        for plan in self.filtered(lambda plan: plan.state == "active"):
            currency = plan.currency_id
            change = plan._money(sum(reopened.get(plan, ())))
            for item in plan.item_ids:
                less = currency.round(reductions[item] - item.amount_reduced)
                # A payment from before the plan was taken back: more is open than it began with.
                more = max(currency.round(item.amount_open - (item.amount_start - less)), 0.0)
                if currency.is_zero(less) and currency.is_zero(more):
                    continue
                item.sudo().write({
                    "amount_start": currency.round(item.amount_start - less + more),
                    "amount_reduced": reductions[item],
                })
                change += plan._money(more) - plan._money(less)
            if change:
                plan._change_debt(change)
            plan._give_back_extra()
            plan._use_extra()

    def _take_reopened(self):
        """Cover what the bills of these plans ask for again: an entry that takes a discount back asks anew.

        :return: {plan: amounts}
        """
        owners = {item.move_id.id: plan for plan in self for item in plan.item_ids if plan.state == "active"}
        items = self.env["account.move.line"].sudo().search([
            ("billing_invoice_id", "in", list(owners)),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("amount_residual", ">", 0),
            ("id", "not in", self.item_ids.move_line_id.ids),
        ])
        elsewhere = self.env["billing.payment.plan.item"].sudo().search([
            ("move_line_id", "in", items.ids), ("is_running", "=", True),
        ]).move_line_id if items else items
        taken = {}
        for item in items:
            plan = owners[item.billing_invoice_id.id]
            if item in elsewhere:
                continue
            if item.partner_id == plan.partner_id and item.currency_id == plan.currency_id:
                plan.sudo().item_ids = [Command.create({
                    **plan._prepare_item(Debt(item, item.amount_residual_currency, "")), "is_running": True,
                })]
                taken.setdefault(plan, []).append(item.amount_residual_currency)
        return taken

    def _money(self, amount):
        """An amount in units of the plan's currency."""
        return to_decimal(amount, to_unit(self.currency_id.rounding))

    def _change_debt(self, change):
        """The debt became smaller or larger by this much."""
        rows = self._get_open_rows()
        before = [self._money(row.principal) for row in rows]
        if change > 0:
            self._write_principals(rows, self._extend(before, change))
        else:
            # What is paid already cannot come off any more.
            self._write_principals(rows, self._reduce(before, min(-change, sum(before, NOTHING))))
        self._move_dates()
        amount = format_amount(self.env, abs(float(change)), self.currency_id)
        self.message_post(body=self.env._(
            "The debt became larger by %(amount)s: instalments were added at the end. Ask %(person)s to agree to it.",
            amount=amount, person=self.partner_id.name,
        ) if change > 0 else self.env._(
            "The debt became smaller by %(amount)s: %(how)s.", amount=amount, how=self._say_how(),
        ))

    def _extend(self, amounts, more):
        """Add to the last instalments: each as large as the others, none below the policy's smallest."""
        policy = self.policy_id
        least = self._money(policy.currency_id._convert(
            policy.instalment_min, self.currency_id, self.company_id, self.date,
        ))
        others = [self._money(row.principal) for row in self.instalment_ids]
        return raise_last(
            amounts, more, max([*others, least]), to_unit(self.currency_id.rounding),
            max(MOST_INSTALMENTS - len(others), 1),
        )

    def _use_extra(self):
        """Money paid beyond the next instalment stands with it, and comes off the others."""
        today = fields.Date.context_today(self)
        moved = NOTHING
        # Who pays ahead pays less interest: that, too, is money beyond the next instalment.
        while extra := self._move_extra(today):
            moved += extra
        if not moved:
            return
        self._move_dates()
        self.message_post(body=self.env._(
            "%(amount)s was paid beyond the next instalment: %(how)s.",
            amount=format_amount(self.env, float(moved), self.currency_id), how=self._say_how(),
        ))

    def _move_extra(self, today):
        """Put what was paid beyond the next instalment there, once.

        :return: how much that was
        """
        rows = self.instalment_ids.sorted("date")
        coming = next((number for number, row in enumerate(rows) if row.date >= today), None)
        if coming is None or not self.date_next:
            return NOTHING
        reached = sum((self._money(row.amount) for row in rows[:coming + 1]), NOTHING)
        later = rows[coming + 1:]
        before = [self._money(row.principal) for row in later]
        extra = min(self._money(self.amount_paid) - reached, sum(before, NOTHING))
        if extra <= 0:
            return NOTHING
        row = rows[coming].sudo()
        row.write({
            "principal": float(self._money(row.principal) + extra),
            "principal_ahead": float(self._money(row.principal_ahead) + extra),
        })
        self._write_principals(later, self._reduce(before, extra))
        return extra

    def _give_back_extra(self):
        """Money that was paid ahead and then taken back: what later instalments were to pay is theirs again."""
        given, since = NOTHING, None
        for row in self.instalment_ids.filtered("principal_ahead").sorted("date"):
            back = min(self._money(row.principal_ahead), self._money(row.principal), self._money(row.amount_open))
            if back > 0:
                row.sudo().write({
                    "principal": float(self._money(row.principal) - back),
                    "principal_ahead": float(self._money(row.principal_ahead) - back),
                })
                given += back
                since = row.date
        if not given:
            return
        later = self._get_open_rows().filtered(lambda row: row.date > since)
        before = [self._money(row.principal) for row in later]
        if self.on_less == "lower" and any(before):
            # All of them had become smaller alike, so all become larger alike.
            raised = lower(before, -given, to_unit(self.currency_id.rounding))
        else:
            raised = self._extend(before, given)
        self._write_principals(later, raised)
        self._move_dates()
        self.message_post(body=self.env._(
            "%(amount)s that had been paid ahead was taken back: later instalments ask for it again.",
            amount=format_amount(self.env, float(given), self.currency_id),
        ))

    def _reduce(self, amounts, less):
        if self.on_less == "lower":
            return lower(amounts, less, to_unit(self.currency_id.rounding))
        return shorten(amounts, less)

    def _say_how(self):
        if self.on_less == "lower":
            return self.env._("the instalments are smaller")
        return self.env._("the plan ends sooner")

    def _get_open_rows(self):
        """The instalments on which something is still to be paid, in the order of their days."""
        return self.instalment_ids.sorted("date").filtered(lambda row: row.amount_open > 0)

    def _write_principals(self, rows, principals):
        """Give these instalments other parts of the debt; without one they go, behind them new ones come."""
        rows = rows.sudo()
        extra = principals[len(rows):]
        commands = []
        for row, principal in zip(rows, principals, strict=False):
            # An invoice of interest that is open still has to be paid.
            if principal or row.amount_paid or row.charge_id:
                commands.append(Command.update(row.id, {"principal": float(principal)}))
            else:
                commands.append(Command.delete(row.id))
        if extra:
            commands += [
                Command.create({"date": day, "principal": float(principal)})
                for day, principal in zip(self._get_days_after(len(extra)), extra, strict=True)
            ]
        self.sudo().instalment_ids = commands
        self._count_interest()

    def _get_days_after(self, count):
        """So many days after the last instalment, as the plan goes on."""
        frequency = "month" if self.frequency == "dates" else self.frequency
        last = self.instalment_ids.sorted("date")[-1:].date or self.date_first
        days = []
        # Days that somebody chose may lie beyond all that follow from the first one: then they follow from the last.
        for first in (self.date_first, last):
            terms = self._get_terms(frequency=frequency, count=count, first=first, dates=())
            days = list(islice((day for day in make_dates(terms) if day > last), count))
            if len(days) == count:
                break
        return days

    def _count_interest(self):
        """Count the interest of the instalments to come anew, on what is owed by now; what was paid ahead costs
        interest until the day on which it came."""
        if not self.rate:
            return
        rows = self.instalment_ids.sorted("date")
        unit = to_unit(self.currency_id.rounding)
        money = [(day, self._money(amount)) for day, amount in self._get_payments()]
        balance, before, reached = sum((self._money(row.principal) for row in rows), NOTHING), self.date, NOTHING
        for row in rows:
            if not row.charge_id:
                row.sudo().interest = float(get_interest(
                    balance, to_decimal(self.rate), before, row.date, unit, get_paid_beyond(money, reached),
                ))
            balance -= self._money(row.principal)
            reached += self._money(row.amount)
            before = row.date
