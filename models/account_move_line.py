from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """Journal items of billing: what service, why, and on behalf of which invoice."""

    _inherit = "account.move.line"

    encounter_line_id = fields.Many2one(
        comodel_name="billing.encounter.line",
        string="Visit service",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
    )
    billing_code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
    )
    billing_modifiers = fields.Char(
        string="Modifiers",
        readonly=True,
        copy=False,
        groups="billing_coordinator.group_readonly",
    )
    billing_pointers = fields.Char(
        string="Diagnoses",
        readonly=True,
        copy=False,
        groups="billing_coordinator.group_readonly",
        help="The letters of the visit's diagnoses that explain the service.",
    )
    billing_patient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Patient or client",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
    )
    adjustment_reason_id = fields.Many2one(
        comodel_name="billing.adjustment.reason",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="On an entry: why the charge shrank or moved on. On an invoice: why this debtor owes this part.",
    )
    billing_coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        string="Left by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
        help="The coverage that left this share to others: what counts towards its deductible and maximum.",
    )
    billing_earlier_coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        string="Left first by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
        help="The coverage that had left this share to others before the next one left it, too. It counts for both.",
    )
    billing_earlier_reason_id = fields.Many2one(
        comodel_name="billing.adjustment.reason",
        string="Left first because of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="billing_coordinator.group_readonly",
    )
    billing_amount_expected = fields.Monetary(
        string="Expected",
        currency_field="currency_id",
        readonly=True,
        copy=False,
        groups="billing_coordinator.group_readonly",
        help="What the payer will pay of this service by its plan's benefits and rules, taxes not included, as they "
             "stood when it was billed.",
    )
    billing_invoice_id = fields.Many2one(
        comodel_name="account.move",
        string="On behalf of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The invoice that this item pays, reduces, passes on or reopens.",
    )

    # Few: what is matched with them is open to the books all the same.
    _billing_matched_draft_idx = models.Index("(id) WHERE parent_state != 'posted' AND matching_number IS NOT NULL")

    # What billing says about an item, and nobody else: see account_move.
    _billing_fields = frozenset({
        "encounter_line_id", "billing_code_id", "billing_modifiers", "billing_pointers", "billing_patient_id",
        "adjustment_reason_id", "billing_coverage_id", "billing_earlier_coverage_id", "billing_earlier_reason_id",
        "billing_amount_expected", "billing_invoice_id",
    })

    # Odoo keeps the matches of an entry that is set back to draft: no report counts them meanwhile.
    _billing_matched_draft_idx = models.Index("(id) WHERE parent_state = 'draft' AND matching_number IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        self.env["account.move"]._billing_refuse_typing(self, *vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self._billing_fields.isdisjoint(vals):
            self.env["account.move"]._billing_refuse_typing(self, dict.fromkeys(vals, True))
        return super().write(vals)

    def _reconcile_plan(self, reconciliation_plan):
        # Money may come past billing, from a bank statement, Odoo's payment wizard or the credits on an invoice: it
        # settles the claim as well.
        super()._reconcile_plan(reconciliation_plan)
        if not self.env["account.move"]._is_billing_at_work():
            items = self._get_planned_items(reconciliation_plan).filtered(
                lambda item: item.account_id.account_type == "asset_receivable"
            )
            self.env["account.move"].concat(*(item._get_billing_invoice() for item in items))._billing_follow_money()

    @api.model
    def _get_planned_items(self, plan):
        """All items of a reconciliation plan: a list of items, or of such lists."""
        return self.browse().union(*(
            self._get_planned_items(part) if isinstance(part, list) else part for part in plan
        ))

    def _copy_data_extend_business_fields(self, values):
        # A reversal speaks of the same service, reason and invoice; a plain duplicate does not.
        super()._copy_data_extend_business_fields(values)
        item = self.sudo()
        for name in self._billing_fields:
            # Only what is there: whoever reverses an ordinary entry may have no access to these fields.
            if item[name]:
                values[name] = item[name].id if item._fields[name].relational else item[name]

    def action_view_billing_account(self):
        """Where credit is applied: the account page; for a payer, a new answer, which can use it."""
        self.ensure_one()
        partner = self.partner_id
        if partner.is_billing_account or not partner.is_payer:
            return partner.get_formview_action(access_uid=self.env.uid)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of %(payer)s", payer=partner.display_name),
            "res_model": "billing.remittance",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_payer_id": partner.id,
                "default_company_id": self.company_id.id,
                "default_currency_id": self.currency_id.id,
            },
        }

    def _get_billing_invoice(self):
        """The billing invoice whose debt this receivable item is part of."""
        self.ensure_one()
        if self.billing_invoice_id:
            return self.billing_invoice_id
        if self.move_id.move_type == "out_refund":
            return self.move_id.reversed_entry_id
        return self.move_id

    def _get_billing_matching_key(self):
        """Items of an entry and of its reversal that belong together have the same key."""
        self.ensure_one()
        return (self.account_id, self.currency_id, self.billing_invoice_id)

    def _get_billing_expected_total(self):
        """What the payer will pay of this service, its part of the taxes included."""
        self.ensure_one()
        asked = self.quantity * self.price_unit * (1 - self.discount / 100)
        return self.currency_id.round(self.price_total * self.billing_amount_expected / asked) if asked else 0.0
