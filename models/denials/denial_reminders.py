from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .denial import LIVE, TO_WORK

WORK = "billing_coordinator.activity_denial_work"
LATE = "billing_coordinator.activity_denial_late"
# A denial is to be begun so many days before the last one for an appeal, and within so many days in any case.
NOTICE_DAYS = 14
WORK_DAYS = 7


class BillingDenial(models.Model):
    """Who works on a denial by when: an activity for its owner, and a manager who hears of a missed deadline."""

    _inherit = "billing.denial"

    late_told_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which a manager was told that the deadline was missed.",
    )
    date_begin = fields.Date(
        string="Begin by",
        compute="_compute_date_begin",
        help="A week from now, or earlier where the deadline comes close.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_deadline")
    @api.depends_context("tz")
    def _compute_date_begin(self):
        today = fields.Date.context_today(self)
        usual = today + timedelta(days=WORK_DAYS)
        for denial in self:
            last = (denial.date_deadline or usual) - timedelta(days=NOTICE_DAYS if denial.date_deadline else 0)
            denial.date_begin = max(min(last, usual), today)

    # === NIGHT === #

    @api.model
    def _cron_follow(self):
        """Estimate the chances anew, and tell of deadlines that were missed, once."""
        def get_missed(model):
            return [
                ("state", "in", TO_WORK), ("date_deadline", "<", fields.Date.context_today(model)),
                ("late_told_on", "=", False),
            ]

        self._work_through(
            (lambda _model: [("state", "in", LIVE)], lambda denials: denials._estimate()),
            (get_missed, lambda denials: denials._tell_late()),
        )
        self.env["billing.appeal"]._work_at_night()

    def _tell_late(self):
        managers = {company: company._get_billing_manager() for company in self.company_id}
        self._ask_for(
            LATE,
            {
                denial: self.env._(
                    "%(denial)s was to be appealed by %(date)s: %(amount)s",
                    denial=denial.name,
                    date=format_date(self.env, denial.date_deadline),
                    amount=denial.currency_id.format(denial.amount),
                )
                for denial in self
            },
            users={denial: managers[denial.company_id] for denial in self},
        )
        self.sudo().late_told_on = fields.Date.context_today(self)

    # === BUSINESS METHODS === #

    def _ask_owner(self):
        """The owners find these denials among their activities, in time before the deadline."""
        mine = self.filtered("user_id")
        mine._ask_for(
            WORK,
            {
                denial: self.env._(
                    "%(payer)s: %(cause)s, %(amount)s",
                    payer=denial.payer_id.name,
                    cause=denial.category_id.name or denial.name,
                    amount=denial.currency_id.format(denial.amount),
                )
                for denial in mine
            },
            users={denial: denial.user_id for denial in mine},
            deadline="date_begin",
        )

    def _ask_anew(self):
        """Another owner or another day: the activity follows."""
        if self.env.context.get("billing_denials_open"):
            return
        kind = self.env.ref(WORK)
        live = self.filtered(lambda denial: denial.state in LIVE)
        live.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).unlink()
        live._ask_owner()
        today = fields.Date.context_today(self)
        later = self.filtered(
            lambda denial: denial.late_told_on and (not denial.date_deadline or denial.date_deadline >= today)
        )
        later.sudo().late_told_on = False

    def _stop_asking(self):
        """Nobody is asked to do anything about these denials any more."""
        kinds = self.env.ref(WORK) | self.env.ref(LATE)
        self.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id in kinds).action_done()
