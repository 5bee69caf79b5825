from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.provider_adjustments import is_interest, tidy_code, tidy_reference


class BillingRemittanceProviderAdjustment(models.Model):
    """Money that a payer keeps or adds apart from any claim: what it recovers, carries forward, or pays as interest.

    X12 835: one pair of the PLB segment. The sign is the payer's: a positive amount lowers what it pays.
    """

    _name = "billing.remittance.provider.adjustment"
    _description = "Provider-level adjustment"
    _order = "remittance_id, id"
    _check_company_auto = True

    remittance_id = fields.Many2one(
        comodel_name="billing.remittance",
        required=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        related="remittance_id.state",
        string="Remittance state",
    )
    company_id = fields.Many2one(
        related="remittance_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="remittance_id.currency_id",
    )
    payer_id = fields.Many2one(
        related="remittance_id.payer_id",
    )
    code = fields.Char(
        required=True,
        help="The payer's code: WO recovers what was overpaid, FB carries a balance forward, 72 acknowledges a refund, "
             "L6 is interest.",
    )
    meaning = fields.Char(
        compute="_compute_meaning",
        help="What the code means, in our own words.",
    )
    reference = fields.Char(
        help="What the payer writes with it: the number of a claim, of an earlier remittance or of a refund.",
    )
    date = fields.Date(
        string="Fiscal period",
        help="The end of the fiscal year that the payer names; for information.",
    )
    npi = fields.Char(
        string="NPI",
        help="The provider whose account the payer means.",
    )
    amount = fields.Monetary(
        required=True,
        help="As the payer writes it: a positive amount lowers the payment, a negative one raises it.",
    )
    item_ids = fields.One2many(
        comodel_name="account.move.line",
        inverse_name="billing_provider_adjustment_id",
        string="Journal items",
        groups="billing_coordinator.group_readonly",
    )
    amount_open = fields.Monetary(
        string="Still open",
        compute="_compute_amount_open",
        help="What of it still waits on the payer's account for the answer that it belongs to. Positive: the payer has "
             "kept it and has not said for what. Negative: it is owed to the payer.",
    )

    _amount_not_zero = models.Constraint(
        "CHECK (amount != 0)",
        "A provider-level adjustment lowers or raises the payment: its amount is not zero. Remove it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_meaning(self):
        words = self._get_words()
        for adjustment in self:
            adjustment.meaning = words.get(adjustment.code) or self.env._("Other (%(code)s)", code=adjustment.code)

    @api.depends("item_ids.amount_residual_currency", "item_ids.parent_state")
    def _compute_amount_open(self):
        for adjustment in self:
            items = adjustment.sudo().item_ids.filtered(lambda item: item.parent_state == "posted")
            adjustment.amount_open = sum(items.mapped("amount_residual_currency"))

    @api.depends("code", "reference")
    def _compute_display_name(self):
        for adjustment in self:
            adjustment.display_name = " ".join(
                part for part in (adjustment.code, adjustment.meaning, adjustment.reference) if part
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._tidy(vals)
        adjustments = super().create(vals_list)
        adjustments.remittance_id._check_editable({"provider_adjustment_ids": True})
        return adjustments

    def write(self, vals):
        self.remittance_id._check_editable({"provider_adjustment_ids": True})
        self._tidy(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.remittance_id._check_editable({"provider_adjustment_ids": True})

    @api.model
    def _tidy(self, vals):
        """ " fb" and "FB" are the same code, "a 12 " and "A 12" the same reference."""
        if vals.get("code"):
            vals["code"] = tidy_code(vals["code"])
        if vals.get("reference"):
            vals["reference"] = tidy_reference(vals["reference"])

    # === BUSINESS METHODS === #

    def _get_words(self):
        """{code: what it means}, in our own words and the user's language."""
        return {
            "50": self.env._("Penalty for late filing"),
            "51": self.env._("Interest penalty"),
            "72": self.env._("Refund received by the payer"),
            "90": self.env._("Early payment discount"),
            "AH": self.env._("Fee for setting up an account"),
            "AM": self.env._("Applied to a debt with the payer"),
            "AP": self.env._("Advance payment"),
            "B2": self.env._("Rebate"),
            "B3": self.env._("Share of recovered money"),
            "BD": self.env._("Bad debt"),
            "BN": self.env._("Bonus"),
            "C5": self.env._("Temporary allowance"),
            "CR": self.env._("Interest on a capitated amount"),
            "CS": self.env._("Correction on the payer's account"),
            "CT": self.env._("Capitated amount"),
            "CV": self.env._("Capital costs passed through"),
            "CW": self.env._("Correction of certified costs"),
            "DM": self.env._("Medical education"),
            "E3": self.env._("Withheld"),
            "FB": self.env._("Balance carried forward"),
            "FC": self.env._("Allocation of funds"),
            "GO": self.env._("Graduate medical education"),
            "HM": self.env._("Hemophilia treatment"),
            "IP": self.env._("Incentive"),
            "IR": self.env._("Tax withheld for the tax office"),
            "IS": self.env._("Interim settlement"),
            "J1": self.env._("Not reimbursable"),
            "L3": self.env._("Penalty"),
            "L6": self.env._("Interest"),
            "LE": self.env._("Levy withheld for an authority"),
            "LS": self.env._("Lump sum"),
            "OA": self.env._("Organ acquisition"),
            "OB": self.env._("Set off for an affiliated provider"),
            "PI": self.env._("Periodic payment"),
            "PL": self.env._("Final payment"),
            "RA": self.env._("Retroactive correction"),
            "RE": self.env._("Return on capital"),
            "SL": self.env._("Student loan repaid"),
            "TL": self.env._("Recovered from a third party"),
            "WO": self.env._("Overpayment recovered"),
            "WU": self.env._("Recovery not specified"),
        }

    def _is_interest(self):
        """Whether it is income by itself, and not a debt between us and the payer."""
        self.ensure_one()
        return is_interest(self.code)
