from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .payment_plan import TERMS

# States in which the plan decides when its bills are due.
RUNNING = ("active",)
ENDED = ("completed", "defaulted", "cancelled", "replaced")
TRACES = frozenset({
    "approved_by_id", "proposed_on", "expires_on", "accepted_on", "accepted_by", "started_on", "ended_on",
})


class BillingPaymentPlan(models.Model):
    """What becomes of a plan: drawn up, proposed, accepted, running, and how it ended."""

    _inherit = "billing.payment.plan"

    _state_moves = {
        "draft": ("proposed", "accepted", "cancelled"),
        "proposed": ("draft", "accepted", "expired"),
        "expired": ("draft", "cancelled"),
        "accepted": ("active", "draft", "cancelled"),
        "active": ("completed", "defaulted", "cancelled", "replaced"),
        # Money that was taken back opens it again.
        "completed": ("active",),
        "defaulted": ("active", "replaced"),
        "cancelled": (),
        "replaced": (),
    }

    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("expired", "Not answered"),
            ("accepted", "Accepted"),
            ("active", "Running"),
            ("completed", "Paid"),
            ("defaulted", "Broken"),
            ("cancelled", "Cancelled"),
            ("replaced", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
        help="Proposed: sent to the person, and what it says stays. Accepted: signed, and waiting for its down payment "
             "where one was agreed on. Running: its bills are due when their instalments are.",
    )
    proposed_on = fields.Date(readonly=True, copy=False)
    expires_on = fields.Date(
        string="Proposal holds until",
        readonly=True,
        copy=False,
    )
    accepted_on = fields.Date(
        readonly=True,
        copy=False,
    )
    accepted_by = fields.Char(
        string="Signed by",
        readonly=True,
        copy=False,
    )
    started_on = fields.Date(readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    previous_id = fields.Many2one(
        comodel_name="billing.payment.plan",
        string="Takes the place of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    next_ids = fields.One2many(
        comodel_name="billing.payment.plan",
        inverse_name="previous_id",
        string="Replaced by",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and "state" not in vals and not TRACES.isdisjoint(vals):
            raise UserError(self.env._(
                "Who agreed to %(plan)s and when is written down by its buttons, never typed.",
                plan=self[:1].display_name,
            ))
        if not TERMS.isdisjoint(vals):
            self._check_draft()
            # A yes was given to other terms.
            if not self.env.su and any(plan.approved_by_id for plan in self):
                self.sudo().approved_by_id = False
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for plan in self:
            if plan.state != "draft" or plan.proposed_on:
                raise UserError(self.env._(
                    "%(plan)s was sent to %(person)s and stays on record. Cancel it instead.",
                    plan=plan.display_name, person=plan.partner_id.name,
                ))

    # === ACTIONS === #

    def action_propose(self):
        """Send the plan to the person: from now on it says what it says, until the day it expires."""
        today = fields.Date.context_today(self)
        for plan in self:
            plan._check_agreeable()
            plan._set_state(
                "proposed", proposed_on=today, expires_on=fields.Date.add(today, days=plan.policy_id.proposal_days),
            )

    def action_back(self):
        """Take the proposal back, to change it."""
        self._set_state("draft", expires_on=False, accepted_on=False, accepted_by=False)

    def action_accept(self):
        """The person has signed: the plan runs, or waits for its down payment."""
        for plan in self:
            plan._accept(plan.partner_id.name)

    def action_start(self):
        """Let the plan run: its bills are due when their instalments are."""
        self._start()

    def action_cancel(self):
        """End the plan without anybody having broken it: its bills are due when they were before."""
        for plan in self:
            if plan.state in RUNNING:
                plan._lock_or_refuse()
                plan._restore_dates()
            plan._set_state("cancelled", ended_on=fields.Date.context_today(self))
            plan.item_ids.sudo().is_running = False

    # === BUSINESS METHODS === #

    def _check_draft(self):
        """Refuse to change what somebody was told.

        :raise UserError: naming the plan and the way out
        """
        for plan in self:
            if plan.state != "draft":
                raise UserError(self.env._(
                    "%(plan)s says what %(person)s was told. Take the proposal back to change it; a running plan is "
                    "renegotiated.",
                    plan=plan.display_name, person=plan.partner_id.name,
                ))

    def _check_agreeable(self):
        """Everything that has to be right before anybody agrees to it."""
        self.ensure_one()
        self._check_schedule()
        self._check_limits()
        self._check_items()

    def _check_items(self):
        """What the plan covers is still open as it says, and nothing else stands against it.

        :raise UserError: naming the first bill, the reason and the way out
        """
        self.ensure_one()
        reasons = self._find_reasons_against(self.item_ids.move_line_id)
        for item in self.item_ids:
            if reason := reasons.get(item.move_line_id):
                raise UserError(self.env._(
                    "%(bill)s cannot stand in %(plan)s: %(reason)s. Take it off the plan.",
                    bill=item.move_id.name, plan=self.display_name, reason=reason,
                ))
            if self.currency_id.compare_amounts(item.amount_start, item.move_line_id.amount_residual_currency):
                raise UserError(self.env._(
                    "%(bill)s had %(then)s open when %(plan)s was drawn up, and has %(now)s open now. Take the "
                    "proposal back and press “Cover open bills” to work it out anew.",
                    bill=item.move_id.name,
                    plan=self.display_name,
                    then=format_amount(self.env, item.amount_start, self.currency_id),
                    now=format_amount(self.env, item.move_line_id.amount_residual_currency, self.currency_id),
                ))

    def _accept(self, name):
        """Somebody agrees to the plan.

        :param str name: who signed
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.state == "draft":
            self._check_agreeable()
        elif self.expires_on and self.expires_on < today:
            raise UserError(self.env._(
                "%(plan)s could be accepted until %(date)s. Take it back, look whether it still holds, and propose it "
                "anew.",
                plan=self.display_name, date=format_date(self.env, self.expires_on),
            ))
        self._set_state("accepted", accepted_on=today, accepted_by=name)
        self._start()

    def _start(self):
        """Let accepted plans run.

        The bills are kept to ourselves first: of two people who start plans over one bill, one wins and the other is
        told.
        """
        for plan in self:
            plan._lock_or_refuse()
            plan.item_ids.move_line_id._billing_lock(plan.display_name)
            plan._check_items()
            for item, reduced in plan.item_ids._get_reductions().items():
                item.sudo().write({"is_running": True, "amount_reduced": reduced})
            # The database says no to a bill in two running plans; let it say so before anything else happens.
            plan.item_ids.flush_recordset(["is_running"])
            plan._set_state("active", started_on=fields.Date.context_today(self))
            plan._move_dates()
