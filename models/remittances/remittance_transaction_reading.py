from odoo import api, models

from odoo.addons.billing_coordinator.tools.money import to_unit
from odoo.addons.billing_coordinator.tools.remittance_matching import number_key
from odoo.addons.billing_coordinator.tools.remittance_units import Unit
from odoo.addons.billing_coordinator.tools.x12.records import PREDETERMINATION


class BillingRemittanceTransaction(models.Model):
    """A payment as it stands in its file."""

    _inherit = "billing.remittance.transaction"

    @api.model
    def _prepare_vals(self, file, record):
        """Values of a payment, from the record of its file."""
        company = file.company_id
        currency = company.currency_id
        if record.currency:
            currency = self._find_currency(record.currency) or currency
        handling = "notification" if record.is_notification else "non_payment" if record.has_no_money else "payment"
        numbers = [record.payer.identifier, *record.payer.references.values(), record.originator]
        return {
            "file_id": file.id,
            "currency_id": currency.id,
            "position": record.position,
            "name": record.trace,
            "date": record.date or record.production_date,
            "amount": float(record.signed_amount),
            "handling": handling,
            "method": record.method,
            "usage": record.usage,
            "payer_name": record.payer.name,
            "payer_keys": list(dict.fromkeys(filter(None, numbers))),
            "payee_name": record.payee.name,
            "payee_npi": record.payee.npi,
            "payee_tax_number": record.payee.tax_id,
            "reading_key": "|".join(record.key),
            "reading_currency": record.currency.upper(),
        }

    @api.model
    def _find_currency(self, name):
        """The currency that a file names (CUR02), whether it is used here or not."""
        return self.env["res.currency"].with_context(active_test=False).search([("name", "=", name.upper())], limit=1)

    def _settle_currency(self):
        """The currency that the file names may be known by now."""
        if self.reading_currency and self.reading_currency != self.currency_id.name:
            self.currency_id = self._find_currency(self.reading_currency) or self.currency_id

    def _get_unit(self):
        """The smallest amount that can be paid in its currency."""
        return Unit(self.currency_id.name, to_unit(self.currency_id.rounding))

    def _close(self, closing, reading):
        """The payment is read wholly: what of it can be posted at all?

        :param closing: its figures
        :param reading: what was read of it
        """
        self.write({
            "provider_adjustments": [
                {
                    "npi": row.npi, "date": row.fiscal_date and row.fiscal_date.isoformat(), "code": row.code,
                    "reference": row.reference, "amount": str(row.amount),
                }
                for row in reading.provider
            ],
            "amount_claims": float(closing.claims_paid),
            "amount_provider": float(closing.provider_adjustments),
            "difference": float(closing.difference),
        })
        if not reading.fraction:
            # The payment itself stands behind the beginning of its transaction.
            reading.fraction = self._get_unit().find_fault_of_payment(closing.payment, self.position + 1)
        self._hold_faulty(reading)
        first = self.search([("company_id", "=", self.company_id.id), ("key", "=", self.reading_key)], limit=1)
        if self.usage == "T":
            self._note_only("test")
        elif first:
            self._repeat(first)
        elif self.handling == "notification" and (closing.payment or closing.claims_paid):
            self._note_only("notice")
        else:
            # From now on it counts: the same payment in another file is known by this.
            self.key = self.reading_key
            self._check_sound(closing, reading)

    def _hold_faulty(self, reading):
        """Claims with a fault that touches money wait."""
        if reading.held:
            items = self.env["billing.remittance.item"].search([
                ("transaction_id", "=", self.id), ("position", "in", list(reading.held)), ("state", "=", "new"),
            ])
            for item in items:
                item._wait("fault", fault="\n".join(
                    self.file_id._tell_fault({
                        "reason": fault.reason, "position": fault.position, "detail": self.file_id._plain(fault.detail),
                    }) for fault in reading.held[item.position]
                ))

    def _check_sound(self, closing, reading):
        """Hold what cannot be posted whatever its claims are; the rest is ready."""
        fault = reading.held_payment
        if reading.fraction:
            self._hold("fraction", self._tell_fault(reading.fraction))
        elif closing.difference:
            self._hold("unbalanced")
        elif fault:
            self._hold("fault", self._tell_fault(fault))
        elif reason := self._get_head_reason():
            self._hold(reason)
        elif not self.date:
            self._hold("no_date")
        else:
            self._set_state("ready")

    def _tell_fault(self, fault):
        return self.file_id._tell_fault({
            "reason": fault.reason, "position": fault.position, "detail": self.file_id._plain(fault.detail),
        })

    def _get_head_reason(self):
        """Why it cannot be posted whatever its claims and its date are; empty where it can."""
        if self.amount < 0:
            return "debit"
        if not self.currency_id.active or (self.reading_currency and self.reading_currency != self.currency_id.name):
            return "currency"
        return "company" if self._is_for_another_company() else ""

    def _is_for_another_company(self):
        """Whether its payee is another company of ours and not this one: by its provider number, else its tax number,
        which several may have in common."""
        companies = self.env["res.company"].sudo().search([])
        for number, numbers in (
            (number_key(self.payee_npi), {company: company.partner_id.npi for company in companies}),
            (number_key(self.payee_tax_number), {company: company.vat for company in companies}),
        ):
            named = [company for company, theirs in numbers.items() if number and number_key(theirs) == number]
            if named:
                return self.company_id not in named
        return False

    def _note_only(self, reason):
        in_advance = self.item_ids.filtered(lambda item: item.status == PREDETERMINATION and reason == "notice")
        if in_advance:
            self._find_payer()
            in_advance._take_predeterminations()
        (self.item_ids - in_advance)._put_aside(reason)
        self._set_state("noted", why=reason)

    def _repeat(self, first):
        self.item_ids._set_state("duplicate", why="duplicate", first_id=False)
        self._set_state("duplicate", why="twice", first_id=first.id)
