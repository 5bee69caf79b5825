from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.money import split_ratio, to_decimal, to_unit

from .settlement import Settled


class BillingAdjustment(models.Model):
    """What a payer's answer holds back for a reason that is not the patient's is never asked of anybody else.

    Only the group PR says that others owe it; CO binds us by contract, OA and PI name nobody. What the payer was never
    asked, or has not answered, is passed on as the office decides: the coverage may have ended.
    """

    _inherit = "billing.adjustment"

    # === BUSINESS METHODS === #

    def _check_open(self):
        super()._check_open()
        if self.reason_id.effect == "transfer":
            self._check_may_pass_on()

    def _check_may_pass_on(self):
        """
        :raise UserError: more would be passed on than the payer's answer allows
        """
        allowed = sum(self._get_passable().values())
        if self.currency_id.compare_amounts(self.amount, float(allowed)) <= 0:
            return
        held = self._get_refused().adjustment_ids.filtered(self._binds_us).reason_id
        facts = {
            "invoice": self.move_id.name,
            "payer": self.move_id.partner_id.name,
            "reasons": ", ".join(held.mapped("display_name")),
        }
        if allowed:
            raise UserError(self.env._(
                "Of %(invoice)s only %(allowed)s can be passed on: %(payer)s holds the rest back for %(reasons)s, and "
                "only reasons of the group PR are the patient's share. Send the rest again, appeal it, or write it "
                "off.",
                allowed=self.currency_id.format(float(allowed)), **facts,
            ))
        raise UserError(self.env._(
            "%(invoice)s cannot be passed on: %(payer)s holds it back for %(reasons)s, and only reasons of the group "
            "PR are the patient's share. Send the claim again, appeal, or write it off.", **facts,
        ))

    @api.model
    def _binds_us(self, adjustment):
        """Whether a reason of an answer holds money back that nobody else owes."""
        return (
            adjustment.effect == "hold" and adjustment.reason_id.group != "PR"
            and adjustment.amount > adjustment.amount_mirrored
        )

    def _get_refused(self):
        """The payer's latest answer to each service of the invoice, as lines in force."""
        lines = self.env["billing.remittance.line"].sudo().search([
            ("move_line_id", "in", self.move_id.invoice_line_ids.ids), ("is_in_force", "=", True),
        ])
        latest = lines.browse()
        for answers in lines.grouped("move_line_id").values():
            latest |= max(answers, key=lambda line: (line.remittance_id.date, line.id))
        return latest

    def _get_passable(self):
        """{service: how much of it may be asked of the next debtor}.

        What is open, less what the payer holds back for reasons that bind us and nobody has given up since; or what it
        holds back as the patient's share, where that is more.
        """
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)
        left = self.env["billing.remittance.line"]._get_open_services(self.move_id)
        answers = {line.move_line_id.id: line for line in self._get_refused()}
        passable = {}
        for service, amount in left.items():
            still = max(to_decimal(amount, unit), to_decimal(0))
            if answer := answers.get(service.id):
                still = self._limit_to_answer(answer, still, unit)
            passable[service] = still
        return passable

    def _limit_to_answer(self, answer, still, unit):
        """How much of what is ``still`` open of a service its answer lets pass on."""
        bound = theirs = to_decimal(0)
        for adjustment in answer.adjustment_ids.filtered(lambda one: one.effect == "hold"):
            amount = to_decimal(adjustment.amount - adjustment.amount_mirrored, unit)
            if adjustment.reason_id.group == "PR":
                theirs += amount
            else:
                bound += amount
        if not bound:
            return still
        passed, given_up = (to_decimal(amount, unit) for amount in self._get_decided_since(answer))
        # Right after the answer just what it holds back was open; what was decided before is no part of that.
        given_up = min(given_up, max(bound + theirs - still - passed, to_decimal(0)))
        bound = max(bound - given_up, to_decimal(0))
        theirs = max(theirs - passed, to_decimal(0))
        return min(max(still - bound, theirs), still)

    def _get_decided_since(self, answer):
        """(passed on, given up) of a service by decisions of the office in force, from the day of an answer on."""
        invoice = answer.move_line_id.move_id
        items = self.env["billing.adjustment"].sudo().search([
            ("move_id", "=", invoice.id), ("state", "=", "posted"), ("date", ">=", answer.remittance_id.date),
        ]).entry_id.line_ids.filtered(
            lambda item: item.adjustment_reason_id and item.billing_invoice_id == invoice
            and item.encounter_line_id == answer.move_line_id.encounter_line_id
        )
        passed = items.filtered(lambda item: item.adjustment_reason_id.effect == "transfer")
        return sum(passed.mapped("amount_currency")), sum((items - passed).mapped("amount_currency"))

    def _get_settled(self):
        """What passes on comes from the services of which it may, in proportion; never from those held back."""
        if self.reason_id.effect != "transfer":
            return super()._get_settled()
        passable = self._get_passable()
        unit = to_unit(self.currency_id.rounding)
        amounts = split_ratio(to_decimal(self.amount, unit), list(passable.values()), unit)
        return [
            Settled(self.move_id, service.encounter_line_id, self.reason_id, float(amount))
            for service, amount in zip(passable, amounts, strict=True)
            if amount
        ]
