from odoo import fields, models

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_MAY_CORRECT


class BillingClaim(models.Model):
    """A claim and its denials: they follow its money."""

    _inherit = "billing.claim"

    denial_ids = fields.One2many(
        comodel_name="billing.denial",
        inverse_name="claim_id",
        string="Denials",
        readonly=True,
    )
    denial_count = fields.Integer(
        string="Denials, so many",
        compute="_compute_denial_count",
    )

    # === COMPUTE METHODS === #

    def _compute_denial_count(self):
        counts = dict(self.env["billing.denial"]._read_group(
            [("claim_id", "in", self.ids), ("state", "!=", "withdrawn")], ["claim_id"], ["__count"],
        ))
        for claim in self:
            claim.denial_count = counts.get(claim._origin, 0)

    # === ACTIONS === #

    def action_decide(self):
        """Decide about what the payer left open: about its denials, where there are some to decide about."""
        self.ensure_one()
        denials = self.denial_ids.filtered(lambda denial: denial.state in ("open", "working"))
        if denials and not any(denials.mapped("waits_for_approval")):
            return denials.action_decide()
        return super().action_decide()

    def action_view_denials(self):
        """What the payer denied of these claims."""
        return {
            **self.env["ir.actions.actions"]._for_xml_id("billing_coordinator.billing_denial_action"),
            "domain": [("claim_id", "in", self.ids)],
            "context": {},
        }

    # === BUSINESS METHODS === #

    def _follow_ledger(self, denied=None, reason=None):
        super()._follow_ledger(denied, reason)
        self.env["billing.denial"]._follow_claims(self)
        # What was paid short has nothing open, and its payer still has to answer the appeal.
        self.filtered(lambda claim: claim.state in ("settled", "answered"))._wait_for_appeals()

    def _wait_for_appeals(self):
        """Claims of which an appeal is with the payer wait for its answer."""
        appeals = self.env["billing.appeal"].sudo().search([("claim_ids", "in", self.ids), ("state", "=", "sent")])
        for claim in self & appeals.claim_ids.sudo(False):
            pending = appeals.filtered(lambda appeal, claim=claim: claim.sudo() in appeal.claim_ids)
            claim._set_state("appealed", self.env._(
                "%(appeals)s still waits for an answer", appeals=", ".join(pending.mapped("name")),
            ))

    def _end_appeal(self, reason):
        """No appeal of these claims is with the payer any more: they stand where the answers in force put them, refused
        or, once the payer has taken its refusal back, waiting for it again; or nothing is open.

        :param str reason: for the chatter
        """
        self.invalidate_recordset(["amount_open"])
        pending = self.env["billing.appeal"].sudo().search([
            ("claim_ids", "in", self.ids), ("state", "=", "sent"),
        ]).claim_ids
        ended = self.filtered(lambda claim: claim.state == "appealed") - pending.sudo(False)
        standing = ended._get_standing_states()
        for claim in ended:
            is_open = claim.currency_id.compare_amounts(claim.amount_open, 0) > 0
            claim._set_state(standing[claim] if is_open else "settled", reason)

    def _why_not_sent_again(self):
        """Why this claim cannot be corrected and sent again, in a sentence; None where it can."""
        self.ensure_one()
        if self.state not in CLAIM_MAY_CORRECT:
            return self.env._(
                "%(claim)s is “%(state)s” and is not sent again.",
                claim=self.display_name,
                state=dict(self._fields["state"]._description_selection(self.env))[self.state],
            )
        if self._get_resending_frequency() != "1" and not self._get_original_reference():
            return self.env._(
                "%(claim)s would replace what %(payer)s has, and has to name the payer's number of that. Type the "
                "payer's claim number on %(claim)s first.",
                claim=self.name, payer=self.payer_id.name,
            )
        return None

    def _send_corrected(self, note=None, channel=None):
        """Correct these claims: they go out again as what the payer's side wants, a replacement where it has them.

        :param str note: what was corrected
        :param str channel: how they have been sent already; empty: they wait among the claims to send
        """
        self.filtered(lambda claim: claim.state != "ready")._correct(note)
        if channel:
            self._submit(channel, note=note)
