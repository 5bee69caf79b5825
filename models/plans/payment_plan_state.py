from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .payment_plan import TERMS

# States in which its bills are its own.
HOLDING = ("accepted", "active")
# What the system writes down: typed over, it would tell another story.
TRACES = frozenset({
    "name", "approved_by_id", "proposed_on", "expires_on", "accepted_on", "accepted_by", "started_on", "ended_on",
    "signature", "signed_file_id", "kind", "previous_id", "amount_total", "amount_to_pay", "amount_charges",
    "amount_paid", "amount_open", "amount_acknowledged", "progress", "date_next", "date_last", "missed_told",
    "reminder_waits",
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
        "defaulted": ("replaced",),
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
    proposed_on = fields.Date(
        string="Proposed on",
        readonly=True,
        copy=False,
    )
    expires_on = fields.Date(
        string="Proposal holds until",
        readonly=True,
        copy=False,
    )
    accepted_on = fields.Date(
        string="Signed on",
        readonly=True,
        copy=False,
    )
    accepted_by = fields.Char(
        string="Signed by",
        readonly=True,
        copy=False,
    )
    started_on = fields.Date(
        string="Runs since",
        readonly=True,
        copy=False,
    )
    ended_on = fields.Date(
        string="Ended on",
        readonly=True,
        copy=False,
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_typed({name for name, value in vals.items() if value})
        return super().create(vals_list)

    def write(self, vals):
        if "state" not in vals:
            self._check_not_typed(vals.keys())
        if not TERMS.isdisjoint(vals):
            self._check_draft()
            self._withdraw_approval()
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
        self.filtered(lambda plan: plan.state == "accepted")._restore_dates()
        self._let_go()
        self._set_state("draft", expires_on=False, accepted_on=False, accepted_by=False)

    def action_sign(self):
        """Ask who has signed, when and where the signature is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed"),
            "res_model": "billing.payment.plan.signing",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def action_accept(self):
        """The person has agreed: the plan runs, or waits for its down payment."""
        for plan in self:
            plan._accept(plan.partner_id.name)

    def action_start(self):
        """Let the plan run without waiting for its down payment any longer.

        :raise UserError: nobody has accepted it, or it has ended
        """
        for plan in self:
            if plan.state != "accepted":
                raise UserError(self.env._(
                    "%(plan)s is “%(state)s”: a plan starts when it is accepted.",
                    plan=plan.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[plan.state],
                ))
        self._start()

    def action_cancel(self):
        """End the plan without anybody having broken it: its bills are due when they were before."""
        for plan in self:
            if plan.state in HOLDING:
                plan._lock_or_refuse()
                # A plan that waits for its down payment has the days of the one whose place it took.
                plan._restore_dates()
            plan._set_state("cancelled", ended_on=fields.Date.context_today(self))
        self._let_go()

    # === BUSINESS METHODS === #

    def _check_not_typed(self, names):
        """Refuse what somebody types over what became of a plan.

        :raise UserError: naming the plan
        """
        if not self.env.su and TRACES & names:
            raise UserError(self.env._(
                "Who agreed to %(plan)s, when, and what was paid is written down by the system, never typed.",
                plan=self[:1].display_name or self._description,
            ))

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

    def _accept(self, name, day=None):
        """Somebody agrees to the plan: its bills belong to it from now on, and it runs.

        A plan whose policy waits for the down payment runs from the night on after which that is there.

        :param str name: who signed
        :param day: on which day; today when left out
        :raise UserError: the proposal has expired, or a bill has changed or stands in another plan meanwhile
        """
        self.ensure_one()
        day = day or fields.Date.context_today(self)
        if self.state == "draft":
            self._check_agreeable()
        elif self.expires_on and self.expires_on < day:
            raise UserError(self.env._(
                "%(plan)s could be accepted until %(date)s. Take it back, look whether it still holds, and propose it "
                "anew.",
                plan=self.display_name, date=format_date(self.env, self.expires_on),
            ))
        self._take_hold()
        self._set_state("accepted", accepted_on=day, accepted_by=name)
        if not self._waits_for_down():
            self._start()

    def _take_hold(self):
        """Keep the bills for this plan alone.

        They are locked first: of two people who agree to plans over one bill, one wins and the other is told.
        """
        self.ensure_one()
        self._lock_or_refuse()
        self.item_ids.move_line_id._billing_lock(self.display_name)
        self._check_items()
        self._note_dates()
        self._replace_previous()
        for item, reduced in self.item_ids._get_reductions().items():
            item.sudo().write({"is_running": True, "amount_reduced": reduced})
        # The database says no to a bill in two running plans; let it say so before anything else happens.
        self.item_ids.flush_recordset(["is_running"])

    def _let_go(self):
        """Other plans may have the bills again."""
        self.item_ids.sudo().is_running = False

    def _waits_for_down(self):
        """Whether the plan begins with a down payment that is not there yet; a credit note is none."""
        self.ensure_one()
        if not self.policy_id.waits_for_down or self.currency_id.is_zero(sum(self.item_ids.mapped("amount_open"))):
            return False
        reduced = sum(total - item.amount_reduced for item, total in self.item_ids._get_reductions().items())
        return self.currency_id.compare_amounts(self.amount_paid - reduced, self.down_payment) < 0

    def _start(self):
        """Let accepted plans run: their bills are due when their instalments are."""
        for plan in self:
            plan._lock_or_refuse()
            plan._set_state("active", started_on=fields.Date.context_today(self))
            plan._move_dates()
