from odoo import api, fields, models
from odoo.exceptions import UserError

from .dispute_owner import SEND

CREDIT_NOTE, WRITE_OFF = "credit_note", "write_off"


class BillingDispute(models.Model):
    """What becomes of a dispute: nothing, or one of the documents of the house.

    *Credited*: a part of a bill is taken back, by a credit note, or as a correction with its limits where insurance has
    answered. *Corrected*: the bill is taken back whole, and billed again from its visit. *Insurance asked again*: its
    claim is to be sent again. *Explained* and *rejected* post nothing.
    """

    _inherit = "billing.dispute"

    resolution = fields.Selection(
        selection=[
            ("credited", "Taken off the bill"),
            ("corrected", "Billed again, correctly"),
            ("insurance", "Insurance is asked again"),
            ("explained", "Explained"),
            ("rejected", "Rejected"),
        ],
        string="Outcome",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="billing_dispute_id",
        string="Documents",
        readonly=True,
    )
    adjustment_ids = fields.One2many(
        comodel_name="billing.adjustment",
        inverse_name="dispute_id",
        string="Corrections",
        readonly=True,
    )
    waits_for_approval = fields.Boolean(
        compute="_compute_waits_for_approval",
        help="A manager decides about a correction first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("adjustment_ids.state")
    def _compute_waits_for_approval(self):
        for dispute in self:
            dispute.waits_for_approval = "to_approve" in dispute.adjustment_ids.mapped("state")

    # === ACTIONS === #

    def action_resolve(self):
        """Ask how it ends."""
        self.ensure_one()
        self._check_live()
        if not self.partner_id or not self.category_id:
            raise UserError(self.env._(
                "Say first who disputes something in %(dispute)s, and why: then it can be answered.",
                dispute=self.display_name,
            ))
        if self.waits_for_approval:
            raise UserError(self.env._(
                "A manager decides about %(corrections)s first. Once that is posted or refused, %(dispute)s goes on.",
                corrections=", ".join(
                    self.adjustment_ids.filtered(lambda entry: entry.state == "to_approve").mapped("name"),
                ),
                dispute=self.name,
            ))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve %(dispute)s", dispute=self.name),
            "res_model": "billing.dispute.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _resolve(self, resolution, credits=None, reason=None, **values):
        """End this dispute, all of it or nothing.

        Where a manager has to decide about a correction, it is looked into until that has happened.

        :param str resolution: one of those above
        :param dict credits: {item: amount to take off}, for *credited*
        :param reason: the adjustment reason of corrections that are no credit notes
        :param values: what the answer says: ``answer``, ``is_our_mistake``, ``lift_days``
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_or_refuse()
        self._check_live()
        if resolution == "credited":
            self._take_off(credits or {}, reason)
        elif resolution == "corrected":
            self._bill_again()
        elif resolution == "insurance":
            self._ask_insurance()
        self.sudo().write({"resolution": resolution, **values})
        if self.waits_for_approval:
            if self.state == "open":
                self._set_state("working")
            return
        self._end("resolved")

    # --- taken off ---

    def _take_off(self, credits, reason):
        """Credit notes and corrections over these amounts."""
        credits = {item: amount for item, amount in credits.items() if item.currency_id.compare_amounts(amount, 0) > 0}
        if not credits:
            raise UserError(self.env._(
                "Type how much is taken off which bill of %(dispute)s, or choose another outcome.", dispute=self.name,
            ))
        here = self._apart_from_screen()
        for move, items in self.item_ids.browse(item.id for item in credits)._by_move().items():
            if move._get_billing_dispute_way() == WRITE_OFF:
                here._ask_correction({item: credits[item] for item in items}, reason)
            else:
                here._credit(move, {item: credits[item] for item in items})

    def _credit(self, move, credits):
        """One credit note for a bill, whatever its instalments."""
        move.with_env(self.env)._billing_credit_part(
            self.currency_id.round(sum(credits.values())), fields.Date.context_today(self), self._say_reason(),
            billing_dispute_id=self.id,
        )
        for item, amount in credits.items():
            item.sudo().amount_credited += amount

    def _ask_correction(self, credits, reason):
        """Corrections with a reason, posted within the limit of who resolves, else decided on by a manager."""
        reason = reason or self.env.ref("billing_coordinator.reason_office_correction")
        adjustments = self.env["billing.adjustment"].create([
            {
                "move_id": item.move_id.id,
                "reason_id": reason.id,
                "amount": amount,
                "date": fields.Date.context_today(self),
                "note": self._say_reason(),
                "dispute_item_id": item.id,
            }
            for item, amount in credits.items()
        ])
        for adjustment in adjustments:
            adjustment._check_open()
        adjustments._decide_or_ask()

    def _after_posting(self):
        """A manager has posted a correction: the dispute ends with the last one."""
        for dispute in self.filtered(lambda dispute: dispute.resolution and dispute.state == "working"):
            if dispute.waits_for_approval:
                continue
            dispute._end("resolved")
            dispute._ask_to_go_on(
                self.env._("%(dispute)s: the correction is posted. Send the answer.", dispute=dispute.name),
            )

    def _after_refusal(self):
        """A manager has refused a correction: whoever answers decides anew."""
        for dispute in self.filtered(lambda dispute: dispute.state == "working"):
            dispute.sudo().resolution = False
            dispute._ask_to_go_on(
                self.env._("%(dispute)s: a correction was refused. Decide anew.", dispute=dispute.name),
            )

    def _ask_to_go_on(self, told):
        self._ask_for(SEND, {self: told}, users=self.user_id)

    # --- billed again ---

    def _bill_again(self):
        """Take the bills back whole: their visits are to bill again; other bills have a draft to correct."""
        moves = self.item_ids.move_id
        for move in moves.filtered(lambda move: move.billing_kind == "transfer"):
            raise UserError(self.env._(
                "%(bill)s is what insurance left: it is not billed again by itself. %(way_out)s",
                bill=move.name, way_out=move._get_billing_way_out() or "",
            ))
        if not moves:
            raise UserError(self.env._(
                "Say first which bills %(dispute)s is about: then they can be billed again.", dispute=self.name,
            ))
        here = self._apart_from_screen()
        for visit in moves.encounter_id.with_env(here.env):
            visit._unbill(self._say_reason()).write({"billing_dispute_id": self.id})
        for move in moves.filtered(lambda move: not move.encounter_id).with_env(here.env):
            here._draft_again(move)
        for item in self.item_ids.sudo():
            item.amount_credited = item.amount

    def _draft_again(self, move):
        """Credit what is left of a plain bill, and copy it for correction."""
        today = fields.Date.context_today(self)
        if left := move._get_billing_creditable():
            move._billing_credit_part(left, today, self._say_reason(), billing_dispute_id=self.id)
        move.copy({"ref": self._say_reason(), "invoice_date": today, "billing_dispute_id": self.id})

    # --- insurance ---

    def _get_claims(self):
        """The claims behind the bills, that could be asked again."""
        return self.item_ids.move_id.encounter_id.claim_ids.filtered(lambda claim: claim.state != "void")

    def _ask_insurance(self):
        """Mark the claims as to send again; where a payer has refused or settled one, somebody takes it up."""
        claims = self._get_claims()
        if not claims:
            raise UserError(self.env._(
                "No claim stands behind the bills of %(dispute)s. Was the visit never sent to insurance? Choose "
                "“%(corrected)s”, add the coverage to the visit, and bill it again.",
                dispute=self.name,
                corrected=dict(self._fields["resolution"]._description_selection(self.env))["corrected"],
            ))
        claims.filtered(lambda claim: claim.state in ("sent", "rejected"))._correct(self._say_reason())
        answered = claims.filtered(
            lambda claim: claim.state in ("acknowledged", "answered", "denied", "appealed", "settled")
        )
        answered._ask_for(
            "mail.mail_activity_data_todo",
            {
                claim: self.env._(
                    "Ask %(payer)s again, see %(dispute)s: its answer is disputed",
                    payer=claim.payer_id.name, dispute=self.name,
                )
                for claim in answered
            },
            users={claim: self.user_id for claim in answered},
            notes=dict.fromkeys(answered, self.evidence or self.subject or ""),
        )

    # --- words ---

    def _say_reason(self):
        """What stands on documents that come out of it: its number, and nothing about what was said."""
        return self.env._("Dispute %(number)s", number=self.name)
