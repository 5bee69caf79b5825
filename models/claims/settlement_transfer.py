from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.billing_coordinator.tools.waves import divide_in_waves

from ..charges.encounter_shares import Part


class BillingSettlement(models.AbstractModel):
    """Passing a debt on: what a settlement takes off one debtor to ask the next one for it, and taking that back."""

    _inherit = "billing.settlement"

    # === ASKING === #

    def _post_transfers(self, settled, date):
        """Ask the next debtors for what has been passed on.

        :param list settled: :class:`Settled` records whose reason transfers
        :return: the posted transfer invoices, claims opened for those that go to payers
        """
        self.ensure_one()
        by_invoice = self._get_passed_on(settled)
        self.env["res.partner"].union(*(invoice.billing_patient_id for invoice in by_invoice))._billing_take_turn()
        # What a split asks of the patient depends on the deductible that earlier visits have used up.
        waves = divide_in_waves(
            sorted(by_invoice, key=lambda invoice: (invoice.encounter_id.date, invoice.id)),
            self._get_splitting_next,
        )
        invoices = self.env["account.move"]
        for wave in waves:
            invoices |= self._post_transfer_wave({invoice: by_invoice[invoice] for invoice in wave}, date)
        return invoices

    def _get_passed_on(self, settled):
        """{invoice: :class:`Part` records}: what of it the next debtors are asked for.

        What is below zero lowers what else is passed on: of the same service first, then of the same invoice.
        """
        by_invoice = defaultdict(list)
        for part in settled:
            by_invoice[part.invoice].append(Part(part.line, part.reason, self._to_decimal(part.amount)))
        for invoice, parts in by_invoice.items():
            if any(part.amount < 0 for part in parts):
                by_invoice[invoice] = self._net_parts(invoice, parts)
        return {invoice: parts for invoice, parts in by_invoice.items() if parts}

    def _net_parts(self, invoice, parts):
        """
        :raise UserError: less than nothing would be passed on
        """
        asked = [part for part in parts if part.amount > 0]
        for less in (part for part in parts if part.amount < 0):
            left = -less.amount
            for position in sorted(range(len(asked)), key=lambda number, line=less.line: asked[number].line != line):
                amount = min(left, asked[position].amount)
                asked[position] = asked[position]._replace(amount=asked[position].amount - amount)
                left -= amount
            if left:
                raise UserError(self.env._(
                    "%(document)s would ask the next debtor of %(invoice)s for %(amount)s less than nothing. What was "
                    "asked before is taken back by taking back the answer that said so.",
                    document=self.display_name,
                    invoice=invoice.name,
                    amount=self.currency_id.format(float(left)),
                ))
        return [part for part in asked if part.amount]

    def _get_splitting_next(self, invoice):
        """The coverages that are asked after this invoice and split what they are asked for."""
        return invoice.encounter_id._get_next_coverages(invoice.billing_coverage_id)._get_splitting()

    def _post_transfer_wave(self, by_invoice, date):
        """Ask the next debtors for what has been passed on from these invoices, all at once.

        :param dict by_invoice: {invoice: its :class:`Part` records}
        """
        vals_list = []
        visits = self.env["billing.encounter"].union(*(invoice.encounter_id for invoice in by_invoice))
        usage = visits.coverage_ids._read_usage(visits.mapped("date"))
        for invoice, parts in by_invoice.items():
            encounter = invoice.encounter_id
            for coverage, share in encounter._get_shares(parts, after=invoice.billing_coverage_id, usage=usage):
                vals_list.append(encounter._prepare_invoice_vals(
                    coverage,
                    date,
                    billing_kind="transfer",
                    billing_charge_id=(invoice.billing_charge_id or invoice).id,
                    billing_source_id=invoice.id,
                    journal_id=self.company_id.billing_transfer_journal_id.id,
                    invoice_line_ids=[Command.create(self._prepare_transfer_line_vals(part)) for part in share],
                    **self._get_link_vals(),
                ))
        invoices = self.env["account.move"]._billing_create(vals_list)
        if invoices:
            invoices._post(soft=False)
            invoices.encounter_id._after_billing(invoices)
        return invoices

    def _prepare_transfer_line_vals(self, part):
        """A line without product and tax: no second sale, only another debtor."""
        return {
            **part.line._prepare_trace_vals(),
            "account_id": self.company_id.billing_transfer_account_id.id,
            "quantity": 1.0,
            "price_unit": float(part.amount),
            "tax_ids": [Command.clear()],
            **part.line._prepare_part_vals(part),
        }

    def _reconcile_transfers(self, moves):
        """Bring the transfer account to zero, claim by claim, over the entries and invoices in ``moves``."""
        account = self.company_id.billing_transfer_account_id
        items = moves.line_ids.filtered(lambda item: item.account_id == account and not item.reconciled)
        groups = items.grouped(lambda item: item.billing_invoice_id or item.move_id.billing_source_id)
        items.with_env(moves._as_billing().env)._reconcile_plan(list(groups.values()))

    # === TAKING BACK === #

    def _get_standing_transfers(self):
        """The invoices with which this document asked the next debtors, as far as they have not been taken back."""
        return self._get_caused_moves().filtered(
            lambda move: move.billing_kind == "transfer"
            and move.move_type == "out_invoice"
            and not move._is_billing_credited()
        )

    def _undo_transfers(self, transfers, date, reason):
        """Credit invoices that asked a next debtor, after undoing what hangs on them; what was paid there stays.

        :return: the credit notes
        """
        transfers._undo_settlements(date, reason)
        return transfers._billing_credit(date, reason, **self._get_link_vals())
