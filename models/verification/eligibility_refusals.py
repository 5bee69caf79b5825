from datetime import date
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.eligibility import INACTIVE, OTHER_PLAN, UNCLEAR


class BillingEligibilityCheck(models.Model):
    """Answers that cannot be meant or contradict what is on file, and the sentences that say so."""

    _inherit = "billing.eligibility.check"

    def _explain_refusal(self, error):
        """The sentence for an answer that cannot be meant."""
        field = self._fields.get(error.field)
        facts = {
            "check": self.display_name,
            "field": field._description_string(self.env) if field else error.field,
            "value": self._show_refused(error.value),
        }
        sentences = {
            "unknown_field": self.env._(
                "The answer about %(check)s says “%(field)s”, which is not known here.", **facts,
            ),
            "unknown_result": self.env._(
                "What did the payer say about %(check)s? Choose the result: active, not active, another plan or "
                "unclear.",
                **facts,
            ),
            "not_a_date": self.env._("“%(value)s” is no date for “%(field)s” of %(check)s.", **facts),
            "not_a_number": self.env._("“%(value)s” is no number for “%(field)s” of %(check)s.", **facts),
            "negative": self.env._(
                "“%(field)s” of %(check)s cannot be negative (%(value)s). Type it as a positive figure.", **facts,
            ),
            "percent": self.env._(
                "“%(field)s” of %(check)s cannot be %(value)s %%. It is the percentage that the patient pays: between "
                "0 and 100.", **facts,
            ),
            "dates_reversed": self.env._(
                "%(check)s would end on %(value)s, before it begins. Correct “Insured from” or “Insured until”.",
                **facts,
            ),
            "valid_before_answer": self.env._(
                "The answer about %(check)s would be valid until %(value)s, before it was given. Correct one of the "
                "two dates.", **facts,
            ),
            "met_above_limit": self.env._(
                "%(check)s: “%(field)s” is %(value)s, more than the limit itself. Compare both figures with the "
                "payer's answer.", **facts,
            ),
            "end_missing": self.env._(
                "Since when is %(check)s not active? Type the last day insured in “Insured until”.", **facts,
            ),
            "start_missing": self.env._(
                "Since when does the other plan hold for %(check)s? Type its first day in “Insured from”.", **facts,
            ),
        }
        return sentences[error.rule]

    def _show_refused(self, value):
        if isinstance(value, date):
            return format_date(self.env, value)
        return self.currency_id.format(float(value)) if isinstance(value, Decimal) else value

    def _check_answer(self, read):
        """What the answer needs, and where it contradicts itself or what is on file.

        :raise UserError: naming the check, the value and the way out
        """
        coverage = self.coverage_id
        facts = {
            "check": self.display_name,
            "payer": self.payer_id.display_name,
            "plan": coverage.plan_id.name,
            "patient": coverage.patient_id.name,
            "day": format_date(self.env, self.service_date),
            "start": format_date(self.env, coverage.date_from),
            "date_from": format_date(self.env, self.date_from) if self.date_from else "",
            "date_to": format_date(self.env, self.date_to) if self.date_to else "",
        }
        if self.how == "phone" and not self.responder:
            raise UserError(self.env._(
                "Who answered at %(payer)s? Type the name: it is asked for when the answer about %(check)s is "
                "disputed.",
                **facts,
            ))
        if read.result == OTHER_PLAN:
            self._check_other_plan(facts)
        elif read.result == INACTIVE and self.date_to < coverage.date_from:
            raise UserError(self.env._(
                "%(plan)s of %(patient)s begins on %(start)s and cannot have ended on %(date_to)s. Correct the day, or "
                "archive the coverage if it was never in force.", **facts,
            ))
        elif read.result == INACTIVE and self.date_to >= self.service_date:
            raise UserError(self.env._(
                "%(plan)s of %(patient)s is said not to be active on %(day)s, but ends on %(date_to)s only. Correct "
                "“Insured until”, or choose “Active”.", **facts,
            ))
        elif read.result not in (INACTIVE, UNCLEAR):
            in_force = (not self.date_from or self.date_from <= self.service_date) and (
                not self.date_to or self.service_date <= self.date_to
            )
            if not in_force:
                raise UserError(self.env._(
                    "%(plan)s of %(patient)s is said to be active on %(day)s, but not with these dates. Correct "
                    "“Insured from” and “Insured until”, or choose “Not active”.", **facts,
                ))

    def _check_other_plan(self, facts):
        if not self.plan_id and not self.plan_name:
            raise UserError(self.env._(
                "Which plan does %(patient)s have now instead of %(plan)s? Choose it, or type its name if it is not "
                "recorded here.", **facts,
            ))
        if self.plan_id == self.coverage_id.plan_id:
            raise UserError(self.env._(
                "%(plan)s is the plan that %(patient)s has on file. Choose the other plan, or “Active” if nothing "
                "changed.", **facts,
            ))
        if self.date_from <= self.coverage_id.date_from:
            raise UserError(self.env._(
                "The other plan of %(patient)s cannot begin on %(date_from)s: %(plan)s began on %(start)s, which would "
                "leave it no day. If it was never in force, archive it and add a coverage under the other plan.",
                **facts,
            ))
