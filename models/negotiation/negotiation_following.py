from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit
from odoo.addons.billing_coordinator.tools.negotiation import standing


class BillingNegotiation(models.Model):
    """Following an agreement: paid, the rest is taken off; not paid in time, everything is owed as before.

    Journal items, for a bill of 500 and an agreement on 400: nothing when it is agreed; the payment Dr BANK 400 / Cr AR
    400 as ever; then the entry Dr ALW (payers) or DISC (others) 100 / Cr AR 100, with its reason and approver. Broken:
    nothing, and what was paid in part stays paid. Money taken back afterwards: the entry is reversed. Only money keeps
    an agreement: an answer that pays 300 and takes off the other 200 breaks it at once, and the 100 that are missing
    are fought for as paid short.
    """

    _inherit = "billing.negotiation"

    adjustment_ids = fields.One2many(
        comodel_name="billing.adjustment",
        inverse_name="negotiation_id",
        string="Taken off",
    )
    amount_paid = fields.Monetary(
        string="Paid since",
        compute="_compute_amount_paid",
    )

    amount_off = fields.Monetary(
        string="Taken off since",
        compute="_compute_amount_paid",
        help="What was taken off, or passed on to others, since the agreement: by the payer's answers or by the "
             "office.",
    )

    @api.depends("item_ids.amount_paid", "item_ids.amount_off")
    def _compute_amount_paid(self):
        for negotiation in self:
            negotiation.amount_paid = sum(negotiation.item_ids.mapped("amount_paid"))
            negotiation.amount_off = sum(negotiation.item_ids.mapped("amount_off"))

    # === ACTIONS === #

    def action_follow(self):
        """Look whether what was agreed has been paid, now instead of tonight."""
        self._lock_or_refuse()
        self._follow()

    # === BUSINESS METHODS === #

    @api.model
    def _cron_follow(self):
        """Each night, and soon after money was matched: agreements kept, broken, and taken back."""
        self._work_through(
            (lambda model: [("state", "=", "agreed")], lambda found: found._follow()),
            (
                # Money is taken back within a year or never.
                lambda model: [("state", "=", "kept"), ("agreed_on", ">", "today -400d")],
                lambda found: found._follow(),
            ),
        )

    def _follow(self):
        """Bring these agreements into line with what was paid."""
        today = fields.Date.context_today(self)
        for negotiation in self:
            found = negotiation._get_standing(today)
            if negotiation.state == "agreed" and found == "kept":
                negotiation._keep(today)
            elif negotiation.state == "agreed" and found == "broken":
                negotiation._fight_for_missing()
                negotiation._break(negotiation._say_figures())
            elif found == "over":
                negotiation._end()
            elif negotiation.state == "kept" and found != "kept":
                negotiation._take_back(today)

    def _get_standing(self, today):
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)
        return standing(
            to_decimal(self.amount_agreed, unit),
            [to_decimal(item.amount_paid, unit) for item in self.item_ids],
            to_decimal(self.amount_open, unit),
            self.pay_until,
            today,
            to_decimal(sum(self.item_ids.mapped("amount_answered")), unit),
        )

    def _say_figures(self):
        """What was agreed, what came, and what was taken off, in a sentence each."""
        return self.env._(
            "Agreed: %(agreed)s by %(day)s. Paid: %(paid)s. Taken off: %(off)s.",
            agreed=self._format(self.amount_agreed), day=format_date(self.env, self.pay_until),
            paid=self._format(self.amount_paid), off=self._format(self.amount_off),
        )

    def _fight_for_missing(self):
        """What is missing and not open any more was taken off by the payer's answers: they are denied as paid short."""
        unit = to_unit(self.currency_id.rounding)
        missing = min(
            to_decimal(self.amount_agreed - self.amount_paid - self.amount_open, unit),
            to_decimal(sum(self.item_ids.mapped("amount_answered")), unit),
        )
        if missing > 0:
            self.env["billing.denial"]._open_short_of(self.item_ids.move_id, missing)

    def _keep(self, today):
        """What was agreed has been paid: take the rest off, with its reason."""
        reason = self.env.ref(
            "billing_coordinator.reason_office_settled_payer" if self.is_payer
            else "billing_coordinator.reason_office_settled"
        )
        adjustments = self.env["billing.adjustment"].sudo().create([
            {
                "move_id": item.move_id.id,
                "reason_id": reason.id,
                "amount": item.amount_open,
                "date": today,
                "negotiation_id": self.id,
                "note": self.env._(
                    "%(negotiation)s: %(agreed)s agreed on %(day)s", negotiation=self.name,
                    agreed=self._format(self.amount_agreed), day=format_date(self.env, self.agreed_on),
                ),
            }
            for item in self.item_ids
            if self.currency_id.compare_amounts(item.amount_open, 0) > 0
        ]).sudo(self.env.su)
        for adjustment in adjustments:
            adjustment._apart_from_screen()._post_decision()
        self.item_ids.invalidate_recordset(["amount_open", "amount_off"])
        self._set_state("kept", self.env._(
            "%(paid)s paid; %(off)s taken off.",
            paid=self._format(self.amount_paid), off=self._format(sum(adjustments.mapped("amount"))),
        ), amount_came=self.amount_paid, amount_lost=self.amount_off)

    def _end(self):
        """The bills were taken back, or settled without any money of it: there is nothing left to keep.

        What it had taken off and still stands keeps it on record as it is.
        """
        if any(adjustment.state == "posted" for adjustment in self.adjustment_ids):
            return
        self.agreed_offer_id._set_state("past")
        self._set_state("failed", self.env._(
            "Nothing is owed on these bills any more, and nothing was paid: they were taken back or settled otherwise.",
        ))

    def _break(self, reason):
        """It did not come: who negotiates decides whether to talk again."""
        self.agreed_offer_id._set_state("past")
        self._set_state("broken", reason, amount_came=self.amount_paid, amount_lost=self.amount_off)
        self._ask_for(
            "mail.mail_activity_data_todo",
            {self: self.env._("The agreement was not kept: talk again, or ask for all of it") if self.amount_open
             else self.env._("The agreement was not kept, and nothing is open any more: appeal, or talk again")},
            users={self: self.user_id},
        )

    def _take_back(self, today):
        """The money was taken back after all: so is what was taken off for it."""
        reason = self.env._("%(negotiation)s: the payment was taken back", negotiation=self.name)
        for adjustment in self.adjustment_ids.filtered(lambda one: one.state == "posted"):
            adjustment._apart_from_screen()._reverse(today, reason)
        self._break(self.env._("What was paid was taken back. Everything is owed as before."))

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)
