from odoo import api, fields, models


class BillingRecoveryLine(models.Model):
    """A sum that came of one debt, and what the agency gets for it."""

    _name = "billing.recovery.line"
    _description = "Sum collected of a debt"
    _order = "recovery_id, sequence, id"

    recovery_id = fields.Many2one(
        comodel_name="billing.recovery",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="recovery_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="recovery_id.currency_id",
    )
    agreement_id = fields.Many2one(
        related="recovery_id.agreement_id",
    )
    sequence = fields.Integer(
        default=10,
    )
    placement_id = fields.Many2one(
        comodel_name="billing.placement",
        string="Debt",
        required=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="placement_id.partner_id",
    )
    kind = fields.Selection(
        selection=[
            ("agency", "The agency"),
            ("direct", "The office"),
        ],
        string="Who was paid",
        required=True,
        default="agency",
    )
    amount = fields.Monetary(
        string="Collected",
        required=True,
    )
    commission_told = fields.Monetary(
        string="It says",
        help="The commission on the agency's bill, where it differs from what was agreed.",
    )
    commission = fields.Monetary(
        compute="_compute_commission",
        store=True,
        help="Without taxes.",
    )
    commission_agreed = fields.Monetary(
        string="Agreed commission",
        compute="_compute_commission",
        store=True,
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)",
        "Type how much was collected: more than zero. What was collected wrongly is reversed with its report.",
    )
    _commission_positive = models.Constraint(
        "CHECK (commission_told >= 0)",
        "A commission is not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("placement_id", "amount", "commission_told", "kind", "recovery_id.line_ids.amount",
                 "recovery_id.line_ids.placement_id")
    def _compute_commission(self):
        """The agreed commission, part payments together like one; what is posted stays as it is."""
        before = self._get_collected_before()
        for recovery, lines in self.grouped("recovery_id").items():
            if recovery.state not in (False, "draft"):
                # Written when it was posted.
                for line in lines:
                    line.commission, line.commission_agreed = line.commission, line.commission_agreed
                continue
            collected = {}
            for line in recovery.line_ids:
                placement = line.placement_id
                so_far = collected.get(placement, before.get(placement._origin.id, 0.0))
                collected[placement] = so_far + line.amount
                if line in lines:
                    line.commission_agreed = placement._get_commission(so_far, line.amount) if placement else 0.0
                    line.commission = line.commission_told or line.commission_agreed

    def _get_collected_before(self):
        """{debt id: what commission was due on in reports posted before}, in one query."""
        return {
            placement.id: amount for placement, amount in self.sudo()._read_group(
                [("placement_id", "in", self.placement_id._origin.ids), ("recovery_id.state", "=", "posted")],
                ["placement_id"], ["amount:sum"],
            )
        }

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.recovery_id._check_editable({"line_ids": True})
        return lines

    def write(self, vals):
        self.recovery_id._check_editable({"line_ids": True})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.recovery_id._check_editable({"line_ids": True})

    # === BUSINESS METHODS === #

    def _get_commission_taxed(self):
        """The commission with its taxes, as the agency bills it."""
        self.ensure_one()
        taxes = self.recovery_id.agreement_id.tax_ids
        if not taxes or not self.commission:
            return self.commission
        agency = self.recovery_id.agency_id
        return taxes.compute_all(self.commission, self.currency_id, partner=agency)["total_included"]
