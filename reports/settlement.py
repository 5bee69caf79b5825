from functools import partial

from odoo import api, fields, models


class ReportSettlement(models.AbstractModel):
    """The settlement letter: what was agreed, for which bills, what to pay by when, what happens then, and what else.

    To a payer, bills stand here with claim number, patient and date of service, and it reads whom to pay, where, under
    which tax number and claim numbers. To anybody else with number and date only, nothing about health, and the ways in
    which patients pay.
    """

    _name = "report.billing_coordinator.report_settlement"
    _inherit = ["billing.paper"]
    _description = "Settlement letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        negotiations = self.env["billing.negotiation"].browse(docids)
        negotiations._check_has_agreement()
        return {"doc_ids": docids, "doc_model": "billing.negotiation", "docs": negotiations}

    @api.model
    def _get_values(self, negotiation):
        """The figures and words of one letter.

        :param negotiation: in the language of its reader
        """
        company = negotiation.company_id.sudo()
        offer = negotiation.agreed_offer_id
        money = partial(self._format_money, currency=negotiation.currency_id)
        until = self._format_day(negotiation.pay_until)
        pay = self._get_pay_values(
            company, negotiation.amount_agreed, negotiation.currency_id, negotiation.pay_until, negotiation.name,
        )
        return {
            "company": company,
            "money": money,
            "day": negotiation.agreed_on or fields.Date.context_today(self),
            "pay": pay,
            "until": self.env._("by %(day)s", day=until),
            "how": self._say_how(negotiation, pay),
            "greeting": self.env._("Hello %(name)s,", name=offer.person or negotiation.partner_id.name),
            "agreed": self.env._(
                "Pay %(amount)s by %(day)s, and the bills below are settled.",
                amount=self._format_strong(money(negotiation.amount_agreed)), day=self._format_strong(until),
            ),
            "then": self.env._(
                "Once it is here, we take the other %(rest)s off, and nobody owes anything on these bills any more.",
                rest=money(offer.amount_conceded),
            ),
            "else": self.env._(
                "If it is not here by then, this agreement ends, and %(open)s is owed as before, less what was paid.",
                open=money(offer.amount_open),
            ),
            "rows": [self._get_row(item) for item in negotiation.sudo().item_ids],
            "open": offer.amount_open,
            "terms": offer.terms,
            "for_payer": negotiation.is_payer,
            "payee": self._get_payee(negotiation) if negotiation.is_payer else None,
        }

    @api.model
    def _get_payee(self, negotiation):
        """Whom a payer pays, where it sends the money, and what it quotes with it.

        As claims say it: the pay-to address of the company where it has one (837P 2010AB), and the tax number of the
        billing provider (box 25).
        """
        company = negotiation.company_id.sudo()
        claims = negotiation.sudo().item_ids.claim_id
        return {
            "name": company.partner_id.name,
            "partner": company.billing_pay_to_id or company.partner_id,
            "tax_id": company.partner_id.vat or "",
            "claims": [
                self.env._("%(ours)s (your number %(theirs)s)", ours=claim.name, theirs=claim.payer_control_number)
                if claim.payer_control_number else claim.name
                for claim in claims
            ],
        }

    @api.model
    def _say_how(self, negotiation, pay):
        """Where to, and under which reference."""
        reference = self._format_strong(negotiation.name)
        if not pay["account_number"]:
            return self.env._("Please write %(reference)s with your payment.", reference=reference)
        return self.env._(
            "Please pay to %(account)s, and write %(reference)s with it.",
            account=" ".join(filter(None, [pay["bank"].bank_id.name, pay["account_number"]])), reference=reference,
        )

    @api.model
    def _get_row(self, item):
        """A bill, as its reader knows it."""
        move = item.move_id
        return {
            "number": item.claim_id.name or move.name,
            "theirs": item.claim_id.payer_control_number or "",
            "patient": move.billing_patient_id.name or "",
            "date": move.encounter_id.date or move.invoice_date,
            "charged": move.amount_total,
        }
