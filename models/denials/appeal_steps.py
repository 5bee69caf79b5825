from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .denial import LIVE

SEND = "billing_coordinator.activity_appeal_send"
ASK = "billing_coordinator.activity_appeal_ask"


class BillingAppeal(models.Model):
    """Where an appeal stands: it is sent, answered, or withdrawn; its claims and denials go with it."""

    _inherit = "billing.appeal"

    can_go_on = fields.Boolean(
        string="Next level open",
        compute="_compute_can_go_on",
        help="The payer stays with its decision, and there is one more level to appeal to.",
    )
    next_deadline = fields.Date(
        compute="_compute_can_go_on",
    )
    missed_told_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which a manager was told that it was not sent in time.",
    )
    silent_told_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which somebody was asked to call the payer.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "result", "denial_ids.state", "denial_ids.date_deadline", "denial_ids.appeal_ids.state")
    def _compute_can_go_on(self):
        for appeal in self:
            denials = appeal._get_next_denials() if appeal.state == "answered" and appeal.result != "overturned" else (
                appeal.denial_ids.browse()
            )
            following = denials.filtered("date_deadline")
            appeal.can_go_on = bool(following) and not following.appeal_ids.filtered(
                lambda other: other.state in ("draft", "sent")
            )
            appeal.next_deadline = min(following.mapped("date_deadline"), default=False)

    # === ACTIONS === #

    def action_send(self):
        """It has been sent: its claims wait for the payer once more."""
        today = fields.Date.context_today(self)
        for appeal in self:
            appeal._check_sendable(today)
            appeal._lock_or_refuse()
            appeal._set_state("sent", date_sent=appeal.date_sent or today)
        self._stop_asking()
        reason = {appeal: self.env._("%(appeal)s sent", appeal=appeal.name) for appeal in self}
        for appeal in self:
            claims = appeal.claim_ids.filtered(lambda claim: claim.state != "appealed")
            claims._set_state("appealed", reason[appeal])
            denials = appeal.denial_ids.filtered(lambda denial: denial.state in LIVE and denial.state != "appealed")
            denials._set_state("appealed", reason[appeal])

    def action_unsend(self):
        """It was not sent after all."""
        self._set_state("draft", date_sent=False)
        self._give_back(self.env._("Not sent after all"))
        self._ask_to_send()

    def action_answer(self):
        """The payer has answered: the result that is filled in counts."""
        today = fields.Date.context_today(self)
        for appeal in self:
            if not appeal.result:
                raise UserError(self.env._(
                    "Say first what %(payer)s answered to %(appeal)s: overturned, in part, or upheld.",
                    payer=appeal.payer_id.name, appeal=appeal.name,
                ))
            answered_on = appeal.date_answered or today
            if (appeal.date_sent and answered_on < appeal.date_sent) or answered_on > today:
                raise UserError(self.env._(
                    "%(appeal)s was sent on %(sent)s and cannot be answered on %(date)s. Type the day of the payer's "
                    "letter.",
                    appeal=appeal.name, sent=format_date(self.env, appeal.date_sent),
                    date=format_date(self.env, answered_on),
                ))
            appeal._set_state("answered", date_answered=answered_on)
            if appeal.result == "upheld":
                appeal._lose()
        self._stop_asking()

    def action_withdraw(self):
        """It is not pursued: its denials are to be decided about."""
        was_sent = self.filtered(lambda appeal: appeal.state == "sent")
        self._set_state("withdrawn")
        was_sent._give_back(self.env._("Appeal withdrawn"))
        self._stop_asking()

    def action_reopen(self):
        """It is pursued after all."""
        self._set_state("draft")
        self._ask_to_send()

    # === BUSINESS METHODS === #

    def _set_state(self, target, reason=None, **values):
        """Note the day on which it was given up."""
        withdrawn_on = target == "withdrawn" and fields.Date.context_today(self)
        super()._set_state(target, reason, withdrawn_on=withdrawn_on, **values)

    def _check_sendable(self, today):
        """
        :raise UserError: nobody would know how it went out, or nothing is left to appeal
        """
        if not self.channel:
            raise UserError(self.env._(
                "Say how %(appeal)s is sent, under “Sent by”: whoever asks later wants to know.",
                appeal=self.display_name,
            ))
        if self.date_sent and self.date_sent > today:
            raise UserError(self.env._(
                "%(appeal)s cannot have been sent on %(date)s, which is still to come.",
                appeal=self.display_name, date=format_date(self.env, self.date_sent),
            ))
        for denial in self.denial_ids:
            if sentence := denial._why_over():
                raise UserError(self.env._(
                    "%(sentence)s Remove it from %(appeal)s before you send that.", sentence=sentence, appeal=self.name,
                ))

    def _lose(self):
        """The payer stays with it: the next level is open where there is one, and somebody decides."""
        denials = self.denial_ids.filtered(lambda denial: denial.state in LIVE)
        for denial in denials:
            denial.sudo().level = max(denial.level, self.level + 1)
        denials._set_deadlines()
        self._give_back(self.env._("%(appeal)s: the payer stays with its decision", appeal=self.name))

    def _give_back(self, reason):
        """These appeals are no longer with the payer: their denials and claims are the office's again."""
        denials = self.denial_ids.filtered(lambda denial: denial.state == "appealed" and not denial._is_appealed())
        denials._set_state("working", reason)
        self.claim_ids._end_appeal(reason)

    def _follow_denials(self):
        """The books, or a new answer, have decided about the denials: what was with the payer is answered."""
        for appeal in self.sudo().filtered(lambda appeal: appeal.state == "sent"):
            if any(denial.state in LIVE for denial in appeal.denial_ids):
                continue
            decided = appeal.denial_ids.filtered(lambda denial: denial.state != "withdrawn")
            if not decided:
                appeal._set_state("withdrawn", self.env._("Nothing is denied any more."))
            else:
                appeal._set_state(
                    "answered", self.env._("The payer's new answer or the books have decided it."),
                    result=appeal._get_result(decided), date_answered=fields.Date.context_today(self),
                )
            appeal._stop_asking()
            appeal.claim_ids._end_appeal(self.env._("%(appeal)s is answered", appeal=appeal.name))
        for appeal in self.sudo().filtered(lambda appeal: appeal.state == "draft"):
            if not any(denial.state in LIVE for denial in appeal.denial_ids):
                appeal._set_state("withdrawn", self.env._("Nothing is left to appeal."))
                appeal._stop_asking()

    def _get_result(self, denials):
        """How the payer answered, from what came of the denials."""
        won = denials.filtered(lambda denial: denial.state == "overturned")
        if not won:
            return "upheld"
        return "partly" if won != denials or any(won.mapped("is_partly")) else "overturned"

    # === ASKING === #

    @api.model
    def _work_at_night(self):
        """Tell of appeals that were not sent in time, and ask for those that stay unanswered."""
        def get_missed(model):
            return [("is_missed", "=", True), ("missed_told_on", "=", False)]

        self._work_through((get_missed, lambda appeals: appeals._tell_missed()))
        self._work_through((self._get_silent_domain, lambda appeals: appeals._ask_payer()))

    @api.model
    def _get_silent_domain(self, model):
        """Appeals that the payer should have answered by now."""
        today = fields.Date.context_today(model)
        levels = self.env["billing.appeal.level"].sudo().search([("answer_days", ">", 0)])
        return Domain("state", "=", "sent") & Domain("silent_told_on", "=", False) & Domain.OR(
            Domain("level_id", "in", group.ids) & Domain("date_sent", "<", today - timedelta(days=days))
            for days, group in levels.grouped("answer_days").items()
        )

    def _tell_missed(self):
        managers = {company: company._get_billing_manager() for company in self.company_id}
        self._ask_for(
            SEND,
            {
                appeal: self.env._(
                    "Deadline missed: %(appeal)s was to be sent by %(date)s",
                    appeal=appeal.display_name, date=format_date(self.env, appeal.date_deadline),
                )
                for appeal in self
            },
            users={appeal: managers[appeal.company_id] for appeal in self},
        )
        self.sudo().missed_told_on = fields.Date.context_today(self)

    def _ask_payer(self):
        self._ask_for(
            ASK,
            {
                appeal: self.env._(
                    "Ask %(payer)s: no answer to %(appeal)s of %(date)s",
                    payer=appeal.payer_id.name, appeal=appeal.name, date=format_date(self.env, appeal.date_sent),
                )
                for appeal in self
            },
            users={appeal: appeal.user_id for appeal in self},
        )
        self.sudo().silent_told_on = fields.Date.context_today(self)

    def _ask_to_send(self):
        """The owners find these drafts among their activities."""
        self._ask_for(
            SEND,
            {
                appeal: self.env._("Send %(appeal)s: %(amount)s", appeal=appeal.display_name,
                                   amount=appeal.currency_id.format(appeal.amount))
                for appeal in self
            },
            users={appeal: appeal.user_id for appeal in self},
            deadline="date_deadline",
        )

    def _ask_anew(self):
        """Another owner or another day: the activity follows."""
        kind = self.env.ref(SEND)
        drafts = self.filtered(lambda appeal: appeal.state == "draft")
        drafts.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).unlink()
        drafts._ask_to_send()

    def _stop_asking(self):
        """Nobody is asked to do anything about these appeals any more."""
        kinds = self.env.ref(SEND) | self.env.ref(ASK)
        self.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id in kinds).action_done()
