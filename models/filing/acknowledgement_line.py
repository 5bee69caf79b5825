from odoo import fields, models
from odoo.exceptions import UserError

from .filing_batch import HANDED_STATES


class BillingAcknowledgementLine(models.Model):
    """One thing that a receiver says: of a whole interchange or set of ours, or of one claim."""

    _name = "billing.acknowledgement.line"
    _description = "Answer of a receiver"
    _order = "acknowledgement_id desc, id"
    _rec_name = "number"

    acknowledgement_id = fields.Many2one(
        comodel_name="billing.acknowledgement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="acknowledgement_id.company_id", store=True, index=True)
    date = fields.Date(readonly=True, help="The day on which the receiver says it.")
    kind = fields.Selection(
        selection=[
            ("ta1", "Envelope (TA1)"),
            ("999", "File (999, 997)"),
            ("277", "Claim (277CA)"),
        ],
        string="About",
        required=True,
        readonly=True,
    )
    number = fields.Char(readonly=True, help="The number of ours that it names: of the interchange, set or claim.")
    key = fields.Char(readonly=True, help="By which the same answer in another file is recognised.")
    payer_control_number = fields.Char(string="Payer's claim number", readonly=True)
    verdict = fields.Selection(
        selection=[
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("unknown", "Neither"),
        ],
        required=True,
        readonly=True,
        help="Neither: it says something else, such as that it is being worked on.",
    )
    text = fields.Text(string="What it says", readonly=True)
    batch_id = fields.Many2one(
        comodel_name="billing.filing.batch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    outcome = fields.Selection(
        selection=[
            ("moved", "Followed"),
            ("noted", "Only noted"),
            ("unmatched", "Fits nothing"),
            ("left", "Set aside"),
        ],
        required=True,
        readonly=True,
        default="unmatched",
        index=True,
        help="Followed: batch and claims say so now. Only noted: it came late, or says otherwise than what has been "
             "decided since.",
    )
    note = fields.Text(readonly=True)

    _key_once = models.UniqueIndex(
        "(company_id, key)",
        "This answer has been read already. Nothing was changed.",
    )

    # === ACTIONS === #

    def action_match(self):
        """Say to which claim it belongs, or set it aside."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To which claim does “%(number)s” belong?", number=self.number or ""),
            "res_model": "billing.acknowledgement.match",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_open(self):
        """The claim or the batch about which it is."""
        self.ensure_one()
        return (self.claim_id or self.batch_id or self.acknowledgement_id)._get_records_action()

    # === FOLLOWING === #

    def _follow(self):
        """Let batches and claims follow what was said, in the order in which it was said."""
        for line in self.filtered(lambda line: line.batch_id and not line.claim_id):
            line._follow_batch()
        touched = {}
        for line in self.filtered("claim_id"):
            line._follow_claim()
            if line.batch_id:
                touched[line.batch_id] = line.acknowledgement_id.name
        for batch, name in touched.items():
            batch._follow_lines(name)

    def _follow_batch(self):
        """What is said of a file: rejected, all its claims come back; accepted, the receiver could read it."""
        batch = self.batch_id
        if batch.state not in HANDED_STATES:
            self._note(self.env._("%(batch)s was not sent, as far as we know.", batch=batch.name))
            return
        if self.verdict == "unknown":
            self._note(self.env._("It says neither that the file was taken nor that it was not."))
            return
        if self.verdict == "accepted":
            self._follow_accepted(batch)
            return
        lines = batch.line_ids.filtered(lambda line: line.state in ("handed", "acknowledged"))
        late = [line.claim_id.name for line in lines if not self._return_line(line)]
        batch._follow_lines(self.text)
        if not lines:
            self._note(self.env._("All claims of %(batch)s have come back before.", batch=batch.name))
        else:
            self._note(self.env._(
                "These claims went on meanwhile and keep their state: %(claims)s.", claims=", ".join(late),
            ) if late else False, "moved" if len(late) < len(lines) else "noted")

    def _follow_accepted(self, batch):
        """The receiver could read a file; of some that is all that is ever said, and its claims follow."""
        first = batch.state == "handed"
        if first and self.kind == "ta1":
            self._note(self.env._("The envelope arrived; its content is still to be answered."), "moved")
            return
        if first:
            batch._set_state("acknowledged", self.text)
        if self._confirm_by_file(batch) or first:
            self._note(False, "moved")
        else:
            self._note(self.env._("%(batch)s has been answered before.", batch=batch.name))

    def _follow_claim(self):
        """What is said of a claim: the payer's side has it, or sends it back."""
        line = self.batch_id.line_ids.filtered(lambda line: line.claim_id == self.claim_id)
        follow = {"rejected": self._return_line, "accepted": self._confirm_line}.get(self.verdict)
        if follow and follow(line):
            self._note(False, "moved")
        else:
            labels = dict(self.claim_id._fields["state"]._description_selection(self.env))
            self._note(self.env._(
                "%(claim)s was “%(state)s” when this was read, and stays so.",
                claim=self.claim_id.name, state=labels[self.claim_id.state],
            ))

    def _return_line(self, line):
        """The claim comes back, unless something newer is known of it.

        :return: whether it does
        """
        claim = line.claim_id or self.claim_id
        if line and line.state not in ("handed", "acknowledged"):
            return False
        if not line.batch_id.is_test:
            if not self._is_of_last_sending(claim, line) or claim.state not in ("sent", "acknowledged", "void"):
                return False
            claim._reject(self.text, date=self.date)
            if claim.state == "void" and claim.last_submission_id.frequency == "8":
                # The payer has it still: it is to be cancelled again.
                claim.sudo().cancellation_due = True
        line.sudo().write({"state": "rejected", "is_live": False, "is_by_file": False, "answer": self.text})
        return True

    def _confirm_line(self, line):
        """The payer's side has the claim.

        :return: whether that is news
        """
        claim = line.claim_id or self.claim_id
        if line and line.state != "handed" and not line.is_by_file:
            return False
        if not line.batch_id.is_test:
            states = ("sent", "acknowledged", "void") if line.is_by_file else ("sent", "void")
            if not self._is_of_last_sending(claim, line) or claim.state not in states:
                return False
            claim._acknowledge(self.text, date=self.date, payer_control_number=self.payer_control_number or None)
        line.sudo().write({"state": "acknowledged", "is_live": False, "is_by_file": False, "answer": self.text})
        return True

    def _is_of_last_sending(self, claim, line):
        """Whether the claim was not sent again since: what is said of an earlier sending is history."""
        last = claim.last_submission_id
        return bool(last) and (not line or last.reference == line.batch_id._get_reference())

    def _note(self, note, outcome="noted"):
        self.write({"outcome": outcome, "note": note})

    # === BY HAND === #

    def _match_by_hand(self, claim):
        """It belongs to this claim.

        :raise UserError: it is no answer about one claim, is matched already, or the claim is another company's
        """
        self.ensure_one()
        self.acknowledgement_id._lock_or_refuse()
        self._check_waits()
        if claim.company_id != self.company_id:
            raise UserError(self.env._(
                "%(claim)s is a claim of %(other)s, and “%(number)s” was said to %(company)s: it is another claim.",
                claim=claim.name, other=claim.company_id.name, number=self.number, company=self.company_id.name,
            ))
        line = claim.filing_line_ids.filtered(lambda line: line.batch_id.state in HANDED_STATES)[:1]
        self.sudo().write({"claim_id": claim.id, "batch_id": line.batch_id.id})
        self.sudo()._follow()
        self.acknowledgement_id._finish()

    def _set_aside(self, reason):
        """It is none of ours."""
        self.ensure_one()
        self.acknowledgement_id._lock_or_refuse()
        self._check_waits()
        self.sudo()._note(reason, "left")
        self.acknowledgement_id._finish()

    def _check_waits(self):
        if self.outcome != "unmatched":
            raise UserError(self.env._(
                "“%(number)s” of %(file)s is dealt with already.",
                number=self.number, file=self.acknowledgement_id.name,
            ))
