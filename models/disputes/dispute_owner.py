from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.business_days import add_business_days

from .dispute import LIVE, USUAL_DAYS

ANSWER = "billing_coordinator.activity_dispute_answer"
OVERDUE = "billing_coordinator.activity_dispute_overdue"
SEND = "billing_coordinator.activity_dispute_send"


class BillingDispute(models.Model):
    """Who answers by when: an activity for the owner, and a manager who hears of it when the day has passed."""

    _inherit = "billing.dispute"

    overdue_told_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which a manager was told that the answer is late.",
    )

    # === NIGHT === #

    @api.model
    def _cron_follow(self):
        """Tell a manager of the answers that are late, once."""
        def get_domain(model):
            return [
                ("state", "in", LIVE),
                ("date_deadline", "<", fields.Date.context_today(model)),
                ("overdue_told_on", "=", False),
            ]

        self._work_through((get_domain, lambda disputes: disputes._tell_overdue()))

    def _tell_overdue(self):
        managers = {company: company._get_billing_manager() for company in self.company_id}
        self._ask_for(
            OVERDUE,
            {
                dispute: self.env._(
                    "%(dispute)s was to be answered by %(date)s",
                    dispute=dispute.display_name, date=dispute._say_deadline(),
                )
                for dispute in self
            },
            users={dispute: managers[dispute.company_id] for dispute in self},
        )
        self.sudo().overdue_told_on = fields.Date.context_today(self)

    # === BUSINESS METHODS === #

    def _get_deadline(self, day):
        """The day for an answer to what came on ``day``."""
        self.ensure_one()
        days = self.category_id.days if self.category_id else USUAL_DAYS
        return add_business_days(day, days, self.company_id._get_billing_holidays())

    def _ask_owner(self):
        """The owners find these disputes among their activities."""
        self._ask_for(
            ANSWER,
            {
                dispute: self.env._(
                    "Answer %(debtor)s: %(subject)s",
                    debtor=dispute.partner_id.name or dispute.email_from or dispute.name,
                    subject=dispute.subject or dispute.category_id.name or dispute.name,
                )
                for dispute in self
            },
            users={dispute: dispute.user_id for dispute in self},
            deadline="date_deadline",
        )

    def _ask_anew(self):
        """Another owner or another day: the activity follows."""
        for dispute in self:
            dispute.sudo().activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.env.ref(ANSWER),
            ).write({"user_id": dispute.user_id.id, "date_deadline": dispute.date_deadline})
        later = self.filtered(
            lambda dispute: dispute.overdue_told_on and dispute.date_deadline >= fields.Date.context_today(self)
        )
        later.sudo().overdue_told_on = False

    def _stop_asking(self):
        """Nobody is asked for an answer to these disputes any more."""
        kinds = self.env.ref(ANSWER) | self.env.ref(OVERDUE)
        self.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id in kinds).action_done()
