from odoo import api, fields, models
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
    billing_patient_concerns = fields.Text(
        related="billing_patient_id.special_concerns",
        string="Special concerns",
        groups="billing_coordinator.group_readonly",
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
    billing_source_partner_id = fields.Many2one(
        related="billing_source_id.partner_id",
        string="Left by",
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

    is_posted_by_billing = fields.Boolean(
        compute="_compute_is_posted_by_billing",
        compute_sudo=True,
        help="Corrected where it came from: the visit, the payer's answer or the write-off.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "billing_kind", "remittance_id", "billing_adjustment_id")
    def _compute_is_posted_by_billing(self):
        for move in self:
            move.is_posted_by_billing = move.state == "posted" and bool(
                move.billing_kind or move.remittance_id or move.billing_adjustment_id
            )

    def _fetch_duplicate_reference(self, *args, **kwargs):
        # Visits of one price, billed to one payer on one day, are no duplicates: what is billed twice is a visit.
        others = self.filtered(lambda move: not move.billing_kind)
        return super(AccountMove, others)._fetch_duplicate_reference(*args, **kwargs)

    # === CRUD === #

    def _post(self, soft=True):
        self._billing_refuse_late_credit()
        posted = super()._post(soft=soft)
        posted._billing_follow_credit()
        return posted

    def button_draft(self):
        self._billing_refuse_edit()
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if self.env.context.get("billing_gate") is not _GATE_KEY:
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

    # === ACTIONS === #

    def action_view_billing_encounter(self):
        """The visit that this invoice is about."""
        return self.encounter_id._get_records_action()

    def action_view_billing_claims(self):
        """The claim that stands on this invoice."""
        return self.claim_ids._get_records_action(name=self.env._("Claims"))

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
                "%(move)s bills %(visit)s and is corrected there: open the visit, undo its billing, correct it and bill "
                "it again.",
                move=move.name,
                visit=move.encounter_id.display_name,
            ))

    def _billing_refuse_late_credit(self):
        """A credit note that was drafted earlier is posted only if it could still be made now, and fits."""
        if self.env.context.get("billing_gate") is _GATE_KEY:
            return
        for move in self.sudo().filtered(lambda m: m.move_type == "out_refund" and m.state == "draft"):
            original = move.reversed_entry_id
            if not original.billing_kind:
                continue
            original._billing_refuse_credit()
            left = original.amount_total - original._get_billing_credited()
            if original.currency_id.compare_amounts(move.amount_total, left) > 0:
                raise UserError(self.env._(
                    "%(invoice)s was credited before; %(left)s of it is left. Lower this credit note to that, or delete "
                    "it.",
                    invoice=original.name,
                    left=original.currency_id.format(left),
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
        credit_notes.with_context(billing_gate=_GATE_KEY)._post(soft=False)
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
        return self.currency_id.compare_amounts(self._get_billing_credited(), self.amount_total) >= 0

    def _get_billing_credited(self):
        """How much of this invoice credit notes have taken back, in its currency."""
        self.ensure_one()
        return sum(self.reversal_move_ids.filtered(lambda m: m.state == "posted").mapped("amount_total"))

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
