import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class BillingPaymentPlan(models.Model):
    """What happens to plans by themselves each night."""

    _inherit = "billing.payment.plan"

    @api.model
    def _cron_follow(self):
        """Expire proposals, start what has its down payment, and follow the running plans: their debts, fees and
        interest, receipts and reminders, who has missed an instalment, what is paid and what is broken.

        In batches that are saved one by one: killed in between, the next night goes on. A plan that cannot be followed
        is left as it is and told of; it does not keep the others from their night.
        """
        def today(model):
            return fields.Date.context_today(model)

        self._work_through(
            (
                lambda model: [("state", "=", "proposed"), ("expires_on", "<", today(model))],
                lambda plans: plans._at_night(
                    lambda some: some._set_state("expired", self.env._("Nobody answered in time.")),
                ),
            ),
            (
                lambda model: [("state", "=", "accepted")],
                lambda plans: plans._at_night(
                    lambda some: some.filtered(lambda plan: not plan._waits_for_down())._start(),
                ),
            ),
            (
                lambda model: [("state", "=", "completed"), ("date_next", "!=", False)],
                lambda plans: plans._at_night(lambda some: some._reopen()),
            ),
            (
                lambda model: [("state", "=", "active")],
                lambda plans: plans._at_night(lambda some: some._follow()),
            ),
        )

    def _at_night(self, action):
        """Do this with all of these plans at once; where one stands in the way, with each of them by itself.

        What cannot be done is undone for that plan alone, and somebody is asked to look after it.
        """
        if self._try(action) is None:
            return
        for plan in self:
            if (error := plan._try(action)) is not None:
                _logger.warning("Payment plan %s could not be followed this night", plan.name, exc_info=error)
                plan._tell_stuck(error)

    def _try(self, action):
        """Do this, or nothing of it.

        :return: the error that it ended with; None when it is done
        """
        try:
            with self.env.cr.savepoint():
                action(self)
        except OperationalError:
            # Somebody else was at it, or the database is gone: the night itself begins anew.
            raise
        except Exception as error:
            return error
        return None

    def _tell_stuck(self, error):
        """Put on somebody's list, once, that the night could not follow this plan, and why."""
        summary = self.env._("%(plan)s could not be followed at night", plan=self.name)
        if summary in self.activity_ids.mapped("summary"):
            return
        reason = str(error) if isinstance(error, UserError) else self.env._(
            "An unexpected error: %(error)s. The log of the server tells more.", error=repr(error),
        )
        self._ask_for(
            "billing_coordinator.activity_plan_missed",
            {self: summary}, users={self: self.user_id}, notes={self: reason},
        )

    def _follow(self):
        """One night of running plans."""
        self._follow_debts()
        self._invoice_charges()
        self._send_receipts()
        done = self.filtered(lambda plan: not plan.date_next)
        done._complete()
        today = fields.Date.context_today(self)
        late = (self - done).filtered(lambda plan: plan.date_next < today)
        standings = {plan: plan._get_standing(today) for plan in late}
        broken = late.filtered(lambda plan: standings[plan].has_failed)
        broken._break()
        missed = (late - broken).filtered(lambda plan: standings[plan].missed > plan.missed_told)
        missed._tell_missed(standings)
        # Who has caught up begins anew.
        for plan in self - missed:
            if plan.missed_told and (plan not in standings or standings[plan].missed < plan.missed_told):
                plan.sudo().missed_told = standings[plan].missed if plan in standings else 0
        (self - done - broken)._remind()

    def _complete(self):
        """Everything is paid."""
        for plan in self:
            plan._set_state("completed", ended_on=fields.Date.context_today(plan))
        self._let_go()

    def _reopen(self):
        """Money that completed a plan was taken back: it goes on, unless another plan has one of its bills by now."""
        lines = self.item_ids.move_line_id
        elsewhere = self.env["billing.payment.plan.item"].sudo().search([
            ("move_line_id", "in", lines.ids), ("is_running", "=", True),
        ]).move_line_id
        for plan in self.filtered(lambda plan: not plan.item_ids.move_line_id & elsewhere):
            plan._set_state("active", self.env._("Money was taken back: the plan goes on."), ended_on=False)
            plan.item_ids.sudo().is_running = True
            plan._note_other_dates()
            plan._move_dates()

    def _break(self):
        """The person has broken the plan: what the policy says follows."""
        today = fields.Date.context_today(self)
        for plan in self:
            standing = plan._get_standing(today)
            if plan.policy_id.due_again == "before":
                plan._restore_dates()
            elif plan.policy_id.due_again == "now":
                plan._restore_dates(day=today)
            plan._set_state("defaulted", plan._say_standing(standing), ended_on=today)
        self._let_go()
        fined = self.filtered("policy_id.default_fee")
        if fined:
            fined._create_charges([
                (plan, today, [("fee", plan.policy_id.currency_id._convert(
                    plan.policy_id.default_fee, plan.currency_id, plan.company_id, today,
                ))])
                for plan in fined
            ])

    def _tell_missed(self, standings):
        """Put the missed instalments on somebody's list the next morning."""
        if not self:
            return
        self._ask_for(
            "billing_coordinator.activity_plan_missed",
            {
                plan: self.env._(
                    "%(person)s missed an instalment of %(date)s",
                    person=plan.partner_id.name, date=format_date(self.env, standings[plan].next_day),
                )
                for plan in self
            },
            users={plan: plan.user_id for plan in self},
            notes={plan: plan._say_standing(standings[plan]) for plan in self},
        )
        self._filter_mailed()._mail("billing_coordinator.mail_template_plan_missed")
        for plan in self:
            plan.sudo().missed_told = standings[plan].missed
