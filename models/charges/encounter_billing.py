from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.billing_coordinator.tools.money import to_decimal
from odoo.addons.billing_coordinator.tools.waves import divide_in_waves


class BillingEncounter(models.Model):
    """Billing a visit: who is asked for what, and the invoices that ask them."""

    _inherit = "billing.encounter"

    # === BILLING === #

    def _bill(self, date=None):
        """Post the invoices of these visits, to payers and patients; each visit becomes *billed*.

        All or nothing: when one of the visits cannot be billed none is.

        :param date: invoice date; today when left out
        :return: the posted ``account.move`` records
        :raise UserError: naming the visit that cannot be billed, why, and the way out
        """
        date = date or fields.Date.context_today(self)
        self._lock_or_refuse()
        (self.patient_id | self.patient_id.guarantor_id)._billing_take_turn()
        moves = self.env["account.move"]
        for company, encounters in self.grouped("company_id").items():
            company._billing_check_setup()
            for wave in encounters._apart_from_screen()._get_waves():
                moves |= wave._bill_in_company(date)
        return moves

    def _get_waves(self):
        """These visits in groups that can be billed at once, by date of service.

        What a split asks of the patient depends on the deductible that earlier visits have used up: two visits under
        one coverage that splits wait for one another, all others go together.
        """
        visits = self.sorted(lambda visit: (visit.date, visit.id))
        waves = divide_in_waves(visits, lambda visit: visit.coverage_ids._get_splitting())
        return [self.browse().concat(*wave) for wave in waves]

    def _bill_in_company(self, date):
        vals_list = []
        usage = self.coverage_ids._read_usage(self.mapped("date"))
        for encounter in self:
            encounter._check_billable(date)
            vals_list += encounter._prepare_invoice_vals_list(date, usage)
        moves = self.env["account.move"]._billing_create(vals_list)
        moves._post(soft=False)
        self._set_state("billed")
        self._after_billing(moves)
        return moves

    def _after_billing(self, moves):
        """Hook: the visits have just been billed by ``moves``. Later rooms add what follows from it."""

    def _get_billing_notices(self):
        """Hook: sentences to know before this visit is billed; nothing of it stops billing."""
        self.ensure_one()
        return []

    def _check_billable(self, date):
        """Refuse to bill a visit that is not ready, with the sentence that says what to do."""
        self.ensure_one()
        if self.state != "ready":
            raise UserError(self.env._(
                "%(visit)s is not ready to be billed (it is “%(state)s”). Finish it and mark it as to bill first.",
                visit=self.display_name,
                state=dict(self._fields["state"]._description_selection(self.env))[self.state],
            ))
        self._check_complete()
        self.company_id.billing_charge_journal_id._billing_check_date(
            date, self.display_name, has_tax=bool(self.line_ids.tax_ids),
        )

    def _prepare_invoice_vals_list(self, date, usage=None):
        self.ensure_one()
        shares = self._get_shares(self._get_charge_parts(), usage=usage)
        taxes = iter(self._divide_taxes([part for _coverage, parts in shares for part in parts]))
        return [
            self._prepare_invoice_vals(
                coverage,
                date,
                billing_kind="charge",
                journal_id=self.company_id.billing_charge_journal_id.id,
                invoice_line_ids=[
                    Command.create(part.line._prepare_charge_line_vals(part, next(taxes))) for part in parts
                ],
            )
            for coverage, parts in shares
        ]

    def _prepare_invoice_vals(self, coverage, date, **values):
        """What an invoice about this visit has in common, be it a charge or a transfer.

        :param coverage: the coverage whose payer is asked; empty for the patient
        """
        self.ensure_one()
        debtor = coverage.payer_id or self.patient_id._get_billing_debtor()
        term = coverage.plan_id.payment_term_id if coverage else (
            debtor.property_payment_term_id or self.company_id.billing_patient_term_id
        )
        vals = {
            "move_type": "out_invoice",
            # A branch may post in a journal of its root company.
            "company_id": self.company_id.id,
            "partner_id": debtor.id,
            "currency_id": self.currency_id.id,
            "invoice_date": date,
            "invoice_origin": self.name,
            "encounter_id": self.id,
            "billing_patient_id": self.patient_id.id,
            "billing_coverage_id": coverage.id,
            **values,
        }
        if term:
            vals["invoice_payment_term_id"] = term.id
        return vals

    # === UNDOING === #

    def _unbill(self, reason):
        """Credit everything that was billed for these visits; each becomes *to bill* again.

        What a patient has paid already stays as their unapplied credit.

        :param str reason: why, for chatter and credit notes
        :return: the credit notes
        :raise UserError: when an invoice has been answered or passed on
        """
        self._lock_or_refuse()
        self._check_can_unbill()
        invoices = self._get_open_charges()
        credit_notes = invoices._billing_credit(fields.Date.context_today(self), reason)
        # What an answer, taken back since, has reopened is asked by other items than the invoice's own.
        invoices._reconcile_billing_receivables()
        billed = self.filtered(lambda e: e.state == "billed")
        if billed:
            billed._set_state("ready", reason)
        return credit_notes

    def _get_open_charges(self):
        """The charge invoices of these visits that have not been taken back."""
        return self.invoice_ids.filtered(
            lambda move: move.billing_kind == "charge"
            and move.move_type == "out_invoice"
            and move.state == "posted"
            and not move._is_billing_credited()
        )

    def _check_can_unbill(self):
        """Raise a UserError where something that happened since must be undone or finished first."""
        date = fields.Date.context_today(self)
        for invoice in self._get_open_charges():
            encounter = invoice.encounter_id
            invoice.journal_id._billing_check_date(
                date, encounter.display_name, has_tax=bool(encounter.line_ids.tax_ids),
            )
            if credited := invoice._get_billing_credited():
                raise UserError(self.env._(
                    "%(visit)s cannot go back as a whole: %(amount)s of %(invoice)s has been credited already. Credit "
                    "the rest of that invoice; the visit is then to bill again.",
                    visit=encounter.display_name,
                    amount=invoice.currency_id.format(credited),
                    invoice=invoice.name,
                ))

    def action_unbill(self):
        """Undo the billing of this visit so that it can be corrected and billed again."""
        self._unbill_by_company(self.env._("Billing undone by %(user)s", user=self.env.user.name))

    def _unbill_by_company(self, reason):
        for encounters in self.grouped("company_id").values():
            encounters._apart_from_screen()._unbill(reason)


class BillingEncounterLine(models.Model):
    """How a service becomes an invoice line."""

    _inherit = "billing.encounter.line"

    def _prepare_charge_line_vals(self, part, taxes=None):
        """Revenue line of this service.

        :param part: the share of it that this invoice asks for: the whole service as it stands on the visit, or an
            amount of it
        :param taxes: what it carries of the taxes, as :meth:`_divide_taxes` gives it
        """
        self.ensure_one()
        vals = {
            **self._prepare_trace_vals(),
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            **self._prepare_part_vals(part),
        }
        if self._is_divided(part):
            vals.update(quantity=1.0, price_unit=float(part.amount), discount=0.0)
        if taxes:
            priced = {name: vals[name] for name in ("quantity", "price_unit", "discount")}
            vals["extra_tax_data"] = {"currency_id": self.currency_id.id, **priced, **taxes}
        return vals

    def _is_divided(self, part):
        """Whether units, price and discount of the visit do not give the amount that is asked, to the last digit.

        Fractions of a cent count: Odoo rounds the sum of an untaxed invoice, a visit rounds every service.
        """
        self.ensure_one()
        discount = (100 - to_decimal(self.discount)) / 100
        return to_decimal(self.quantity) * to_decimal(self.price_unit) * discount != part.amount

    def _prepare_trace_vals(self):
        """What every journal item about this service keeps: the service itself, its code, the patient."""
        self.ensure_one()
        return {
            "name": self.name,
            "encounter_line_id": self.id,
            "billing_code_id": self.code_id.id,
            "billing_modifiers": self.modifier_codes,
            "billing_pointers": self._get_pointers(),
            "billing_patient_id": self.encounter_id.patient_id.id,
        }
