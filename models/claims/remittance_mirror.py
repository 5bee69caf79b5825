from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.mirrored import Said, find_mirrored
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit


class BillingRemittanceAdjustment(models.Model):
    """A reason may only repeat what others take care of: then it posts nothing."""

    _inherit = "billing.remittance.adjustment"

    amount_mirrored = fields.Monetary(
        string="Settled elsewhere",
        readonly=True,
        default=0.0,
        help="So much of it repeats what an earlier payer paid or gave up, or what somebody else is asked for. Noted "
             "when the answer is posted; nothing is posted for it.",
    )

    def _get_said(self):
        """These reasons and amounts as the rules want them."""
        unit = to_unit((self[:1].currency_id or self.env.company.currency_id).rounding)
        return [adjustment.reason_id._to_said(to_decimal(adjustment.amount, unit)) for adjustment in self]


class BillingRemittanceLine(models.Model):
    """An answer to the whole charge, where we ask this payer for a part of it only.

    See :func:`~odoo.addons.billing_coordinator.tools.mirrored.find_mirrored` for the rule.
    """

    _inherit = "billing.remittance.line"

    amount_mirrored = fields.Monetary(
        string="Settled elsewhere",
        compute="_compute_amount_mirrored",
        help="What of the reasons repeats what an earlier payer paid or gave up, or what somebody else is asked for "
             "(OA-23 above all). It posts nothing.",
    )

    # === COMPUTE METHODS === #

    @api.depends("amount_asked", "amount_paid", "adjustment_ids.amount", "adjustment_ids.reason_id", "kind", "state")
    def _compute_amount_mirrored(self):
        mirrored = self._get_mirrored()
        for line in self:
            line.amount_mirrored = sum(mirrored[line])

    # === BUSINESS METHODS === #

    def _get_mirrored(self):
        """{line: for each of its adjustments, what of it posts nothing}."""
        noted = self.filtered(lambda line: line.kind == "reversal" or line.state not in (False, "draft"))
        mirrored = {line: line.adjustment_ids.mapped("amount_mirrored") for line in noted}
        # Most answers speak of what was asked: only the others need to know the charge.
        currency = self[:1].currency_id or self.env.company.currency_id
        beyond = (self - noted).filtered(lambda line: currency.compare_amounts(
            line.amount_paid + sum(line.adjustment_ids.mapped("amount")), line.amount_asked,
        ) > 0)
        elsewhere = beyond.move_line_id._origin._get_billed_elsewhere()
        for line in self - noted:
            mirrored[line] = line._find_mirrored(elsewhere[line.move_line_id._origin]) if line in beyond else (
                [0.0] * len(line.adjustment_ids)
            )
        return mirrored

    def _find_mirrored(self, elsewhere):
        unit = to_unit((self.currency_id or self.env.company.currency_id).rounding)
        return [float(amount) for amount in find_mirrored(
            self.adjustment_ids._get_said(),
            to_decimal(self.amount_asked, unit),
            to_decimal(self.amount_paid, unit),
            to_decimal(elsewhere, unit),
            is_first=self.move_line_id.move_id.billing_kind == "charge",
        )]


class BillingAdjustmentReason(models.Model):
    """A reason with an amount, as the rules want it."""

    _inherit = "billing.adjustment.reason"

    def _to_said(self, amount):
        self.ensure_one()
        return Said(self.group, self.code, self.effect, amount)


class BillingRemittance(models.Model):
    """What posts nothing is noted when the answer is posted: what others are asked for may change later."""

    _inherit = "billing.remittance"

    def _note_mirrored(self):
        for line, amounts in self.line_ids._get_answers()._get_mirrored().items():
            for adjustment, amount in zip(line.adjustment_ids, amounts, strict=True):
                if adjustment.amount_mirrored != amount:
                    adjustment.amount_mirrored = amount


class AccountMoveLine(models.Model):
    """What others than this debtor are asked, or have paid, of a service."""

    _inherit = "account.move.line"

    def _get_billed_elsewhere(self):
        """{invoice line: what of the charge for its service its own invoice does not ask for}, taxes included.

        The charge is what the invoices in force say that bore its revenue.
        """
        if not self:
            return {}
        charges = self.move_id.encounter_id.invoice_ids.filtered(
            lambda move: move.billing_kind == "charge" and move.move_type == "out_invoice" and move.state == "posted"
            and not move._is_billing_credited()
        )
        charged = _add_up(charges.invoice_line_ids, lambda line: line.encounter_line_id)
        asked = _add_up(self.move_id.invoice_line_ids, lambda line: (line.move_id, line.encounter_line_id))
        return {
            line: line.currency_id.round(max(
                charged[line.encounter_line_id] - asked[line.move_id, line.encounter_line_id], 0.0,
            ))
            for line in self
        }


def _add_up(lines, key):
    """{key: total of the lines that it is the key of}."""
    totals = defaultdict(float)
    for line in lines:
        if line.display_type == "product":
            totals[key(line)] += line.price_total
    return totals
