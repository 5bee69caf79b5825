from collections import defaultdict

from odoo import models

from ..tools.money import split_ratio, to_decimal


class BillingItemisedBill(models.AbstractModel):
    """The services of an itemised bill, each with what became of its charge.

    The whole visit is looked at, not only the bill: what payers were asked, paid and gave up, and what stands on
    other bills of the visit. What is then neither settled nor asked of anybody is still waiting for insurance.
    """

    _inherit = "billing.itemised.bill"

    def _get_own_services(self, move):
        """The services of a bill that was taken back: what it asked for, without the story since."""
        services = self._new_services(move)
        for item in self._get_service_items(move):
            service = services[item.encounter_line_id]
            amount = self._get_item_amount(move, item)
            self._add_share(service, item, amount)
            service["charge"] += amount
        return self._finish_services(move, [service for service in services.values() if service["share"]])

    def _get_services(self, move):
        """Each service of the visit with what became of its charge."""
        services = self._new_services(move)
        invoices = move.encounter_id.invoice_ids.filtered(lambda m: m.billing_kind and m.state == "posted")
        for item in self._get_service_items(invoices):
            invoice = item.move_id.reversed_entry_id if item.move_id.move_type == "out_refund" else item.move_id
            if invoice == move and item.move_id != move:
                continue  # taken back since: see the changes
            service = services[item.encounter_line_id]
            amount = self._get_item_amount(move, item)
            if invoice.billing_kind == "charge":
                service["charge"] += amount
            if invoice == move:
                self._add_share(service, item, amount)
            elif not invoice.billing_coverage_id:
                service["elsewhere_by_bill"][invoice] += amount
            elif move.billing_kind == "charge":
                service["payers"][invoice.billing_coverage_id.payer_id] += amount
        if move.billing_kind == "transfer":
            self._add_answers(move, services)
        return self._finish_services(move, [service for service in services.values() if service["charge"]])

    def _new_services(self, move):
        """{service: its empty account}, in the order of the visit."""
        def new_service(line):
            return {
                "line": line,
                "charge": 0.0,
                "reductions": defaultdict(float),
                "payers": defaultdict(float),
                "elsewhere_by_bill": defaultdict(float),
                "share": 0.0,
                "reasons": defaultdict(float),
            }

        lines = move.encounter_id.line_ids | move.line_ids.encounter_line_id
        return {line: new_service(line) for line in (*lines, lines.browse())}

    def _get_service_items(self, invoices):
        return invoices.invoice_line_ids.filtered(lambda item: item.display_type == "product")

    def _get_item_amount(self, move, item):
        """What this invoice line asks, as ``move`` counts it; negative on a credit note."""
        amount = item.price_subtotal if move.billing_kind == "charge" else item.price_total
        return -amount if item.move_id.move_type == "out_refund" else amount

    def _add_share(self, service, item, amount):
        service["share"] += amount
        if item.adjustment_reason_id:
            service["reasons"][item.adjustment_reason_id] += amount

    def _add_answers(self, move, services):
        """What payers and office have settled of each service on the invoices to payers."""
        payer_invoices = move.encounter_id.invoice_ids.filtered(
            lambda m: m.billing_coverage_id and m.move_type == "out_invoice" and m.state == "posted"
        )
        reductions = self.env["account.move.line"].search([
            ("billing_invoice_id", "in", payer_invoices.ids),
            ("parent_state", "=", "posted"),
            ("adjustment_reason_id.effect", "=", "reduce"),
            ("account_id.account_type", "!=", "asset_receivable"),
        ])
        for item in reductions:
            services[item.encounter_line_id]["reductions"][item.adjustment_reason_id] += item.amount_currency
        answers = payer_invoices.claim_ids.remittance_line_ids.filtered("is_in_force")
        for answer in answers:
            service = services[answer.move_line_id.encounter_line_id]
            service["payers"][answer.claim_id.payer_id] += answer.amount_paid
        flows = self.env["billing.charge.flow"]._get_flows(payer_invoices)
        for invoice, flow in flows.items():
            own = answers.filtered(lambda line, invoice=invoice: line.move_line_id.move_id == invoice)
            answered = sum(own.mapped("amount_paid"))
            self._spread_payment(move, services, invoice, flow["paid"] - answered)

    def _spread_payment(self, move, services, invoice, amount):
        """Money that a payer sent without saying for which service: in proportion to what those have open."""
        currency = move.currency_id
        if currency.compare_amounts(amount, 0) <= 0:
            return
        unit = to_decimal(currency.rounding)
        asked = [service for service in services.values() if currency.compare_amounts(self._get_rest(service), 0) > 0]
        if not asked:
            return
        weights = [to_decimal(self._get_rest(service), unit) for service in asked]
        for service, part in zip(asked, split_ratio(to_decimal(amount, unit), weights, unit), strict=True):
            service["payers"][invoice.billing_coverage_id.payer_id] += float(part)

    def _get_rest(self, service):
        """What is neither settled nor asked of the patient."""
        settled = (service["reductions"], service["payers"], service["elsewhere_by_bill"])
        return service["charge"] - service["share"] - sum(sum(amounts.values()) for amounts in settled)

    def _finish_services(self, move, services):
        """Round, add the totals of each column, and put codes behind the words."""
        currency = move.currency_id
        for service in services:
            line = service["line"]
            service.update(
                name=line.name,
                code=line.code_id.code,
                modifiers=line.modifier_codes,
                quantity=line.quantity,
                charge=currency.round(service["charge"]),
                share=currency.round(service["share"]),
                discounted=currency.round(sum(service["reductions"].values())),
                covered=currency.round(sum(service["payers"].values())),
                elsewhere=currency.round(sum(service["elsewhere_by_bill"].values())),
                waiting=currency.round(self._get_rest(service)),
            )
        return services
