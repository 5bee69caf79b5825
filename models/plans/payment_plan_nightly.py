from odoo import api, fields, models
from odoo.tools import format_date


class BillingPaymentPlan(models.Model):
    """What happens to plans by themselves each night."""

    _inherit = "billing.payment.plan"

    @api.model
    def _cron_follow(self):
        """Expire proposals, start what has its down payment, and follow the running plans: their debts, fees and
        interest, receipts and reminders, who has missed an instalment, what is paid and what is broken.

        In batches that are saved one by one: killed in between, the next night goes on.
        """
        def today(model):
            return fields.Date.context_today(model)

        self._work_through(
            (
                lambda model: [("state", "=", "proposed"), ("expires_on", "<", today(model))],
                lambda plans: plans._set_state("expired", self.env._("Nobody answered in time.")),
            ),
            (
                lambda model: [("state", "=", "accepted")],
                lambda plans: plans.filtered(lambda plan: not plan._waits_for_down())._start(),
            ),
            (
                lambda model: [("state", "=", "completed"), ("date_next", "!=", False)],
                lambda plans: plans._reopen(),
            ),
            (lambda model: [("state", "=", "active")], lambda plans: plans._follow()),
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
        """Money that completed a plan was taken back: it goes on."""
        for plan in self:
            plan._set_state("active", self.env._("Money was taken back: the plan goes on."), ended_on=False)
            plan.item_ids.sudo().is_running = True
            plan._move_dates()

    def _break(self):
        """The person has broken the plan: what the policy says follows."""
        today = fields.Date.context_today(self)
        for plan in self:
            standing = plan._get_standing(today)
            if plan.policy_id.restores_dates:
                plan._restore_dates()
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
