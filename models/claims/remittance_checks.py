from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class BillingRemittance(models.Model):
    """What has to be so before an answer is posted; each refusal says what to do."""

    _inherit = "billing.remittance"

    def _check_postable(self):
        self.ensure_one()
        self.company_id._billing_check_setup()
        if self.state != "draft":
            raise UserError(self.env._("%(remittance)s is posted already.", remittance=self.display_name))
        if not self._has_content():
            raise UserError(self.env._(
                "%(remittance)s answers no claim yet. Add the claims that the payer's paper names.",
                remittance=self.display_name,
            ))
        self._check_balance()
        for line in self.line_ids:
            line._check_claim_fits()
        self.line_ids.claim_id._check_answerable()
        self._check_denied_amounts()
        self._check_taken_back()
        self._check_not_larger()
        self._check_credit()
        self._check_date(self.date)
        self._check_not_too_early()
        if self.amount and not self.journal_id:
            raise UserError(self.env._(
                "%(remittance)s brings money but does not say where it was received. Choose the bank journal.",
                remittance=self.display_name,
            ))

    def _get_journals(self):
        return super()._get_journals() | self.journal_id

    def _check_balance(self):
        """Charge less adjustments is what was paid: for each service, and in total."""
        for line in self.line_ids:
            if not self.currency_id.is_zero(line.difference):
                raise UserError(self.env._(
                    "%(claim)s, “%(service)s” does not balance: %(asked)s to answer − %(adjusted)s not paid − %(paid)s "
                    "paid leaves %(difference)s. Correct what was paid or add the reason that is missing.",
                    claim=line.claim_id.name,
                    service=line.move_line_id.name,
                    asked=self._format(line.amount_asked),
                    adjusted=self._format(line.amount_adjusted - line.amount_mirrored),
                    paid=self._format(line.amount_paid),
                    difference=self._format(line.difference),
                ))
        if not self.currency_id.is_zero(self.difference):
            raise UserError(self.env._(
                "%(remittance)s does not balance: %(figures)s. The difference is %(difference)s.",
                remittance=self.display_name,
                figures=", ".join(self._get_money_words_in() + self._get_money_words_out()),
                difference=self._format(self.difference),
            ))

    def _check_denied_amounts(self):
        """A denial is an amount that was refused; below zero it would be one that was paid for a reason not to pay."""
        for adjustment in self.line_ids._get_answers().adjustment_ids:
            if adjustment.effect == "hold" and adjustment.amount < 0:
                raise UserError(self.env._(
                    "%(claim)s: %(adjustment)s is a denial below zero. Choose the reason for which the payer paid "
                    "more, or let “%(reason)s” reduce what is owed (Configuration > Adjustment reasons).",
                    claim=adjustment.line_id.claim_id.name,
                    adjustment=adjustment.display_name,
                    reason=adjustment.reason_id.display_name,
                ))

    def _get_money_words_in(self):
        """What there is to be divided, in words."""
        self.ensure_one()
        words = [self.env._("%(amount)s came in", amount=self._format(self.amount))]
        if self.credit_amount:
            words.append(self.env._("%(amount)s of earlier credit", amount=self._format(self.credit_amount)))
        if self.amount_taken_back:
            words.append(self.env._(
                "%(amount)s taken back of earlier answers", amount=self._format(self.amount_taken_back),
            ))
        return words

    def _get_money_words_out(self):
        """What it pays and what of it waits, in words."""
        self.ensure_one()
        words = [self.env._("the services say %(amount)s was paid", amount=self._format(self.amount_paid_lines))]
        if self.amount_unapplied:
            words.append(self.env._("%(amount)s not applied yet", amount=self._format(self.amount_unapplied)))
        return words

    def _check_not_larger(self):
        """An answer cannot settle more than is open with this payer for that claim, or taken back with it."""
        answers = self.line_ids._get_answers().grouped("claim_id")
        undone = self.line_ids._get_reversals().reversed_line_id.grouped("claim_id")
        self.line_ids.claim_id.invalidate_recordset(["amount_open"])
        for claim, lines in answers.items():
            settled = sum(line._get_settled_amount() for line in lines)
            left = claim.amount_open + sum(line._get_settled_amount() for line in undone.get(claim, ()))
            if self.currency_id.compare_amounts(settled, left) > 0:
                raise UserError(self.env._(
                    "%(remittance)s would settle %(settled)s of %(claim)s, but only %(open)s is open. Was it answered "
                    "before? Look at its answers, or register money beyond the claim as a payment from %(payer)s.",
                    remittance=self.display_name,
                    settled=self._format(settled),
                    claim=claim.display_name,
                    open=self._format(left),
                    payer=self.payer_id.display_name,
                ))

    def _check_not_too_early(self):
        """Nobody pays for a service before it is rendered: a year typed wrongly would move money into it."""
        for claim in self.line_ids.claim_id:
            if self.date < claim.service_date:
                raise UserError(self.env._(
                    "%(remittance)s is dated %(date)s, before the service of %(claim)s (%(service_date)s). Type the "
                    "day on which the payer paid.",
                    remittance=self.display_name,
                    date=format_date(self.env, self.date),
                    claim=claim.name,
                    service_date=format_date(self.env, claim.service_date),
                ))

    def _check_credit(self):
        if self.currency_id.compare_amounts(self.credit_amount, self.payer_credit) > 0:
            raise UserError(self.env._(
                "%(remittance)s uses %(used)s of earlier credit, but %(payer)s has only %(available)s unapplied.",
                remittance=self.display_name,
                used=self._format(self.credit_amount),
                payer=self.payer_id.display_name,
                available=self._format(self.payer_credit),
            ))

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)
