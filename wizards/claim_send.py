from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.billing_coordinator.models.claims.claim_submission import CHANNELS, FREQUENCIES


class BillingClaimSend(models.TransientModel):
    """How were these claims sent? Or, of claims that came back: what do they go out as, and when?"""

    _name = "billing.claim.send"
    _description = "Send claims"

    claim_ids = fields.Many2many(
        comodel_name="billing.claim",
        string="Claims",
        required=True,
    )
    mode = fields.Selection(
        selection=[
            ("send", "Sent"),
            ("correct", "Corrected"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        default="send",
    )
    claim_count = fields.Integer(
        compute="_compute_claim_count",
    )
    channel = fields.Selection(
        selection=CHANNELS,
        string="How",
        required=True,
        default="paper",
    )
    date = fields.Date(
        string="Sent on",
        required=True,
        default=fields.Date.context_today,
    )
    reference = fields.Char(
        string="Tracking or control number",
    )
    note = fields.Char()
    frequency = fields.Selection(
        selection=[frequency for frequency in FREQUENCIES if frequency[0] != "8"],
        string="Goes out as",
        compute="_compute_original",
        store=True,
        readonly=False,
    )
    original_reference = fields.Char(
        string="Payer's number of the original",
        compute="_compute_original",
        store=True,
        readonly=False,
    )
    reason = fields.Char(
        string="What was corrected",
    )
    forwarded = fields.Text(
        compute="_compute_forwarded",
        help="Which of these claims an earlier payer has sent on to their payer already.",
    )
    is_confirmed = fields.Boolean(
        string="It did not arrive: send all the same",
    )
    proof = fields.Binary(
        attachment=False,
    )
    proof_name = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        for wizard in self:
            wizard.claim_count = len(wizard.claim_ids)

    @api.depends("claim_ids")
    def _compute_original(self):
        for wizard in self:
            frequencies = {claim._get_resending_frequency() for claim in wizard.claim_ids}
            wizard.frequency = frequencies.pop() if len(frequencies) == 1 else False
            wizard.original_reference = (
                wizard.claim_ids._get_original_reference() if len(wizard.claim_ids) == 1 else False
            )

    @api.depends("claim_ids.is_forwarded", "mode")
    def _compute_forwarded(self):
        for wizard in self:
            forwarded = wizard.claim_ids._origin._get_with_payer_by_forwarding()
            wizard.forwarded = "\n".join(
                f"{claim.name} {claim.payer_id.name}: {claim.last_note}" for claim in forwarded
            ) if wizard.mode == "correct" else False

    # === ACTIONS === #

    def action_done(self):
        """Write down that the claims have been sent, in the way that was chosen."""
        self.ensure_one()
        claims = self.claim_ids
        claims.check_access("write")
        if self.mode == "cancel":
            claims._cancel_at_payer(self.channel, **self._prepare_sending())
            return {"type": "ir.actions.act_window_close"}
        if self.mode == "correct":
            self._correct()
        claims._submit(self.channel, **self._prepare_sending())
        return {"type": "ir.actions.act_window_close"}

    def action_queue(self):
        """Corrected: they wait with the claims to send, for the next letter or file."""
        self.ensure_one()
        self._correct()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, claims, mode, name):
        """The action that asks about these claims."""
        wizard = self.create({"claim_ids": [Command.set(claims.ids)], "mode": mode})
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _correct(self):
        self.claim_ids.check_access("write")
        if self.forwarded and not self.is_confirmed:
            raise UserError(self.env._(
                "Not sent: the payer before has done so, and a second claim would be refused as a duplicate.\n"
                "%(claims)s\nIf you know that it did not arrive, tick “%(confirmation)s”.",
                claims=self.forwarded, confirmation=self._fields["is_confirmed"]._description_string(self.env),
            ))
        if len(self.claim_ids) > 1 and self.original_reference:
            raise UserError(self.env._("Each claim has its own number at the payer. Correct them one by one."))
        if self.frequency == "7" and len(self.claim_ids) == 1 and not self.original_reference:
            raise UserError(self.env._(
                "A replacement names the number that %(payer)s gave %(claim)s. It stands on its acknowledgement or "
                "answer (“claim number”, “ICN” or “DCN”), or is said on the phone. If %(payer)s has no such claim, "
                "choose “Original”.",
                payer=self.claim_ids.payer_id.name,
                claim=self.claim_ids.name,
            ))
        self.claim_ids._correct(
            self.reason or self.env._("To be sent again"), self.frequency or None, self.original_reference or None,
        )

    def _prepare_sending(self):
        """The values of the sendings."""
        values = {
            "reference": self.reference,
            # Of today the hour is known as well.
            "date": self.date if self.date != fields.Date.context_today(self) else None,
            "note": self.note,
        }
        if self.mode == "cancel" and self.original_reference:
            values["original_reference"] = self.original_reference
        if self.proof:
            values["attachment_id"] = self.env["ir.attachment"].create({
                "name": self.proof_name or self.env._("Proof of sending"),
                "datas": self.proof,
                "res_model": "billing.claim",
                "res_id": self.claim_ids[:1].id,
            }).id
        return values
