from odoo import api, fields, models


class BillingCms1500Wizard(models.TransientModel):
    """Print the claim form CMS-1500: on red stock, as a proof, or a page to align the printer."""

    _name = "billing.cms1500.wizard"
    _description = "Print CMS-1500"

    claim_ids = fields.Many2many(
        comodel_name="billing.claim",
        string="Claims",
        default=lambda self: self._get_default_claims(),
    )
    paper = fields.Selection(
        selection=[
            ("data", "Data only, on red stock"),
            ("form", "With a grey form, as proof"),
            ("alignment", "Alignment page"),
        ],
        required=True,
        compute="_compute_paper",
        store=True,
        precompute=True,
        readonly=False,
        help="Payers scan the red stock and take no other form. The proof is for the office. The alignment page shows "
             "how far the printer is off.",
    )
    part = fields.Selection(
        selection=[
            ("all", "Forms and earlier answers"),
            ("forms", "Forms only"),
            ("answers", "Earlier answers only"),
        ],
        string="Pages",
        required=True,
        default="all",
        help="A claim to a second payer goes with the answer of the first. That page is printed on plain paper: choose "
             "one after the other if the printer has one tray.",
    )
    problems = fields.Text(
        compute="_compute_problems",
        help="Why a payer would send these forms back.",
    )
    has_answers = fields.Boolean(
        compute="_compute_problems",
    )
    is_own = fields.Boolean(
        string="My printer differs",
        default=lambda self: self.env.user.sudo().billing_cms1500_own,
        help="Keep the figures below for you; otherwise those of the company hold.",
    )
    right = fields.Float(
        string="To the right (mm)",
        digits=(6, 1),
        default=lambda self: self.env.user._get_cms1500_offsets(self.env.company)[0],
    )
    down = fields.Float(
        string="Down (mm)",
        digits=(6, 1),
        default=lambda self: self.env.user._get_cms1500_offsets(self.env.company)[1],
    )

    def _get_default_claims(self):
        if self.env.context.get("active_model") != "billing.claim":
            return False
        return self.env["billing.claim"].browse(self.env.context.get("active_ids", []))

    # === COMPUTE METHODS === #

    @api.depends("claim_ids")
    def _compute_problems(self):
        for wizard in self:
            sentences, has_answers = self.env["report.billing_coordinator.report_cms1500"]._preview(
                wizard.claim_ids._origin,
            )
            wizard.problems = "\n".join(sentences)
            wizard.has_answers = has_answers

    @api.depends("claim_ids")
    def _compute_paper(self):
        # What a payer would send back is looked at first.
        for wizard in self:
            wizard.paper = "form" if wizard.problems else "data"

    # === ACTIONS === #

    def action_print(self):
        """The PDF of all claims in one file; what was typed about one's own printer is kept.

        :raise UserError: data alone, and a claim does not go on the form
        """
        self.ensure_one()
        self.env.user._keep_cms1500_offsets(self.is_own, self.right, self.down)
        data = {"alignment": True} if self.paper == "alignment" else {
            "claim_ids": self.claim_ids.ids, "with_form": self.paper == "form", "part": self.part,
        }
        report = self.env["report.billing_coordinator.report_cms1500"]
        if self.paper == "data" and self.part != "answers":
            # Said here, where something can still be chosen; the download would only fail.
            report._check(report._get_forms(self.claim_ids))
        action = self.env.ref("billing_coordinator.action_report_cms1500").report_action(None, data=data, config=False)
        return {**action, "close_on_report_download": True}
