from datetime import timedelta

from odoo import fields, models


class BillingPaymentPlan(models.Model):
    """What the person hears from the office on the way: a reminder before an instalment, a receipt, a word when one is
    missed.

    Nobody is sent the same twice: what was sent is written down in the same transaction that puts it into the outbox.
    """

    _inherit = "billing.payment.plan"

    amount_acknowledged = fields.Monetary(
        readonly=True,
        copy=False,
        help="How much of what was paid the person has had a receipt for.",
    )
    reminder_waits = fields.Boolean(
        string="Reminder to print",
        readonly=True,
        copy=False,
        help="The next instalment falls due, and this person is written to on paper.",
    )

    # === ACTIONS === #

    def action_print_agreement(self):
        """Print what the person signs."""
        for plan in self:
            if plan.schedule_problem:
                plan._check_schedule()
        return self.env.ref("billing_coordinator.action_report_payment_plan").report_action(self)

    def action_print_reminder(self):
        """Print the reminders of these plans; they wait no longer."""
        # Whoever prints them says thereby that they are on their way.
        self.check_access("write")
        self.sudo().reminder_waits = False
        return self.env.ref("billing_coordinator.action_report_plan_reminder").report_action(self)

    def action_send(self):
        """Write the e-mail with the agreement attached; sending it proposes the plan.

        :raise UserError: the plan cannot be proposed as it is, or the person does not want e-mails any more
        """
        self.ensure_one()
        if self.state == "draft":
            self._check_agreeable()
        return self._open_composer(
            self.partner_id, self.env._("Send the payment plan"), "billing_coordinator.mail_template_plan_proposal",
        )

    # === BUSINESS METHODS === #

    def _note_sent(self):
        self.filtered(lambda plan: plan.state == "draft").action_propose()

    def _remind(self):
        """Remind of the next instalment, so many days before it as the policy says: by e-mail, else on paper."""
        today = fields.Date.context_today(self)
        rows = self.instalment_ids.filtered(
            lambda row: row.amount_open > 0
            and not row.reminded_on
            and today < row.date <= today + timedelta(days=row.plan_id.policy_id.reminder_days)
        )
        # One letter for all that falls due within these days.
        plans = rows.plan_id
        by_mail = plans._filter_mailed()
        by_mail._mail("billing_coordinator.mail_template_plan_reminder")
        (plans - by_mail).sudo().reminder_waits = True
        rows.sudo().reminded_on = today

    def _send_receipts(self):
        """Thank for what was paid since the last receipt; whoever is written to on paper has it printed on request."""
        paid = self.filtered(lambda plan: plan.currency_id.compare_amounts(plan.amount_paid, plan.amount_acknowledged))
        more = paid.filtered(
            lambda plan: plan.policy_id.sends_receipts
            and plan.currency_id.compare_amounts(plan.amount_paid, plan.amount_acknowledged) > 0
        )
        more._filter_mailed()._mail("billing_coordinator.mail_template_plan_receipt")
        for plan in paid:
            plan.sudo().amount_acknowledged = plan.amount_paid

    def _filter_mailed(self):
        """The plans whose person is written to by e-mail: has an address, wants it so, and has not taken that back."""
        return self.filtered(
            lambda plan: plan.partner_id.email
            and plan.partner_id.billing_channel in (False, "email")
            and not plan.partner_id._get_consent_withdrawn("email")
        )

    def _mail(self, xmlid):
        """Put an e-mail for each of these plans into the outbox, in each person's language."""
        template = self.env.ref(xmlid, raise_if_not_found=False)
        if self and template:
            template.sudo().send_mail_batch(self.ids, email_layout_xmlid="billing_coordinator.mail_layout")
