from typing import NamedTuple

from odoo import models

from odoo.addons.billing_coordinator.tools.benefit_split import Piece, split_services
from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..coverage.coverage_split import ServiceLine

# Why a coverage leaves something to others, in the numbers that payers use.
LEFT_REASONS = {"deductible": 1, "coinsurance": 2, "copay": 3, "not_covered": 96, "over_limit": 119}


class Part(NamedTuple):
    """An amount of one service that somebody is asked for, and why (``reason`` empty: the whole charge).

    ``coverage`` is the one whose benefits have just left it to others, None where an answer or nobody did; ``earlier``
    is the (reason, coverage) that had left it first, when a second one has left it since; ``expected`` is what a payer
    is expected to pay of it, None where nobody but the patient is asked.
    """

    line: models.Model
    reason: models.Model
    amount: object
    coverage: models.Model | None = None
    earlier: tuple | None = None
    expected: object = None


class BillingEncounter(models.Model):
    """Who owes what of a visit: its charge divided among payers and patient."""

    _inherit = "billing.encounter"

    def _get_shares(self, parts, after=None, usage=None):
        """Divide amounts among the payers in force, in rank order, and the patient.

        A payer whose plan adjudicates is asked for everything that is left; a payer whose plan is split is asked
        for its known share and the rest goes on to the next one.

        :param list parts: :class:`Part` records in the visit's currency, tax not included
        :param after: the coverage that has answered already; only later ranks are asked
        :param usage: what the coverages have used up, when the caller divides for many visits
        :return: list of (coverage, parts), those without amount left out; the patient's has an empty coverage
        """
        self.ensure_one()
        coverages = self._get_asked_coverages(after)
        split = self._split_parts(parts, coverages, usage)
        shares = []
        for coverage, answer in zip(coverages, split.answers, strict=True):
            whole = coverage.plan_id.billing_mode != "split"
            asked = [
                self._to_part(parts, piece, piece.amount if whole else share.asked)._replace(expected=share.payer)
                for piece, share in zip(answer.pieces, answer.shares, strict=True)
                if whole or share.asked
            ]
            if asked:
                shares.append((coverage, asked))
            if whole or not answer.left():
                return shares
        return [*shares, (self.env["billing.coverage"], [self._to_part(parts, piece) for piece in split.rest])]

    def _get_asked_coverages(self, after=None):
        """The coverages that are asked now: up to the first whose plan adjudicates, because its answer decides."""
        asked = self.env["billing.coverage"]
        for coverage in self._get_next_coverages(after):
            asked |= coverage
            if coverage.plan_id.billing_mode != "split":
                break
        return asked

    def _get_next_coverages(self, after=None):
        """The coverages still to be asked, in rank order."""
        self.ensure_one()
        coverages = self.coverage_ids
        if after:
            coverages = coverages.filtered(lambda c: c.rank > after.rank)
        return coverages

    def _split_parts(self, parts, coverages, usage=None):
        """What each of ``coverages`` pays of ``parts`` and leaves, by benefits and rules on the date of service."""
        lines = [part.line._to_service_line() for part in parts]
        pieces = [
            # What comes with a reason has been left by an answer: that stays its reason if nobody takes it up.
            Piece(line.key, part.amount, to_decimal(line.quantity), kind="answered" if part.reason else None)
            for line, part in zip(lines, parts, strict=True)
        ]
        covers = coverages._get_covers(lines, self.date, self.currency_id, usage)
        return split_services(pieces, covers, to_decimal(self.currency_id.rounding))

    def _to_part(self, parts, piece, amount=None):
        """A piece of the split in terms of the part of the charge that it comes from."""
        source = parts[piece.source]._replace(amount=piece.amount if amount is None else amount)
        if piece.kind not in LEFT_REASONS:
            return source
        reason, coverage = self._to_left_by(piece.kind, piece.cover)
        return source._replace(
            reason=reason, coverage=coverage, earlier=piece.earlier and self._to_left_by(*piece.earlier),
        )

    def _to_left_by(self, kind, cover):
        """(reason, coverage) for what a coverage of the split left."""
        reason = self.env.ref(f"billing_coordinator.reason_pr_{LEFT_REASONS[kind]}").sudo(False)
        return reason, self.env["billing.coverage"].browse(cover)

    def _get_charge_parts(self):
        """The whole charge of the visit, service by service."""
        self.ensure_one()
        unit = to_decimal(self.currency_id.rounding)
        no_reason = self.env["billing.adjustment.reason"]
        return [Part(line, no_reason, to_decimal(line.amount, unit)) for line in self.line_ids if line.amount]


class BillingEncounterLine(models.Model):
    """A service as the split of charges wants it, and what an invoice line says of its part."""

    _inherit = "billing.encounter.line"

    def _to_service_line(self):
        """This service as the split of charges wants it."""
        self.ensure_one()
        return ServiceLine(self.id, self.product_id, self.code_id, self.quantity, to_decimal(self.amount))

    def _prepare_part_vals(self, part):
        """What an invoice line says of the part of a charge that it asks for: why, and what is expected."""
        reason, coverage = part.earlier or (part.reason.browse(), None)
        return {
            "adjustment_reason_id": part.reason.id,
            "billing_coverage_id": part.coverage and part.coverage.id,
            "billing_earlier_reason_id": reason.id,
            "billing_earlier_coverage_id": coverage and coverage.id,
            "billing_amount_expected": float(part.expected or 0),
        }
