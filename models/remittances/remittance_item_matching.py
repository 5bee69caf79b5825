from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools import remittance_matching as matching
from odoo.addons.billing_coordinator.tools.likeness import name_parts
from odoo.addons.billing_coordinator.tools.money import is_whole, to_decimal, to_unit

# More claims than that of one day and charge are alike by chance.
CHANCE = 20
ANSWERS = ("1", "2", "3", "4", "19", "20", "21")
REVERSAL, NOT_THEIRS, PREDETERMINATION = "22", "23", "25"


class Known:
    """What is known of our claims when answers are matched: read once for many answers."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.by_number = defaultdict(list)
        self.by_payer_number = defaultdict(list)
        self.by_member = defaultdict(list)
        self.by_charge = defaultdict(list)
        self.by_name = defaultdict(list)
        self.asked = {}
        self.elsewhere = {}

    def add(self, claims):
        """Claims that may be meant, each once."""
        for claim in claims:
            if claim.id not in self.asked:
                self.asked[claim.id] = claim
                self.by_number[matching.number_key(claim.number)].append(claim)
                if claim.payer_number:
                    self.by_payer_number[matching.number_key(claim.payer_number)].append(claim)
                for charge in claim.charges:
                    self.by_charge[claim.date, charge].append(claim)
                for part in {part for name in claim.names for part in name_parts(name)}:
                    self.by_name[claim.date, part].append(claim)
                for member in claim.members:
                    self.by_member[member].append(claim)

    def get_company_elsewhere(self, number):
        """The id of another company of which a claim has this number, or None."""
        found = (self.elsewhere.get(key) for key in matching.number_keys(number, self.prefix))
        return next(filter(None, found), None)

    def get_others(self, answer):
        """Claims that may be meant although no number says so: of the same insured person; or of the same day and a
        part of the same name, or the same charge.

        Where many are charged the same on one day, that alone says nothing: so thousands of answers of which nothing
        is ours are not compared with all claims of their day.
        """
        alike = self.by_charge.get((answer.date, abs(answer.charge)), ())
        groups = [
            *(self.by_member.get(member, ()) for member in answer.members),
            *(self.by_name.get((answer.date, part), ()) for part in name_parts(answer.name)),
            alike if len(alike) <= CHANCE or not answer.name else (),
        ]
        return list({claim.id: claim for group in groups for claim in group}.values())


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
                company = known.get_company_elsewhere(item.name) if decision.reason == "other_company" else None
                item._wait(decision.reason, other_claim_id=decision.other, claim_id=False, other_company_id=company)
            else:
                item._set_state("matched", claim_id=decision.claim, match=decision.how, why=False, note=False,
                                other_claim_id=False, other_company_id=False)
        fresh.filtered(lambda item: item.state == "matched")._check_fit()

    def _decide(self, known):
        answer = self._get_answered()
        if self.status == "other":
            return matching.Decision(None, reason="status")
        decision = matching.find(
            answer, known.prefix, known.by_number, known.by_payer_number, known.get_others(answer),
        )
        # The same person may have been here on that day, too: the number says that another visit is meant.
        if decision.how in ("", "patient") and decision.reason in ("", "unknown", "several") and (
            known.get_company_elsewhere(answer.number)
        ):
            return matching.Decision(None, reason="other_company")
        return decision

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
        known.add(found._get_asked_for_matching().values())
        lost = self.filtered(lambda item: not known.by_number.get(matching.number_key(item.name)))
        if lost:
            known.elsewhere = lost._read_numbers_elsewhere(known.prefix)
            known.add(claims.search([
                ("company_id", "in", company.ids), ("payer_id", "in", lost.payer_id.ids), ("state", "!=", "void"),
                ("currency_id", "in", self.currency_id.ids),
                "|", ("service_date", "in", [day for day in lost.mapped("date_from") if day]),
                ("coverage_id.member_number", "in", list(lost._get_members())),
            ], order="id desc", limit=5000)._get_asked_for_matching().values())
        return known

    def _read_numbers_elsewhere(self, prefix):
        """{number key: id of the other company of which a claim has it}, in one query, and nothing else of them."""
        keys = {key for item in self for key in matching.number_keys(item.name, prefix)}
        return dict(self.env.execute_query(SQL(
            """SELECT regexp_replace(upper(name), '[^A-Z0-9]', '', 'g'), MIN(company_id) FROM billing_claim
                WHERE company_id NOT IN %s AND regexp_replace(upper(name), '[^A-Z0-9]', '', 'g') IN %s GROUP BY 1""",
            tuple(self.company_id.ids), tuple(keys) or ("",),
        )))

    def _get_members(self):
        return {member for item in self for member in (item.members or "").split(", ")} - {""}

    def _exact(self, amount):
        return to_decimal(amount, to_decimal(self.currency_id.rounding))

    def _get_answered(self):
        """This answer as the decisions see it."""
        self.ensure_one()
        return matching.Answered(
            number=self.name or "",
            payer=self.payer_id.id,
            currency=self.currency_id.id,
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
        pairs = matching.pair_services(answer.services, asked.services)
        for service, ours in zip(self.service_ids, pairs, strict=True):
            if service.move_line_id.id != (ours or False):
                service.move_line_id = ours
        answer, pairs = matching.leave_out_silent(answer, pairs)
        if None in pairs or not asked.services:
            return "service", {}
        if not answer.services and abs(answer.charge) not in asked.charges:
            return "charge", {}
        if not all(is_whole(amount, unit) for *_key, amount in answer.adjustments):
            return "charge", {}
        shares = matching.share_out(answer, pairs, asked.services, unit)
        if matching.misfits(shares, asked.services):
            return "charge", {}
        return "", shares

    def _check_once(self):
        """The same answer was posted before, and counts, or stands in the same payment before: it is not posted again.
        """
        first = {}
        payments = self.transaction_id
        for earlier in self.search([
            ("company_id", "in", self.company_id.ids), ("fingerprint", "in", self.mapped("fingerprint")),
            ("payer_id", "in", self.payer_id.ids), ("id", "not in", self.ids),
            "|", ("state", "=", "posted"), "&", ("state", "=", "matched"), ("transaction_id", "in", payments.ids),
        ], order="id"):
            if earlier.state == "matched" or any(line.is_in_force for line in earlier.line_ids):
                first.setdefault(earlier.fingerprint, earlier)
        taken_back = {matching.number_key(item.name) for item in self.search_fetch(
            [("transaction_id", "in", payments.ids), ("status", "=", REVERSAL)], ["name"],
        )}
        for item in self.sorted("position"):
            if item.status == REVERSAL:
                continue
            before = first.get(item.fingerprint)
            # An answer that is taken back in the same payment may come again.
            if before and not (before.state == "posted" and matching.number_key(item.name) in taken_back):
                item._set_state("duplicate", why="duplicate", first_id=before.id)
            else:
                first[item.fingerprint] = item
