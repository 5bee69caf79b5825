from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Taking back: invoices and entries of billing are credited and reversed whole; what stands on them follows."""

    _inherit = "account.move"

    # === ODOO'S OWN WAYS === #

    def _post(self, soft=True):
        self._billing_refuse_late_credit()
        posted = super()._post(soft=soft)
        posted._billing_follow_credit()
        return posted

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if not self._is_billing_at_work():
            self._billing_refuse_credit()
            if cancel:
                self._billing_refuse_replacement()
        ours = self.sudo().filtered("billing_kind")
        if ours:
            values = default_values_list or [{} for _move in self]
            default_values_list = [
                {**move.sudo()._get_billing_identity(), **given} for move, given in zip(self, values, strict=True)
            ]
            # An accountant who may credit an invoice need not be allowed to see the visit that goes with it.
            return super(AccountMove, self.sudo())._reverse_moves(default_values_list, cancel=cancel).with_env(self.env)
        return super()._reverse_moves(default_values_list, cancel=cancel)

    def _get_billing_identity(self):
        """What a credit note keeps of the billing invoice that it takes back."""
        self.ensure_one()
        return {
            "billing_kind": self.billing_kind,
            "encounter_id": self.encounter_id.id,
            "billing_patient_id": self.billing_patient_id.id,
            "billing_charge_id": self.billing_charge_id.id,
            "billing_source_id": self.billing_source_id.id,
        } if self.billing_kind else {}

    # === WHAT BILLING REFUSES === #

    def _billing_refuse_credit(self):
        """A charge may be credited while no payer answered; transfers and settlements are undone at their source."""
        for move in self.sudo().filtered(lambda m: m.state == "posted"):
            answered = move.billing_kind == "charge" and move.claim_ids._get_posted_remittances()
            if answered:
                raise UserError(self.env._(
                    "%(move)s cannot be credited: %(payer)s has answered its claim in %(remittance)s. Reverse that "
                    "remittance first.",
                    move=move.name,
                    payer=move.partner_id.display_name,
                    remittance=answered[0].display_name,
                ))
            decision = move.billing_kind and self.env["billing.adjustment"].sudo().search(
                [("move_id", "=", move.id), ("state", "=", "posted")], limit=1,
            )
            if decision:
                raise UserError(self.env._(
                    "%(move)s cannot be credited: %(decision)s has been posted on it. Reverse that first.",
                    move=move.name,
                    decision=decision.display_name,
                ))
            if move.billing_kind == "charge":
                continue
            if way_out := move._get_billing_way_out():
                raise UserError(self.env._(
                    "%(move)s cannot be reversed by itself. %(way_out)s",
                    move=move.name,
                    way_out=way_out,
                ))

    def _billing_refuse_replacement(self):
        """Odoo's "reverse and create invoice" would leave a second invoice that no visit and no claim knows of."""
        for move in self.sudo().filtered(lambda m: m.state == "posted" and m.billing_kind):
            raise UserError(self.env._(
                "%(move)s bills %(visit)s and is corrected there: open the visit, undo its billing, correct it and "
                "bill it again.",
                move=move.name,
                visit=move.encounter_id.display_name,
            ))

    def _billing_refuse_late_credit(self):
        """A credit note that was drafted earlier is posted only if it could still be made now, and fits."""
        if self._is_billing_at_work():
            return
        for move in self.sudo().filtered(lambda m: m.move_type == "out_refund" and m.state == "draft"):
            original = move.reversed_entry_id
            if not original.billing_kind:
                continue
            original._billing_refuse_credit()
            left = original.amount_total - original._get_billing_credited()
            if original.currency_id.compare_amounts(move.amount_total, left) > 0:
                raise UserError(self.env._(
                    "%(invoice)s was credited before; %(left)s of it is left. Lower this credit note to that, or "
                    "delete it.",
                    invoice=original.name,
                    left=original.currency_id.format(left),
                ))

    # === TAKING BACK === #

    def _billing_credit(self, date, reason, **values):
        """Credit these invoices in full; what was paid on them stays as the debtor's unapplied credit.

        Nothing that was reconciled before is un-reconciled.

        :param date: date of the credit notes
        :param str reason: shown on them
        :param values: further values of the credit notes
        :return: the posted credit notes
        """
        if not self:
            return self
        credit_notes = self._as_billing()._reverse_moves([
            {"date": date, "invoice_date": date, "ref": reason, **values} for _move in self
        ]).with_env(self.env)
        credit_notes._as_billing()._post(soft=False)
        return credit_notes

    def _billing_reverse_entry(self, date, reason, **values):
        """Reverse an entry of billing, its tags included, without touching what it was reconciled with.

        :return: the reversal, in draft
        """
        return self._as_billing()._reverse_moves([
            {"date": date, "ref": reason, **values} for _move in self
        ]).with_env(self.env)

    def _is_billing_credited(self):
        """Whether credit notes have taken back the whole of this invoice."""
        self.ensure_one()
        return self.currency_id.compare_amounts(self._get_billing_credited(), self.amount_total) >= 0

    def _get_billing_credited(self):
        """How much of this invoice credit notes have taken back, in its currency."""
        self.ensure_one()
        return sum(self.reversal_move_ids.filtered(lambda m: m.state == "posted").mapped("amount_total"))

    def _billing_follow_credit(self):
        """A credit note over the whole of a charge voids its claim; without any charge the visit is to bill again."""
        originals = self.filtered(lambda m: m.move_type == "out_refund").sudo().reversed_entry_id
        if not self._is_billing_at_work():
            # What an earlier answer, taken back, has reopened is asked by another item than the invoice's own.
            originals.filtered("billing_kind")._reconcile_billing_receivables()
        credited = originals.filtered(lambda m: m.billing_kind and m._is_billing_credited())
        if not credited:
            return
        reason = self.env._("%(invoices)s credited in full", invoices=", ".join(credited.mapped("name")))
        open_claims = credited.claim_ids.filtered(lambda claim: claim.state != "void")
        if open_claims:
            open_claims._set_state("void", reason)
        for encounter in credited.filtered(lambda m: m.billing_kind == "charge").encounter_id:
            charges = encounter.invoice_ids.filtered(
                lambda m: m.billing_kind == "charge" and m.move_type == "out_invoice" and m.state == "posted"
            )
            if encounter.state == "billed" and all(charge._is_billing_credited() for charge in charges):
                encounter._set_state("ready", reason)

    def _undo_settlements(self, date, reason):
        """Undo what payers answered and the office decided on these invoices, newest first.

        Money that payers sent stays with us as their unapplied credit.
        """
        adjustments = self.env["billing.adjustment"].search([("move_id", "in", self.ids), ("state", "=", "posted")])
        for adjustment in adjustments.sorted("id", reverse=True):
            adjustment._reverse(date, reason)
        self.claim_ids._undo_answers(date, reason)
