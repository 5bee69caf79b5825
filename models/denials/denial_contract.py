from collections import defaultdict

from odoo import api, models

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit
from odoo.addons.billing_coordinator.tools.underpayment import PaidService, find_shortfall


class BillingDenial(models.Model):
    """What the contract promises for a service, and what of it the payer's answers leave out."""

    _inherit = "billing.denial"

    # === BUSINESS METHODS === #

    @api.model
    def _get_contracts(self, services):
        """What the payer's contract allows for these services, its part and the patient's together.

        Where the plan names its allowed amounts, those on the day of service; where the service was priced from the
        plan's or payer's own list, that price; where the share was split at once, what the payer was expected to pay.
        Later payers are asked for what others left, and no contract price says how much of that they bear.

        :param services: invoice lines of claims
        :return: {invoice line: amount in the currency of the invoice, taxes included}; those of which nothing is known
            are left out
        """
        contracts, together = {}, defaultdict(list)
        for service in services.sudo():
            move, visit_line = service.move_id, service.encounter_line_id
            plan = move.billing_coverage_id.plan_id
            if plan.billing_mode == "split":
                contracts[service] = service._get_billing_expected_total()
            elif move.billing_kind == "charge" and plan.allowed_pricelist_id:
                key = (plan, service.quantity, move.encounter_id.date, move.currency_id)
                together[key].append(service)
            elif move.billing_kind == "charge" and visit_line.price_source in ("plan", "payer"):
                contracts[service] = self._with_tax(service, visit_line.price_listed * service.quantity)
        for (plan, quantity, date, currency), asking in together.items():
            products = self.env["product.product"].concat(*(service.product_id for service in asking))
            found = plan.allowed_pricelist_id._compute_price_rule(
                products, quantity or 1.0, currency=currency, date=date,
            )
            for service in asking:
                price, rule = found[service.product_id.id]
                if rule:
                    contracts[service] = self._with_tax(service, price * quantity)
        return {service.sudo(False): amount for service, amount in contracts.items()}

    @api.model
    def _with_tax(self, service, amount):
        """An amount before tax together with its part of the service's taxes."""
        if service.price_subtotal:
            amount *= service.price_total / service.price_subtotal
        return service.currency_id.round(amount)

    @api.model
    def _find_short(self, lines):
        """Which of these answers take off more than the contract gives up, beyond what the company lets go.

        :param lines: remittance lines in force
        :return: {remittance line: (what is short, contract price)}
        """
        reasons = self.env["billing.denial.category"]._get_contract_reasons()
        suspects = lines.filtered(lambda line: line.adjustment_ids.reason_id & reasons)
        if not suspects:
            return {}
        contracts = self._get_contracts(suspects.move_line_id)
        answered = self.env["billing.remittance.line"]._get_in_force(suspects.move_line_id).grouped("move_line_id")
        short = {}
        for line in suspects:
            service = line.move_line_id
            contract = contracts.get(service)
            amount = self._measure(service, contract, answered.get(service.sudo(), line), reasons, is_tolerant=True)
            if amount:
                short[line] = (amount, contract)
        return short

    def _get_shortfall(self, answered):
        """What is still missing to the contract price by all answers in force; what is let go is let go once.

        :param answered: all remittance lines in force of the service
        """
        self.ensure_one()
        reasons = self.env["billing.denial.category"]._get_contract_reasons()
        return self._measure(self.move_line_id, self.amount_contract, answered, reasons)

    @api.model
    def _measure(self, service, contract, answered, reasons, is_tolerant=False):
        """What answers leave out of a contract price, in the currency of the invoice."""
        service = service.sudo()
        company, currency = service.company_id, service.currency_id
        unit = to_unit(currency.rounding)
        adjustments = answered.sudo().adjustment_ids
        last = answered.sorted(lambda line: (line.remittance_id.date, line.id))[-1:]

        def total(kept):
            return to_decimal(sum(adjustments.filtered(kept).mapped("amount")), unit)

        tolerance = company.currency_id._convert(
            company.billing_underpaid_amount, currency, company, service.move_id.date,
        ) if is_tolerant else 0.0
        return float(find_shortfall(
            PaidService(
                asked=to_decimal(service.price_total, unit),
                contract=None if contract is None else to_decimal(contract, unit),
                paid=to_decimal(sum(answered.mapped("amount_paid")), unit),
                patient=total(lambda adjustment: adjustment.reason_id.group == "PR"
                              and adjustment.reason_id.effect == "transfer"),
                denied=to_decimal(sum(
                    adjustment._get_refused_amount() for adjustment in last.adjustment_ids
                ), unit),
                reduced=total(lambda adjustment: adjustment.reason_id in reasons
                              and adjustment.reason_id.effect == "reduce"),
            ),
            to_decimal(tolerance),
            to_decimal(company.billing_underpaid_percent) if is_tolerant else to_decimal(0),
            unit,
        ))
