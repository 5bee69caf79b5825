from collections import defaultdict
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ..tools.ageing import BUCKETS, age
from ..tools.claim_states import CLAIM_OPEN
from ..tools.money import to_decimal

# How far back a statement thanks for payments.
RECENT_DAYS = 60


class ReportStatement(models.AbstractModel):
    """What a debtor owes one company in one currency today: one statement for each.

    Visits stand here with number and date only: no procedure, no diagnosis. What insurance has still to answer
    and what stands to the debtor's credit are shown apart; the former is never asked for.
    Everything is read for all debtors at once.
    """

    _name = "report.billing_coordinator.report_statement"
    _inherit = ["billing.paper"]
    _description = "Patient statement"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        partners = self.env["res.partner"].browse(docids or data.get("partner_ids"))
        companies = self.env["res.company"].browse(data.get("company_ids")) or self.env.companies
        return {
            "doc_model": "res.partner",
            "docs": partners,
            "statements": self._get_statements(partners, companies & self.env.companies),
        }

    # === STATEMENTS === #

    @api.model
    def _get_statements(self, debtors, companies):
        """One statement per debtor, company and currency in which something is open, waiting or to their credit.

        Whoever has nothing at all gets one that says so.

        :return: list of dicts, in the order of ``debtors``
        """
        today = fields.Date.context_today(self)
        items = self._get_open_items(debtors, companies)
        claims = self._get_waiting_claims(debtors, companies)
        payments = self._get_recent_payments(debtors, companies, today)
        statements, keys = [], defaultdict(dict)
        for key in (*items, *claims):
            keys[key[0]][key] = None
        for debtor in debtors:
            for key in keys[debtor] or [(debtor, companies[:1], companies[:1].currency_id)]:
                statements.append(self._get_statement(key, items[key], claims[key], payments[key], today))
        return statements

    def _get_statement(self, key, items, claims, payments, today):
        """The figures of one statement; words are left to the template, which speaks the debtor's language."""
        debtor, company, currency = key
        rows, credits = self._get_rows(items, currency)
        ages = age([aged for row in rows for aged in row["aged"]], today)
        open_amount = currency.round(sum(row["open"] for row in rows))
        credit = currency.round(sum(line["amount"] for line in credits))
        return {
            "debtor": debtor,
            "company": company.sudo(),
            "currency": currency,
            "date": today,
            "items": items,
            "rows": rows,
            "ages": [(bucket, float(ages[bucket])) for bucket in BUCKETS],
            "amount_open": open_amount,
            "credits": credits,
            "amount_credit": credit,
            "amount_due": currency.round(open_amount - credit),
            "amount_due_now": max(currency.round(self._get_late(rows, today) - credit), 0.0),
            "due": min((due for due in self._get_due_dates(rows) if due >= today), default=None),
            "claims": claims,
            "amount_waiting": currency.round(sum(line["amount"] for line in claims)),
            "payments": payments,
        }

    @api.model
    def _get_asked(self, statement):
        """What the debtor is asked to pay: all that is open but what is left alone; less than nothing is theirs."""
        due, alone = statement["amount_due"], self._get_left_alone(statement)
        return max(statement["currency"].round(due - alone), 0.0) if alone else due

    @api.model
    def _get_left_alone(self, statement):
        """How much of what is open is not asked for. Hook: rooms add what they keep apart."""
        return 0.0

    def _get_money(self, statement):
        """How amounts are written on this statement."""
        return partial(self._format_money, currency=statement["currency"])

    def _say_title(self, company, day):
        """Whose statement, and of which day."""
        return self.env._(
            "Everything open with %(company)s on %(day)s.",
            company=self._format_strong(company.name), day=self._format_strong(self._format_day(day)),
        )

    def _say_credit(self, credit):
        """What money in the debtor's favour is."""
        day = self._format_day(credit["date"])
        if credit["kind"] == "payment":
            return self.env._("Payment of %(day)s, not used yet", day=day)
        if credit["kind"] == "credit_note":
            return self.env._("Credit note %(number)s of %(day)s", number=credit["name"], day=day)
        return self.env._("Credit of %(day)s", day=day)

    def _say_payment(self, day):
        """A payment that has arrived."""
        return self.env._("Payment of %(day)s", day=self._format_day(day))

    def _get_pay(self, statement):
        """The part about how to pay, in the language of the environment."""
        debtor = statement["debtor"]
        return self._get_pay_values(
            statement["company"].with_env(self.env(su=True)),
            self._get_asked(statement),
            statement["currency"],
            None if statement["amount_due_now"] else statement["due"],
            debtor.billing_account_number or debtor.name,
            due_now=statement["amount_due_now"],
        )

    # === OPEN ITEMS === #

    def _get_open_items(self, debtors, companies):
        """{(debtor, company, currency): open receivable items}, in one search for all of them."""
        items = self.env["account.move.line"].search([
            ("partner_id", "in", (debtors | debtors.commercial_partner_id).ids),
            ("company_id", "in", companies.ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual_currency", "!=", 0),
        ], order="date_maturity, date, id")
        ids = defaultdict(list)
        for item in items:
            invoice = item._get_billing_invoice()
            debtor = (invoice.partner_id or item.partner_id) & debtors or item.partner_id
            ids[debtor, item.company_id, item.currency_id].append(item.id)
        # They keep reading together: what one statement looks up is there for all.
        grouped = defaultdict(items.browse)
        grouped.update((key, items.browse(found).with_prefetch(items._prefetch_ids)) for key, found in ids.items())
        return grouped

    def _get_rows(self, items, currency):
        """What is open, invoice by invoice, and what is to the debtor's credit."""
        rows, credits = [], []
        for invoice, group in items.grouped(lambda item: item._get_billing_invoice()).items():
            open_amount = currency.round(sum(group.mapped("amount_residual_currency")))
            if currency.compare_amounts(open_amount, 0) > 0:
                rows.append(self._get_row(invoice, group, open_amount, currency))
            elif currency.compare_amounts(open_amount, 0) < 0:
                source = group.sorted("amount_residual_currency")[0].move_id
                credits.append({
                    "date": source.date,
                    "kind": "payment" if source.origin_payment_id or source.statement_line_id
                    else "credit_note" if source.move_type == "out_refund" else "other",
                    "name": source.name,
                    "amount": -open_amount,
                })
        rows.sort(key=lambda row: (row["date"] or row["invoice_date"], row["number"]))
        return rows, sorted(credits, key=lambda line: line["date"])

    def _get_row(self, invoice, group, open_amount, currency):
        is_invoice = invoice.is_invoice()
        billed = invoice.amount_total if is_invoice else sum(group.mapped("amount_currency"))
        encounter = invoice.encounter_id
        aged = self._get_aged(invoice, group, currency)
        return {
            "visit": encounter.name,
            "date": encounter.date,
            "invoice_date": invoice.invoice_date or invoice.date,
            "number": invoice.name,
            "due": min((due for due, _amount in aged if due), default=None),
            "billed": billed,
            "settled": currency.round(billed - open_amount),
            "open": open_amount,
            "aged": aged,
        }

    def _get_aged(self, invoice, group, currency):
        """[(due date, open amount)] of one invoice; what lowers it is taken off the oldest part first."""
        unit = to_decimal(currency.rounding)
        parts = sorted(
            (
                (item.date_maturity or invoice.invoice_date_due or item.date,
                 to_decimal(item.amount_residual_currency, unit))
                for item in group
            ),
        )
        credit = -sum((amount for _due, amount in parts if amount < 0), to_decimal(0))
        aged = []
        for due, amount in parts:
            if amount <= 0:
                continue
            used = min(credit, amount)
            credit -= used
            if amount > used:
                aged.append((due, amount - used))
        return aged

    def _get_late(self, rows, today):
        """What was due before today."""
        return float(sum(amount for row in rows for due, amount in row["aged"] if due < today))

    def _get_due_dates(self, rows):
        return (due for row in rows for due, _amount in row["aged"])

    # === APART === #

    def _get_waiting_claims(self, debtors, companies):
        """{(debtor, company, currency): claims open on visits for which this debtor is responsible}."""
        claims = self.env["billing.claim"].search([
            ("company_id", "in", companies.ids),
            ("state", "in", CLAIM_OPEN),
            "|", ("patient_id.guarantor_id", "in", debtors.ids),
            "&", ("patient_id", "in", debtors.ids), ("patient_id.guarantor_id", "=", False),
        ], order="service_date, id")
        grouped = defaultdict(list)
        for claim in claims:
            if claim.currency_id.compare_amounts(claim.amount_open, 0) > 0:
                key = (claim.patient_id._get_billing_debtor(), claim.company_id, claim.currency_id)
                grouped[key].append({
                    "visit": claim.encounter_id.name,
                    "date": claim.service_date,
                    "payer": claim.payer_id.name,
                    "amount": claim.amount_open,
                })
        return grouped

    def _get_recent_payments(self, debtors, companies, today):
        """{(debtor, company, currency): [(date, amount)] received lately}, refunds left out."""
        groups = self.env["account.payment"]._read_group(
            [
                ("partner_id", "in", debtors.ids),
                ("company_id", "in", companies.ids),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
                ("date", ">=", today - timedelta(days=RECENT_DAYS)),
                ("date", "<=", today),
            ],
            ["partner_id", "company_id", "currency_id", "date:day"],
            ["amount:sum"],
            order="date:day",
        )
        grouped = defaultdict(list)
        for debtor, company, currency, day, amount in groups:
            grouped[debtor, company, currency].append((day, amount))
        return grouped
