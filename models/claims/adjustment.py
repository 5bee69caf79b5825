from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal

from .settlement import Settled


class BillingAdjustment(models.Model):
    """An office decision about an open amount: write it off, grant a discount, give up or pass on a denied claim.

    It is asked for by whoever works on the account and posted at once within that person's limit; above the limit,
    or where the reason wants it, a manager decides.
    """

    _name = "billing.adjustment"
    _description = "Write-off or discount"
    _inherit = ["billing.settlement"]
    _order = "date desc, id desc"

    _state_moves = {
        "to_approve": ("posted", "refused"),
        "posted": ("reversed",),
        "refused": (),
        "reversed": (),
    }

    state = fields.Selection(
        selection=[
            ("to_approve", "Waiting for approval"),
            ("posted", "Posted"),
            ("refused", "Refused"),
            ("reversed", "Reversed"),
        ],
        required=True,
        readonly=True,
        default="to_approve",
        copy=False,
        tracking=True,
        index=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        related="move_id.partner_id",
        string="Owed by",
        store=True,
        index=True,
    )
    patient_id = fields.Many2one(
        related="move_id.billing_patient_id",
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        compute="_compute_claim_id",
        store=True,
        index="btree_not_null",
    )
    reason_id = fields.Many2one(
        comodel_name="billing.adjustment.reason",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('effect', '!=', 'hold')]",
        tracking=True,
    )
    amount = fields.Monetary(
        required=True,
        tracking=True,
    )
    note = fields.Text(
        string="Why",
        help="What the next person should know about this decision.",
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked for by",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
    )
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        copy=False,
        tracking=True,
    )
    can_approve = fields.Boolean(
        compute="_compute_can_approve",
    )
    caused_move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="billing_adjustment_id",
        string="Entries and invoices",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        "The amount to write off must be more than zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_claim_id(self):
        for adjustment in self:
            adjustment.claim_id = adjustment.move_id.claim_ids[:1]

    @api.depends_context("uid")
    @api.depends("state", "amount", "company_id")
    def _compute_can_approve(self):
        for adjustment in self:
            adjustment.can_approve = adjustment.state == "to_approve" and adjustment._is_within_limit()

    @api.depends("name", "reason_id", "move_id")
    def _compute_display_name(self):
        for adjustment in self:
            adjustment.display_name = f"{adjustment.name} {adjustment.reason_id.name or ''}".strip()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            move = self.env["account.move"].browse(vals.get("move_id"))
            vals["company_id"] = move.company_id.id
            vals["currency_id"] = move.currency_id.id
            vals["requested_by_id"] = self.env.uid
            vals["approver_id"] = False
        return super().create(vals_list)

    _decided_fields = frozenset({
        "move_id", "company_id", "currency_id", "reason_id", "amount", "date", "requested_by_id", "approver_id",
        "entry_id",
    })

    def write(self, vals):
        protected = self._decided_fields & vals.keys()
        if protected and "state" not in vals and not self.env.su:
            raise UserError(self.env._(
                "%(adjustment)s has been asked for and is not changed any more. Refuse it and ask again.",
                adjustment=self[:1].display_name,
            ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for adjustment in self:
            if adjustment.state in ("posted", "reversed"):
                raise UserError(self.env._(
                    "%(adjustment)s has postings behind it and cannot be deleted. Reverse it instead.",
                    adjustment=adjustment.display_name,
                ))

    # === ACTIONS === #

    def action_approve(self):
        """Post what was asked for. Refused above the limit of who decides."""
        for adjustment in self:
            adjustment._check_limit()
            adjustment._apart_from_screen()._post_decision()
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def action_refuse(self):
        """Say no: nothing is posted."""
        self._set_state("refused", approver_id=self.env.uid)
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def action_reverse(self):
        """Take the decision back: the amount is owed again."""
        reason = self.env._("Taken back by %(user)s", user=self.env.user.name)
        for adjustment in self:
            adjustment._apart_from_screen()._reverse(fields.Date.context_today(self), reason)

    # === LIMITS === #

    def _is_within_limit(self):
        """Whether the current user may post this without asking anybody.

        What was taken off the same invoice before counts: a large sum in small pieces is a large sum.
        """
        self.ensure_one()
        company = self.company_id.sudo()
        earlier = self.sudo().search(self._get_earlier_domain())
        amount = self.currency_id._convert(
            self.amount + sum(earlier.mapped("amount")),
            company.currency_id,
            company,
            self.date or fields.Date.context_today(self),
        )
        if self.env.user.has_group("billing_coordinator.group_manager"):
            limit = company.billing_manager_adjustment_limit
            return not limit or company.currency_id.compare_amounts(amount, limit) <= 0
        if not self.env.user.has_group("billing_coordinator.group_coordinator"):
            return False
        return not self.reason_id.needs_approval and company.currency_id.compare_amounts(
            amount, company.billing_adjustment_limit,
        ) <= 0

    def _get_earlier_domain(self):
        """What was taken off the same invoice before, and counts towards the limit."""
        return [
            ("move_id", "=", self.move_id._origin.id),
            ("state", "=", "posted"),
            ("reason_id.effect", "=", "reduce"),
        ]

    def _check_limit(self):
        if not self._is_within_limit():
            raise UserError(self.env._(
                "%(adjustment)s over %(amount)s is above what you may decide. Ask somebody with a higher limit.",
                adjustment=self.display_name,
                amount=format_amount(self.env, self.amount, self.currency_id),
            ))

    def _decide_or_ask(self):
        """Post at once where the limit allows it, else ask the managers."""
        for adjustment in self:
            if adjustment._is_within_limit():
                adjustment._apart_from_screen()._post_decision()
            else:
                adjustment._ask_manager()

    def _ask_manager(self):
        self._ask_for("mail.mail_activity_data_todo", {
            self: self.env._("Decide about %(amount)s", amount=format_amount(
                self.env, self.amount, self.currency_id,
            )),
        }, users=self.company_id._get_billing_manager() or self.env.user)

    # === POSTING === #

    def _post_decision(self):
        self.ensure_one()
        self._lock_or_refuse()
        self.company_id._billing_check_setup()
        self._check_open()
        self._check_date(self.date)
        approver = self._get_approver()
        settled = self._get_settled()
        entry = self._post_entry(settled, self.date)
        invoices = self.env["account.move"]
        if self.reason_id.effect == "transfer":
            invoices = self._post_transfers(settled, self.date)
        self.move_id._reconcile_billing_receivables()
        self._reconcile_transfers(entry | invoices)
        self._set_state("posted", entry_id=entry.id, approver_id=approver.id)
        self.claim_id._follow_ledger(reason=self.display_name)

    def _get_settled(self):
        """The amount, divided among the services of the invoice in proportion to what is open of each."""
        open_services = self.env["billing.remittance.line"]._get_open_services(self.move_id)
        lines = list(open_services)
        unit = to_decimal(self.currency_id.rounding)
        weights = [to_decimal(max(amount, 0.0), unit) for amount in open_services.values()]
        amounts = split_ratio(to_decimal(self.amount, unit), weights, unit)
        return [
            Settled(self.move_id, line.encounter_line_id, self.reason_id, float(amount))
            for line, amount in zip(lines, amounts, strict=True)
            if amount
        ]

    def _check_open(self):
        """Only what is open can be given up, and only on an invoice of billing."""
        move = self.move_id
        if not move.billing_kind or move.move_type != "out_invoice" or move.state != "posted":
            raise UserError(self.env._(
                "%(invoice)s is not a posted invoice of billing. Use a credit note for it.", invoice=move.display_name,
            ))
        if self.reason_id.effect == "transfer" and not move.billing_coverage_id:
            raise UserError(self.env._(
                "%(invoice)s is already asked of %(debtor)s: “%(reason)s” passes on what a payer did not pay. Choose a "
                "reason that reduces the amount.",
                invoice=move.name,
                debtor=move.partner_id.display_name,
                reason=self.reason_id.name,
            ))
        still_open = self._get_adjustable()
        if self.currency_id.compare_amounts(self.amount, still_open) > 0:
            raise UserError(self.env._(
                "%(invoice)s has %(open)s open; %(amount)s cannot be taken off it.",
                invoice=move.name,
                open=format_amount(self.env, still_open, self.currency_id),
                amount=format_amount(self.env, self.amount, self.currency_id),
            ))

    def _get_adjustable(self):
        """How much can be taken off the invoice: what is open on it."""
        return self.env["billing.charge.flow"]._get_flows(self.move_id)[self.move_id]["open"]

    def _get_approver(self):
        """Who stands behind what is posted now."""
        return self.env.user

    def _reverse(self, date, reason):
        """Take the decision back, on this date and for this reason."""
        self.ensure_one()
        self._lock_or_refuse()
        self._check_date(date, since=self.date)
        self._reverse_settlement(date, reason)
        self.move_id._reconcile_billing_receivables()
        self._set_state("reversed", reason)
        self.claim_id._follow_ledger(reason=reason)

    def _get_link_vals(self):
        return {"billing_adjustment_id": self.id}

    def _get_caused_moves(self):
        return self.caused_move_ids
