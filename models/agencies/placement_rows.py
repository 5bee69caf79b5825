from odoo import models

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from .agency_column import AMOUNTS


class BillingPlacement(models.Model):
    """A debt as rows of a file."""

    _inherit = "billing.placement"

    def _get_file_rows(self, by_bill=False):
        """The rows of this debt: one, or one for each bill.

        :return: dictionaries by the keys of billing.agency.column; amounts as Decimal
        """
        self.ensure_one()
        partner, unit = self.partner_id.sudo(), to_unit(self.currency_id.rounding)
        confidential = partner._get_billing_confidential_address()
        person = {
            "reference": self.name,
            "creditor": self.company_id.name,
            "account_number": partner.billing_account_number or "",
            "name": partner.name or "",
            "birth_date": partner.birth_date.isoformat() if partner.birth_date else "",
            # Who asked not to be written to at home is not written to there by anybody.
            **(self._get_home(partner) if not confidential else {
                **dict.fromkeys(self._get_home(partner), ""),
                "street": ", ".join(filter(None, map(str.strip, confidential.splitlines()))),
            }),
            "phone": partner.phone or "",
            "email": partner.email or "",
            "language": (partner.lang or "")[:2],
            "date_placed": self.date.isoformat(),
            "currency": self.currency_id.name,
        }
        groups = list(self.item_ids) if by_bill else [self.item_ids]
        rows = []
        for items in groups:
            figures = dict.fromkeys(AMOUNTS)
            figures["amount"] = sum(items.mapped("amount_start"))
            figures["amount_first"] = sum(items.move_line_id.mapped("amount_currency"))
            figures["amount_paid"] = figures["amount_first"] - figures["amount"]
            bills = items.move_line_id.move_id
            rows.append({
                **person,
                **{key: to_decimal(amount, unit).quantize(unit) for key, amount in figures.items()},
                "bills": ", ".join(bills.mapped("name")),
                "date_bill": min(move.invoice_date or move.date for move in bills).isoformat(),
                "date_oldest": min(items.mapped("date_due")).isoformat(),
            })
        return rows

    @staticmethod
    def _get_home(partner):
        return {
            "street": partner.street or "",
            "street2": partner.street2 or "",
            "zip": partner.zip or "",
            "city": partner.city or "",
            "state": partner.state_id.name or "",
            "country": partner.country_id.code or "",
        }
