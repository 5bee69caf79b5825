from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from odoo.addons.billing_coordinator.tools.money import to_decimal

from ..claims.settlement import Settled
from ..disputes.adjustment import BillingAdjustment as Decision

BAD_DEBT = "bad_debt"


class BillingAdjustment(models.Model):
    """Bad debt: what an agency gave back as uncollectable, and what came of it later all the same."""

    _inherit = "billing.adjustment"

    placement_id = fields.Many2one(
        comodel_name="billing.placement",
        string="Given back by an agency",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    is_bad_debt = fields.Boolean(
        compute="_compute_is_bad_debt",
    )

    # === COMPUTE METHODS === #

    @api.depends("reason_id")
    def _compute_is_bad_debt(self):
        for adjustment in self:
            adjustment.is_bad_debt = adjustment.reason_id.account_kind == BAD_DEBT

    _decided_fields = Decision._decided_fields | {"placement_id"}

    # === CONSTRAINT METHODS === #

    @api.constrains("placement_id", "move_id")
    def _check_placement(self):
        for decision in self.filtered("placement_id"):
            placement = decision.placement_id
            if placement.state != "returned" or decision.move_id not in placement.item_ids.move_line_id.move_id:
                raise ValidationError(self.env._(
                    "%(move)s was not given back with %(placement)s.",
                    move=decision.move_id.name, placement=placement.name,
                ))

    # === BUSINESS METHODS === #

    def _check_open(self):
        """A bill of its own, a fee or interest, can be bad debt like any other."""
        if not self.placement_id or self.move_id.billing_kind:
            super()._check_open()
        elif self.currency_id.compare_amounts(self.amount, self.move_id.amount_residual) > 0:
            raise UserError(self.env._(
                "%(invoice)s has %(open)s open; %(amount)s cannot be taken off it.",
                invoice=self.move_id.name,
                open=format_amount(self.env, self.move_id.amount_residual, self.currency_id),
                amount=format_amount(self.env, self.amount, self.currency_id),
            ))

    def _get_settled(self):
        if self.move_id.billing_kind:
            return super()._get_settled()
        return [Settled(self.move_id, self.env["billing.encounter.line"], self.reason_id, self.amount)]

    def _reverse(self, date, reason):
        """What came of it later has been asked for again already: that is taken back first, and stays paid."""
        if again := self._get_reinstating_entries():
            again._billing_reverse_entry(date, reason, **self._get_link_vals())._post(soft=False)
        if self.reason_id.account_kind == BAD_DEBT:
            left = sum(self._get_written_off(self.move_id).get(self.move_id, {}).values())
            if self.currency_id.compare_amounts(left, self.amount) < 0:
                raise UserError(self.env._(
                    "%(decision)s cannot be taken back: a part of %(bill)s came later all the same, and only %(left)s "
                    "is still written off. Reverse that recovery first.",
                    decision=self.display_name, bill=self.move_id.name,
                    left=format_amount(self.env, left, self.currency_id),
                ))
        return super()._reverse(date, reason)

    @api.model
    def _get_written_off(self, moves):
        """What stands written off as bad debt, by the journal items and nothing else.

        :return: {bill: {(service of the visit, reason): amount in the currency of the bill}}
        """
        found = {}
        groups = self.env["account.move.line"].sudo()._read_group(
            [
                ("billing_invoice_id", "in", moves.ids),
                ("adjustment_reason_id.account_kind", "=", BAD_DEBT),
                ("parent_state", "=", "posted"),
            ],
            ["billing_invoice_id", "encounter_line_id", "adjustment_reason_id"],
            ["amount_currency:sum"],
        )
        for move, service, reason, amount in groups:
            left = move.currency_id.round(amount)
            if left > 0:
                found.setdefault(move.sudo(False), {})[service.sudo(False), reason.sudo(False)] = left
        return found

    # === WHAT CAME LATER === #

    @api.model
    def _get_reinstating(self, moves, amount, taken):
        """What to ask for again of bills that were written off as bad debt, the oldest first.

        :param amount: what has come, in the currency of the bills
        :param dict taken: {(bill, service, reason): amount} asked for again in the same run, brought up to date
        :return: :class:`Settled` records with amounts below zero
        """
        settled, left = [], to_decimal(amount)
        written_off = self._get_written_off(moves)
        for move in moves.sorted(lambda move: (move.invoice_date_due or move.date, move.id)):
            for (service, reason), stands in written_off.get(move, {}).items():
                key = (move, service, reason)
                again = min(to_decimal(stands) - taken.get(key, 0), left)
                if again > 0:
                    taken[key] = taken.get(key, 0) + again
                    left -= again
                    settled.append(Settled(move, service, reason, -float(again)))
        return settled

    def action_reinstate(self):
        """Money came after all: as much of it as waits on the debtor's account is asked for again, and paid with it."""
        for adjustment in self:
            adjustment._apart_from_screen()._reinstate()

    def _reinstate(self):
        """Ask again for what the debtor's unapplied money pays.

        | event | journal items |
        |---|---|
        | 50 of 400 written off have come | Dr AR[P] 50 / Cr BAD DEBT 50, reconciled with the payment |

        :raise UserError: it is no bad debt, or no money waits
        """
        self.ensure_one()
        self._lock_or_refuse()
        debt = self.move_id._get_billing_receivable_item()
        credits = self.env["account.move.line"].search([
            ("partner_id", "=", debt.partner_id.id), ("account_id", "=", debt.account_id.id),
            ("company_id", "=", self.company_id.id), ("currency_id", "=", self.currency_id.id),
            ("parent_state", "=", "posted"), ("reconciled", "=", False), ("amount_residual", "<", 0),
        ], order="date, id")
        credits._billing_lock(self.display_name)
        come = -sum(credits.mapped("amount_residual_currency"))
        settled = self._get_reinstating(self.move_id, come, {}) if come and self.state == "posted" else []
        if not settled:
            raise UserError(self.env._(
                "%(decision)s: there is nothing to ask for again. Either no money of %(debtor)s waits on the account, "
                "or nothing of %(bill)s is written off as bad debt any more.",
                decision=self.display_name, debtor=self.partner_id.display_name, bill=self.move_id.name,
            ))
        entry = self._post_entry(settled, fields.Date.context_today(self))
        (credits | entry.line_ids.filtered(lambda item: item.account_id == debt.account_id)).reconcile()

    def _get_reinstating_entries(self):
        """Entries of this decision that asked for something again, and stand."""
        return self.caused_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "entry" and move != self.entry_id
            and not move.reversed_entry_id and not move.reversal_move_ids
        )
