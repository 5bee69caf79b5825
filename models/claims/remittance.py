from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tools import format_amount


class BillingRemittance(models.Model):
    """A payer's answer: what it paid of which claims, what it did not pay, and why.

    Typed from paper line by line; posting it moves the money (see the file remittance_posting).
    """

    _name = "billing.remittance"
    _description = "Remittance"
    _inherit = ["billing.payment.advice"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "reference", "payer_id.name"]

    state = fields.Selection(
        selection_add=[("draft", "Being typed")],
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        domain="[('is_payer', '=', True)]",
        check_company=True,
        tracking=True,
    )
    reference = fields.Char(
        required=True,
        copy=False,
        tracking=True,
        help="Cheque or transfer number on the payer's paper. The same one with the same amount is taken once only.",
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="When the payer paid: the accounting date of everything that follows.",
    )
    amount = fields.Monetary(
        string="Money received",
        tracking=True,
        help="The amount of the cheque or transfer. Zero when the payer only answered.",
    )
    credit_amount = fields.Monetary(
        string="From earlier credit",
        copy=False,
        help="What this answer uses of money that the payer sent before and that is not applied to any claim yet.",
    )
    payer_credit = fields.Monetary(
        string="Payer's unapplied credit",
        compute="_compute_payer_credit",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Received in",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('type', 'in', ('bank', 'cash'))]",
        check_company=True,
    )
    line_ids = fields.One2many(
        comodel_name="billing.remittance.line",
        inverse_name="remittance_id",
        string="Services",
        copy=False,
    )
    claim_to_add_id = fields.Many2one(
        comodel_name="billing.claim",
        string="Add claim",
        store=False,
        domain="[('payer_id', '=', payer_id), ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
               " ('state', 'not in', ('void', 'settled'))]",
        help="Choose a claim: its services are added below.",
    )
    payment_id = fields.Many2one(
        comodel_name="account.payment",
        readonly=True,
        copy=False,
        check_company=True,
    )
    caused_move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="remittance_id",
        string="Entries and invoices",
    )
    claim_ids = fields.Many2many(
        comodel_name="billing.claim",
        string="Claims",
        compute="_compute_claim_ids",
    )

    _once = models.UniqueIndex(
        "(company_id, payer_id, reference, amount) WHERE state != 'reversed'",
        "This remittance was typed before: same payer, same reference, same amount. Look it up by its reference.",
    )
    _amounts_not_negative = models.Constraint(
        "CHECK (amount >= 0 AND credit_amount >= 0)",
        "Money received and credit used cannot be negative. To take an answer back, reverse its remittance.",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id", "currency_id")
    def _compute_journal_id(self):
        for remittance in self:
            remittance.journal_id = remittance.company_id.billing_payment_journal_id

    @api.depends("payer_id", "company_id", "currency_id", "state")
    def _compute_payer_credit(self):
        for remittance in self:
            credits = remittance._get_payer_credits()
            remittance.payer_credit = -sum(credits.mapped("amount_residual_currency"))

    @api.depends("line_ids.claim_id")
    def _compute_claim_ids(self):
        for remittance in self:
            remittance.claim_ids = remittance.line_ids.claim_id

    @api.depends("name", "payer_id", "reference")
    def _compute_display_name(self):
        for remittance in self:
            parts = (remittance.name, remittance.payer_id.name, remittance.reference)
            remittance.display_name = " ".join(part for part in parts if part)

    # === CONSTRAINS AND ONCHANGE === #

    @api.onchange("claim_to_add_id")
    def _onchange_claim_to_add_id(self):
        if claim := self.claim_to_add_id:
            if claim._origin not in self.line_ids.claim_id._origin:
                self.line_ids = claim._origin._prepare_answer_lines()
            self.claim_to_add_id = False

    @api.constrains("reference")
    def _check_reference(self):
        for remittance in self:
            if not (remittance.reference or "").strip():
                raise ValidationError(self.env._(
                    "The answer of %(payer)s has no reference. Type the cheque or transfer number from the paper: it "
                    "is what keeps the same answer from being taken twice.",
                    payer=remittance.payer_id.display_name,
                ))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._normalise_reference(vals)
        self.concat(*(self.new(vals) for vals in vals_list))._check_once()
        return super().create(vals_list)

    _once_fields = ("company_id", "payer_id", "reference", "amount")

    def write(self, vals):
        self._normalise_reference(vals)
        key = {name: vals[name] for name in self._once_fields if name in vals}
        if key:
            self.concat(*(self.new(key, origin=remittance) for remittance in self))._check_once()
        return super().write(vals)

    def _check_once(self):
        """Refuse, before they are saved, answers (new records) that were typed before, and lead to the first.

        What two people type at the same moment, the unique index refuses.

        :raise RedirectWarning: with a button that opens the earlier one
        """
        for remittance in self:
            earlier = self.search([
                ("id", "not in", remittance._origin.ids),
                ("company_id", "=", remittance.company_id._origin.id),
                ("payer_id", "=", remittance.payer_id._origin.id),
                ("reference", "=", remittance.reference),
                ("amount", "=", remittance.currency_id.round(remittance.amount)),
                ("state", "!=", "reversed"),
            ], limit=1)
            if earlier:
                raise RedirectWarning(
                    self.env._(
                        "%(payer)s's %(reference)s over %(amount)s is here already: %(earlier)s. The same answer is "
                        "taken once only.",
                        payer=remittance.payer_id.display_name,
                        reference=remittance.reference,
                        amount=format_amount(self.env, remittance.amount, remittance.currency_id),
                        earlier=earlier.name,
                    ),
                    earlier._get_records_action(),
                    self.env._("Open %(earlier)s", earlier=earlier.name),
                )

    def _normalise_reference(self, vals):
        """ " chk  77a" and "CHK 77A" are the same cheque."""
        if vals.get("reference"):
            vals["reference"] = " ".join(str(vals["reference"]).split()).upper()

    # === ACTIONS === #

    def action_pay_in_full(self):
        """Everything was paid as charged: fill in the lines and the amount, ready to check and post."""
        for remittance in self:
            for line in remittance.line_ids:
                line.amount_paid = line.amount_asked - line.amount_adjusted
            if not remittance.amount:
                remittance.amount = sum(remittance.line_ids.mapped("amount_paid"))

    def action_reverse(self):
        """Ask why, and what happened to the money, before taking the answer back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reverse %(name)s", name=self.name),
            "res_model": "billing.remittance.reverse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_remittance_id": self.id},
        }

    def action_view_payment(self):
        """The payment that brought the money in."""
        return self.payment_id._get_records_action()

    # === BUSINESS METHODS === #

    def _get_payer_credits(self):
        """Money of this payer that is not applied to any claim yet, in this currency and company."""
        self.ensure_one()
        if not self.payer_id:
            return self.env["account.move.line"]
        return self.env["account.move.line"].sudo().search(self._get_payer_credit_domain(), order="date, id")

    def _get_payer_credit_domain(self):
        """What makes a journal item unapplied money of this payer."""
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.payer_id.commercial_partner_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual_currency", "<", 0),
            ("billing_invoice_id", "=", False),
            ("move_id.billing_kind", "=", False),
            ("move_id.move_type", "!=", "out_refund"),
        ]

    def _get_link_vals(self):
        return {"remittance_id": self.id}

    def _get_caused_moves(self):
        return self.caused_move_ids
