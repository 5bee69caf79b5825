from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.provider_adjustments import CARRIED
from odoo.addons.billing_coordinator.tools.remittance_money import ADDED, CHEQUE, KEPT, Side


class BillingRemittance(models.Model):
    """What a payer keeps or adds apart from any claim, in the books.

    What it keeps pays claims that it says it has paid in full: Dr the payer's own account / Cr the claim; what it adds
    is owed to it: Cr the payer's own account. These items carry their code and reference and wait for what they belong
    to. Interest is income at once.
    """

    _inherit = "billing.remittance"

    # === MONEY === #

    def _get_money_sources(self):
        return super()._get_money_sources() + self._get_provider_sides(KEPT, 1)

    def _get_money_uses(self):
        return super()._get_money_uses() + self._get_provider_sides(ADDED, -1)

    def _get_provider_sides(self, kind, sign):
        return [
            Side(kind, adjustment, self._to_decimal(sign * adjustment.amount))
            for adjustment in self.provider_adjustment_ids if sign * adjustment.amount > 0
        ]

    def _prepare_moved_sides(self, flow):
        if flow.source.kind == CHEQUE and flow.use.kind == ADDED and flow.use.key._is_interest():
            # The payment can only credit the payer; the entry makes it income.
            return [
                (1, ("interest", flow.use.key), self._prepare_provider_vals(flow.use.key)),
                (-1, (flow.use.kind, flow.use.key), self._prepare_side_vals(flow.use)),
            ]
        return super()._prepare_moved_sides(flow)

    def _prepare_paid_vals(self, use):
        return self._prepare_provider_vals(use.key) if use.kind == ADDED else super()._prepare_paid_vals(use)

    def _prepare_side_vals(self, side):
        if side.kind not in (KEPT, ADDED):
            return super()._prepare_side_vals(side)
        if not side.key._is_interest():
            return self._prepare_provider_vals(side.key)
        return {
            "name": self._get_provider_name(side.key),
            "account_id": self.company_id.billing_interest_account_id.id,
            "partner_id": self.payer_id.commercial_partner_id.id,
        }

    def _prepare_provider_vals(self, adjustment):
        """An item on the payer's own account that waits for what the adjustment belongs to."""
        return {
            **self._prepare_own_vals(self._get_provider_name(adjustment)),
            "billing_provider_adjustment_id": adjustment.id,
        }

    def _get_provider_name(self, adjustment):
        return self.env._(
            "%(remittance)s: %(adjustment)s", remittance=self.display_name, adjustment=adjustment.display_name,
        )

    # === MATCHING === #

    def _get_payer_credit_domain(self):
        # What a payer added apart from claims waits for what it belongs to: it pays no claim.
        return [*super()._get_payer_credit_domain(), ("billing_provider_adjustment_id", "=", False)]

    def _is_own_item(self, item):
        return super()._is_own_item(item) and not item.billing_provider_adjustment_id

    def _is_claimed_item(self, item):
        return super()._is_claimed_item(item) or bool(item.billing_provider_adjustment_id)

    def _prepare_same_place(self, item):
        return {
            **super()._prepare_same_place(item),
            "billing_provider_adjustment_id": item.billing_provider_adjustment_id.id,
        }

    def _reconcile_money(self, payment, entry):
        super()._reconcile_money(payment, entry)
        moves = payment.move_id | entry
        self._reconcile_own(self._get_open_own(moves).grouped("billing_provider_adjustment_id").values())
        for adjustment in self.provider_adjustment_ids:
            items = self._get_open_own(moves).filtered(
                lambda item, adjustment=adjustment: item.billing_provider_adjustment_id == adjustment
            )
            if items:
                self._reconcile_own([items | adjustment._find_counterparts()])
        if self.line_ids._get_reversals():
            self._reconcile_own([self._find_free_items(entry) | self._find_kept_before()])

    def _reconcile_reversed(self):
        super()._reconcile_reversed()
        items = self.provider_adjustment_ids.sudo().item_ids.sudo(False)
        self._reconcile_own(self._get_open_own(items.move_id).grouped("billing_provider_adjustment_id").values())

    def _get_open_own(self, moves):
        """Open items of these entries that stand for provider-level adjustments."""
        return moves.line_ids.filtered(
            lambda item: item.billing_provider_adjustment_id and not item.reconciled
            and item.account_id.account_type == "asset_receivable"
        )

    def _find_free_items(self, entry):
        """What was taken back and nothing used: it waits on the payer's account."""
        return entry.line_ids.filtered(
            lambda item: self._is_own_item(item) and item.amount_currency < 0 and not item.reconciled
        )

    def _find_kept_before(self):
        """What the payer kept earlier, naming one of the claims that are now taken back."""
        undone = self.line_ids._get_reversals()
        names = {*undone.claim_id.mapped("name"), *undone.claim_id.mapped("payer_control_number"),
                 *undone.reversed_line_id.remittance_id.mapped("reference")}
        return self.env["billing.remittance.provider.adjustment"]._find_open_items(
            self, [name.upper() for name in names if name], sign=1,
        )

    def _reconcile_own(self, groups):
        """Match items on the payer's own account, each group and account by itself, where both sides are there."""
        plan = [
            items
            for group in groups
            for items in group.grouped(lambda item: (item.account_id, item.partner_id)).values()
            if any(item.amount_residual_currency > 0 for item in items)
            and any(item.amount_residual_currency < 0 for item in items)
        ]
        if plan:
            plan[0].with_env(plan[0].move_id._as_billing().env)._reconcile_plan(plan)

    # === CHECKS === #

    def _check_postable(self):
        super()._check_postable()
        interest = self.provider_adjustment_ids.filtered(lambda adjustment: adjustment._is_interest())
        if interest and not self.company_id.billing_interest_account_id:
            raise UserError(self.env._(
                "%(remittance)s brings interest of %(amount)s, but %(company)s has no account for interest. Choose one "
                "in Settings > Billing > Accounts.",
                remittance=self.display_name,
                amount=self._format(-sum(interest.mapped("amount"))),
                company=self.company_id.display_name,
            ))

    def _get_money_words_in(self):
        words = super()._get_money_words_in()
        kept = sum(self.provider_adjustment_ids.mapped("amount"))
        if kept > 0:
            words.append(self.env._("%(amount)s were kept apart from claims", amount=self._format(kept)))
        return words

    def _get_money_words_out(self):
        words = super()._get_money_words_out()
        added = -sum(self.provider_adjustment_ids.mapped("amount"))
        if added > 0:
            words.append(self.env._("%(amount)s were added apart from claims", amount=self._format(added)))
        return words

    def _is_nothing_but(self, lines):
        return super()._is_nothing_but(lines) and not self.provider_adjustment_ids


class BillingRemittanceProviderAdjustment(models.Model):
    """Finding what an adjustment belongs to."""

    _inherit = "billing.remittance.provider.adjustment"

    def _find_counterparts(self):
        """Open items on the payer's account that this adjustment settles, or that settle it.

        What one remittance announces and another one recovers has the same reference; what was recovered for a claim
        names it; a refund that the payer acknowledges is a payment of ours over the same amount.
        """
        self.ensure_one()
        remittance = self.remittance_id
        found = self.env["account.move.line"]
        sign = -1 if self.amount > 0 else 1
        if self.code in CARRIED and self.reference:
            found |= self._find_open_items(remittance, [self.reference], sign=sign)
            if sign < 0:
                found |= self._find_freed_items()
        if self.code == "72" and not found:
            found |= self._find_refund(sign)
        return found

    @api.model
    def _find_open_items(self, remittance, references, sign):
        """Open items of other remittances of the same payer for adjustments with one of these references.

        :param int sign: 1 what the payer has kept, −1 what is owed to it
        """
        if not references:
            return self.env["account.move.line"]
        return self.env["account.move.line"].search([
            *self._get_own_domain(remittance, sign),
            ("billing_provider_adjustment_id.reference", "in", references),
            ("billing_provider_adjustment_id.code", "in", list(CARRIED)),
            ("billing_provider_adjustment_id.remittance_id", "!=", remittance.id),
        ], order="date, id")

    def _find_freed_items(self):
        """What an earlier reversal of the claim that this adjustment names left on the payer's account."""
        lines = self.env["billing.remittance.line"].search([
            ("kind", "=", "reversal"), ("state", "=", "posted"), ("remittance_id.payer_id", "=", self.payer_id.id),
            ("company_id", "=", self.company_id.id),
            "|", ("claim_id.name", "=ilike", self.reference),
            ("claim_id.payer_control_number", "=ilike", self.reference),
        ])
        return self.env["account.move.line"].search([
            *self._get_own_domain(self.remittance_id, -1),
            ("billing_provider_adjustment_id", "=", False),
            ("move_id", "in", lines.remittance_id.entry_id.ids),
        ], order="date, id")

    def _find_refund(self, sign):
        """A refund of ours to the payer over just this amount that nothing has met yet."""
        amount = abs(self.amount)
        return self.env["account.move.line"].search([
            *self._get_own_domain(self.remittance_id, sign),
            ("move_id.origin_payment_id.payment_type", "=", "outbound"),
            ("amount_residual_currency", "in", [amount, -amount]),
        ], order="date, id", limit=1)

    @api.model
    def _get_own_domain(self, remittance, sign):
        """Open items on the own account of a remittance's payer."""
        return [
            ("company_id", "=", remittance.company_id.id),
            ("partner_id", "=", remittance.payer_id.commercial_partner_id.id),
            ("currency_id", "=", remittance.currency_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("billing_invoice_id", "=", False),
            ("amount_residual_currency", ">" if sign > 0 else "<", 0),
        ]
