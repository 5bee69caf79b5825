from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools import remittance_matching as matching
from odoo.addons.billing_coordinator.tools import remittance_services as services
from odoo.addons.billing_coordinator.tools.money import is_whole, to_unit
from odoo.addons.billing_coordinator.tools.x12.records import REVERSAL


class Known:
    """What is known of our claims when answers are matched: read once for many answers."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.by_number = defaultdict(list)
        self.by_payer_number = defaultdict(list)
        self.by_date = defaultdict(list)
        self.by_member = defaultdict(list)
        self.asked = {}

    def add(self, claims):
        """Claims that may be meant, each once."""
        for claim in claims:
            if claim.id not in self.asked:
                self.asked[claim.id] = claim
                self.by_number[matching.number_key(claim.number)].append(claim)
                if claim.payer_number:
                    self.by_payer_number[matching.number_key(claim.payer_number)].append(claim)
                self.by_date[claim.date].append(claim)
                for member in claim.members:
                    self.by_member[member].append(claim)

    def get_others(self, answer):
        """Claims that may be meant although no number says so: of the same day, or the same insured person."""
        found = {claim.id: claim for claim in self.by_date.get(answer.date, ())}
        for member in answer.members:
            found.update((claim.id, claim) for claim in self.by_member.get(member, ()))
        return list(found.values())


class BillingRemittanceItem(models.Model):
    """Finding the claim, and the services, that an answer is about: a snapshot is read, then decided upon."""

    _inherit = "billing.remittance.item"

    # === THE CLAIM === #

    def _match(self):
        """Look for the claims of those just read: each is found, waits, or is nothing to post."""
        fresh = self.filtered(lambda item: item.state == "new").sorted("position")
        if not fresh:
            return
        fresh._take_predeterminations()
        fresh = fresh.filtered(lambda item: item.state == "new")
        if not fresh:
            return
        known = fresh._read_known()
        decisions = {item: item._decide(known) for item in fresh}
        fresh._note_candidates(decisions)
        for item, decision in decisions.items():
            if decision.claim is None:
                item._wait(decision.reason, other_claim_id=decision.other, claim_id=False)
            else:
                item._set_state("matched", claim_id=decision.claim, match=decision.how, why=False, note=False,
                                other_claim_id=False)
        fresh.filtered(lambda item: item.state == "matched")._check_fit()

    def _decide(self, known):
        answer = self._get_answered()
        if self.status == "other":
            return matching.Decision(None, reason="status")
        return matching.find(answer, known.prefix, known.by_number, known.by_payer_number, known.get_others(answer))

    def _note_candidates(self, decisions):
        """Keep which claims may be meant, for whoever chooses; what was thought before is forgotten."""
        self.candidate_ids.unlink()
        self.env["billing.remittance.item.candidate"].create([
            {"item_id": item.id, "claim_id": candidate.claim, "score": candidate.score,
             "signs": " ".join(candidate.signs)}
            for item, decision in decisions.items() for candidate in decision.candidates
        ])

    def _read_known(self):
        """The claims that these answers may be about, in a number of queries that does not grow with them."""
        claims = self.env["billing.claim"]
        company = self.company_id
        known = Known(claims._get_number_prefix(company))
        numbers = {key for item in self for key in matching.number_keys(item.name, known.prefix)}
        payer_numbers = {matching.number_key(item.control_number) for item in self} - {""}
        claims.flush_model(["company_id", "name", "payer_control_number"])
        found = claims.browse(row[0] for row in self.env.execute_query(SQL(
            """SELECT id FROM billing_claim WHERE company_id IN %s AND (
                   regexp_replace(upper(name), '[^A-Z0-9]', '', 'g') IN %s
                OR regexp_replace(upper(payer_control_number), '[^A-Z0-9]', '', 'g') IN %s)""",
            tuple(company.ids), tuple(numbers) or ("",), tuple(payer_numbers) or ("",),
        )))
        currency = self.currency_id
        known.add(found.filtered(lambda claim: claim.currency_id in currency)._get_asked_for_matching().values())
        lost = self.filtered(lambda item: not known.by_number.get(matching.number_key(item.name)))
        if lost:
            known.add(claims.search([
                ("company_id", "in", company.ids), ("payer_id", "in", lost.payer_id.ids), ("state", "!=", "void"),
                ("currency_id", "in", currency.ids),
                "|", ("service_date", "in", [day for day in lost.mapped("date_from") if day]),
                ("coverage_id.member_number", "in", list(lost._get_members())),
            ], order="id desc", limit=5000)._get_asked_for_matching().values())
        return known

    def _get_members(self):
        return {member for item in self for member in (item.members or "").split(", ")} - {""}

    def _get_answered(self):
        """This answer as the decisions see it."""
        self.ensure_one()
        return matching.Answered(
            number=self.name or "",
            payer=self.payer_id.id,
            payer_number=self.control_number or "",
            name=self.patient_name or "",
            members=frozenset(self._get_members()),
            date=self.date_from or None,
            charge=self._exact(self.amount_charged),
            paid=self._exact(self.amount_paid),
            adjustments=self._get_rows(self.adjustments),
            services=tuple(
                matching.AnsweredService(
                    code=service.code or "",
                    modifiers=tuple((service.modifiers or "").split()),
                    charge=self._exact(service.amount_charged),
                    paid=self._exact(service.amount_paid),
                    date=service.date or self.date_from or None,
                    original_code=service.original_code or "",
                    control_number=str(service.move_line_id.id or service.control_number or ""),
                    adjustments=self._get_rows(service.adjustments),
                ) for service in self.service_ids
            ),
        )

    def _get_rows(self, rows):
        return tuple((group, code, Decimal(amount)) for group, code, amount in rows or [])

    # === WHETHER IT FITS === #

    def _check_fit(self):
        """What is found must also fit: its services, charges and reasons; and it must not have been here before.

        Those that do not fit wait, with the reason.
        """
        self._check_amounts()
        found = self.filtered(lambda item: item.state == "matched")
        asked = found.claim_id._get_asked_for_matching()
        for item in found:
            reason, _shares = item._fit(asked[item.claim_id.id])
            if reason:
                item._wait(reason)
        found.filtered(lambda item: item.state == "matched")._check_once()

    def _check_amounts(self):
        """Those wait that do not balance in themselves or give a reason that is not known here."""
        known = self.env["billing.adjustment.reason"]._get_by_code()
        for item in self.filtered(lambda one: one.state == "matched"):
            if item._get_balance():
                item._wait("unbalanced")
            elif item._get_reasons() - set(known):
                item._wait("adjustment")

    def _fit(self, asked):
        """
        :param asked: our claim, as the decisions see it
        :return: (why it does not fit, or empty; {invoice line id: what the answer says of it})
        """
        self.ensure_one()
        answer = self._get_answered()
        unit = to_unit(self.currency_id.rounding)
        pairs = services.pair_services(answer.services, asked.services)
        for service, ours in zip(self.service_ids, pairs, strict=True):
            if service.move_line_id.id != (ours or False):
                service.move_line_id = ours
        answer, pairs = services.leave_out_silent(answer, pairs)
        if None in pairs or not asked.services:
            return "service", {}
        if not answer.services and abs(answer.charge) not in asked.charges:
            return "charge", {}
        if not all(is_whole(amount, unit) for *_key, amount in answer.adjustments):
            return "charge", {}
        shares = services.share_out(answer, pairs, asked.services, unit)
        if services.misfits(shares, asked.services):
            return "charge", {}
        return "", shares

    def _check_once(self):
        """The same answer was posted before, and counts: it is not posted again."""
        first = {}
        for earlier in self.search([
            ("company_id", "in", self.company_id.ids), ("fingerprint", "in", self.mapped("fingerprint")),
            ("payer_id", "in", self.payer_id.ids), ("state", "=", "posted"), ("id", "not in", self.ids),
        ], order="id"):
            if any(line.is_in_force for line in earlier.line_ids):
                first.setdefault(earlier.fingerprint, earlier)
        taken_back = {item.claim_id for item in self if item.status == REVERSAL}
        for item in self.sorted("position"):
            if item.status == REVERSAL:
                continue
            before = first.get(item.fingerprint)
            # An answer that is taken back in the same payment may come again.
            if before and not (before.state == "posted" and item.claim_id in taken_back):
                item._set_state("duplicate", why="duplicate", first_id=before.id)
            else:
                first[item.fingerprint] = item
