from odoo import api, models

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal, to_unit


class BillingDenial(models.Model):
    """What a payer's answer took off although its payment was agreed on: paid short, and fought for."""

    _inherit = "billing.denial"

    @api.model
    def _open_short_of(self, bills, missing):
        """Open denials for money that was agreed on and taken off instead, by what each answer took off.

        :param bills: the bills of the agreement
        :param Decimal missing: how much did not come, in their currency
        :return: the new denials; none where no answer took anything off for a reason of the contract
        """
        reasons = self.env["billing.denial.category"]._get_contract_reasons()
        lines = self.env["billing.remittance.line"]._get_in_force(bills.sudo().invoice_line_ids)
        known = self.sudo().search([("remittance_line_id", "in", lines.ids), ("kind", "=", "short")])
        unit = to_unit(bills.currency_id.rounding)
        vals_list = []
        answers = (lines - known.remittance_line_id).grouped("remittance_id")
        # The latest answers first: what earlier ones took off was known when the agreement was made.
        for answer in sorted(answers, key=lambda answer: (answer.date, answer.id), reverse=True):
            reduced = answers[answer]._get_reduced(reasons, unit)
            part = min(missing, sum(reduced.values()))
            if not part:
                continue
            for line, short in zip(reduced, split_ratio(part, list(reduced.values()), unit), strict=True):
                # The agreement allows what the answer left of the service, and the part that is missing.
                allowed = line.currency_id.round(line.amount_charged - float(reduced[line] - short))
                vals_list.append(self._prepare(
                    line, "short", float(short), line.adjustment_ids._get_reducing(reasons), allowed,
                ))
            missing -= part
        return self._open_with(vals_list)


class BillingRemittanceLine(models.Model):
    """What answers take off by contract."""

    _inherit = "billing.remittance.line"

    def _get_reduced(self, reasons, unit):
        """{answered service: how much its answer takes off for these reasons}, as Decimal; those without left out."""
        reduced = {}
        for line in self:
            adjustments = line.adjustment_ids._get_reducing(reasons)
            amount = to_decimal(sum(adjustments.mapped("amount")) - sum(adjustments.mapped("amount_mirrored")), unit)
            if amount > 0:
                reduced[line] = amount
        return reduced


class BillingRemittanceAdjustment(models.Model):
    """What an answer takes off by contract."""

    _inherit = "billing.remittance.adjustment"

    def _get_reducing(self, reasons):
        """Those of these that take off for one of these reasons."""
        return self.filtered(
            lambda adjustment: adjustment.reason_id in reasons and adjustment.reason_id.effect == "reduce"
        )
