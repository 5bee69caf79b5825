from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What is noted when an agreement is made, and never typed.
NOTED = ("amount_before", "amount_off_before", "amount_answered_before")


class BillingNegotiationItem(models.Model):
    """A bill that is negotiated; once there is an agreement, what had been paid on it until then."""

    _name = "billing.negotiation.item"
    _description = "Negotiated bill"
    _order = "negotiation_id, id"
    _check_company_auto = True

    negotiation_id = fields.Many2one(
        comodel_name="billing.negotiation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="negotiation_id.company_id",
        store=True,
        index=True,
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Bill",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        compute="_compute_claim_id",
    )
    patient_id = fields.Many2one(
        related="move_id.billing_patient_id",
    )
    currency_id = fields.Many2one(
        related="move_id.currency_id",
    )
    date_due = fields.Date(
        related="move_id.invoice_date_due",
        string="Due on",
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amounts",
        help="What is still owed on it, entries that reopened it included.",
    )
    amount_before = fields.Monetary(
        string="Paid before",
        readonly=True,
        help="What had been paid on it when the agreement was made.",
    )
    amount_paid = fields.Monetary(
        string="Paid since",
        compute="_compute_amounts",
        help="Payments since the agreement, less what was taken back.",
    )

    amount_off_before = fields.Monetary(
        string="Taken off before",
        readonly=True,
        help="What had been taken off it, or passed on, when the agreement was made.",
    )
    amount_answered_before = fields.Monetary(
        string="Taken off before by answers",
        readonly=True,
        help="What of that the payer's answers had taken off.",
    )
    amount_off = fields.Monetary(
        string="Taken off since",
        compute="_compute_amounts",
        help="What was taken off, or passed on to others, since the agreement: by the payer's answers or by the "
             "office.",
    )
    amount_answered = fields.Monetary(
        string="Taken off since by answers",
        compute="_compute_amounts",
    )

    _once = models.UniqueIndex(
        "(negotiation_id, move_id)",
        "A bill stands once in a negotiation.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.move_id.name or ""

    @api.depends("move_id")
    def _compute_claim_id(self):
        for item in self:
            item.claim_id = item.move_id.claim_ids[:1]

    @api.depends("move_id.amount_residual", "amount_before", "amount_off_before", "negotiation_id.state")
    def _compute_amounts(self):
        totals = self._get_totals()
        for item in self:
            opened, paid, off, answered = totals[item.move_id._origin]
            agreed = item.negotiation_id.state not in ("open", "failed") and item.move_id
            item.amount_open = opened
            item.amount_paid = item.currency_id.round(paid - item.amount_before) if agreed else 0.0
            item.amount_off = item.currency_id.round(off - item.amount_off_before) if agreed else 0.0
            item.amount_answered = item.currency_id.round(answered - item.amount_answered_before) if agreed else 0.0

    # === READING === #

    def _get_totals(self):
        """{bill: (open, paid, taken off or passed on, how much of that by answers)}, each from its first day on."""
        bills = self.move_id._origin
        flows = self.env["billing.charge.flow"]._get_flows(bills)
        lines = self.env["billing.remittance.line"]._get_in_force(bills.sudo().invoice_line_ids)
        answered = defaultdict(float)
        for line in lines:
            answered[line.move_line_id.move_id.id] += line._get_settled_amount() - line.amount_paid
        return defaultdict(lambda: (0.0, 0.0, 0.0, 0.0), {
            bill: (flow["open"], flow["paid"], flow["adjusted"] + flow["transferred"], answered[bill.id])
            for bill, flow in flows.items()
        })

    def _note_standing(self):
        """Keep what was paid and taken off when the agreement is made: only what comes later keeps it."""
        totals = self._get_totals()
        for item in self.sudo():
            _opened, paid, off, answered = totals[item.move_id.sudo(self.env.su)]
            item.write({"amount_before": paid, "amount_off_before": off, "amount_answered_before": answered})

    # === CONSTRAINT METHODS === #

    @api.constrains("move_id", "negotiation_id")
    def _check_bill(self):
        for item in self:
            move, negotiation = item.move_id, item.negotiation_id
            if not move.billing_kind or move.move_type != "out_invoice" or move.state != "posted":
                raise ValidationError(self.env._(
                    "%(bill)s is no posted bill of billing, so nothing of it can be negotiated.",
                    bill=move.display_name,
                ))
            if move.commercial_partner_id != negotiation.partner_id.commercial_partner_id:
                raise ValidationError(self.env._(
                    "%(bill)s is asked of %(owner)s, and %(negotiation)s is with %(other)s. Choose who owes the bill.",
                    bill=move.name,
                    owner=move.partner_id.display_name,
                    negotiation=negotiation.name,
                    other=negotiation.partner_id.display_name,
                ))
            if move.company_id != negotiation.company_id:
                raise ValidationError(self.env._(
                    "%(bill)s is a bill of %(company)s, and %(negotiation)s is about bills of %(other)s.",
                    bill=move.name,
                    company=move.company_id.name,
                    negotiation=negotiation.name,
                    other=negotiation.company_id.name,
                ))
            if len(negotiation.item_ids.move_id.currency_id) > 1:
                raise ValidationError(self.env._(
                    "%(bill)s is in %(currency)s, other bills of %(negotiation)s are not. Negotiate each currency by "
                    "itself.",
                    bill=move.name,
                    currency=move.currency_id.name,
                    negotiation=negotiation.name,
                ))
        self.negotiation_id._check_bills_free()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create([{name: vals[name] for name in vals if name not in NOTED} for vals in vals_list])
        items._check_talking()
        return items

    def write(self, vals):
        if not self.env.su:
            self._check_talking()
            vals = {name: value for name, value in vals.items() if name not in NOTED}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_talking()

    def _check_talking(self):
        """
        :raise UserError: what it is about is agreed already
        """
        for negotiation in self.negotiation_id:
            if negotiation.state != "open":
                raise UserError(self.env._(
                    "%(negotiation)s is not talked about any more, and its bills stay as they are. Reopen it first.",
                    negotiation=negotiation.display_name,
                ))

    # === ACTIONS === #

    def action_open_bill(self):
        """The bill itself."""
        return self.move_id._get_records_action()
