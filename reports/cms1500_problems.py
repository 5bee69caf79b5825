from odoo import models


class ReportCms1500(models.AbstractModel):
    """What is the matter with a form, as sentences that name the claim, the box, the value and the way out."""

    _inherit = "report.billing_coordinator.report_cms1500"

    def _tell_problem(self, claim, problem):
        """One sentence about one problem (``tools.cms1500.boxes.Problem``)."""
        values = {
            "claim": claim.name,
            "box": self._tell_box(problem),
            "value": problem.value,
            "room": problem.room,
            "length": len(problem.value),
        }
        _ = self.env._
        return {
            "too_wide": _(
                "%(claim)s, %(box)s: “%(value)s” does not fit, the form takes %(room)s characters. Shorten it, or send "
                "the claim as a file.", **values,
            ),
            "missing": _("%(claim)s: %(box)s is empty. Fill it in.", **values),
            "letters": _(
                "%(claim)s, %(box)s: “%(value)s” has letters that the form does not know. Write it with Latin letters.",
                **values,
            ),
            "too_many": _(
                "%(claim)s, %(box)s: “%(value)s” is more than the %(room)s that the form takes. Bill the rest apart, "
                "or leave out what the payer does not need.", **values,
            ),
            "pointer": _(
                "%(claim)s: %(box)s points to “%(value)s”, but the claim has no such diagnosis. Choose among the "
                "diagnoses of the visit.", **values,
            ),
            "negative": _(
                "%(claim)s: %(box)s is %(value)s, and the form knows no amounts below zero. Correct the visit, or "
                "replace the claim.", **values,
            ),
            "total": _(
                "%(claim)s, %(box)s: the services do not add up to the %(value)s that the claim asks for. Correct the "
                "visit and bill it again.", **values,
            ),
            "currency": _(
                "%(claim)s, %(box)s: amounts are in %(value)s, and the form knows US dollars only. Print the plain "
                "claim form instead.", **values,
            ),
            "revision": _(
                "%(claim)s, %(box)s: the form takes diagnoses of ICD-10 or ICD-9, not of “%(value)s”. Choose them from "
                "one of these lists.", **values,
            ),
            "no_room": _(
                "%(claim)s: %(box)s has no room for another date, %(value)s. Leave out what the payer does not need.",
                **values,
            ),
        }[problem.reason]

    def _tell_box(self, problem):
        """The number of a box, what it holds and where that is typed; of which service."""
        _ = self.env._
        names = {
            "carrier": _("head (name and address of the payer)"),
            "1a": _("box 1a (member number of the policy)"),
            "2": _("box 2 (name of the patient)"),
            "3": _("box 3 (birth date of the patient)"),
            "4": _("box 4 (name of the policy holder)"),
            "5": _("box 5 (address of the patient)"),
            "7": _("box 7 (address of the policy holder)"),
            "9": _("box 9 (policy holder of the other insurance)"),
            "9a": _("box 9a (number of the other insurance)"),
            "9d": _("box 9d (plan of the other insurance)"),
            "10b": _("box 10b (state of the car accident)"),
            "11": _("box 11 (group number of the policy)"),
            "15": _("box 15 (other date)"),
            "17": _("box 17 (who sent the patient)"),
            "17b": _("box 17b (NPI of who sent the patient)"),
            "19": _("box 19 (note of the claim)"),
            "21": _("box 21 (diagnoses of the visit)"),
            "22": _("box 22 (the payer's number of the claim replaced)"),
            "23": _("box 23 (authorization number)"),
            "24": _("box 24, shaded (note of the service)"),
            "24A": _("box 24A (date of the service)"),
            "24B": _("box 24B (place of service)"),
            "24D": _("box 24D (code and modifiers)"),
            "24E": _("box 24E (diagnoses of the service)"),
            "24F": _("box 24F (charge)"),
            "24G": _("box 24G (units)"),
            "24J": _("box 24J (NPI of who rendered it)"),
            "25": _("box 25 (tax number of the company)"),
            "26": _("box 26 (number of the claim)"),
            "28": _("box 28 (total)"),
            "29": _("box 29 (paid)"),
            "32": _("box 32 (name and address of the place)"),
            "33": _("box 33 (name and address of the company)"),
            "33a": _("box 33a (NPI of the company)"),
            "33b": _("box 33b (taxonomy of the company)"),
        }
        name = names.get(problem.box) or _("box %(box)s", box=problem.box)
        return _("service %(number)s, %(box)s", number=problem.service, box=name) if problem.service else name
