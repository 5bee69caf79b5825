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
        company, agency = placement.company_id.sudo(), placement.agency_id.sudo()
        rows = [self._get_row(item, placement.currency_id) for item in placement.item_ids]
        charges = [row for row in rows if row["is_charge"]]
        bills = [row for row in rows if not row["is_charge"]]
        return {
            "company": company,
            "agency": agency,
            "agency_contacts": list(filter(None, [agency.phone, agency.email])),
            "money": partial(self._format_money, currency=placement.currency_id),
            "today": fields.Date.context_today(self),
            "greeting": self.env._("Hello %(name)s,", name=placement.partner_id.name),
            "who": self.env._(
                "From %(day)s on, %(agency)s collects for us what is open on the bills below. You owe the same as "
                "before, and you owe it to us, %(company)s.",
                day=self._format_strong(self._format_day(placement.date)), agency=self._format_strong(agency.name),
                company=company.name,
            ),
            "whom": self.env._(
                "Please pay %(agency)s with the reference %(reference)s, and speak with them about when and how.",
                agency=agency.name, reference=self._format_strong(placement.name),
            ),
            "bills": bills,
            "then": sum(row["then"] for row in bills),
            "charges": sum(row["then"] for row in charges),
            "taken": sum(row["then"] - row["now"] for row in rows),
            "now": sum(row["now"] for row in rows),
            "is_ready": placement.state == "ready",
            "ended": self.env._("%(agency)s has this debt no more.", agency=agency.name)
            if placement.state in ("recalled", "returned", "dropped", "closed") else "",
            "contacts": list(filter(None, [company.phone, company.email, self._format_website(company.website)])),
        }

    @api.model
    def _get_row(self, item, currency):
        """A bill: its number, its date, what it said, what is open on it now."""
        line = item.sudo().move_line_id
        move = line.move_id
        is_charge = not move.billing_kind and bool(self._get_charge_accounts(move) & move.invoice_line_ids.account_id)
        return {
            "number": move.name,
            "date": move.encounter_id.date or move.invoice_date or move.date,
            "due": item.date_due,
            "then": line.amount_currency,
            "now": currency.round(line.amount_residual_currency),
            "is_charge": is_charge,
        }

    @api.model
    def _get_charge_accounts(self, move):
        """Where fees and interest for what is late are booked."""
        company = move.company_id
        return company.billing_fee_account_id | company.billing_interest_account_id
