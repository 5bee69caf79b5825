from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..written_numbers import format_number


class BillingAuthorization(models.Model):
    """From request to answer: what may follow what, and what each step needs."""

    _inherit = "billing.authorization"

    _state_moves = {
        "draft": ("submitted", "cancelled"),
        "submitted": ("approved", "partly_approved", "denied", "draft", "cancelled"),
        "approved": ("expired", "submitted", "cancelled"),
        "partly_approved": ("expired", "submitted", "cancelled"),
        "denied": ("submitted", "cancelled"),
        "expired": ("approved", "partly_approved", "submitted", "cancelled"),
        "cancelled": ("draft",),
    }

    # === ACTIONS === #

    def action_submit(self):
        """The request has been sent: from today the payer's answer is waited for."""
        for request in self:
            if not request.line_ids:
                raise UserError(self.env._(
                    "%(authorization)s asks for nothing yet. Add the services that %(payer)s is to agree to.",
                    authorization=request.display_name,
                    payer=request.payer_id.name,
                ))
        self._set_state("submitted", date_submitted=fields.Date.context_today(self))
        for line in self.line_ids:
            # Mostly a payer agrees to what it is asked; whoever records its answer lowers what it did not.
            line.units_approved = line.units_asked

    def action_approve(self):
        """The payer has agreed, to all or to part of what it was asked."""
        for request in self:
            request._check_approval()
            in_part = any(line.units_approved < line.units_asked for line in request.line_ids)
            request._set_state(
                "partly_approved" if in_part else "approved",
                request._get_approval_note(),
                date_decided=fields.Date.context_today(request),
                denial_reason=False,
            )

    def action_deny(self):
        """The payer has refused."""
        for request in self:
            if not (request.denial_reason or "").strip():
                raise UserError(self.env._(
                    "Type why %(payer)s refused %(authorization)s: an appeal or another request begins with it.",
                    payer=request.payer_id.name,
                    authorization=request.display_name,
                ))
            request._set_state("denied", request.denial_reason, date_decided=fields.Date.context_today(request))
        self.line_ids.units_approved = 0.0

    def action_reopen(self):
        """The answer was recorded wrongly, or the payer is asked to think again: back to waiting."""
        self._check_unused()
        self._set_state("submitted", self.env._("The answer is open again."), date_decided=False)
        for line in self.line_ids:
            line.units_approved = line.units_approved or line.units_asked

    def action_draft(self):
        """Take the request back to correct it."""
        self._set_state("draft", date_submitted=False)
        self.line_ids.units_approved = 0.0

    def action_cancel(self):
        """Nobody needs it any more."""
        self._check_unused()
        self._set_state("cancelled")

    def action_print(self):
        """Print the letter that asks the payer."""
        return self.env.ref("billing_coordinator.action_report_authorization").report_action(self)

    # === BUSINESS METHODS === #

    def _check_approval(self):
        """What a yes of the payer must say.

        :raise UserError: naming what is missing
        """
        self.ensure_one()
        if not self.number:
            raise UserError(self.env._(
                "Type the authorization number that %(payer)s gave for %(authorization)s: without it a claim is "
                "denied.",
                payer=self.payer_id.name,
                authorization=self.display_name,
            ))
        if not any(line.units_approved > 0 for line in self.line_ids):
            raise UserError(self.env._(
                "No unit of %(authorization)s is approved. Type the units that %(payer)s has agreed to, or record that "
                "it was denied.",
                authorization=self.display_name,
                payer=self.payer_id.name,
            ))

    def _get_approval_note(self):
        """For the history: the number, until when, and where the payer agreed to other units than asked."""
        self.ensure_one()
        notes = [
            self.env._(
                "%(service)s: %(approved)s units approved, %(asked)s asked.",
                service=line._get_service_name(),
                approved=format_number(self.env, line.units_approved),
                asked=format_number(self.env, line.units_asked),
            )
            for line in self.line_ids
            if line.units_approved != line.units_asked
        ]
        if self.date_to:
            valid = self.env._(
                "%(payer)s agreed under number %(number)s until %(date)s.",
                payer=self.payer_id.name,
                number=self.number,
                date=format_date(self.env, self.date_to),
            )
        else:
            valid = self.env._(
                "%(payer)s agreed under number %(number)s.", payer=self.payer_id.name, number=self.number,
            )
        return " ".join([valid, *notes])

    def _check_unused(self):
        """Refuse what would take the ground from under services already billed.

        :raise UserError: naming the authorization and the units used
        """
        for request in self:
            if request.units_used:
                raise UserError(self.env._(
                    "%(units)s units of %(authorization)s are already billed. Undo the billing of those visits first; "
                    "if it only ends earlier, change its last day.",
                    units=format_number(self.env, request.units_used),
                    authorization=request.display_name,
                ))
