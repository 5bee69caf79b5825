from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingDispute(models.Model):
    """Our answer: on paper, by e-mail or told; some days after it, what is still owed is asked for again."""

    _inherit = "billing.dispute"

    answer = fields.Text(
        string="Our answer",
        copy=False,
        help="Printed on the letter: what we found, in plain words. Nothing about health.",
    )
    is_our_mistake = fields.Boolean(
        string="We were wrong",
        copy=False,
        help="The letter apologises.",
    )
    lift_days = fields.Integer(
        string="Left alone after the answer (days)",
        readonly=True,
        copy=False,
    )
    answered_on = fields.Date(
        string="Answered on",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_lift = fields.Date(
        string="Asked for again from",
        compute="_compute_date_lift",
        store=True,
        help="Until this day nobody asks for what was disputed. Empty: not before our answer has gone out.",
    )

    # === COMPUTE METHODS === #

    @api.depends("answered_on", "lift_days")
    def _compute_date_lift(self):
        for dispute in self:
            answered = dispute.answered_on
            dispute.date_lift = answered + timedelta(days=dispute.lift_days) if answered else False

    # === ACTIONS === #

    def action_print_answer(self):
        """Print the answers; they are on their way thereby."""
        self._check_answerable()
        self.check_access("write")
        self._note_answered()
        return self.env.ref("billing_coordinator.action_report_dispute_answer").report_action(self)

    def action_send_answer(self):
        """Write the e-mail with the answer attached.

        :raise UserError: nothing is decided yet, or the person does not want e-mails any more
        """
        self.ensure_one()
        self._check_answerable()
        return self._open_composer(
            self.partner_id, self.env._("Send the answer"), "billing_coordinator.mail_template_dispute_answer",
        )

    def action_told(self):
        """The debtor was told, and no letter is wanted."""
        self._check_answerable()
        self._note_answered()

    # === BUSINESS METHODS === #

    def _check_answerable(self):
        """
        :raise UserError: nothing is decided about one of them
        """
        for dispute in self:
            if dispute.state != "resolved":
                raise UserError(self.env._(
                    "Nothing is decided about %(dispute)s, so there is no answer yet. Resolve it first.",
                    dispute=dispute.display_name,
                ))

    def _note_sent(self):
        self.filtered(lambda dispute: dispute.state == "resolved")._note_answered()

    def _note_answered(self):
        """The first answer counts: sent again, it leaves nothing alone for longer."""
        self.check_access("write")
        new = self.filtered(lambda dispute: not dispute.answered_on)
        new.sudo().answered_on = fields.Date.context_today(self)
        kind = self.env.ref("billing_coordinator.activity_dispute_send")
        new.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).action_done()
