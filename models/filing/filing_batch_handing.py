from hashlib import sha256

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.billing_coordinator.tools import drop_folder

from .filing_batch import HANDED_STATES

# How each format reaches the payer, as sendings of claims name it.
CHANNELS = {"file": "file", "paper": "paper", "letter": "paper"}


class BillingFilingBatch(models.Model):
    """Handing over, once; and taking back what was never sent."""

    _inherit = "billing.filing.batch"

    def _hand_over(self):
        """The receiver has it from now on, and its claims are submitted.

        The file is laid down in the folder at the very end, when nothing else can fail: if the server stops before
        that is saved, the next attempt recognises the file.

        :raise UserError: it was handed over before, is not made, or has changed since
        """
        self.ensure_one()
        self._lock_or_refuse()
        if self.state != "made":
            raise UserError(
                self.env._("%(batch)s is not made yet. Press Make first.", batch=self.name)
                if self.state == "draft" else self._say_handed_over()
            )
        content = self._check_file()
        lines = self.line_ids.filtered(lambda line: line.state == "goes")
        self._check_unchanged(lines)
        if not self.is_test:
            self._submit_claims(lines)
        drops = self.format == "file" and self.drop_path
        lines.sudo().write({"state": "handed", **({"is_live": False} if self.is_test else {})})
        self._set_state(
            "handed", self._say_handing_over(), handed_at=fields.Datetime.now(), handed_by_id=self.env.uid,
            dropped_in=drops,
        )
        if drops:
            self.env.flush_all()
            self._lay_down(content)

    def _get_reference(self):
        """Under which number the payer's side knows what was handed over."""
        self.ensure_one()
        return self.interchange_number or self.name

    def _submit_claims(self, lines):
        """These claims are sent; what is void is cancelled at its payer."""
        values = {
            "reference": self._get_reference(),
            "note": self.env._("%(batch)s, %(route)s", batch=self.name, route=self.route_id.name),
        }
        channel = CHANNELS[self.format]
        void = lines.filtered(lambda line: line.frequency == "8").claim_id
        if claims := lines.claim_id - void:
            claims._submit(channel, **values)
        for number, of_number in void.grouped(lambda claim: claim._get_original_reference()).items():
            of_number._cancel_at_payer(channel, original_reference=number, **values)

    def _check_unchanged(self, lines):
        """
        :raise UserError: a claim does not stand as it did when the file was made
        """
        lines.claim_id._lock_or_refuse()
        against = lines.claim_id._find_states_against_filing(self)
        changed = lines.filtered(
            lambda line: line.claim_id in against
            or line.currency_id.compare_amounts(line.amount, line.claim_id.amount_charged)
            or line.frequency != line.claim_id._get_outgoing()[0]
        )
        if changed or not lines:
            raise UserError(self.env._(
                "%(claims)s changed after %(batch)s was made. Press Make again: what cannot go is taken out, and the "
                "rest goes.",
                claims=", ".join(changed.claim_id.mapped("name")) or self.env._("Something"), batch=self.name,
            ))

    def _check_file(self):
        """What was made, as it was made.

        :raise UserError: the file is gone, or another than was made
        """
        self.ensure_one()
        content = self.file_id.sudo().raw if self.file_id else None
        if not content or sha256(content).hexdigest() != self.checksum:
            raise UserError(self.env._(
                "The file of %(batch)s is not the one that was made. Nothing is handed over; make it again if nobody "
                "has it yet.", batch=self.name,
            ))
        return content

    def _lay_down(self, content):
        folder = self.route_id.sudo()._get_drop_folder()
        try:
            drop_folder.drop(folder, self.file_name, content)
        except drop_folder.DropError as error:
            raise UserError(self.env._(
                "%(batch)s was not handed over. %(reason)s",
                batch=self.name, reason=self.route_id.sudo()._say_drop_error(error),
            )) from error

    # === NOT SENT === #

    def _drop(self, reason):
        """Nobody gets it; its claims can go with another batch.

        :raise UserError: somebody has it
        """
        self.ensure_one()
        self._lock_or_refuse()
        if self.state not in ("draft", "made"):
            raise UserError(self._say_handed_over())
        self._check_not_dropped()
        self.line_ids._leave()
        self._set_state("dropped", reason)

    def _take_back(self, reason):
        """A batch that was said to be handed over never left: its claims are to be sent again, under other numbers.

        :param str reason: why, for the history
        """
        self.ensure_one()
        self._lock_or_refuse()
        self._check_may_take_back()
        if not self.is_test:
            lines = self.line_ids.filtered(lambda line: line.state == "handed")
            claims = lines.claim_id.filtered(
                lambda claim: claim.last_submission_id.reference == self._get_reference()
            )
            cancelled = lines.filtered(lambda line: line.frequency == "8").claim_id & claims
            (claims - cancelled).filtered(lambda claim: claim.state == "sent")._withdraw()
            cancelled.last_submission_id.sudo()._set_state("withdrawn")
            cancelled.sudo().cancellation_due = True
        self.line_ids._leave()
        self._set_state("dropped", self.env._("Not sent after all: %(reason)s", reason=reason))

    def _check_may_take_back(self):
        """
        :raise UserError: it has left for certain; or the user is no manager
        """
        if not self.env.user.has_group("billing_coordinator.group_manager"):
            raise AccessError(self.env._(
                "That a batch was not sent after all is said by a billing manager only: its claims go out again. Ask "
                "one.",
            ))
        if self.state != "handed":
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._(
                "%(batch)s is “%(state)s”: the receiver has said so, or nobody ever had it.",
                batch=self.name, state=labels[self.state],
            ))
        if self.dropped_in:
            raise UserError(self.env._(
                "%(file)s was laid down in %(folder)s on %(date)s, and your transfer program may have sent it. Ask the "
                "receiver: what it has is answered under control number %(number)s. Single claims are sent again from "
                "the claim.",
                file=self.file_name, folder=self.dropped_in, date=format_datetime(self.env, self.handed_at),
                number=self.interchange_number,
            ))

    # === WHAT COMES BACK === #

    def _follow_lines(self, text):
        """Bring the state into line with what was said of its claims.

        :param str text: in words, for the history
        """
        for batch in self:
            states = set(batch.line_ids.mapped("state"))
            if states == {"rejected"}:
                target = "rejected"
            elif "rejected" in states:
                target = "partial"
            else:
                target = "acknowledged"
            if batch.state != target and target in batch._state_moves[batch.state]:
                batch._set_state(target, text)

    # === WORDS === #

    def _say_handing_over(self):
        how = {
            "file": self.env._("Downloaded"),
            "paper": self.env._("Put in the post"),
            "letter": self.env._("Put in the post"),
        }[self.format]
        if self.format == "file" and self.drop_path:
            how = self.env._("Laid down in %(folder)s", folder=self.drop_path)
        if self.is_test:
            return self.env._("%(how)s, as a test: the claims stay to be sent.", how=how)
        return how

    def _say_handed_over(self):
        """Why it is not done a second time."""
        if self.state in HANDED_STATES:
            return self.env._(
                "%(batch)s was handed over on %(date)s by %(user)s, as %(file)s. Nothing is handed over twice: "
                "download the same file again, or send again the claims that came back.",
                batch=self.name, date=format_datetime(self.env, self.handed_at), user=self.handed_by_id.name,
                file=self.file_name,
            )
        return self.env._("%(batch)s was not sent; its claims can go with another batch.", batch=self.name)
