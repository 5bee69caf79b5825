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
        reason = self._get_filing_reasons(problem.value).get(problem.reason) or problem.words
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
        return {
            "1000A": self.env._("Submitter"),
            "1000B": self.env._("Receiver"),
            "2000A": self.env._("Billing provider"),
            "2010AA": self.env._("Billing provider"),
            "2010AB": self.env._("Address to pay to"),
            "2000B": self.env._("Policy"),
            "2010BA": self.env._("Policy holder"),
            "2010BB": self.env._("Payer"),
            "2000C": self.env._("Patient"),
            "2010CA": self.env._("Patient"),
            "2310A": self.env._("Referring provider"),
            "2310B": self.env._("Rendering provider"),
            "2310C": self.env._("Place of service"),
            "2310D": self.env._("Supervising provider"),
            "2320": self.env._("Other insurance"),
            "2330": self.env._("Other insurance"),
            "2400": self.env._("Service"),
            "2430": self.env._("Answer of the earlier payer"),
        }

    def _get_filing_reasons(self, value):
        """{reason key: the reason in words}."""
        return {
            "missing": self.env._("it is missing"),
            "characters": self.env._("“%(value)s” has no characters that a file can carry", value=value),
            "too_long": self.env._("“%(value)s” is too long", value=value),
            "too_short": self.env._("“%(value)s” is too short", value=value),
            "npi": self.env._("“%(value)s” is no NPI: ten digits, the last of which checks the others", value=value),
            "tax_id": self.env._("“%(value)s” is no tax number of nine digits", value=value),
            "taxonomy": self.env._("“%(value)s” is no taxonomy code of ten letters and digits", value=value),
            "zip": self.env._("“%(value)s” is no ZIP code of five or nine digits", value=value),
            "zip_nine": self.env._("“%(value)s” needs all nine digits of the ZIP code", value=value),
            "state": self.env._("“%(value)s” is no state of the United States or province of Canada", value=value),
            "country": self.env._("“%(value)s” is no country code of two letters", value=value),
            "po_box": self.env._(
                "“%(value)s” is a post office box; a street is wanted here, the box belongs to “pay to”", value=value,
            ),
            "code": self.env._("“%(value)s” is no code that fits here", value=value),
            "procedure": self.env._("“%(value)s” is no procedure code", value=value),
            "modifier": self.env._("“%(value)s” is no modifier of two letters or digits", value=value),
            "diagnosis": self.env._("“%(value)s” is no diagnosis code", value=value),
            "too_many": self.env._("%(value)s are more than there is room for", value=value),
            "twice": self.env._("“%(value)s” stands there twice", value=value),
            "number": self.env._(
                "“%(value)s” cannot be written as a claim number; capitals, digits, hyphens, dots and slashes only",
                value=value,
            ),
            "pointer": self.env._("“%(value)s” points to no diagnosis of the claim", value=value),
            "amount": self.env._("%(value)s cannot be written as an amount", value=value),
            "units": self.env._("%(value)s cannot be written as units", value=value),
            "total": self.env._("%(value)s is not what the services add up to", value=value),
            "balance": self.env._(
                "the earlier payer's answer does not add up to the charge, %(value)s are not explained", value=value,
            ),
            "order": self.env._("%(value)s lies before the day on which it begins", value=value),
            "date": self.env._("%(value)s cannot be written as a day", value=value),
            "person": self.env._("“%(value)s” has no family name", value=value),
            "self": self.env._("the patient is the policy holder, but “%(value)s” is not the patient", value=value),
            "currency": self.env._("“%(value)s” is no currency code of three letters", value=value),
            "sender": self.env._("“%(value)s” does not fit into the envelope", value=value),
        }
