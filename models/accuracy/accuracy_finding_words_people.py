from odoo import models


class BillingAccuracyFinding(models.Model):
    """What findings about insurance, deadlines, and the people whom a claim names say."""

    _inherit = "billing.accuracy.finding"

    # === INSURANCE === #

    def _say_coverage_none(self, words):
        if words.get("date_last"):
            return self.env._(
                "No coverage was in force on %(date)s, the day of %(document)s: %(plan)s ended on %(date_last)s. Ask "
                "for the insurance that follows, or tick “Do not bill insurance”.", **words,
            )
        return self.env._(
            "No coverage was in force on %(date)s, the day of %(document)s: %(plan)s begins later. Correct its first "
            "day, or tick “Do not bill insurance”.", **words,
        )

    def _say_coverage_ended(self, words):
        return self.env._(
            "%(plan)s was not in force on %(date)s, the day of %(document)s. Correct the dates of the coverage, or "
            "take the claim back.", **words,
        )

    def _say_eligibility_problem(self, words):
        answers = {
            "inactive": self.env._("not active"),
            "other_plan": self.env._("insured under another plan"),
            "unclear": self.env._("unclear"),
        }
        return self.env._(
            "Asked about %(plan)s on %(date)s, the payer of %(document)s said: %(answer)s. Verify the insurance again, "
            "or correct the coverage.", **{**words, "answer": answers.get(words["answer"], words["answer"])},
        )

    def _say_eligibility_old(self, words):
        return self.env._(
            "Nobody has confirmed %(plan)s for %(date)s, the day of %(document)s. Verify the insurance.", **words,
        )

    def _say_filing_near(self, words):
        return self.env._(
            "%(plan)s accepts the claim of %(document)s until %(date)s. Send it before that day.", **words,
        )

    def _say_filing_past(self, words):
        return self.env._(
            "%(plan)s accepted the claim of %(document)s until %(date)s, which is over. Have a manager decide: file it "
            "with a reason for the delay, or give it up.", **words,
        )

    # === PEOPLE === #

    def _say_provider_missing(self, words):
        return self.env._(
            "%(document)s does not say who rendered the service, and %(payer)s asks for it. Choose the provider.",
            **words,
        )

    def _say_npi_missing(self, words):
        return self.env._(
            "%(provider)s, who rendered the services of %(document)s, has no NPI on record, and %(payer)s asks for it. "
            "Type it on the provider's page.", **words,
        )

    def _say_npi_wrong(self, words):
        return self.env._(
            "%(npi)s cannot be the NPI of %(provider)s, who rendered the services of %(document)s. Compare it with the "
            "provider's papers, digit by digit.", **words,
        )

    def _say_npi_office(self, words):
        return self.env._(
            "%(office)s has no NPI of its own for the claim of %(document)s. Type it on the contact of the company.",
            **words,
        )

    def _say_member_number(self, words):
        return self.env._(
            "“%(number)s” does not look like a member number of %(plan)s, which is billed for %(document)s. Compare it "
            "with the insurance card.", **words,
        )

    def _say_birth_date_missing(self, words):
        return self.env._(
            "The date of birth of %(person)s is missing, and %(payer)s finds nobody without it (%(document)s). Type it "
            "on the account.", **words,
        )

    def _say_birth_date_wrong(self, words):
        return self.env._(
            "%(person)s cannot be born on %(date)s and be seen on %(date_service)s (%(document)s). Correct the date of "
            "birth on the account.", **words,
        )

    def _say_address_missing(self, words):
        labels = {
            "street": self.env._("street"),
            "city": self.env._("city"),
            "zip": self.env._("postal code"),
            "state_id": self.env._("state"),
        }
        missing = [labels.get(name, name) for name in (self.facts or {}).get("missing", [])]
        return self.env._(
            "The address of %(person)s is not complete (%(document)s): %(missing)s missing. Complete it on the "
            "account.",
            **{**words, "missing": ", ".join(missing)},
        )
