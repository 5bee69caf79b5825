from collections import defaultdict
from functools import partial

from odoo import api, models


class BillingItemisedBill(models.AbstractModel):
    """What an itemised bill tells a patient: what was done, what it cost, what insurance did, what is left and why.

    Read from posted documents only. For each service, to the cent and in the currency of the bill,

        charge - discounts - paid by insurance - waiting for insurance - asked on other bills = this bill

    and for the whole bill, less what was paid, credited or forgiven since, what is to pay. A share that was known
    beforehand (split) is shown before tax, with the tax of this bill below; what an insurer left (transfer) is part
    of a charge with its tax.
    """

    _name = "billing.itemised.bill"
    _inherit = ["billing.paper"]
    _description = "Itemised bill"

    # === THE BILL === #

    @api.model
    def _get_values(self, move):
        """The figures and words of the bill.

        :param move: a posted invoice of billing to a patient or guarantor, in the reader's language
        """
        cancelled = move._is_billing_credited()
        services = self._get_own_services(move) if cancelled else self._get_services(move)
        changes = self._get_changes(move)
        flow = self.env["billing.charge.flow"]._get_flows(move)[move]
        due = move.currency_id.round(flow["open"])
        left = move.currency_id.round(move.amount_total - sum(amount for _label, amount in changes) - due)
        if left:
            changes.append((self.env._("Settled otherwise"), left))
        steps = self._get_steps(move, services)
        return {
            "move": move,
            "money": partial(self._format_money, currency=move.currency_id),
            "encounter": move.encounter_id,
            "visit_day": self._format_day(move.encounter_id.date),
            "bill_day": self._format_day(move.invoice_date),
            "has_tax": bool(move.line_ids.tax_line_id),
            "is_cancelled": cancelled,
            "services": services,
            "columns": self._get_columns(services),
            "steps": steps,
            "has_story": len(steps) > 1 or bool(changes),
            "share": move.amount_total,
            "reasons": [
                {"words": self._get_words(reason), "amount": amount}
                for reason, amount in self._add_up(service["reasons"] for service in services)
            ],
            "why": self._get_why(move),
            "changes": changes,
            "pay": self._get_pay_values(
                move.company_id, due, move.currency_id, self._get_due_date(move),
                move.payment_reference or move.name, move.partner_bank_id,
            ),
        }

    def _get_columns(self, services):
        """Which columns have anything to say."""
        return {
            name: any(service[name] for service in services)
            for name in ("discounted", "covered", "waiting", "elsewhere")
        }

    def _get_steps(self, move, services):
        """From the charge to the patient's share, top to bottom: (label, amount)."""
        steps = [(self.env._("Charges for this visit"), sum(service["charge"] for service in services))]
        for reason, amount in self._add_up(service["reductions"] for service in services):
            steps.append((self._get_words(reason), -amount))
        for payer, amount in self._add_up(service["payers"] for service in services):
            label = (
                self.env._("Asked of %(payer)s", payer=payer.name) if move.billing_kind == "charge"
                else self.env._("Paid by %(payer)s", payer=payer.name)
            )
            steps.append((label, -amount))
        waiting = sum(service["waiting"] for service in services)
        if waiting:
            steps.append((self._get_waiting_label(move), -waiting))
        for bill, amount in self._add_up(service["elsewhere_by_bill"] for service in services):
            steps.append((self.env._("Asked on bill %(number)s", number=bill.name), -amount))
        for item in move.line_ids.filtered("tax_line_id"):
            steps.append((item.tax_line_id.invoice_label or item.tax_line_id.name, -item.amount_currency))
        rounding = move.currency_id.round(move.amount_total - sum(amount for _label, amount in steps))
        if rounding:
            steps.append((self.env._("Rounding"), rounding))
        return [(label, move.currency_id.round(amount)) for label, amount in steps]

    def _get_waiting_label(self, move):
        payers = move.encounter_id.claim_ids.filtered(
            lambda claim: claim.currency_id.compare_amounts(claim.amount_open, 0) > 0
        ).payer_id
        if not payers:
            return self.env._("Settled otherwise")
        return self.env._("Waiting for %(payers)s, not asked of you", payers=", ".join(payers.mapped("name")))

    def _get_why(self, move):
        """One sentence where no insurer was asked."""
        encounter = move.encounter_id
        if encounter.claim_ids.filtered(lambda claim: claim.state != "void"):
            return ""
        if encounter.is_self_pay:
            return self.env._("As you asked, we have not billed any insurance for this visit.")
        return self.env._(
            "We have no insurance on record for the day of this visit. If you were insured, please call us before you "
            "pay."
        )

    def _get_words(self, reason):
        """A reason as the patient reads it."""
        return reason.patient_text or reason.name or self.env._("Discount")

    def _add_up(self, amounts_by_key):
        """[(key, total)] over several {key: amount}, those that come to nothing left out."""
        totals = defaultdict(float)
        for amounts in amounts_by_key:
            for key, amount in amounts.items():
                totals[key] += amount
        return [(key, round(amount, 6)) for key, amount in totals.items() if round(amount, 6)]

    def _get_due_date(self, move):
        """The first day on which something of this bill is due."""
        items = move.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and not item.reconciled
        )
        return min((item.date_maturity for item in items if item.date_maturity), default=move.invoice_date_due)

    # === SINCE THEN === #

    def _get_changes(self, move):
        """What has made the bill smaller since it was written: (label, amount)."""
        flow = self.env["billing.charge.flow"]._get_flows(move)[move]
        changes = self._get_payments(move, flow["paid"])
        for credit_note in move.reversal_move_ids.filtered(lambda m: m.state == "posted").sorted("date"):
            changes.append((
                self.env._("Taken back on %(date)s (credit note %(number)s)",
                           date=self._format_day(credit_note.invoice_date), number=credit_note.name),
                credit_note.amount_total,
            ))
        reductions = self.env["account.move.line"]._read_group(
            [
                ("billing_invoice_id", "=", move.id),
                ("parent_state", "=", "posted"),
                ("adjustment_reason_id", "!=", False),
                ("account_id.account_type", "!=", "asset_receivable"),
            ],
            ["adjustment_reason_id"], ["amount_currency:sum"],
        )
        changes += [(self._get_words(reason), amount) for reason, amount in reductions]
        return [(label, amount) for label, amount in changes if not move.currency_id.is_zero(amount)]

    def _get_payments(self, move, paid):
        """Money by day; it adds up to ``paid``."""
        items = self.env["account.move.line"].search([
            "|", ("move_id", "=", move.id), ("billing_invoice_id", "=", move.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ])
        by_day = defaultdict(float)
        for match in items.matched_credit_ids:
            source = match.credit_move_id.move_id
            if source.origin_payment_id or source.statement_line_id:
                by_day[match.credit_move_id.date] += match.debit_amount_currency
        payments = [
            (self.env._("Paid on %(date)s, thank you", date=self._format_day(day)), amount)
            for day, amount in sorted(by_day.items())
        ]
        rest = move.currency_id.round(paid - sum(by_day.values()))
        if rest < 0:
            return [(self.env._("Paid so far, thank you"), paid)]
        return [*payments, (self.env._("Paid from earlier credit, thank you"), rest)]
