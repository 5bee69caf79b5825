from odoo import fields, models
from odoo.exceptions import UserError

# Identity, not value: nothing that arrives by RPC can be this object.
_GATE_KEY = object()


class AccountMove(models.Model):
    """Invoices of billing: charges (revenue, born once) and transfers (the same debt, another debtor)."""

    _inherit = "account.move"

    billing_kind = fields.Selection(
        selection=[
            ("charge", "Charge"),
            ("transfer", "Responsibility transfer"),
        ],
        readonly=True,
        copy=False,
        help="Charge: revenue for a service. Responsibility transfer: no new sale; what one debtor does not owe any "
             "more and the next one now does.",
    )
    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        groups="billing_coordinator.group_readonly",
    )
    billing_patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    billing_coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        string="Billed under",
        readonly=True,
        copy=False,
        groups="billing_coordinator.group_readonly",
    )
    billing_charge_id = fields.Many2one(
        comodel_name="account.move",
        string="Original charge",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The charge that this transfer descends from.",
    )
    billing_source_id = fields.Many2one(
        comodel_name="account.move",
        string="Passed on from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The invoice of the debtor who does not owe this any more.",
    )
    claim_ids = fields.One2many(
        comodel_name="billing.claim",
        inverse_name="invoice_id",
        string="Claims",
        groups="billing_coordinator.group_readonly",
    )
    remittance_id = fields.Many2one(
        comodel_name="billing.remittance",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
        help="The payer's answer that this entry, payment or invoice came out of.",
    )
    billing_adjustment_id = fields.Many2one(
        comodel_name="billing.adjustment",
        string="Write-off or discount",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
    )

    # === CRUD === #

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._billing_follow_credit()
        return posted

    def button_draft(self):
        self._billing_refuse_edit()
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if self.env.context.get("billing_gate") is not _GATE_KEY:
            self._billing_refuse_credit()
        if self.sudo().filtered("billing_kind"):
            values = default_values_list or [{} for _move in self]
            default_values_list = [
                {**move.sudo()._get_billing_identity(), **given} for move, given in zip(self, values, strict=True)
            ]
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

    # === WHAT BILLING ALLOWS === #

    def _billing_refuse_edit(self):
        """Nothing posted by billing is edited: say which button corrects it instead."""
        for move in self.sudo().filtered(lambda m: m.state == "posted"):
            if way_out := move._get_billing_way_out():
                raise UserError(self.env._(
                    "%(move)s was posted by billing and is not edited. %(way_out)s",
                    move=move.name,
                    way_out=way_out,
                ))

    def _billing_refuse_credit(self):
        """A charge may be credited while no payer has answered; transfers and settlements are undone at their source."""
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
            if move.billing_kind == "charge":
                continue
            if way_out := move._get_billing_way_out():
                raise UserError(self.env._(
                    "%(move)s cannot be reversed by itself. %(way_out)s",
                    move=move.name,
                    way_out=way_out,
                ))

    def _get_billing_way_out(self):
        """The sentence that says how to correct this entry, or None when it is not one of billing's."""
        self.ensure_one()
        if self.remittance_id:
            return self.env._(
                "It came out of remittance %(name)s: reverse that one.", name=self.remittance_id.display_name,
            )
        if self.billing_adjustment_id:
            return self.env._("Reverse %(name)s instead.", name=self.billing_adjustment_id.display_name)
        if self.billing_kind and self.move_type == "out_invoice":
            return self.env._("Open visit %(name)s and undo its billing.", name=self.encounter_id.display_name)
        if self.billing_kind:
            return self.env._("It is a credit note for visit %(name)s; bill the visit again instead.",
                              name=self.encounter_id.display_name)
        return None

    # === CREDITING === #

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
        credit_notes = self.with_context(billing_gate=_GATE_KEY)._reverse_moves([
            {"date": date, "invoice_date": date, "ref": reason, **values} for _move in self
        ]).with_env(self.env)
        credit_notes._post(soft=False)
        return credit_notes

    def _billing_reverse_entry(self, date, reason, **values):
        """Reverse an entry of billing, its tags included, without touching what it was reconciled with.

        :return: the reversal, in draft
        """
        return self.with_context(billing_gate=_GATE_KEY)._reverse_moves([
            {"date": date, "ref": reason, **values} for _move in self
        ]).with_env(self.env)

    def _is_billing_credited(self):
        """Whether credit notes have taken back the whole of this invoice."""
        self.ensure_one()
        credited = sum(self.reversal_move_ids.filtered(lambda m: m.state == "posted").mapped("amount_total"))
        return self.currency_id.compare_amounts(credited, self.amount_total) >= 0

    def _billing_follow_credit(self):
        """A credit note over the whole of a charge voids its claim; with all charges gone the visit is to bill again."""
        originals = self.filtered(lambda m: m.move_type == "out_refund").sudo().reversed_entry_id
        credited = originals.filtered(lambda m: m.billing_kind and m._is_billing_credited())
        if not credited:
            return
        reason = self.env._("%(invoices)s credited in full", invoices=", ".join(credited.mapped("name")))
        open_claims = credited.claim_ids.filtered(lambda claim: claim.state not in ("void", "draft"))
        if open_claims:
            open_claims._set_state("void", reason)
        for encounter in credited.filtered(lambda m: m.billing_kind == "charge").encounter_id:
            charges = encounter.invoice_ids.filtered(
                lambda m: m.billing_kind == "charge" and m.move_type == "out_invoice" and m.state == "posted"
            )
            if encounter.state == "billed" and all(charge._is_billing_credited() for charge in charges):
                encounter._set_state("ready", reason)

    # === JOURNAL ITEMS === #

    def _get_billing_receivable_item(self):
        """The receivable item with which this invoice asks: its account and partner are those of the debt."""
        self.ensure_one()
        return self.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")[:1]

    def _undo_settlements(self, date, reason):
        """Undo what payers answered and the office decided on these invoices, newest first.

        Money that payers sent stays with us as their unapplied credit.
        """
        adjustments = self.env["billing.adjustment"].search([("move_id", "in", self.ids), ("state", "=", "posted")])
        for adjustment in adjustments.sorted("id", reverse=True):
            adjustment._reverse(date, reason)
        for remittance in self.claim_ids._get_posted_remittances().sorted("id", reverse=True):
            remittance._reverse(date, reason, money="keep")

    def _get_billing_receivables(self):
        """Open receivable items of these invoices: their own, those of their credit notes, and those of entries
        that pay, reduce or reopen them.

        :return: unreconciled posted ``account.move.line`` records
        """
        return self.env["account.move.line"].search([
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("account_id.account_type", "=", "asset_receivable"),
            "|", "|",
            ("move_id", "in", self.ids),
            ("billing_invoice_id", "in", self.ids),
            "&",
            ("move_id.reversed_entry_id", "in", self.ids),
            ("move_id.move_type", "=", "out_refund"),
        ])

    def _reconcile_billing_receivables(self):
        """Match what is open on each of these invoices: debits with payments, reductions and credit notes.

        Each invoice is matched by itself, so that money for one claim never pays another.
        """
        items = self._get_billing_receivables()
        by_invoice = items.grouped(lambda item: (item._get_billing_invoice(), item.account_id, item.partner_id))
        plan = [
            group for group in by_invoice.values()
            if any(item.amount_residual > 0 for item in group) and any(item.amount_residual < 0 for item in group)
        ]
        if plan:
            items._reconcile_plan(plan)
