from odoo import models


class BillingClaim(models.Model):
    """Why a claim does not fit into a file, in words for whoever mends it."""

    _inherit = "billing.claim"

    def _say_filing_problem(self, problem):
        """One sentence: what is wrong with what, and where that stands in form and file.

        :param problem: of ``tools/x12/problems.py``
        """
        places = self._get_filing_places()
        whose = places.get(problem.loop) or places.get(problem.loop[:5]) or places.get(problem.loop[:4])
        reason = self._get_filing_reasons().get(problem.reason)
        reason = reason % {"value": problem.value} if reason else problem.words
        where = f"{problem.loop} {problem.element}"
        if problem.box:
            where = self.env._("box %(box)s, %(segment)s", box=problem.box, segment=where)
        if problem.service:
            whose = self.env._("Service %(number)s", number=problem.service)
        if whose:
            return self.env._("%(whose)s: %(reason)s (%(where)s).", whose=whose, reason=reason, where=where)
        return self.env._("Claim: %(reason)s (%(where)s).", reason=reason, where=where)

    def _get_filing_places(self):
        """{loop of the file, or its beginning: whom or what it is about}."""
        _ = self.env._
        return {
            "1000A": _("Submitter"),
            "1000B": _("Receiver"),
            "2000A": _("Billing provider"),
            "2010AA": _("Billing provider"),
            "2010AB": _("Address to pay to"),
            "2000B": _("Policy"),
            "2010BA": _("Policy holder"),
            "2010BB": _("Payer"),
            "2000C": _("Patient"),
            "2010CA": _("Patient"),
            "2310A": _("Referring provider"),
            "2310B": _("Rendering provider"),
            "2310C": _("Place of service"),
            "2310D": _("Supervising provider"),
            "2320": _("Other insurance"),
            "2330": _("Other insurance"),
            "2400": _("Service"),
            "2430": _("Answer of the earlier payer"),
        }

    def _get_filing_reasons(self):
        """{reason key: the reason in words, with a place for the value that is wrong}."""
        _ = self.env._
        return {
            "missing": _("it is missing"),
            "characters": _("“%(value)s” has no characters that a file can carry"),
            "too_long": _("“%(value)s” is too long"),
            "too_short": _("“%(value)s” is too short"),
            "npi": _("“%(value)s” is no NPI: ten digits, the last of which checks the others"),
            "tax_id": _("“%(value)s” is no tax number of nine digits"),
            "taxonomy": _("“%(value)s” is no taxonomy code of ten letters and digits"),
            "zip": _("“%(value)s” is no ZIP code of five or nine digits"),
            "zip_nine": _("“%(value)s” needs all nine digits of the ZIP code"),
            "state": _("“%(value)s” is no state of the United States or province of Canada"),
            "country": _("“%(value)s” is no country code of two letters"),
            "po_box": _("“%(value)s” is a post office box; a street is wanted here, the box belongs to “pay to”"),
            "code": _("“%(value)s” is no code that fits here"),
            "procedure": _("“%(value)s” is no procedure code"),
            "modifier": _("“%(value)s” is no modifier of two letters or digits"),
            "diagnosis": _("“%(value)s” is no diagnosis code"),
            "too_many": _("%(value)s are more than there is room for"),
            "twice": _("“%(value)s” stands there twice"),
            "number": _(
                "“%(value)s” cannot be written as a claim number; capitals, digits, hyphens, dots and slashes only",
            ),
            "pointer": _("“%(value)s” points to no diagnosis of the claim"),
            "amount": _("%(value)s cannot be written as an amount"),
            "units": _("%(value)s cannot be written as units"),
            "total": _("%(value)s is not what the services add up to"),
            "balance": _("the earlier payer's answer does not add up to the charge, %(value)s are not explained"),
            "order": _("%(value)s lies before the day on which it begins"),
            "date": _("%(value)s cannot be written as a day"),
            "person": _("“%(value)s” has no family name"),
            "self": _("the patient is the policy holder, but “%(value)s” is not the patient"),
            "currency": _("“%(value)s” is no currency code of three letters"),
            "sender": _("“%(value)s” does not fit into the envelope"),
        }
