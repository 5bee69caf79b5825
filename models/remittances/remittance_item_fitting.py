from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Command

from odoo.addons.billing_coordinator.tools.mirrored import divide_answer, find_mirrored
from odoo.addons.billing_coordinator.tools.remittance_services import Share, find_undone
from odoo.addons.billing_coordinator.tools.x12.records import REVERSAL

NOTHING = Decimal(0)


class BillingRemittanceItem(models.Model):
    """From what the payer says to the lines that are posted: against what is open, service by service.

    What takes an earlier answer back comes before the answers of the same payment, wherever the file has it, so that
    these find their claim open again.
    """

    _inherit = "billing.remittance.item"

    def _prepare_lines(self):
        """The lines to post for answers that found their claim; those that cannot be posted wait, with the reason.

        :return: {answer: values of its ``billing.remittance.line``}
        """
        found = self.filtered(lambda item: item.state == "matched")._sort_for_posting()
        asked = found.claim_id._get_asked_for_matching()
        lines = self.env["billing.remittance.line"]
        left = {
            line.id: self[:1]._exact(amount)
            for line, amount in lines._get_open_services(found.claim_id.invoice_id).items()
        }
        posted = found._get_posted_shares(asked)
        reasons = self.env["billing.adjustment.reason"]._get_by_code()
        prepared, stuck, taken = {}, set(), set()
        for item in found:
            reason, shares = item._fit(asked[item.claim_id.id])
            if not reason and item.claim_id in stuck:
                reason = "after_reversal"
            if not reason and item.status == REVERSAL:
                reason, prepared[item] = item._prepare_reversal(shares, posted[item.claim_id.id], left)
            elif not reason:
                reason, prepared[item] = item._prepare_answer(shares, left, asked, reasons, taken)
            if reason:
                prepared.pop(item, None)
                stuck.add(item.claim_id)
                item._wait(reason)
        return prepared

    def _sort_for_posting(self):
        """In the order of the file, what takes back first."""
        return self.sorted(lambda item: (item.transaction_id.id, item.status != REVERSAL, item.position))

    # === ANSWERS === #

    def _prepare_answer(self, shares, left, asked, reasons, taken):
        """
        :param shares: {service id: what the payer says of it}
        :param left: {invoice line id: what is open of it}
        :param taken: ids of the services answered before in this payment
        :return: (why it cannot be posted, or empty; values of its lines)
        """
        if self.transaction_id._get_day() < self.claim_id.service_date:
            return "too_early", []
        services = {service.id: service for service in asked[self.claim_id.id].services}
        vals_list = []
        for service, share in shares.items():
            parts = self._divide(share, services[service], left, reasons)
            if parts is None or service in taken or share.paid < 0:
                return "more_than_open", []
            vals_list += parts
        taken.update(shares)
        return "", vals_list

    def _divide(self, share, service, left, reasons):
        """Divide what is said of a service among the lines that ask for it; what only repeats what earlier payers
        settled posts nothing (see ``tools/mirrored``).

        :return: values of remittance lines, or None where it settles another amount than is open
        """
        said = [reasons[key]._to_said(amount) for key, amount in share.adjustments.items()]
        asked = [left[line] for line in service.lines]
        elsewhere = max(max(service.charges) - service.asked, NOTHING)
        mirrored = find_mirrored(
            said, sum(asked), share.paid, elsewhere, is_first=self.claim_id.invoice_id.billing_kind == "charge",
        )
        if share.paid + sum(one.amount for one in said) - sum(mirrored) != sum(asked):
            return None
        return [
            {
                "claim_id": self.claim_id.id,
                "move_line_id": line,
                "item_id": self.id,
                "amount_paid": float(part.paid),
                "adjustment_ids": [
                    Command.create({"reason_id": reasons[key].id, "amount": float(amount)})
                    for key, amount in zip(share.adjustments, part.amounts, strict=True) if amount
                ],
            }
            for line, part in zip(service.lines, divide_answer(asked, share.paid, said, mirrored), strict=True)
            if part.paid or any(part.amounts) or len(service.lines) == 1
        ]

    # === REVERSALS === #

    def _get_posted_shares(self, asked):
        """{claim id: [(lines, {service id: what was said of it})]}: the answers in force, the oldest first."""
        found = defaultdict(list)
        lines = self.env["billing.remittance.line"].search([
            ("claim_id", "in", self.claim_id.ids), ("is_in_force", "=", True),
        ], order="id")
        groups = lines.grouped(lambda line: (
            line.claim_id.id, line.remittance_id.date, line.remittance_id.id, line.item_id.id,
        ))
        services = {
            line: service.id for claim in asked.values() for service in claim.services for line in service.lines
        }
        for key in sorted(groups, key=lambda key: key[1:]):
            said = {}
            for line in groups[key]:
                service = services[line.move_line_id.id]
                said[service] = line._add_to_share(said.get(service), self[:1]._exact)
            found[key[0]].append((groups[key], said))
        return found

    def _prepare_reversal(self, shares, posted, left):
        """
        :param posted: answers to the claim that are in force; what is undone is taken from it
        :return: (why it cannot be posted, or empty; values of its lines)
        """
        position = find_undone(shares, [said for _lines, said in posted])
        if position is None:
            return "nothing_posted", []
        lines, _said = posted.pop(position)
        for line in lines:
            left[line.move_line_id.id] += self._exact(line._get_settled_amount())
        return "", [{"reversed_line_id": line.id, "item_id": self.id} for line in lines]


class BillingRemittanceLine(models.Model):
    """A line as it is compared with what a payer takes back."""

    _inherit = "billing.remittance.line"

    def _add_to_share(self, share, exact):
        """What was said of a service, with this line of it."""
        self.ensure_one()
        amounts = defaultdict(Decimal, share.adjustments if share else {})
        for adjustment in self.adjustment_ids:
            amounts[adjustment.reason_id.group, adjustment.reason_id.code] += exact(adjustment.amount)
        return Share(NOTHING, (share.paid if share else NOTHING) + exact(self.amount_paid), dict(amounts))
