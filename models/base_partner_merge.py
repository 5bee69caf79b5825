from datetime import date
from itertools import combinations

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .state_gate import _GATE_KEY


class MergePartnerAutomatic(models.TransientModel):
    """Two contacts that are the same person become one: the account number stays with who remains, and a hold too."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        partners = src_partners | dst_partner
        self._check_states(src_partners, dst_partner)
        self._check_overlaps(partners)
        self._keep_first_consents(partners)
        # Nobody pays for themselves.
        partners.filtered(lambda partner: partner.guarantor_id in partners).guarantor_id = False
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _check_states(self, src_partners, dst_partner):
        """A closed account takes over nothing from one that is in use."""
        used = src_partners.filtered(lambda partner: partner.billing_state not in (False, "closed"))
        if used and dst_partner.billing_state == "closed":
            raise UserError(self.env._(
                "The account of %(kept)s is closed, that of %(used)s is in use. Keep the other one, or reopen the "
                "closed account first.",
                kept=dst_partner.display_name,
                used=used[0].display_name,
            ))

    def _check_overlaps(self, partners):
        """What counts once for a person cannot come twice."""
        for records, way_out in (
            (
                self.env["billing.coverage"].sudo().search([("patient_id", "in", partners.ids)]).grouped(
                    lambda coverage: (coverage.company_id, coverage.rank),
                ),
                self.env._("Archive the one that is not used, end it, or give it another rank."),
            ),
            (
                self.env["billing.assistance.application"].sudo().search([
                    ("applicant_id", "in", partners.ids), ("state", "in", ("accepted", "expired")),
                ]).grouped("company_id"),
                self.env._("End one of them before the other begins."),
            ),
        ):
            for alike in records.values():
                for one, other in combinations(alike.sorted(lambda record: record.date_from or date.min), 2):
                    if (other.date_from or date.min) <= (one.date_to or date.max):
                        raise UserError(self.env._(
                            "These contacts cannot become one while “%(one)s” and “%(other)s” are in force on the same "
                            "days. %(way_out)s",
                            one=one.display_name,
                            other=other.display_name,
                            way_out=way_out,
                        ))

    def _keep_first_consents(self, partners):
        """What the same person allowed twice stays in force once, since the first time."""
        kept = {}
        given = self.env["billing.consent"].sudo().search(
            [("partner_id", "in", partners.ids), ("date_withdrawn", "=", False)], order="date_given, id",
        )
        for consent in given:
            first = kept.setdefault(consent.kind, consent)
            if consent != first:
                consent.action_withdraw()
                consent._message_log(body=self.env._(
                    "Given twice by the same person: the consent of %(date)s goes on.",
                    date=format_date(self.env, first.date_given),
                ))

    def _update_values(self, src_partners, dst_partner):
        # An account number is unique: it has to be free before the one who remains can take it over.
        numbers = src_partners.filtered("billing_account_number").mapped("billing_account_number")
        src_partners.sudo().billing_account_number = False
        if numbers and not dst_partner.billing_account_number:
            self.env.flush_all()
            dst_partner.sudo().billing_account_number = numbers[-1]
        if dst_partner.billing_account_number:
            self._note_numbers(dst_partner, set(numbers) - {dst_partner.billing_account_number})
        told = (dst_partner | src_partners).sudo().mapped("special_concerns")
        concerns = "\n".join(dict.fromkeys(filter(None, told)))
        held = src_partners.filtered(lambda partner: partner.billing_state == "on_hold")[:1]
        # Odoo writes the state with everything else: of who remains or, without one, of who goes.
        result = super()._update_values(src_partners, dst_partner.with_context(billing_gate=_GATE_KEY))
        if concerns and concerns != dst_partner.sudo().special_concerns:
            dst_partner.sudo().special_concerns = concerns
        if held and dst_partner.billing_state == "active":
            dst_partner._set_state("on_hold", held.billing_state_reason)
        return result

    def _note_numbers(self, partner, numbers):
        """Papers with the other account numbers are out there: the history says whose they are."""
        if numbers:
            partner._message_log(body=self.env._(
                "Papers with the account number %(numbers)s belong here, too.", numbers=", ".join(sorted(numbers)),
            ))
