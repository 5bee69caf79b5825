from odoo import api, fields, models
from odoo.exceptions import UserError


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
