from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.models.contacts.collection_contact import NOT_REACHED, TALKED


class BillingCollectionCall(models.TransientModel):
    """What may come of a call, and what that leads to: each outcome its next step, all of it or nothing."""

    _inherit = "billing.collection.call"

    allowed_outcomes = fields.Json(
        compute="_compute_allowed_outcomes",
    )

    # === COMPUTE METHODS === #

    @api.depends("is_incoming")
    def _compute_outcome(self):
        """What was chosen, where it can still have been."""
        for call in self:
            call.outcome = call.outcome if call.outcome in call._get_outcomes() else False

    @api.depends("is_incoming")
    def _compute_allowed_outcomes(self):
        for call in self:
            call.allowed_outcomes = call._get_outcomes()

    def _get_outcomes(self):
        """What may have come of it: whoever calls by themselves has answered, and under their own number."""
        self.ensure_one()
        outcomes = self._fields["outcome"].get_values(self.env)
        return [outcome for outcome in outcomes if not (self.is_incoming and outcome in NOT_REACHED)]

    # === ACTIONS === #

    def action_done(self):
        """Write the contact down, and take the step that its outcome leads to.

        :raise UserError: no outcome was chosen, a rule stands against the attempt, or the promise cannot be taken
        """
        self.ensure_one()
        if not self.outcome:
            raise UserError(self.env._("Choose what came of the contact with %(debtor)s.", debtor=self.partner_id.name))
        self.case_id._lock_or_refuse()
        promise = self._take_promise() if self.outcome == "promise" else self.env["billing.collection.promise"]
        contact = self.env["billing.collection.contact"].create(self._prepare_contact(promise))
        self.case_id._close_calls(contact._say())
        self._verify_number()
        follow = {
            "reached": self._follow_next_call,
            "no_answer": self._follow_next_call,
            "third_party": self._follow_next_call,
            "refuses": self._follow_refusal,
            "dispute": self._follow_dispute,
            "plan": self._follow_plan,
        }.get(self.outcome)
        return (follow and follow(contact)) or {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _take_promise(self):
        return self.case_id._take_promise(
            [(part.date, part.amount) for part in self.part_ids], self.way, (self.promised_by or "").strip(),
        )

    def _prepare_contact(self, promise):
        return {
            "case_id": self.case_id.id,
            "channel": self.channel,
            "is_incoming": self.is_incoming,
            "at": self.at,
            "number": self.number if self.channel == "call" else False,
            "outcome": self.outcome,
            "note": self.note,
            "next_step": self._say_next_step(promise),
            "date_asked": self.they_asked and self._has_next_call() and self.date_next,
            "promise_id": promise.id,
        }

    def _has_next_call(self):
        return self.outcome in ("no_answer", "reached", "third_party") and bool(self.date_next)

    def _say_next_step(self, promise):
        """What this outcome leads to, in a few words."""
        if self._has_next_call():
            return self.env._("Call again on %(date)s", date=format_date(self.env, self.date_next))
        wishes = {
            "stop": self.env._("Not contacted any more"),
            "phone": self.env._("Not called any more"),
        }
        return {
            "promise": promise and promise._say(),
            "wrong_number": self.env._("The number is to be verified"),
            "dispute": self.env._("The dispute is recorded"),
            "refuses": wishes.get(self.wish, False),
            "plan": self.env._("A payment plan is drawn up"),
        }.get(self.outcome, False)

    def _verify_number(self):
        """Who answers under a number is reached under it; who does not live there is not."""
        person = self.person_id or self.partner_id
        if self.channel != "call" or self.is_incoming or not person.phone or self.number != person.phone:
            return
        if self.outcome == "wrong_number":
            person.action_billing_wrong_number()
        elif self.outcome in TALKED and person.billing_phone_status != "verified":
            person.action_billing_verify_phone()

    # === WHAT FOLLOWS === #

    def _follow_next_call(self, _contact):
        """Somebody is asked to call again."""
        if not self._has_next_call():
            return
        if self.date_next < fields.Date.context_today(self):
            raise UserError(self.env._(
                "%(debtor)s cannot be called again on %(date)s, which is past. Type a day to come.",
                debtor=self.partner_id.name, date=format_date(self.env, self.date_next),
            ))
        self.case_id._plan_call(self.date_next, self.env._("Call %(debtor)s again", debtor=self.partner_id.name))

    def _follow_refusal(self, _contact):
        """What they wish holds from now on, for all that is written and called."""
        if self.wish == "stop":
            self.partner_id._stop_contact()
        elif self.wish == "phone":
            self.partner_id._refuse_channel("phone")

    def _follow_dispute(self, contact):
        """The dispute is recorded."""
        return self.case_id._action_dispute(contact)

    def _follow_plan(self, _contact):
        """A plan is drawn up over all that may go into it."""
        return self.partner_id.with_company(self.case_id.company_id).action_billing_plans()
