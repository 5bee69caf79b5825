from odoo import models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command

from odoo.addons.billing_coordinator.tools.crediting import Charged, divide_credit
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class AccountMove(models.Model):
    """Taking back a part of a bill: a credit note over an amount, service by service, its taxes included."""

    _inherit = "account.move"

    def _billing_credit_part(self, amount, date, reason, **values):
        """Credit so much of this bill; Odoo matches it with what is open, the rest is the debtor's credit.

        :param amount: taxes included, in the currency of the bill
        :param date: date of the credit note
        :param str reason: shown on it
        :param values: further values of the credit note
        :return: the posted credit note
        :raise UserError: it was credited before, or billing corrects it in another way
        """
        self.ensure_one()
        self._lock_for_credit()
        left = self._get_billing_creditable()
        if self.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(self.env._(
                "%(amount)s of %(invoice)s cannot be taken back: %(left)s of it was not credited yet.",
                amount=self.currency_id.format(amount), invoice=self.name, left=self.currency_id.format(left),
            ))
        note = self._reverse_moves([{
            "date": date, "invoice_date": date, "invoice_date_due": date, "invoice_payment_term_id": False,
            "ref": reason, **values,
        }])
        if self.currency_id.compare_amounts(amount, self.amount_total):
            note._billing_lower_to(amount)
        note._post(soft=False)
        return note

    def _lock_for_credit(self):
        """Two people who take something off one bill do it one after the other.

        :raise UserError: somebody else is doing it at this moment
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "Somebody else is working on %(invoice)s right now. Wait a moment, and try again.", invoice=self.name,
            )) from error
        self.invalidate_recordset(["reversal_move_ids"])

    def _get_billing_creditable(self):
        """How much of this bill no credit note has taken back."""
        self.ensure_one()
        return self.currency_id.round(self.amount_total - self._get_billing_credited())

    def _billing_lower_to(self, amount):
        """Make this draft credit note one over ``amount``, each service in proportion."""
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        taxes = [self._get_billing_taxes(line) for line in lines]
        charged = [
            Charged(
                to_decimal(line.price_total, unit) - sum(to_decimal(tax["tax_amount_currency"], unit) for tax in its),
                tuple(to_decimal(tax["tax_amount_currency"], unit) for tax in its),
            )
            for line, its in zip(lines, taxes, strict=True)
        ]
        given = divide_credit(to_decimal(amount, unit), charged, unit)
        self.invoice_line_ids = [
            Command.update(line.id, self._prepare_billing_part(before, part, its))
            if part.total else Command.delete(line.id)
            for line, before, part, its in zip(lines, charged, given, taxes, strict=True)
        ]

    def _get_billing_taxes(self, line):
        """What Odoo asked for each tax of this line: its ``taxes_data``."""
        if not line.tax_ids:
            return []
        engine = self.env["account.tax"]
        base_line = self._prepare_product_base_line_for_taxes_computation(line)
        engine._add_tax_details_in_base_line(base_line, self.company_id)
        engine._round_base_lines_tax_details([base_line], self.company_id)
        return [data for data in base_line["tax_details"]["taxes_data"] if not data["is_reverse_charge"]]

    def _prepare_billing_part(self, before, part, taxes):
        """Values of an invoice line over a part; Odoo keeps amounts of taxes that stand in ``extra_tax_data``."""
        share = part.total / before.total
        unit = to_unit(self.currency_id.rounding)
        included = sum(
            amount for amount, data in zip(part.taxes, taxes, strict=True) if data["price_include"]
        )
        vals = {"quantity": 1.0, "discount": 0.0, "price_unit": float(part.net + included)}
        if not taxes:
            return vals
        return {**vals, "extra_tax_data": {
            **vals,
            "currency_id": self.currency_id.id,
            "manual_total_excluded_currency": float(part.net),
            "manual_tax_amounts": {
                str(data["tax"].id): {
                    "tax_amount_currency": float(amount),
                    "base_amount_currency": float(
                        to_decimal(to_decimal(data["base_amount_currency"]) * share, unit),
                    ),
                }
                for amount, data in zip(part.taxes, taxes, strict=True)
            },
        }}
