from functools import partial

from odoo import api, fields, models


class ReportClaimLetter(models.AbstractModel):
    """A claim as a letter, for agencies, employers and insurers abroad: what is asked and why, service by service, and
    where to pay; the claim form follows as its enclosure. All of it in the payer's language.
    """

    _name = "report.billing_coordinator.report_claim_letter"
    _inherit = ["billing.paper"]
    _description = "Claim letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        claims = self.env["billing.claim"].browse(docids)
        form = self.env["report.billing_coordinator.report_claim"]
        return {
            "doc_ids": docids,
            "doc_model": "billing.claim",
            "docs": claims,
            "forms": {claim: form._get_form(claim) for claim in claims},
        }

    @api.model
    def _get_values(self, claim, form):
        """The figures and words of one letter.

        :param claim: in the language of its reader; with ``billing_as_sent`` in its context as it was sent last
        :param dict form: the figures of its claim form
        """
        company = claim.company_id.sudo()
        cancels = claim.state == "void"
        invoice = claim.invoice_id
        # A copy for an appeal says what was asked for then, on that day.
        sent = self.env.context.get("billing_as_sent") and claim.last_submission_id
        amount = sent.amount if sent else 0.0 if cancels else claim.currency_id.round(claim.amount_open)
        money = partial(self._format_money, currency=claim.currency_id)
        pay = self._get_pay_values(
            company, amount, claim.currency_id, invoice.invoice_date_due, invoice.payment_reference or invoice.name,
            invoice.partner_bank_id,
        )
        return {
            "pay": pay,
            "money": money,
            "cancels": cancels,
            "title": self._get_title(claim, cancels),
            "opening": self._say_opening(claim),
            "standing": self._say_standing(claim, cancels),
            "day": self._format_day(sent.day if sent else fields.Date.context_today(self)),
            "service_day": self._format_day(claim.service_date),
            "services": form["services"],
            "has_modifiers": any(service["modifiers"] for service in form["services"]),
            "asks_less": claim.currency_id.compare_amounts(
                sum(service["charge"] + service["tax"] for service in form["services"]),
                sum(service["asked"] for service in form["services"]),
            ) != 0,
            "total": money(sum(service["charge"] for service in form["services"])),
            "tax": money(form["amount_tax"]) if form["amount_tax"] else "",
            "asked": money(sum(service["asked"] for service in form["services"])),
            "received": self._say_received(claim, amount, money),
            "request": self._say_request(pay, cancels),
            "others_asked": self._say_others(form),
            "enclosed": self._say_enclosed(form),
        }

    @api.model
    def _get_title(self, claim, cancels):
        if cancels:
            return self.env._("Cancellation of claim %(number)s", number=claim.name)
        if claim.frequency == "7":
            return self.env._("Corrected claim %(number)s", number=claim.name)
        return self.env._("Claim %(number)s", number=claim.name)

    @api.model
    def _say_opening(self, claim):
        """Whom we treated, when, and as whose member."""
        coverage, strong = claim.coverage_id, self._format_strong
        values = {
            "patient": strong(claim.patient_id.name),
            "day": strong(self._format_day(claim.service_date)),
            "number": strong(coverage.member_number or "–"),
        }
        if coverage.relationship == "self":
            return self.env._("On %(day)s we treated %(patient)s, whose number with you is %(number)s.", **values)
        return self.env._(
            "On %(day)s we treated %(patient)s, covered by the policy of %(holder)s, number %(number)s with you.",
            holder=strong(coverage.subscriber_id.name), **values,
        )

    @api.model
    def _say_standing(self, claim, cancels):
        """What this letter is to what the payer has already."""
        number = claim._get_original_reference() or ""
        if cancels:
            return self.env._(
                "Please cancel our claim, which you have under number %(number)s: it was sent in error, and nothing is "
                "asked of you for it. If you have paid already, please tell us, and we settle it with you.",
                number=self._format_strong(number or claim.name),
            )
        if claim.frequency == "7":
            return self.env._(
                "This letter takes the place of our earlier claim, which you have under number %(number)s.",
                number=self._format_strong(number or claim.replaces_id.name or "–"),
            )
        return ""

    @api.model
    def _say_received(self, claim, amount, money):
        """What has come in or was taken off since the claim was made."""
        if claim.currency_id.compare_amounts(claim.amount_charged, amount) <= 0:
            return ""
        return self.env._(
            "Of the %(charged)s that we ask of you, %(open)s are still open.",
            charged=money(claim.amount_charged), open=money(amount),
        )

    @api.model
    def _say_request(self, pay, cancels):
        if cancels:
            return self.env._("Please confirm the cancellation in writing.")
        return self.env._(
            "Please pay the %(amount)s, or tell us in writing what you do not pay and why, service by service.",
            amount=self._format_strong(pay["amount_text"]),
        )

    @api.model
    def _say_others(self, form):
        """Who was asked before, and where its answer stands."""
        before = [other["coverage"].plan_id.payer_id.name for other in form["others"] if other["is_before"]]
        if not before:
            return ""
        return self.env._(
            "%(payers)s was asked before you; what it answered stands on the claim form.", payers=", ".join(before),
        )

    @api.model
    def _say_enclosed(self, form):
        if form["authorizations"]:
            return self.env._(
                "Enclosed: the claim form with diagnoses and codes. Your prior authorization: %(numbers)s.",
                numbers=form["authorizations"],
            )
        return self.env._("Enclosed: the claim form with diagnoses and codes.")
