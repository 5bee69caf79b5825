"""Answers as payers send them: answers, what is taken back, and what is kept apart from claims, in one remittance."""

from odoo.fields import Command

from ..common import BillingCase


class RemittanceCase(BillingCase):
    """A practice to which payers send whole remittances."""

    @classmethod
    def _remit(cls, amount, answers=(), taken=(), provider=(), post=True, **values):
        """A remittance as it comes out of a file.

        :param answers: (claim of one service, paid, [(reason, amount)])
        :param taken: earlier remittance lines that are taken back
        :param provider: (code, reference, amount with the payer's sign)
        """
        claims = [claim for claim, _paid, _adjustments in answers]
        payer = claims[0].payer_id if claims else taken[0].claim_id.payer_id if taken else cls.payer
        remittance = cls.env["billing.remittance"].create({
            "payer_id": payer.id,
            "reference": f"TRACE {cls.env['billing.remittance'].search_count([])}",
            "date": "2026-03-12",
            "amount": amount,
            "line_ids": [
                *(Command.create(line._prepare_reversal_vals()) for line in taken),
                *(Command.create({
                    "claim_id": claim.id,
                    "move_line_id": claim.invoice_id.invoice_line_ids[:1].id,
                    "amount_paid": paid,
                    "adjustment_ids": [
                        Command.create({"reason_id": reason.id, "amount": held}) for reason, held in adjustments
                    ],
                }) for claim, paid, adjustments in answers),
            ],
            "provider_adjustment_ids": [
                Command.create({"code": code, "reference": reference, "amount": held})
                for code, reference, held in provider
            ],
            **values,
        })
        if post:
            remittance.action_post()
        return remittance

    def _bills_of(self, *moves):
        """The invoices to patients that are in force for the visits of these invoices."""
        found = self.env["account.move"].concat(*moves)
        return found.encounter_id.invoice_ids.filtered(
            lambda move: not move.billing_coverage_id and move.move_type == "out_invoice"
            and not move._is_billing_credited()
        )

    def _own_items(self, payer=None):
        """What is open on the payer's own account, apart from any claim: (amount, name)."""
        items = self.env["account.move.line"].search([
            ("partner_id", "=", (payer or self.payer).id), ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("reconciled", "=", False), ("billing_invoice_id", "=", False),
            ("move_id.billing_kind", "=", False),
        ], order="id")
        return [(item.amount_residual_currency, item.name) for item in items]
