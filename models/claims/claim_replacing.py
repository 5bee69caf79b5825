from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.claim_states import (
    CLAIM_CORRECTABLE,
    CLAIM_MAY_CORRECT,
    CLAIM_TO_SEND,
)

from .claim_submission import FREQUENCIES


class BillingClaim(models.Model):
    """Corrected and void claims: what replaces what, and under which number the payer knows it.

    A payer that has a claim is never sent a second one like it: that would be refused as a duplicate. It gets a
    replacement (frequency 7) or a cancellation (frequency 8) that names its own number of the original.
    """

    _inherit = "billing.claim"

    frequency = fields.Selection(
        selection=FREQUENCIES,
        string="Goes out as",
        required=True,
        default="1",
        copy=False,
        help="Original: the payer has nothing like it. Replacement: it takes the place of a claim that the payer has, "
             "and names the payer's number of that.",
    )
    original_reference = fields.Char(
        string="Payer's number of the original",
        copy=False,
        help="A replacement names the number under which the payer knows what it replaces. It stands on the payer's "
             "acknowledgement or answer, beside our claim number.",
    )
    replaces_id = fields.Many2one(
        comodel_name="billing.claim",
        string="Replaces",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The claim that was taken back and billed again as this one.",
    )
    replaced_by_ids = fields.One2many(
        comodel_name="billing.claim",
        inverse_name="replaces_id",
        string="Replaced by",
    )
    cancellation_due = fields.Boolean(
        string="To cancel at the payer",
        readonly=True,
        copy=False,
        index=True,
        help="It was taken back, nothing replaces it, and the payer still has it.",
    )
    date_void = fields.Date(
        string="Taken back on",
        readonly=True,
        copy=False,
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        claims._replace_void()
        return claims

    def write(self, vals):
        # What comes through the gate of the state has been decided there.
        if not self.env.su and "state" not in vals and {"frequency", "original_reference"} & vals.keys():
            self._check_may_correct()
        return super().write(vals)

    def _set_state(self, target, reason=None, **values):
        if target == "void":
            values.setdefault("date_void", fields.Date.context_today(self))
        super()._set_state(target, reason, **values)
        if target == "void":
            self._after_void()

    # === BUSINESS METHODS === #

    def _is_known_to_payer(self):
        """Whether the payer has this claim: it has said so, has answered it, or has given it a number."""
        self.ensure_one()
        return bool(
            self.payer_control_number
            or any(sent.state == "acknowledged" for sent in self.sudo().submission_ids)
            or any(line.remittance_id.state != "draft" for line in self.sudo().remittance_line_ids)
        )

    def _get_resending_frequency(self):
        """What this claim goes out as when it is sent again: what the payer has is replaced."""
        self.ensure_one()
        return "7" if self.frequency == "7" or self._is_known_to_payer() else "1"

    def _correct(self, reason=None, frequency=None, original_reference=None):
        """The payer's side has spoken, and these claims are corrected: they are to be sent again.

        :param str reason: for the history
        :param str frequency: "1" or "7"; empty: a replacement where the payer has it
        :param str original_reference: the payer's number of what is replaced; empty: the number that is known
        """
        self._lock_or_refuse()
        self._check_correctable()
        for claim in self:
            goes_as = frequency or claim._get_resending_frequency()
            number = original_reference or claim.original_reference or claim.payer_control_number
            claim._set_state(
                "ready", reason, frequency=goes_as, original_reference=number if goes_as == "7" else False,
            )

    def _check_correctable(self):
        """
        :raise UserError: one of these claims waits to be sent anyway, or has been decided about for good
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for claim in self:
            if claim.state not in CLAIM_MAY_CORRECT:
                raise UserError(self.env._(
                    "%(claim)s is “%(state)s” and is not sent again.",
                    claim=claim.display_name,
                    state=labels[claim.state],
                ))

    def _check_may_correct(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for claim in self:
            if claim.state not in (*CLAIM_TO_SEND, *CLAIM_CORRECTABLE):
                raise UserError(self.env._(
                    "%(claim)s is “%(state)s”: what it goes out as is not changed any more.",
                    claim=claim.display_name,
                    state=labels[claim.state],
                ))

    def _prepare_submission_vals(self):
        vals = super()._prepare_submission_vals()
        resent = self.state not in CLAIM_TO_SEND or self.state == "rejected"
        frequency = self._get_resending_frequency() if resent else self.frequency
        vals["frequency"] = frequency
        if frequency != "1":
            vals["original_reference"] = self._get_original_reference()
        return vals

    def _get_original_reference(self):
        """The payer's number of what this claim replaces; empty when nobody knows it."""
        self.ensure_one()
        return self.original_reference or self.payer_control_number or self.replaces_id.payer_control_number

    # --- taken back and billed again ---

    def _replace_void(self):
        """New claims take the place of those that were taken back and that the payer still has."""
        visits = self.encounter_id
        void = self.sudo().search([
            ("encounter_id", "in", visits.ids), ("state", "=", "void"),
        ], order="id desc").grouped(lambda claim: (claim.encounter_id, claim.coverage_id)) if visits else {}
        for claim in self:
            before = void.get((claim.encounter_id.sudo(), claim.coverage_id.sudo()), self.browse())
            # Of several that were taken back, the one that the payer has.
            replaced = (before.filtered("cancellation_due") or before)[:1]
            if not replaced:
                continue
            vals = {"replaces_id": replaced.id}
            if replaced._is_known_to_payer():
                vals.update(frequency="7", original_reference=replaced.payer_control_number)
                replaced.cancellation_due = False
            claim.sudo().write(vals)

    def _after_void(self):
        """What a payer has of claims that were taken back is to be cancelled there, unless something replaces it."""
        for claim in self.sudo():
            if claim._is_known_to_payer():
                claim.cancellation_due = True
            elif not claim.last_submission_id and claim.frequency == "7" and claim.replaces_id:
                # The replacement never left: the payer still has what it was to replace.
                claim.replaces_id.cancellation_due = True

    def _acknowledge(self, text, date=None, payer_control_number=None):
        super()._acknowledge(text, date=date, payer_control_number=payer_control_number)
        void = self.sudo().filtered(lambda claim: claim.state == "void" and claim.last_submission_id.frequency != "8")
        void._be_known_late()

    def _be_known_late(self):
        """The payer says that it has these claims, which were taken back meanwhile: what was billed instead and has
        not left goes out as a replacement; where there is nothing to replace them, they are to be cancelled."""
        for claim in self:
            instead = claim.replaced_by_ids.filtered(lambda other: other.state != "void")
            waiting = instead.filtered(lambda other: other.state in CLAIM_TO_SEND and not other.last_submission_id)
            if waiting:
                waiting.write({"frequency": "7", "original_reference": claim.payer_control_number})
            elif not instead:
                claim.cancellation_due = True

    def _cancel_at_payer(self, channel, **values):
        """The payer has been told that these void claims are void.

        :param str channel: one of the channels of a sending
        :param values: as for :meth:`_submit`
        """
        for claim in self.filtered(lambda claim: not claim.cancellation_due):
            raise UserError(self.env._(
                "%(claim)s is not to be cancelled at %(payer)s: either it is in force, or %(payer)s does not have it "
                "any more.",
                claim=claim.display_name,
                payer=claim.payer_id.display_name,
            ))
        submissions = self._submit(channel, frequency="8", **values)
        self.sudo().cancellation_due = False
        return submissions


class BillingClaimSubmission(models.Model):
    """What is replaced or cancelled is named by the payer's own number."""

    _inherit = "billing.claim.submission"

    def _check_original(self):
        """
        :raise UserError: a replacement or cancellation without the payer's number
        """
        for submission in self:
            if submission.frequency != "1" and not submission.original_reference:
                raise UserError(self.env._(
                    "%(claim)s goes to %(payer)s as a replacement or cancellation, which has to name the number that "
                    "%(payer)s gave the original. It stands on its acknowledgement or answer (“claim number”, “ICN” "
                    "or “DCN”), or is said on the phone. Type it as “%(field)s”; if %(payer)s has no such claim, send "
                    "this one as an original.",
                    claim=submission.claim_id.name,
                    payer=submission.payer_id.display_name,
                    field=self._fields["original_reference"]._description_string(self.env),
                ))
