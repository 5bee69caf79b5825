from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_TO_SEND


class BillingClaim(models.Model):
    """An earlier payer has sent a claim on to the next one by itself: it is with that payer, and the office does not
    send it a second time unless somebody says on purpose that it has to."""

    _inherit = "billing.claim"

    is_forwarded = fields.Boolean(
        string="Sent on by the payer before",
        compute="_compute_is_forwarded",
        search="_search_is_forwarded",
        help="An earlier payer has sent it on to this one, and the office has not sent it since.",
    )
    last_note = fields.Char(
        related="last_submission_id.note",
    )

    # === COMPUTE METHODS === #

    @api.depends("last_submission_id.channel", "state")
    def _compute_is_forwarded(self):
        for claim in self:
            claim.is_forwarded = claim.last_submission_id.channel == "payer" and claim.state not in CLAIM_TO_SEND

    def _search_is_forwarded(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [("last_submission_id.channel", "=", "payer"), ("state", "not in", CLAIM_TO_SEND)]
        return domain if True in value else ["!", "&", *domain]

    # === BUSINESS METHODS === #

    def _be_forwarded(self, payer, reference, date, with_what):
        """An earlier payer has sent these claims on: those that the office still has on its desk are with their payer.

        What stops a claim here, a finding or a rejection, does not take it back from there.

        :param payer: who has sent them on
        :param str reference: the number of its payment or answer
        :param date: the day of its answer
        :param str with_what: the answer that says so, as the office calls it
        :return: the claims that count as sent now
        """
        waiting = self.filtered(lambda claim: claim.state in CLAIM_TO_SEND)
        if waiting:
            waiting._lock_or_refuse()
            waiting._note_sending("payer", reference, date, self.env._(
                "Passed on by %(payer)s with %(remittance)s", payer=payer.display_name, remittance=with_what,
            ))
        return waiting

    def _get_with_payer_by_forwarding(self):
        """Those that their payer has from the payer before, and has not answered yet."""
        return self.filtered(lambda claim: claim.is_forwarded and claim.state in ("sent", "acknowledged"))

    def _check_submittable(self):
        for claim in self._get_with_payer_by_forwarding():
            raise UserError(claim._say_forwarded())
        return super()._check_submittable()

    def _withdraw(self):
        for claim in self.filtered("is_forwarded"):
            raise UserError(claim._say_forwarded())
        return super()._withdraw()

    def _say_forwarded(self):
        """Why it is not sent from here, and what to do if its payer does not have it."""
        self.ensure_one()
        return self.env._(
            "%(claim)s is with %(payer)s already: %(note)s. If %(payer)s does not have it, press “Send again” on the "
            "claim and say so there.",
            claim=self.name, payer=self.payer_id.name, note=self.last_note,
        )
