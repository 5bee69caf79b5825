from collections import defaultdict

from odoo import models

from odoo.addons.billing_coordinator.tools.claim_content import NOTHING, Adjustment, OtherPayer, ServiceAnswer
from odoo.addons.billing_coordinator.tools.money import to_decimal

# What payers that are asked later write for what those before them have settled.
PRIOR_PAYER = ("OA", "23")


class BillingClaim(models.Model):
    """Coordination of benefits: the patient's other insurances, and exactly what those asked earlier have answered."""

    _inherit = "billing.claim"

    def _get_other_payers(self, charges):
        """{claim: its patient's other insurances by rank}, answered where they were asked before and have answered.

        :param charges: {claim: {visit service: (whole charge, taxes)}}
        """
        others = {}
        desks = (self.encounter_id.claim_ids | self).payer_id | self.encounter_id.coverage_ids.payer_id
        desks = desks._get_billing_contacts("claims")
        for claim in self:
            visit = claim.encounter_id
            asked = visit.claim_ids.filtered(lambda other: other.state != "void")
            coverages = (visit.coverage_ids | asked.coverage_id) - claim.coverage_id
            others[claim] = tuple(
                claim._get_other_payer(
                    coverage, asked.filtered(lambda other, own=coverage: other.coverage_id == own), charges[claim],
                    desks.get(coverage.payer_id),
                )
                for coverage in coverages.sorted(lambda coverage: (coverage.rank, coverage.id))
            )
        return others

    def _get_other_payer(self, coverage, asked, charges, desk):
        """One other insurance, and its answer if it was asked before this claim's.

        :param asked: its claims for the same visit
        """
        self.ensure_one()
        payer = coverage.payer_id
        other = OtherPayer(
            payer._to_party(self.company_id, desk), payer.payer_code or "", coverage._to_insured(self.company_id),
            int(coverage.rank), payer.claim_filing or "ZZ",
        )
        lines = asked.remittance_line_ids.filtered("is_in_force")
        if coverage.rank >= self.coverage_id.rank or not lines:
            return other
        answers = self._get_service_answers(coverage, lines, charges)
        return other._replace(
            paid=sum((answer.paid for answer in answers.values()), NOTHING),
            services=answers,
            control_number=next(filter(None, asked.mapped("payer_control_number")), ""),
            date=max(lines.remittance_id.mapped("date")),
        )

    def _get_service_answers(self, coverage, lines, charges):
        """{number of the service on this claim: what that insurance answered about it}."""
        items = self.invoice_id.invoice_line_ids.filtered(lambda item: item.display_type == "product")
        own = sorted(items.encounter_line_id, key=lambda line: (line.sequence, line.id))
        answered = lines.grouped(lambda line: line.move_line_id.encounter_line_id)
        left = self._get_left_at_billing(coverage)
        is_first = coverage.rank == "1"
        return {
            number: self._get_service_answer(
                line, answered[line], left[line], to_decimal(charges[line][0], self._get_unit()), is_first,
            )
            for number, line in enumerate(own, start=1)
            if line in answered
        }

    def _get_service_answer(self, line, answers, left, charge, is_first):
        """What one insurance said of one service, all its answers together.

        An answer that held something back is superseded by the next one, which answers about that, too.

        :param left: [(reason, amount)] that the split of the visit left to others before it was asked
        """
        unit, amounts = self._get_unit(), defaultdict(lambda: NOTHING)
        answers = answers.sorted(lambda answer: (answer.remittance_id.date, answer.id))
        for reason, amount in left:
            amounts[reason.group, reason.code] += to_decimal(amount, unit)
        for answer in answers:
            for adjustment in answer.adjustment_ids:
                reason = adjustment.reason_id
                if reason.effect != "hold" or answer == answers[-1]:
                    amounts[reason.group, reason.code] += to_decimal(adjustment.amount, unit)
        paid = to_decimal(sum(answers.mapped("amount_paid")), unit)
        rest = charge - paid - sum(amounts.values(), NOTHING)
        if rest > 0 and not is_first:
            # It was asked for what those before it had left, and answers about no more.
            amounts[PRIOR_PAYER] += rest
        item = answers[-1:].move_line_id
        return ServiceAnswer(
            paid, to_decimal(line.quantity), item.billing_code_id.code or line.code_id.code or "",
            tuple((item.billing_modifiers or "").split()),
            tuple(Adjustment(*reason, amount) for reason, amount in amounts.items() if amount),
            answers[-1:].remittance_id.date,
        )

    def _get_left_at_billing(self, coverage):
        """{visit service: [(reason, amount)]} that a plan which splits at once left to others before it was asked."""
        left = defaultdict(list)
        invoices = self.encounter_id.invoice_ids.filtered(
            lambda move: move.billing_kind == "charge" and move.move_type == "out_invoice" and move.state == "posted"
            and not move._is_billing_credited()
        )
        for item in invoices.invoice_line_ids.filtered("adjustment_reason_id"):
            if item.billing_earlier_coverage_id == coverage:
                left[item.encounter_line_id].append((item.billing_earlier_reason_id, item.price_total))
            elif item.billing_coverage_id == coverage:
                left[item.encounter_line_id].append((item.adjustment_reason_id, item.price_total))
        return left
