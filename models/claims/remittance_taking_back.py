from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .settlement import TakenBackTooEarlyError


class BillingRemittance(models.Model):
    """What a remittance takes back of earlier ones; and what of it later ones have taken back."""

    _inherit = "billing.remittance"

    # === TAKING BACK WITH THIS ANSWER === #

    def _undo_taken_back(self):
        """Credit the invoices with which the earlier answers asked the next debtors; what hangs on them is undone.

        What patients and later payers paid there stays as their unapplied credit.

        :return: the credit notes
        """
        undone = self.line_ids._get_reversals().reversed_line_id
        transfers = undone._get_standing_transfers()
        if not transfers:
            return transfers
        credit_notes = self._undo_transfers(transfers, self.date, self._get_taking_back_reason())
        transfers._reconcile_billing_receivables()
        return credit_notes

    def _get_taking_back_reason(self):
        return self.env._("Taken back by the payer with %(remittance)s", remittance=self.display_name)

    def _get_taken_back(self):
        """:class:`Settled` records: the reasons of what is taken back, negated, at the rate that they had."""
        return [
            part._replace(amount=-part.amount, date=line.remittance_id.date)
            for line in self.line_ids._get_reversals().reversed_line_id
            for part in line._get_settled()
        ]

    # === CHECKS === #

    def _check_taken_back(self):
        """What is taken back is in force, and taken back as it was posted, claim by claim."""
        reversals = self.line_ids._get_reversals()
        for line in reversals:
            line._check_reversal()
        undone = reversals.reversed_line_id
        self._check_taken_back_later(undone.remittance_id)
        for (earlier, claim), lines in undone.grouped(lambda line: (line.remittance_id, line.claim_id)).items():
            whole = earlier.line_ids.filtered(lambda line, claim=claim: line.is_in_force and line.claim_id == claim)
            if missing := whole - lines:
                raise UserError(self.env._(
                    "%(remittance)s takes back a part of what %(earlier)s answered to %(claim)s; “%(service)s” is not "
                    "among it. Answers are taken back claim by claim: add the services that are missing.",
                    remittance=self.display_name,
                    earlier=earlier.display_name,
                    claim=claim.name,
                    service=missing[0].move_line_id.name,
                ))

    def _check_taken_back_later(self, undone):
        """
        :param undone: the remittances of which something is taken back
        :raise UserError: one of them is dated later than this one: on the days between, it would be taken back already
        """
        for earlier in undone:
            if self.date < earlier.date:
                raise UserError(self.env._(
                    "%(remittance)s is dated %(date)s and takes back an answer of %(earlier)s, which was posted on "
                    "%(since)s. Nothing is taken back before it was posted: choose that day or a later one.",
                    remittance=self.display_name,
                    date=format_date(self.env, self.date),
                    earlier=earlier.display_name,
                    since=format_date(self.env, earlier.date),
                )) from TakenBackTooEarlyError(earlier)

    # === BEING TAKEN BACK === #

    def _check_not_taken_back(self):
        """
        :raise UserError: a later answer took back a part of this one
        """
        for line in self.line_ids:
            if later := line.taken_back_by_id:
                raise UserError(self.env._(
                    "%(later)s took %(claim)s of %(remittance)s back. Reverse that one first, or leave this as it is.",
                    later=later.display_name,
                    claim=line.claim_id.name,
                    remittance=self.display_name,
                ))

    def _restore_taken_back(self, date):
        """Once what took them back is reversed: ask the next debtors again for what the earlier answers left them.

        The invoices belong to the earlier answers, which are in force again.

        :return: the invoices
        """
        invoices = self.env["account.move"]
        for earlier, lines in self.line_ids._get_reversals().reversed_line_id.grouped("remittance_id").items():
            invoices |= earlier._post_transfers(
                [part for part in lines._get_settled() if part.reason.effect == "transfer"], date,
            )
        return invoices

    def _check_restored(self):
        """
        :raise UserError: a claim that is settled by the earlier answer again has been settled otherwise since
        """
        claims = self.line_ids._get_reversals().claim_id
        claims.invalidate_recordset(["amount_open"])
        for claim in claims:
            if claim.currency_id.compare_amounts(claim.amount_open, 0) < 0:
                raise UserError(self.env._(
                    "%(remittance)s took back an answer to %(claim)s, which has been settled since by another. Reverse "
                    "that one first.",
                    remittance=self.display_name,
                    claim=claim.name,
                ))

    def _is_nothing_but(self, lines):
        """Whether these lines are all that this remittance says."""
        self.ensure_one()
        return self.line_ids == lines and not self.amount_unapplied

    def _take_back_lines(self, lines, date, reason):
        """Take some answers of this remittance back, and keep the money as the payer's credit.

        :param lines: lines of this remittance in force, all of their claims
        :return: the remittance that takes them back
        """
        self.ensure_one()
        claims = lines.claim_id
        later = self.create({
            "payer_id": self.payer_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "reference": f"{self.reference} {' '.join(claims.mapped('name'))}",
            "date": date,
            "handling": "non_payment",
            "amount": 0.0,
            "amount_unapplied": sum(lines.mapped("amount_paid")),
            "line_ids": [fields.Command.create(line._prepare_reversal_vals()) for line in lines],
        })
        later._post_answer()
        later.message_post(body=reason)
        return later


class BillingClaim(models.Model):
    """Answers to a claim that are undone because what they answered is."""

    _inherit = "billing.claim"

    def _undo_answers(self, date, reason):
        """Undo the answers in force to these claims, newest first; other claims of the same remittances stay answered.

        Money that payers sent stays with us as their unapplied credit.
        """
        lines = self.remittance_line_ids.filtered("is_in_force")
        for remittance in lines.remittance_id.sorted("id", reverse=True):
            mine = lines.filtered(lambda line, remittance=remittance: line.remittance_id == remittance)
            if remittance._is_nothing_but(mine):
                remittance._reverse(date, reason, money="keep")
            else:
                remittance._take_back_lines(mine, date, reason)
