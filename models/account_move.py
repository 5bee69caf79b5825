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
        index="btree_not_null",
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

    # A charge together with the transfers that descend from it, as billing.charge.flow reads them.
    _billing_charge_idx = models.Index("(COALESCE(billing_charge_id, id)) WHERE billing_kind IS NOT NULL")

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

    # What billing says about its postings. Odoo's "readonly" binds screens only: RPC and imports get past it.
    _billing_fields = frozenset({
        "billing_kind", "encounter_id", "billing_patient_id", "billing_coverage_id", "billing_charge_id",
        "billing_source_id", "remittance_id", "billing_adjustment_id",
    })

    @api.model_create_multi
    def create(self, vals_list):
        self._billing_refuse_typing(self, *vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self._billing_fields.isdisjoint(vals):
            self._billing_refuse_typing(self, dict.fromkeys(vals, True))
        return super().write(vals)

    def button_draft(self):
        self._billing_refuse_edit()
        return super().button_draft()

    # === ACTIONS === #

    def action_view_billing_encounter(self):
        """The visit that this invoice is about."""
        return self.encounter_id._get_records_action()

    def action_view_billing_claims(self):
        """The claim that stands on this invoice."""
        return self.claim_ids._get_records_action(name=self.env._("Claims"))

    # === WHAT BILLING ALLOWS === #

    def _as_billing(self):
        """The same entries at the hands of billing: it writes what it says about them, and may take them back."""
        return self.with_context(billing_gate=_GATE_KEY)

    def _is_billing_at_work(self):
        return self.env.context.get("billing_gate") is _GATE_KEY

    def _billing_create(self, vals_list):
        """Create invoices and entries of billing, the only way in which they come to be."""
        return self._as_billing().create(vals_list).with_env(self.env)

    @api.model
    def _billing_refuse_typing(self, model, *vals_list):
        """Refuse values for the fields that billing alone fills in, on invoices, entries and their items.

        :param model: whose ``_billing_fields`` they are
        :param vals_list: what somebody wants to write; a default in the context counts as well
        """
        if self.env.su or self._is_billing_at_work():
            return
        names = model._billing_fields
        typed = {name for vals in vals_list for name in names & vals.keys() if vals[name]}
        typed |= {name for name in names if self.env.context.get(f"default_{name}")}
        if typed:
            raise UserError(self.env._(
                "“%(fields)s” of %(document)s is filled in by billing alone, never typed or imported. Bill the visit, "
                "post the payer's answer, or write off what will not be paid.",
                fields="”, “".join(sorted(model._fields[name]._description_string(self.env) for name in typed)),
                document=model[:1].display_name or self.env["ir.model"]._get(model._name).name,
            ))

    def _billing_refuse_edit(self):
        """Nothing posted by billing is edited: say which button corrects it instead."""
        for move in self.sudo().filtered(lambda m: m.state == "posted"):
            if way_out := move._get_billing_way_out():
                raise UserError(self.env._(
                    "%(move)s was posted by billing and is not edited. %(way_out)s",
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
