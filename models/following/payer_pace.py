import math
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.periods import MOST_DAYS

# So many answers, within a year, make a habit.
ENOUGH_ANSWERS = 5
HABIT_DAYS = 365
# Nothing is known of the payer and nobody has said anything.
USUAL_DAYS = 30


class Pace(NamedTuple):
    """How fast a payer answers: the days until half and until four fifths of its answers were here."""

    answers: int
    half: int
    most: int


class BillingInsurancePlan(models.Model):
    """How long its payer takes to answer, as long as experience does not say so."""

    _inherit = "billing.insurance.plan"

    answer_days = fields.Integer(
        string="Days to answer",
        help="Days after sending within which the payer answers, as its contract or the law says. Experience counts "
             "more: with five answers within a year the payer's own pace is expected.",
    )

    @api.constrains("answer_days")
    def _check_answer_days(self):
        for plan in self:
            if not 0 <= plan.answer_days <= MOST_DAYS:
                raise ValidationError(self.env._(
                    "%(plan)s cannot have %(days)s days to answer a claim. Type a number of days from 0 to %(most)s; "
                    "zero if nothing is agreed.",
                    plan=plan.name,
                    days=plan.answer_days,
                    most=MOST_DAYS,
                ))


class BillingClaim(models.Model):
    """How fast payers have answered."""

    _inherit = "billing.claim"

    @api.model
    def _read_paces(self, payers, companies):
        """How fast these payers answer these companies, from the answers of the past year that stand. One query.

        Counted from each sending to the first answer to it.

        :return: {(payer id, company id): :class:`Pace`}
        """
        if not payers or not companies:
            return {}
        for name in ("billing.remittance", "billing.remittance.line", "billing.claim.submission", self._name):
            self.env[name].flush_model()
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(SQL(
            """
            SELECT payer_id, company_id, COUNT(*),
                   PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY days), PERCENTILE_DISC(0.8) WITHIN GROUP (ORDER BY days)
              FROM (
                    SELECT claim.payer_id, claim.company_id,
                           MIN(remittance.date) - COALESCE(sending.day, claim.date_first_sent, claim.date_sent) AS days
                      FROM billing_remittance_line line
                      JOIN billing_remittance remittance ON remittance.id = line.remittance_id
                      JOIN billing_claim claim ON claim.id = line.claim_id
                 LEFT JOIN billing_claim_submission sending ON sending.id = line.submission_id
                     WHERE remittance.state = 'posted' AND line.kind = 'answer'
                       AND remittance.date BETWEEN %(since)s AND %(today)s
                       AND claim.payer_id IN %(payers)s AND claim.company_id IN %(companies)s
                  GROUP BY claim.id, sending.id
                   ) answered
             WHERE days >= 0
          GROUP BY payer_id, company_id
            """,
            since=today - timedelta(days=HABIT_DAYS),
            today=today,
            payers=tuple(payers.ids),
            companies=tuple(companies.ids),
        ))
        return {(payer, company): Pace(count, half, most) for payer, company, count, half, most in rows}

    def _get_answer_days(self):
        """Within how many days each of these claims is answered, and how that is known.

        :return: {claim: (days, :class:`Pace` or None)}: experience, else what the plan says, else thirty days
        """
        paces = self._read_paces(self.payer_id, self.company_id)
        found = {}
        for claim in self:
            pace = paces.get((claim.payer_id.id, claim.company_id.id))
            if pace and pace.answers >= ENOUGH_ANSWERS:
                found[claim] = (math.ceil(pace.most), pace)
            else:
                found[claim] = (claim.coverage_id.plan_id.answer_days or USUAL_DAYS, None)
        return found
