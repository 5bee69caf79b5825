from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.money import round_half_up, to_decimal, to_unit

from ..coverage.coverage_usage import Use

# Units are counted as exactly as people type them.
HUNDREDTH = Decimal("0.01")


class BillingCoverage(models.Model):
    """What payers have taken up, as their answers say, and before that what was split when visits were billed.

    An answer in force counts with what it paid; a share split at once counts as expected until its answer comes. A
    reversed answer and a credit note give back what they take back. What only waits for an answer counts nothing.
    """

    _inherit = "billing.coverage"

    def _read_uses(self, date_from, date_to):
        days = Domain("encounter_id.date", ">=", date_from) & Domain("encounter_id.date", "<=", date_to)
        amounts = self._read_taken_amounts(days)
        accepted, beyond = self._read_left_by(Domain("encounter_line_id", "any", days))
        taken = {
            key: None for figures in (amounts, accepted) for key, amount in figures.items() if amount > 0
        }
        return super()._read_uses(date_from, date_to) + [
            Use(
                coverage=coverage,
                product=service.product_id,
                code=service.code_id,
                date=service.encounter_id.date,
                units=self._get_units_within(service, beyond[coverage, service]),
                amount=amounts.get((coverage, service), Decimal(0)),
            )
            for coverage, service in taken
        ]

    def _read_taken_amounts(self, days):
        """{(coverage, service): what its payer pays, in the currency of the coverage}."""
        invoices = self.env["account.move"].sudo().search(
            days & Domain("billing_coverage_id", "in", self.ids) & Domain("state", "=", "posted")
        )
        answers = self._read_answers(invoices)
        taken, asked, credited = defaultdict(Decimal), {}, defaultdict(Decimal)
        for service, move, amount, balance, expected in self.env["account.move.line"].sudo()._read_group(
            [
                ("move_id", "in", (invoices | invoices.reversal_move_ids).ids),
                ("parent_state", "=", "posted"),
                ("display_type", "=", "product"),
            ],
            ["encounter_line_id", "move_id"],
            ["amount_currency:sum", "balance:sum", "billing_amount_expected:sum"],
        ):
            if move.move_type == "out_invoice":
                asked[move, service] = (to_decimal(amount), to_decimal(balance), to_decimal(expected))
            else:
                credited[move.reversed_entry_id, service] += to_decimal(amount)
        for (move, service), (amount, balance, expected) in asked.items():
            coverage = self.browse(move.billing_coverage_id.id)
            if (move, service) in answers:
                taken[coverage, service] += answers[move, service]
            elif coverage.plan_id.billing_mode == "split" and amount:
                kept = 1 + credited[move, service] / amount
                unit = to_unit(coverage.currency_id.rounding)
                taken[coverage, service] += round_half_up(expected * kept * balance / amount, unit)
        return taken

    def _read_answers(self, invoices):
        """{(invoice, service): what answers in force paid, in the currency of the company}."""
        answers = defaultdict(Decimal)
        for item, remittance, paid in self.env["billing.remittance.line"].sudo()._read_group(
            [("is_in_force", "=", True), ("claim_id.invoice_id", "in", invoices.ids)],
            ["move_line_id", "remittance_id"],
            ["amount_paid:sum"],
        ):
            company = remittance.company_id
            amount = remittance.currency_id._convert(paid, company.currency_id, company, remittance.date)
            answers[item.move_id, item.encounter_line_id] += to_decimal(amount, to_unit(company.currency_id.rounding))
        return answers

    def _read_left_by(self, days):
        """What these coverages left of services to others: ({(coverage, service): the patient's share}, {the same:
        what was beyond a limit}), in the currency of the visit."""
        reasons = {
            self.env.ref(f"billing_coordinator.reason_pr_{number}").id: number for number in (1, 2, 3, 119)
        }
        accepted, beyond = defaultdict(Decimal), defaultdict(Decimal)
        for coverage, service, reason, amount in self._read_left_items(
            days, list(reasons), ["encounter_line_id"], "amount_currency:sum",
        ):
            figures = beyond if reasons[reason.id] == 119 else accepted
            figures[coverage, service] += to_decimal(amount)
        return accepted, beyond

    def _get_units_within(self, service, beyond):
        """The units of a service without those that were beyond a limit."""
        units, charge = to_decimal(service.quantity), to_decimal(service.amount)
        if beyond <= 0 or not charge:
            return units
        return round_half_up(units * max(Decimal(0), 1 - beyond / charge), HUNDREDTH)
