from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.x12.records import NOT_THEIRS, PREDETERMINATION

from .remittance_transaction import NOBODYS


class BillingRemittanceItem(models.Model):
    """What people do with answers that wait, and what is done with those that are never posted."""

    _inherit = "billing.remittance.item"

    # === ACTIONS === #

    def action_post_to_claim(self):
        """Post it to the claim chosen on the form, its services to those chosen."""
        self.ensure_one()
        self.check_access("write")
        if not self.claim_id:
            raise UserError(self.env._(
                "Choose first which claim “%(item)s” is, or press “None of ours”.", item=self.display_name,
            ))
        return self._choose(self.claim_id)

    def action_none_of_ours(self):
        """No claim of ours is meant: the money stays the payer's credit, to be sent back."""
        self.check_access("write")
        for item in self.sudo().filtered(lambda one: one.state == "waiting"):
            item._set_state(
                "ignored", self.env._("None of ours, says %(user)s", user=self.env.user.name), why="not_ours",
                claim_id=False,
            )
            item.candidate_ids.unlink()
        held = self.transaction_id.sudo().filtered(lambda payment: payment.why in NOBODYS)
        held._go_on()

    def action_retry(self):
        """Look again: the claim may be there by now, or open again, or the reason known."""
        self.check_access("write")
        self.sudo()._look_again()

    def action_reopen(self):
        """It is to be looked at after all."""
        self.check_access("write")
        for item in self.sudo().filtered(lambda one: one.state == "ignored" and one.why in ("not_ours", "taken_back")):
            item._set_state("waiting", why="unknown", first_id=False, remittance_id=False, note=False)
            item._look_again()

    def action_create_reasons(self):
        """Take in the reasons that nobody has met here: what they leave unpaid stays open until somebody decides. All
        that waited for them goes on."""
        self.check_access("write")
        reasons = self.env["billing.adjustment.reason"]
        codes = {pair for item in self.sudo() for pair in item._get_reasons()} - set(reasons._get_by_code())
        reasons._create_unknown(codes)
        self.sudo().search([
            ("state", "=", "waiting"), ("why", "=", "adjustment"), ("company_id", "in", self.company_id.ids),
        ])._look_again()

    def action_view_remittance(self):
        """The remittance with which it was posted."""
        return self.remittance_id._get_records_action()

    def action_view_transaction(self):
        """The payment that it is part of."""
        return self.transaction_id._get_records_action()

    def action_view_claim(self):
        """Our claim."""
        return (self.claim_id or self.other_claim_id)._get_records_action()

    # === BUSINESS METHODS === #

    def _choose(self, claim):
        """Somebody says which claim it is: it is posted, or says what still stands in the way.

        :raise UserError: it cannot be that claim, whatever anybody says
        """
        self.ensure_one()
        item = self.sudo()
        item._lock_or_refuse()
        if item.state != "waiting":
            raise UserError(self.env._("%(item)s does not wait any more. Reload the page.", item=self.display_name))
        if item.why == "fault":
            raise UserError(self.env._(
                "%(item)s cannot be posted as it stands in the file: %(fault)s Ask the payer for a corrected file, or "
                "type its answer yourself and press “None of ours” here.",
                item=self.display_name, fault=item.fault,
            ))
        item._check_choice(claim)
        item._set_state("matched", claim_id=claim.id, match="person", why=False, note=False)
        item._check_fit()
        return item._go_on()

    def _check_choice(self, claim):
        facts = {"claim": claim.name, "item": self.display_name}
        if claim.payer_id != self.payer_id:
            raise UserError(self.env._(
                "%(claim)s was sent to %(other)s, and %(payer)s answers: it is another claim.",
                other=claim.payer_id.display_name, payer=self.payer_id.display_name, **facts,
            ))
        if claim.company_id != self.company_id or claim.currency_id != self.currency_id:
            raise UserError(self.env._(
                "%(claim)s asks in %(claim_currency)s for %(claim_company)s, the answer is in %(currency)s for "
                "%(company)s: it is another claim.",
                claim_currency=claim.currency_id.name, claim_company=claim.company_id.name,
                currency=self.currency_id.name, company=self.company_id.name, **facts,
            ))
        if claim.state == "void":
            raise UserError(self.env._(
                "%(claim)s was taken back: there is nothing to answer. Press “None of ours”; the money stays the "
                "payer's credit.", **facts,
            ))

    def _go_on(self):
        """Post those found: with their payment, where it is held for want of claims; else by themselves."""
        held = self.transaction_id.filtered(lambda payment: payment.state == "held" and payment.why in NOBODYS)
        held._go_on()
        self.filtered(lambda item: item.transaction_id.state in ("posted", "noted"))._post_later()

    def _look_again(self):
        """Begin anew with what waits."""
        waiting = self.filtered(lambda item: item.state == "waiting" and item.why not in ("fault", "unbalanced"))
        for payment, items in waiting.grouped("transaction_id").items():
            if payment.state in ("posted", "noted", "held"):
                items._lock_or_refuse()
                chosen = items.filtered(lambda item: item.match == "person" and item.claim_id)
                chosen._set_state("matched", why=False, note=False)
                chosen._check_fit()
                (items - chosen)._set_state("new", why=False, note=False, claim_id=False)
                (items - chosen)._match()
                items._go_on()

    # === WHAT IS NEVER POSTED === #

    def _take_predeterminations(self):
        """What payers say in advance goes to its estimate; what they only sent on is noted on the claim."""
        in_advance = self.filtered(lambda item: item.status == PREDETERMINATION)
        for item in in_advance:
            if estimate := item._find_estimate():
                item._set_state("ignored", why="predetermination", estimate_id=estimate.id)
                estimate._message_log(body=item._tell_advance())
            else:
                item._wait("estimate")
        sent_on = self.filtered(lambda item: item.status == NOT_THEIRS)
        known = sent_on._read_known() if sent_on else None
        for item in sent_on:
            decision = item._decide(known)
            if item.amount_paid or decision.claim is None:
                item._note_candidates({item: decision})
                item._wait("status" if item.amount_paid else decision.reason, other_claim_id=decision.other)
                continue
            item._set_state("ignored", why="forwarded", claim_id=decision.claim, match=decision.how)
            item.claim_id._message_log(body=item._tell_reason())
            item._get_next_claims()._mark_forwarded(item)

    def _find_estimate(self):
        """The estimate that a payer has answered in advance: by its number, else by patient, day and amount."""
        self.ensure_one()
        estimates = self.env["billing.estimate"]
        domain = Domain("company_id", "=", self.company_id.id)
        named = estimates.search(domain & Domain("name", "=ilike", (self.name or "").strip()), limit=2)
        if len(named) == 1:
            return named
        members = list(self._get_members())
        if not members or not self.date_from:
            return estimates
        found = estimates.search(domain & Domain([
            ("date", "=", self.date_from), ("patient_id.coverage_ids.member_number", "in", members),
        ])).filtered(lambda estimate: not estimate.currency_id.compare_amounts(
            estimate.amount_total, self.amount_charged,
        ))
        return found if len(found) == 1 else estimates

    def _get_next_claims(self):
        """The claim of the same visit to the payer whose turn is next after this one's."""
        claim = self.claim_id
        order = [key for key, _label in claim.coverage_id._fields["rank"]._description_selection(self.env)]
        turn = order.index(claim.rank)
        later = claim.encounter_id.claim_ids.filtered(
            lambda other: other.state != "void" and other.rank and order.index(other.rank) > turn
        )
        return later.sorted(lambda other: (order.index(other.rank), other.id))[:1]

    def _after_forwarding(self, remittance):
        """What payers have sent on themselves is not sent again by us."""
        for item in self.filtered(lambda one: one.status in ("19", "20", "21")):
            invoices = remittance.caused_move_ids.filtered(
                lambda move, item=item: move.billing_source_id == item.claim_id.invoice_id
            )
            (invoices.claim_ids | item._get_next_claims())._mark_forwarded(item)
