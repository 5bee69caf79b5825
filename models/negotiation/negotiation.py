from odoo import api, fields, models
from odoo.exceptions import UserError

# Offers go to and fro, or what was agreed is still to be paid.
LIVE = ("open", "agreed")


class BillingNegotiation(models.Model):
    """Talks with a payer or a debtor about taking less than what is owed: every offer on record, one agreement.

    Talking posts nothing, and neither does an agreement: the whole amount is owed until what was agreed is paid. Then
    the rest is taken off with its reason. An agreement that is not kept takes nothing off, and the talks go on.
    """

    _name = "billing.negotiation"
    _description = "Negotiation"
    _inherit = ["billing.document", "billing.nightly", "billing.sending"]
    _keeps_readonly = True
    _order = "date desc, id desc"
    _rec_names_search = ["name", "partner_id.name", "partner_id.billing_account_number"]

    _state_moves = {
        "open": ("agreed", "failed"),
        "agreed": ("kept", "broken", "open", "failed"),
        "kept": ("broken", "failed"),
        "broken": ("open",),
        "failed": ("open",),
    }

    state = fields.Selection(
        selection=[
            ("open", "Talking"),
            ("agreed", "Agreed"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("failed", "No agreement"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
        help="Agreed: what was agreed is still to be paid. Kept: it was paid, and the rest is taken off. Broken: it "
             "did not come in time, and everything is owed as before.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="With",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The payer or the person that owes the bills.",
    )
    person = fields.Char(
        string="Who speaks for them",
        help="Name and telephone of the person who may decide on their side.",
    )
    date = fields.Date(
        string="Begun on",
        required=True,
        default=fields.Date.context_today,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who negotiates",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    why = fields.Text(
        string="Why we talk",
        help="What speaks for taking less: hardship, a denied appeal, no contract with this payer. It stays in the "
             "office.",
    )
    item_ids = fields.One2many(
        comodel_name="billing.negotiation.item",
        inverse_name="negotiation_id",
        string="Bills",
        copy=False,
    )
    offer_ids = fields.One2many(
        comodel_name="billing.negotiation.offer",
        inverse_name="negotiation_id",
        string="Offers",
        copy=False,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
    )
    amount_open = fields.Monetary(
        string="Open on the bills",
        compute="_compute_amounts",
    )
    our_amount = fields.Monetary(
        string="We ask",
        compute="_compute_amounts",
        help="Our latest offer. Without one, everything that is open.",
    )
    their_amount = fields.Monetary(
        string="They offer",
        compute="_compute_amounts",
    )
    is_payer = fields.Boolean(
        related="partner_id.is_payer",
        string="With a payer",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for negotiation in self:
            negotiation.display_name = f"{negotiation.name} {negotiation.partner_id.name or ''}".strip()

    @api.depends("item_ids.move_id", "company_id")
    def _compute_currency_id(self):
        for negotiation in self:
            negotiation.currency_id = negotiation.item_ids.move_id[:1].currency_id or negotiation.company_id.currency_id

    @api.depends("item_ids.amount_open", "offer_ids.amount", "offer_ids.side", "offer_ids.state")
    def _compute_amounts(self):
        for negotiation in self:
            opened = sum(negotiation.item_ids.mapped("amount_open"))
            said = negotiation.offer_ids.filtered(lambda offer: offer.state != "to_approve").sorted("id")
            ours = said.filtered(lambda offer: offer.side == "us")[-1:]
            negotiation.amount_open = opened
            negotiation.our_amount = ours.amount if ours else opened
            negotiation.their_amount = said.filtered(lambda offer: offer.side == "them")[-1:].amount

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id", "company_id")
    def _check_bills(self):
        """With whom one talks, and for which company, fits the bills."""
        self.item_ids._check_bill()

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        for negotiation in self:
            if negotiation.offer_ids or negotiation.state != "open":
                raise UserError(self.env._(
                    "%(negotiation)s has offers on record and is not deleted. End it without agreement instead.",
                    negotiation=negotiation.display_name,
                ))

    # === ACTIONS === #

    def action_take_bills(self):
        """Take every open bill of the other side into these talks, in the currency of those that are there."""
        for negotiation in self:
            known = negotiation.item_ids.move_id
            currency = known[:1].currency_id or negotiation.company_id.currency_id
            found = self.env["account.move"].search(negotiation._get_bills_domain())
            negotiation.item_ids = [
                fields.Command.create({"move_id": move.id})
                for move in found - known if move.currency_id == currency
            ]

    def action_fail(self):
        """The talks end without an agreement: everything is owed as before."""
        self._lock_or_refuse()
        self.offer_ids.filtered(lambda offer: offer.state in ("to_approve", "open"))._set_state("past")
        self._set_state("failed")

    def action_reopen(self):
        """Talk again: after a broken agreement, or after all."""
        self._lock_or_refuse()
        self._check_bills_free()
        self._set_state(
            "open", agreed_offer_id=False, amount_agreed=0.0, agreed_on=False, pay_until=False, approver_id=False,
        )

    def action_view_bills(self):
        """The bills that it is about."""
        return self.item_ids.move_id._get_records_action(name=self.env._("Bills"))

    # === BUSINESS METHODS === #

    def _get_bills_domain(self):
        """Posted bills of billing that the other side owes, with something open."""
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("billing_kind", "!=", False),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
        ]

    def _check_bills_free(self):
        """A bill stands in one live negotiation.

        :raise UserError: one of these stands in another
        """
        for negotiation in self:
            other = self.env["billing.negotiation.item"].sudo().search([
                ("move_id", "in", negotiation.item_ids.move_id.ids),
                ("negotiation_id", "!=", negotiation.id),
                ("negotiation_id.state", "in", LIVE),
            ], limit=1)
            if other:
                raise UserError(self.env._(
                    "%(bill)s is negotiated already in %(other)s. Go on there, or take it out of one of them.",
                    bill=other.move_id.name,
                    other=other.negotiation_id.display_name,
                ))

    @api.model
    def _open_new(self, moves):
        """The action that opens new talks about these bills, or those that run about one of them.

        :param moves: posted bills of billing, of one debtor, company and currency
        :raise UserError: they are not
        """
        if len(moves.commercial_partner_id) != 1 or len(moves.company_id) != 1 or len(moves.currency_id) != 1:
            raise UserError(self.env._(
                "One negotiation is with one debtor, for one company, in one currency. Choose bills that belong "
                "together.",
            ))
        live = self.env["billing.negotiation.item"].search([
            ("move_id", "in", moves.ids), ("negotiation_id.state", "in", LIVE),
        ]).negotiation_id
        if live:
            return live._get_records_action(name=self.env._("Negotiations"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Negotiate"),
            "res_model": "billing.negotiation",
            "view_mode": "form",
            "context": {
                "default_partner_id": moves.commercial_partner_id.id,
                "default_company_id": moves.company_id.id,
                "default_item_ids": [fields.Command.create({"move_id": move.id}) for move in moves],
            },
        }
