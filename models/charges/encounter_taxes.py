from collections import defaultdict

from odoo import models

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal, to_unit


class BillingEncounter(models.Model):
    """Taxes of a visit: computed once for the whole charge, then divided together with it.

    Computed on each invoice by itself they would be rounded once for every debtor, and a fixed amount would be asked
    once for every debtor. Odoo keeps the amounts given here on the invoice lines (``extra_tax_data``), through
    posting and crediting, so that lines, invoices and the whole charge agree to the cent.
    """

    _inherit = "billing.encounter"

    def _divide_taxes(self, parts):
        """The taxes that each part of the charge carries.

        :param list parts: Part records (see encounter_shares), of one or several debtors
        :return: for each part the amounts that its invoice line keeps, None where there is no tax
        """
        self.ensure_one()
        taxes_by_line = self._get_taxes_of_whole()
        positions = defaultdict(list)
        for position, part in enumerate(parts):
            positions[part.line].append(position)
        divided = [None] * len(parts)
        for line, taxes_data in taxes_by_line.items():
            pieces = self._divide_taxes_data(taxes_data, [parts[position].amount for position in positions[line]])
            for position, piece in zip(positions[line], pieces, strict=True):
                divided[position] = piece
        return divided

    def _get_taxes_of_whole(self):
        """{taxed service: its taxes} as Odoo computes them with the whole visit on one invoice."""
        self.ensure_one()
        engine = self.env["account.tax"]
        base_lines = {
            line: engine._prepare_base_line_for_taxes_computation(line) for line in self.line_ids if line.tax_ids
        }
        engine._add_tax_details_in_base_lines(base_lines.values(), self.company_id)
        engine._round_base_lines_tax_details(list(base_lines.values()), self.company_id)
        return {line: base_line["tax_details"]["taxes_data"] for line, base_line in base_lines.items()}

    def _divide_taxes_data(self, taxes_data, amounts):
        """Divide the taxes of one service in the proportion of ``amounts``, odd cents to the later ones."""
        if not amounts:
            return []
        unit = to_unit(self.currency_id.rounding)
        pieces = [{"manual_total_excluded_currency": amount, "manual_tax_amounts": {}} for amount in amounts]
        for tax_data in taxes_data:
            if tax_data["is_reverse_charge"]:
                continue
            shares = {
                name: split_ratio(to_decimal(tax_data[name], unit), amounts, unit)
                for name in ("tax_amount_currency", "base_amount_currency")
            }
            for position, piece in enumerate(pieces):
                piece["manual_tax_amounts"][str(tax_data["tax"].id)] = {
                    name: float(share[position]) for name, share in shares.items()
                }
                if tax_data["price_include"]:
                    piece["manual_total_excluded_currency"] -= shares["tax_amount_currency"][position]
        for piece in pieces:
            piece["manual_total_excluded_currency"] = float(piece["manual_total_excluded_currency"])
        return pieces
