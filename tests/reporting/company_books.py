"""What the books of a company say, added up item by item in Python: the reports are measured against it."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta


class Books:
    """The posted journal items of one company, read once and without any of the addon's own statements."""

    def __init__(self, company):
        self.company = company
        env = company.env
        self.items = env["account.move.line"].search([
            ("company_id", "=", company.id), ("parent_state", "=", "posted"),
        ])
        self.receivables = self.items.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        self.payments = env["account.payment"].search([("company_id", "=", company.id), ("move_id", "!=", False)])

    def _round(self, amount):
        return self.company.currency_id.round(amount)

    def receivable(self, day):
        """Balance of the receivable accounts at the end of a day."""
        return self._round(sum(item.balance for item in self.receivables if item.date <= day))

    def open_at(self, item, day):
        """What was open of an item at the end of a day: what it began with less what it was matched with by then."""
        taken = sum(
            part.amount for part in item.matched_credit_ids
            if max(part.debit_move_id.date, part.credit_move_id.date) <= day
        ) - sum(
            part.amount for part in item.matched_debit_ids
            if max(part.debit_move_id.date, part.credit_move_id.date) <= day
        )
        return item.balance - taken if item.date <= day else 0.0

    def asked(self, day):
        return self._round(sum(max(self.open_at(item, day), 0) for item in self.receivables))

    def over_90(self, day):
        return self._round(sum(
            max(self.open_at(item, day), 0) for item in self.receivables
            if (day - (item.date_maturity or item.date)).days > 90
        ))

    def charged(self, since, until):
        """Customers' bills less credit notes, but for those that only pass on."""
        documents = self.items.move_id.filtered(
            lambda move: move.move_type in ("out_invoice", "out_refund") and since <= move.date <= until
            and (move.billing_kind or move.reversed_entry_id.billing_kind) != "transfer"
        )
        return self._round(sum(documents.mapped("amount_total_signed")))

    def paid(self, since, until):
        """Payments and lines of bank statements, at the rate of their day; what agencies kept."""
        total = 0.0
        for payment in self.payments:
            if since <= payment.date <= until and payment.partner_type == "customer":
                sign = 1 if payment.payment_type == "inbound" else -1
                total += sign * payment.currency_id._convert(
                    payment.amount, self.company.currency_id, self.company, payment.date,
                )
                if reversal := payment.move_id.reversal_move_ids.filtered(lambda move: move.date <= until):
                    total -= sum(reversal.mapped("amount_total_signed"))
        for item in self.receivables:
            kept = item.move_id.billing_recovery_id and item.move_id == item.move_id.billing_recovery_id.netting_id
            if since <= item.date <= until and (item.move_id.statement_line_id or kept):
                total -= item.balance
        return self._round(total)

    def on(self, accounts, since, until):
        """What came onto accounts between two days."""
        return self._round(sum(
            item.balance for item in self.items if item.account_id in accounts and since <= item.date <= until
        ))

    def figures(self, month, today):
        """The figures of a month by their names in ``billing.figure.month``."""
        company = self.company
        end = min(month + relativedelta(months=1, days=-1), today)
        year = end + timedelta(days=1) - relativedelta(years=1)
        charged, paid = self.charged(month, end), self.paid(month, end)
        allowance = self.on(company.billing_allowance_account_id, month, end)
        bad_debt = self.on(company.billing_bad_debt_account_id, month, end)
        cost = self.on(company.billing_commission_account_id | company.billing_cost_account_ids, month, end)
        expected = self.charged(year, end) - self.on(company.billing_allowance_account_id, year, end)
        charged_90 = self.charged(end - timedelta(days=89), end)
        asked, over_90 = self.asked(end), self.over_90(end)
        same_day = min(end, month + timedelta(days=today.day - 1))
        cost_year = self.on(company.billing_commission_account_id | company.billing_cost_account_ids, year, end)
        charged_year, paid_year = self.charged(year, end), self.paid(year, end)
        bad_debt_year = self.on(company.billing_bad_debt_account_id, year, end)
        return {
            "date": end,
            "amount_receivable": self.receivable(end),
            "amount_asked": asked,
            "amount_over_90": over_90,
            "amount_charged": charged,
            "amount_paid": paid,
            "amount_allowance": allowance,
            "amount_writeoff": self.on(company.billing_writeoff_account_id, month, end),
            "amount_charity": self.on(company.billing_charity_account_id, month, end),
            "amount_bad_debt": bad_debt,
            "amount_cost": cost,
            "days_receivable": self.receivable(end) / (charged_90 / 90) if charged_90 > 0 else 0.0,
            "rate_over_90": 100 * over_90 / asked if asked > 0 else 0.0,
            "rate_net": 100 * paid / (charged - allowance) if charged - allowance > 0 else 0.0,
            "rate_net_year": 100 * self.paid(year, end) / expected if expected > 0 else 0.0,
            "rate_bad_debt": 100 * bad_debt / charged if charged > 0 else 0.0,
            "amount_charged_so_far": self.charged(month, same_day),
            "amount_paid_so_far": self.paid(month, same_day),
            "rate_bad_debt_year": 100 * bad_debt_year / charged_year if charged_year > 0 else 0.0,
            "rate_cost_year": 100 * cost_year / paid_year if paid_year > 0 else 0.0,
            "rate_cost": 100 * cost / paid if paid > 0 else 0.0,
        }
