from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

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
        waiting = self._get_open_own(moves).grouped("billing_provider_adjustment_id")
        adjustments = self.provider_adjustment_ids.filtered(lambda adjustment: adjustment in waiting)
        for adjustment, items in adjustments._find_counterparts().items():
            # One after the other: what settles this one may settle a part of the next one, too.
            self._reconcile_own([(waiting[adjustment] | items).filtered(lambda item: not item.reconciled)])
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
        """{adjustment: open items on the payer's account that it settles, or that settle it}.

        What one remittance announces and another one recovers has the same reference; what was recovered for a claim
        names it; a refund that the payer acknowledges is a payment of ours over the same amount. All adjustments are of
        one remittance.
        """
        found = dict.fromkeys(self, self.env["account.move.line"])
        for sign, adjustments in self.grouped(lambda adjustment: -1 if adjustment.amount > 0 else 1).items():
            carried = adjustments.filtered(lambda one: one.code in CARRIED and one.reference)
            items = self._find_open_items(self.remittance_id, carried.mapped("reference"), sign=sign)
            by_reference = items.grouped(lambda item: item.billing_provider_adjustment_id.reference)
            freed = carried._find_freed_items() if sign < 0 else {}
            for adjustment in carried:
                found[adjustment] |= by_reference.get(adjustment.reference, items.browse())
                found[adjustment] |= freed.get(adjustment.reference, items.browse())
            acknowledged = adjustments.filtered(lambda one: one.code == "72" and not found[one])
            found.update(acknowledged._find_refunds(sign))
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
        """{reference: what earlier reversals of the claim that it names left on the payer's account}."""
        # References are kept in capitals.
        if not self:
            return {}
        lines = self.env["billing.remittance.line"].search(Domain.AND([
            Domain("kind", "=", "reversal") & Domain("state", "=", "posted"),
            Domain("remittance_id.payer_id", "=", self.remittance_id.payer_id.id),
            Domain("company_id", "=", self.company_id.id),
            Domain.OR(
                Domain(field, "=ilike", escape_psql(name))
                for field in ("claim_id.name", "claim_id.payer_control_number")
                for name in set(self.mapped("reference"))
            ),
        ]))
        items = self.env["account.move.line"].search([
            *self._get_own_domain(self.remittance_id, -1),
            ("billing_provider_adjustment_id", "=", False),
            ("move_id", "in", lines.remittance_id.entry_id.ids),
        ], order="date, id")
        by_entry = items.grouped("move_id")
        freed = dict.fromkeys(self.mapped("reference"), items.browse())
        for line in lines:
            for name in {line.claim_id.name.upper(), (line.claim_id.payer_control_number or "").upper()} & freed.keys():
                freed[name] |= by_entry.get(line.remittance_id.entry_id, items.browse())
        return freed

    def _find_refunds(self, sign):
        """{adjustment: a refund of ours to the payer over just its amount that nothing has met yet}."""
        if not self:
            return {}
        amounts = {abs(adjustment.amount) for adjustment in self}
        refunds = self.env["account.move.line"].search([
            *self._get_own_domain(self.remittance_id, sign),
            ("move_id.origin_payment_id.payment_type", "=", "outbound"),
            ("amount_residual_currency", "in", [*amounts, *(-amount for amount in amounts)]),
        ], order="date, id")
        found = {}
        for adjustment in self:
            found[adjustment] = refunds.filtered(
                lambda item, adjustment=adjustment: not adjustment.currency_id.compare_amounts(
                    abs(item.amount_residual_currency), abs(adjustment.amount),
                )
            )[:1]
            refunds -= found[adjustment]
        return found

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
