from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .negotiation import LIVE


class BillingNegotiation(models.Model):
    """What both sides agreed on: put down in a letter, and followed until it is paid."""

    _inherit = "billing.negotiation"

    agreed_offer_id = fields.Many2one(
        comodel_name="billing.negotiation.offer",
        string="Agreed on",
        readonly=True,
        copy=False,
    )
    amount_agreed = fields.Monetary(
        string="Agreed",
        readonly=True,
        copy=False,
        tracking=True,
    )
    amount_given_up = fields.Monetary(
        string="To be taken off",
        compute="_compute_amount_given_up",
        help="What is taken off the bills once the agreed amount is paid.",
    )
    agreed_on = fields.Date(
        string="Agreed on the",
        readonly=True,
        copy=False,
    )
    pay_until = fields.Date(
        string="To be paid by",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        copy=False,
        tracking=True,
    )
    ended_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which the agreement was kept or broken, or the talks ended without one.",
    )
    amount_came = fields.Monetary(
        readonly=True,
        copy=False,
        help="What had been paid when it ended.",
    )
    amount_lost = fields.Monetary(
        readonly=True,
        copy=False,
        help="What had been taken off otherwise when it ended, by answers of the payer or by the office.",
    )
    letter_on = fields.Date(
        string="Letter of",
        readonly=True,
        copy=False,
        help="When the settlement letter was printed or sent.",
    )

    def _compute_amount_given_up(self):
        for negotiation in self:
            offer = negotiation.agreed_offer_id
            negotiation.amount_given_up = offer.amount_conceded if offer else 0.0

    # === ACTIONS === #

    def action_print_letter(self):
        """Print the settlement letters."""
        self._check_has_agreement()
        self.check_access("write")
        self._note_letter()
        return self.env.ref("billing_coordinator.action_report_settlement").report_action(self)

    def action_send_letter(self):
        """Write the e-mail with the settlement letter attached."""
        self.ensure_one()
        self._check_has_agreement()
        return self._open_composer(
            self.partner_id, self.env._("Send the settlement letter"), "billing_coordinator.mail_template_settlement",
        )

    # === BUSINESS METHODS === #

    def _set_state(self, target, reason=None, **values):
        """Note the day on which it ended; while it lives there is none."""
        ended_on = False if target in LIVE else fields.Date.context_today(self)
        super()._set_state(target, reason, ended_on=ended_on, **values)

    def _agree(self, offer):
        """Make this offer the agreement: nothing is posted, the clock runs.

        :raise UserError: it stands no longer, or gives up more than the current user may
        """
        self._lock_or_refuse()
        if not offer.can_accept:
            raise UserError(self.env._(
                "The offer of %(amount)s does not stand any more%(until)s. Type a new one.",
                amount=format_amount(self.env, offer.amount, offer.currency_id),
                until=self.env._(
                    " (it ended on %(day)s)", day=format_date(self.env, offer.valid_until),
                ) if offer.valid_until else "",
            ))
        self._check_still_open(offer)
        # One of ours was allowed when it was made; theirs is allowed by who accepts it.
        if offer.side == "them":
            offer._check_authority()
        self.item_ids._note_standing()
        (self.offer_ids - offer).filtered(lambda other: other.state in ("open", "to_approve"))._set_state("past")
        offer._set_state("accepted")
        self._set_state(
            "agreed",
            self.env._(
                "Agreed: %(amount)s by %(day)s settles %(open)s.",
                amount=format_amount(self.env, offer.amount, offer.currency_id),
                day=format_date(self.env, offer.pay_until),
                open=format_amount(self.env, self.amount_open, offer.currency_id),
            ),
            agreed_offer_id=offer.id, amount_agreed=offer.amount, agreed_on=fields.Date.context_today(self),
            pay_until=offer.pay_until, approver_id=(offer.approver_id or self.env.user).id, letter_on=False,
        )

    def _check_still_open(self, offer):
        """An agreement is about what is open: paid or credited meanwhile, it has to be talked about anew."""
        if offer.currency_id.compare_amounts(offer.amount_open, self.amount_open) != 0:
            raise UserError(self.env._(
                "The offer was about %(then)s; now %(now)s is open on the bills. Type an offer that fits.",
                then=format_amount(self.env, offer.amount_open, offer.currency_id),
                now=format_amount(self.env, self.amount_open, offer.currency_id),
            ))

    def _check_has_agreement(self):
        """
        :raise UserError: there is no agreement that a letter could state
        """
        for negotiation in self:
            if negotiation.state not in ("agreed", "kept"):
                raise UserError(self.env._(
                    "There is no agreement in %(negotiation)s. Accept an offer first.",
                    negotiation=negotiation.display_name,
                ))

    def _note_sent(self):
        self.filtered(lambda negotiation: negotiation.state in ("agreed", "kept"))._note_letter()

    def _note_letter(self):
        self.sudo().filtered(lambda negotiation: not negotiation.letter_on).letter_on = fields.Date.context_today(self)
