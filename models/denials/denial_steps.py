from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .denial import LIVE, TO_WORK


class BillingDenial(models.Model):
    """What the office does about denials: one by one or many of one cause at once."""

    _inherit = "billing.denial"

    waits_for_approval = fields.Boolean(
        compute="_compute_waits_for_approval",
        help="A manager decides about the write-off first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("adjustment_id.state")
    def _compute_waits_for_approval(self):
        for denial in self:
            denial.waits_for_approval = denial.adjustment_id.state == "to_approve"

    # === ACTIONS === #

    def action_start(self):
        """Somebody begins to work on these denials: whoever presses the button, unless they are somebody's already."""
        self.filtered(lambda denial: not denial.user_id).user_id = self.env.user
        self.filtered(lambda denial: denial.state == "open")._set_state("working")

    def action_decide(self):
        """Ask what is to be done about these denials; nothing happens before it was seen what would."""
        suggestions = set(self.category_id.mapped("suggestion"))
        suggestion = suggestions.pop() if len(suggestions) == 1 else False
        context = {"default_denial_ids": [Command.set(self.ids)]}
        if set(self.mapped("kind")) == {"short"}:
            suggestion = "appeal"
        if suggestion:
            context["default_action"] = suggestion
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What to do about %(denial)s", denial=self.name) if len(self) == 1 else self.env._(
                "What to do about %(count)s denials", count=len(self),
            ),
            "res_model": "billing.denial.wizard",
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_accept(self):
        """The payer is right, or it is not worth a fight: what it paid short is left at that."""
        for denial in self:
            if denial.kind != "short":
                raise UserError(self.env._(
                    "%(denial)s is still open on the books. Decide about it: send it again, appeal, pass it on or "
                    "write it off.",
                    denial=denial.display_name,
                ))
        self._check_live()
        self._set_state(
            "upheld", self.env._("Left at that by %(user)s", user=self.env.user.name),
            closed_on=fields.Date.context_today(self),
        )
        self._stop_asking()

    # === WHAT CANNOT GO === #

    def _check_live(self):
        """
        :raise UserError: one of them is over
        """
        for denial in self:
            if sentence := denial._why_over():
                raise UserError(sentence)

    def _why_over(self):
        """Why nothing can be done any more, in a sentence; None as long as something can."""
        if self.state in LIVE:
            return None
        return self.env._(
            "%(denial)s is over: “%(state)s”.",
            denial=self.display_name,
            state=dict(self._fields["state"]._description_selection(self.env))[self.state],
        )

    def _get_refusals(self, action):
        """Which of these denials an action cannot take, and why.

        :param str action: resend, appeal, pass_on, write_off or assign
        :return: {denial: sentence}
        """
        check = getattr(self, f"_why_not_{action}", None)
        levels = self.env["billing.appeal.level"]._find_levels(self.claim_id) if action == "appeal" else {}
        refusals = {}
        for denial in self:
            if sentence := denial._why_over() or (check and check(denial, levels)):
                refusals[denial] = sentence
        return refusals

    def _why_not_decided(self, denial):
        """What write-offs and transfers have in common: something is open, and no manager has it already."""
        if denial.kind == "short":
            return self.env._(
                "%(denial)s was paid short: the payer's answer has taken the rest off already. Appeal, or leave it at "
                "that.",
                denial=denial.display_name,
            )
        if denial.waits_for_approval:
            return self.env._(
                "%(denial)s waits for a manager already: %(decision)s.",
                denial=denial.display_name, decision=denial.adjustment_id.display_name,
            )
        if denial.currency_id.compare_amounts(denial.amount_open, 0) <= 0:
            return self.env._("%(denial)s has nothing open.", denial=denial.display_name)
        return None

    def _why_not_write_off(self, denial, _levels):
        return self._why_not_decided(denial)

    def _why_not_pass_on(self, denial, _levels):
        """Only what the payer itself calls the patient's share (PR) may be asked of anybody else."""
        for reason in denial.reason_ids:
            if reason.group == "CO":
                return self.env._(
                    "%(denial)s cannot be passed on: %(reason)s. Reasons of the group CO bind us by our contract with "
                    "%(payer)s; nobody else may be asked for it.",
                    denial=denial.display_name, reason=reason.display_name, payer=denial.payer_id.name,
                )
            if reason.group != "PR":
                return self.env._(
                    "%(denial)s cannot be passed on: %(reason)s. Only reasons of the group PR are the patient's share.",
                    denial=denial.display_name, reason=reason.display_name,
                )
        return self._why_not_decided(denial)

    def _why_not_resend(self, denial, _levels):
        claim = denial.claim_id
        if denial.kind == "short":
            return self.env._(
                "%(denial)s was paid short: sent again, %(claim)s would be a duplicate. Appeal.",
                denial=denial.display_name, claim=claim.name,
            )
        if denial.waits_for_approval:
            return self._why_not_decided(denial)
        return claim._why_not_sent_again()

    def _why_not_appeal(self, denial, levels):
        if pending := denial.appeal_ids.filtered(lambda appeal: appeal.state in ("draft", "sent")):
            return self.env._(
                "%(denial)s is in an appeal already: %(appeal)s.",
                denial=denial.display_name, appeal=pending[0].display_name,
            )
        if denial.waits_for_approval:
            return self._why_not_decided(denial)
        if denial.claim_id.state not in ("appealed", "denied", "answered", "settled"):
            return self.env._(
                "%(denial)s: %(claim)s is on its way to the payer again. Wait for the answer to that.",
                denial=denial.display_name, claim=denial.claim_id.name,
            )
        if denial.level not in levels[denial.claim_id]:
            return self.env._(
                "%(denial)s: %(payer)s has no appeal of level %(level)s. Describe it under Configuration > Appeal "
                "Levels, or decide otherwise.",
                denial=denial.display_name, payer=denial.payer_id.name, level=denial.level,
            )
        return None

    def _is_appealed(self):
        """Whether an appeal against it is with the payer."""
        self.ensure_one()
        return any(appeal.state == "sent" for appeal in self.appeal_ids)

    # === DOING IT === #

    def _resend(self, note=None, channel=None):
        """Send the claims of these denials again, corrected; each claim once.

        :param str note: what was corrected
        :param str channel: how they have been sent already; empty: they wait among the claims to send
        """
        self.claim_id._send_corrected(note, channel)
        self._set_state("resent", note)

    def _appeal(self, is_together=False):
        """Draft appeals against these denials.

        :param bool is_together: one appeal for all claims of a payer with the same cause, not one for each claim
        :return: the drafts
        """
        vals_list = []
        for denials in self.grouped(lambda denial: denial._get_appeal_key(is_together)).values():
            vals_list.append({
                "payer_id": denials.payer_id.id,
                "company_id": denials.company_id.id,
                "currency_id": denials.currency_id.id,
                "level": denials[0].level,
                "denial_ids": [Command.set(denials.ids)],
            })
        appeals = self.env["billing.appeal"].create(vals_list)
        self.filtered(lambda denial: denial.state == "open")._set_state("working")
        return appeals

    def _get_appeal_key(self, is_together):
        """What denials of one appeal have in common."""
        return (
            self.payer_id, self.company_id, self.currency_id, self.level,
            (self.category_id, self.kind) if is_together else self.claim_id,
        )

    def _decide(self, reason, note=None):
        """Take what is open of these denials off the claims: written off, or passed on, as the reason says.

        One decision for each claim; posted at once within one's limit, else a manager is asked.

        :param reason: adjustment reason with the effect *reduce* or *transfer*
        :return: the decisions
        """
        decisions = self.env["billing.adjustment"]
        for claim, denials in self.grouped("claim_id").items():
            decision = decisions.create({
                "move_id": claim.invoice_id.id,
                "reason_id": reason.id,
                "amount": claim.currency_id.round(sum(denials.mapped("amount_open"))),
                "note": note,
            })
            denials.sudo().adjustment_id = decision
            denials.filtered(lambda denial: denial.state not in TO_WORK or denial.state == "open")._set_state("working")
            decision._check_open()
            decision._decide_or_ask()
            decisions |= decision
        return decisions
