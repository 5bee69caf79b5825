from odoo import models

from odoo.addons.billing_coordinator.tools.money import to_decimal


class BillingAccuracyFinding(models.Model):
    """What findings about the content, the sums and the prices of a bill, and about what holds it up, say."""

    _inherit = "billing.accuracy.finding"

    def _say_no_services(self, words):
        if self.estimate_id:
            return self.env._("%(document)s has no services. Add a line for what is planned.", **words)
        return self.env._(
            "%(document)s has no services. Add a line for what was done, or cancel the visit.", **words,
        )

    def _say_nothing_to_bill(self, words):
        if self.estimate_id:
            return self.env._(
                "The services of %(document)s add up to %(amount)s: there is nothing to estimate. Check quantity and "
                "price.", **words,
            )
        return self.env._(
            "The services of %(document)s add up to %(amount)s: there is nothing to bill. Check quantity and price.",
            **words,
        )

    def _say_total_service(self, words):
        return self.env._(
            "The charge of “%(service)s” of %(document)s is %(amount)s, but units, price and discount give "
            "%(amount_right)s. Type units or price anew.", **words,
        )

    def _say_total(self, words):
        if self.claim_id:
            return self.env._(
                "%(document)s asks for %(amount)s, but its services add up to %(amount_right)s. Take the claim back "
                "and bill the visit again.", **words,
            )
        return self.env._(
            "%(document)s comes to %(amount)s, but its services add up to %(amount_right)s. Change and save one of its "
            "services, so that it is added up anew.", **words,
        )

    def _say_price_zero(self, words):
        return self.env._(
            "“%(service)s” of %(document)s costs nothing. Type its price, or remove it if nobody is to pay for it.",
            **words,
        )

    def _say_price_off(self, words):
        return self.env._(
            "The price of “%(service)s” of %(document)s is %(amount)s; the price list says %(amount_right)s. Take the "
            "price of the list, or say why it differs.", **words,
        )

    # === WHAT HOLDS IT UP === #

    def _say_held(self, words):
        return self.env._(
            "%(document)s is held since %(date)s: %(reason)s (%(user)s). Release the visit to bill it.", **words,
        )

    def _say_account(self, words):
        return self.patient_id._say_billing_stop(words["stop"], self.company_id)

    # === AUTHORIZATIONS === #

    def _say_authorization_missing(self, words):
        visit = self.encounter_id
        return self.env._(
            "%(visit)s has to wait. %(missing)s Press “Request authorization” on the visit, record the payer's "
            "answer, or choose an authorization on the service.",
            visit=words["document"],
            missing=visit._get_missing_sentence() or words.get("services", ""),
        )

    def _say_authorization_wrong(self, words):
        return self._get_service()._get_authorization_sentence() or words["service"]

    def _say_authorization_short(self, words):
        return self._get_service()._get_units_sentence(to_decimal(words["left"] or 0)) or words["service"]
