from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_UNANSWERED, get_unanswered_state


class BillingRemittanceLine(models.Model):
    """An answer belongs to the sending that it answers."""

    _inherit = "billing.remittance.line"

    submission_id = fields.Many2one(
        comodel_name="billing.claim.submission",
        string="Answers the sending",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )


class BillingRemittance(models.Model):
    """A posted answer brings its claims on: what it leaves open and does not refuse still waits for the payer."""

    _inherit = "billing.remittance"

    def _set_state(self, target, reason=None, **values):
        if target == "posted":
            # While it is still open: what is posted is not edited.
            by_sending = self.sudo().line_ids.grouped(lambda line: line.claim_id.last_submission_id)
            for submission, lines in by_sending.items():
                if submission:
                    lines.submission_id = submission
        return super()._set_state(target, reason, **values)

    def _after_posting(self):
        super()._after_posting()
        self.line_ids.claim_id._note_answers()
        # What the payer only took back is answered by nobody: it waits as if it had just been sent.
        self.line_ids._get_answers().claim_id._become_answered(
            self.env._("Answered in %(remittance)s", remittance=self[:1].display_name),
        )

    def _after_reversal(self):
        super()._after_reversal()
        self.line_ids.claim_id._note_answers()


class BillingClaim(models.Model):
    """What payers have said to a claim, as far as it stands, and the state that follows from it."""

    _inherit = "billing.claim"

    date_answered = fields.Date(
        string="Answered on",
        readonly=True,
        copy=False,
        help="The day of the payer's latest answer that stands.",
    )

    state_before_answer = fields.Selection(
        selection=[
            ("draft", "To mend"),
            ("ready", "To send"),
            ("sent", "Submitted"),
            ("acknowledged", "Acknowledged"),
            ("rejected", "Rejected"),
        ],
        string="Before the answer",
        readonly=True,
        copy=False,
        help="How the payer's answer found it: once that answer is taken back, it is so again.",
    )

    def _set_state(self, target, reason=None, **values):
        if target not in (*CLAIM_UNANSWERED, "void"):
            for state, claims in self.grouped("state").items():
                if state in CLAIM_UNANSWERED:
                    claims.sudo().state_before_answer = state
        super()._set_state(target, reason, **values)

    def _become_answered(self, reason):
        """Of these claims the payer has just decided a part: what is open and not refused goes on waiting."""
        waiting = self.filtered(lambda claim: claim.state in (
            "draft", "ready", "sent", "acknowledged", "rejected", "appealed",
        ) and claim.currency_id.compare_amounts(claim.amount_open, 0) > 0)
        if waiting:
            waiting._set_state("answered", reason)

    def _note_answers(self):
        """Keep the day of the latest answer that stands. Two queries, however many claims."""
        found = {claim_id: date for claim_id, date, _denied, _current in self._read_answers()}
        latest = {}
        for claim in self:
            day = found.get(claim.id)
            if claim.date_answered != (day or False):
                latest[day] = latest.get(day, self.browse()) | claim
        for day, claims in latest.items():
            claims.sudo().date_answered = day

    def _read_answers(self):
        """What stands of the payers' answers to these claims, in one query.

        :return: [(claim id, day of the latest answer, whether the last sending is answered with a refusal, whether it
            is answered at all)]
        """
        if not self.ids:
            return []
        for name in ("billing.remittance", "billing.remittance.line", "billing.remittance.adjustment", self._name):
            self.env[name].flush_model()
        return self.env.execute_query(SQL(
            """
            SELECT line.claim_id,
                   MAX(remittance.date),
                   BOOL_OR(refused.id IS NOT NULL AND %(current)s),
                   BOOL_OR(%(current)s)
              FROM billing_remittance_line line
              JOIN billing_remittance remittance ON remittance.id = line.remittance_id
              JOIN billing_claim claim ON claim.id = line.claim_id
         LEFT JOIN LATERAL (
                    SELECT adjustment.id
                      FROM billing_remittance_adjustment adjustment
                      JOIN billing_adjustment_reason reason ON reason.id = adjustment.reason_id
                     WHERE adjustment.line_id = line.id AND reason.effect = 'hold'
                       AND adjustment.amount > adjustment.amount_mirrored
                     LIMIT 1
                   ) refused ON TRUE
             WHERE line.claim_id IN %(claims)s AND %(stands)s
          GROUP BY line.claim_id
            """,
            claims=tuple(self.ids),
            current=SQL("line.submission_id IS NOT DISTINCT FROM claim.last_submission_id"),
            stands=self._get_standing_condition(),
        ))

    def _get_standing_condition(self):
        """Whether the answer ``line`` of ``remittance`` stands: neither reversed nor taken back by the payer."""
        return SQL("line.is_in_force")

    def _get_standing_states(self):
        """{claim: the state that follows from the answers which stand}: refused, answered in part, or none: as it
        was before."""
        found = {
            claim_id: "denied" if denied else "answered" if current else None
            for claim_id, _date, denied, current in self._read_answers()
        }
        return {
            claim: found.get(claim.id)
            or get_unanswered_state(claim.state_before_answer, claim.last_submission_id.state)
            for claim in self
        }
