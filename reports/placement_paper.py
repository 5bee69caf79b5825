from functools import partial

from odoo import api, fields, models


class BillingPlacementPaper(models.AbstractModel):
    """The letter that tells a debtor who has their debt now: what it was, what came of it, whom to pay, whom to ask.

    12 CFR 1006.34(c)(2)(viii) has the agency say the same: the amount then, with interest and fees added, and payments
    and credits taken off since. Nothing about health, and nothing of what the agency gets.
    """

    _name = "billing.placement.paper"
    _inherit = ["billing.paper"]
    _description = "Notice that a debt is with a collection agency"

    @api.model
    def _get_values(self, placement):
        """The figures and words of one debt.

        :param placement: in the language of its reader
        """
        company = placement.company_id.sudo()
        rows = [self._get_row(item, placement.currency_id) for item in placement.item_ids]
        charges = [row for row in rows if row["is_charge"]]
        bills = [row for row in rows if not row["is_charge"]]
        return {
            "company": company,
            "agency": placement.agency_id.sudo(),
            "money": partial(self._format_money, currency=placement.currency_id),
            "today": fields.Date.context_today(self),
            "since": placement.date,
            "bills": bills,
            "then": sum(row["then"] for row in bills),
            "charges": sum(row["then"] for row in charges),
            "taken": sum(row["then"] - row["now"] for row in rows),
            "now": sum(row["now"] for row in rows),
            "is_ready": placement.state == "ready",
            "has_ended": placement.state in ("recalled", "returned", "dropped", "closed"),
            "agency_contacts": list(filter(None, [placement.agency_id.sudo().phone, placement.agency_id.sudo().email])),
            "contacts": list(filter(None, [company.phone, company.email, self._format_website(company.website)])),
        }

    @api.model
    def _get_row(self, item, currency):
        """A bill: its number, its date, what it said, what is open on it now."""
        line = item.sudo().move_line_id
        move = line.move_id
        is_charge = not move.billing_kind and bool(self._get_charge_accounts(move) & move.invoice_line_ids.account_id)
        is_open = item.placement_id.state in ("ready", "placed")
        return {
            "number": move.name,
            "date": move.encounter_id.date or move.invoice_date or move.date,
            "due": item.date_due,
            "then": line.amount_currency,
            "now": currency.round(line.amount_residual_currency if is_open else item.amount_start),
            "is_charge": is_charge,
        }

    @api.model
    def _get_charge_accounts(self, move):
        """Where fees and interest for what is late are booked."""
        company = move.company_id
        return company.billing_fee_account_id | company.billing_interest_account_id
