from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit
from odoo.addons.billing_coordinator.tools.negotiation import concession, percent_of


class BillingNegotiationOffer(models.Model):
    """One offer or counter-offer: when, by whom, how much, on which terms, until when it stands.

    Said is said: an offer is not edited, another one follows it. One of ours beyond the authority of who makes it waits
    for a manager, and is not made before.
    """

    _name = "billing.negotiation.offer"
    _description = "Offer"
    _inherit = ["billing.state.gate"]
    _order = "negotiation_id, date, id"
    _check_company_auto = True

    _state_moves = {
        "to_approve": ("open", "past"),
        "open": ("accepted", "past"),
        "accepted": ("past",),
        "past": (),
    }

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
    currency_id = fields.Many2one(
        related="negotiation_id.currency_id",
    )
    state = fields.Selection(
        selection=[
            ("to_approve", "Waits for a manager"),
            ("open", "Stands"),
            ("accepted", "Accepted"),
            ("past", "Past"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
    )
    side = fields.Selection(
        selection=[("us", "We offer"), ("them", "They offer")],
        string="Whose",
        required=True,
        default="them",
    )
    date = fields.Date(
        string="On",
        required=True,
        default=fields.Date.context_today,
    )
    person = fields.Char(
        string="Spoken to",
        help="Who made the offer on their side, or to whom ours was made.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Noted by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    amount = fields.Monetary(
        string="To pay",
        required=True,
        help="What is to be paid in all for the bills to be settled.",
    )
    amount_open = fields.Monetary(
        string="Of",
        readonly=True,
        help="What was open on the bills when it was made.",
    )
    amount_conceded = fields.Monetary(
        string="Given up",
        compute="_compute_conceded",
    )
    percent = fields.Float(
        string="Given up (%)",
        compute="_compute_conceded",
        digits=(16, 1),
    )
    pay_until = fields.Date(
        string="To be paid by",
        required=True,
        help="The last day on which the money may come.",
    )
    valid_until = fields.Date(
        string="Stands until",
    )
    terms = fields.Text(
        help="What else goes with it, printed on the settlement letter. Nothing about health.",
    )
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
    )
    can_accept = fields.Boolean(
        compute="_compute_can",
    )
    can_approve = fields.Boolean(
        compute="_compute_can",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        "An offer is more than zero. To give everything up, end the talks and write the bills off.",
    )

    # === COMPUTE METHODS === #

    @api.depends("amount", "amount_open", "negotiation_id.amount_open")
    def _compute_conceded(self):
        for offer in self:
            unit = to_unit(offer.currency_id.rounding or 0.01)
            opened = to_decimal(offer.amount_open or offer.negotiation_id.amount_open, unit)
            conceded = concession(opened, to_decimal(offer.amount, unit))
            offer.amount_conceded = float(conceded)
            offer.percent = float(percent_of(conceded, opened))

    @api.depends("state", "valid_until", "negotiation_id.state")
    @api.depends_context("uid")
    def _compute_can(self):
        today = fields.Date.context_today(self)
        for offer in self:
            talking = offer.negotiation_id.state == "open"
            offer.can_accept = talking and offer.state == "open" and not (
                offer.valid_until and offer.valid_until < today
            )
            offer.can_approve = talking and offer.state == "to_approve" and offer._is_within_authority()

    @api.depends("side", "amount", "date")
    def _compute_display_name(self):
        sides = dict(self._fields["side"]._description_selection(self.env))
        for offer in self:
            offer.display_name = (
                f"{sides.get(offer.side, '')} {format_amount(self.env, offer.amount, offer.currency_id)}"
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("date", "pay_until", "valid_until")
    def _check_days(self):
        for offer in self:
            if offer.date > fields.Date.context_today(self):
                raise ValidationError(self.env._(
                    "An offer of %(date)s is still to come. Type the day on which it was made.",
                    date=format_date(self.env, offer.date),
                ))
            if offer.pay_until < offer.date or (offer.valid_until and offer.valid_until < offer.date):
                raise ValidationError(self.env._(
                    "An offer of %(date)s cannot be due, or end, before that day. Correct “To be paid by” or “Stands "
                    "until”.",
                    date=format_date(self.env, offer.date),
                ))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        own = {"user_id": self.env.uid, "approver_id": False}
        offers = super().create([
            {**{name: value for name, value in vals.items() if name != "amount_open"}, **own} for vals in vals_list
        ])
        for offer in offers:
            offer._begin()
        return offers

    @api.model
    def _get_first_states(self, vals_list):
        """Ours wait until it is known that they may be made."""
        return ["to_approve" if vals.get("side") == "us" else "open" for vals in vals_list]

    def write(self, vals):
        if not self.env.su and "state" not in vals:
            raise UserError(self.env._(
                "What was offered on %(date)s stays on record as it is. Type another offer.",
                date=format_date(self.env, self[:1].date),
            ))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_said(self):
        for offer in self:
            raise UserError(self.env._(
                "What was offered on %(date)s stays on record. Type another offer.",
                date=format_date(self.env, offer.date),
            ))

    # === ACTIONS === #

    def action_approve(self):
        """A manager allows an offer: it is made now."""
        for offer in self:
            offer._check_authority()
            offer._set_state("open", approver_id=self.env.uid)
            offer._supersede()
        self.negotiation_id.activity_feedback(["mail.mail_activity_data_todo"])

    def action_refuse(self):
        """A manager does not allow it: it was never made."""
        for offer in self:
            if not self.env.user.has_group("billing_coordinator.group_manager"):
                offer._refuse_authority()
            offer._set_state("past", approver_id=self.env.uid)
        self.negotiation_id.activity_feedback(["mail.mail_activity_data_todo"])

    def action_accept(self):
        """Both sides agree on this offer.

        :raise UserError: it stands no longer, or what it gives up is beyond the authority of who accepts it
        """
        self.ensure_one()
        self.negotiation_id._agree(self)

    # === BUSINESS METHODS === #

    def _begin(self):
        """Note of how much it was made, and make it, or ask a manager first."""
        negotiation = self.negotiation_id
        negotiation._lock_or_refuse()
        self._check_sensible()
        self.sudo().amount_open = negotiation.amount_open
        if self.side == "them":
            self._supersede()
        elif self._is_within_authority():
            self._set_state("open", approver_id=self.env.uid)
            self._supersede()
        else:
            self._ask_manager()

    def _supersede(self):
        """The latest word of a side takes the place of its earlier ones."""
        earlier = (self.negotiation_id.offer_ids - self).filtered(
            lambda offer: offer.side == self.side and offer.state in ("open", "to_approve")
        )
        earlier._set_state("past")

    def _check_sensible(self):
        """
        :raise UserError: there is nothing to talk about, or more is offered than is owed
        """
        negotiation = self.negotiation_id
        if negotiation.state != "open":
            raise UserError(self.env._(
                "%(negotiation)s is not talked about any more. Reopen it before you type an offer.",
                negotiation=negotiation.display_name,
            ))
        opened = negotiation.amount_open
        if self.currency_id.compare_amounts(self.amount, opened) > 0:
            raise UserError(self.env._(
                "%(amount)s is more than the %(open)s that is open on the bills of %(negotiation)s. Type what is to be "
                "paid instead of it.",
                amount=format_amount(self.env, self.amount, self.currency_id),
                open=format_amount(self.env, opened, self.currency_id),
                negotiation=negotiation.display_name,
            ))
