from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """The page of Settings that says where billing posts, and which policies hold for plans and patients."""

    _inherit = "res.config.settings"

    billing_transfer_account_id = fields.Many2one(
        related="company_id.billing_transfer_account_id",
        readonly=False,
    )
    billing_allowance_account_id = fields.Many2one(
        related="company_id.billing_allowance_account_id",
        readonly=False,
    )
    billing_charity_account_id = fields.Many2one(
        related="company_id.billing_charity_account_id",
        readonly=False,
    )
    billing_writeoff_account_id = fields.Many2one(
        related="company_id.billing_writeoff_account_id",
        readonly=False,
    )
    billing_bad_debt_account_id = fields.Many2one(
        related="company_id.billing_bad_debt_account_id",
        readonly=False,
    )
    billing_discount_account_id = fields.Many2one(
        related="company_id.billing_discount_account_id",
        readonly=False,
    )
    billing_fee_account_id = fields.Many2one(
        related="company_id.billing_fee_account_id",
        readonly=False,
    )
    billing_interest_account_id = fields.Many2one(
        related="company_id.billing_interest_account_id",
        readonly=False,
    )
    billing_commission_account_id = fields.Many2one(
        related="company_id.billing_commission_account_id",
        readonly=False,
    )
    billing_charge_journal_id = fields.Many2one(
        related="company_id.billing_charge_journal_id",
        readonly=False,
    )
    billing_transfer_journal_id = fields.Many2one(
        related="company_id.billing_transfer_journal_id",
        readonly=False,
    )
    billing_adjustment_journal_id = fields.Many2one(
        related="company_id.billing_adjustment_journal_id",
        readonly=False,
    )
    billing_payment_journal_id = fields.Many2one(
        related="company_id.billing_payment_journal_id",
        readonly=False,
    )
    billing_adjustment_limit = fields.Monetary(
        related="company_id.billing_adjustment_limit",
        readonly=False,
    )
    billing_manager_adjustment_limit = fields.Monetary(
        related="company_id.billing_manager_adjustment_limit",
        readonly=False,
    )
    billing_authorization_days = fields.Integer(
        related="company_id.billing_authorization_days",
        readonly=False,
    )
    billing_authorization_units = fields.Float(
        related="company_id.billing_authorization_units",
        readonly=False,
    )
    billing_authorization_percent = fields.Float(
        related="company_id.billing_authorization_percent",
        readonly=False,
    )
    billing_patient_term_id = fields.Many2one(
        related="company_id.billing_patient_term_id",
        readonly=False,
    )
    billing_pay_text = fields.Text(
        related="company_id.billing_pay_text",
        readonly=False,
    )
    billing_default_mode = fields.Selection(
        related="company_id.billing_default_mode",
        readonly=False,
        required=True,
    )
    billing_unapproved = fields.Selection(
        related="company_id.billing_unapproved",
        readonly=False,
        required=True,
    )
    billing_verification_days = fields.Integer(
        related="company_id.billing_verification_days",
        readonly=False,
    )
    billing_verify_days = fields.Integer(
        related="company_id.billing_verify_days",
        readonly=False,
    )
    billing_verify_ahead_days = fields.Integer(
        related="company_id.billing_verify_ahead_days",
        readonly=False,
    )
    billing_coverage_notice_days = fields.Integer(
        related="company_id.billing_coverage_notice_days",
        readonly=False,
    )
    billing_verifier_id = fields.Many2one(
        related="company_id.billing_verifier_id",
        readonly=False,
    )
    billing_price_tolerance = fields.Float(
        related="company_id.billing_price_tolerance",
        readonly=False,
    )
    billing_filing_days = fields.Integer(
        related="company_id.billing_filing_days",
        readonly=False,
    )
    billing_good_faith = fields.Boolean(
        related="company_id.billing_good_faith",
        readonly=False,
    )
    billing_estimate_threshold = fields.Monetary(
        related="company_id.billing_estimate_threshold",
        readonly=False,
    )
    billing_estimate_dispute_days = fields.Integer(
        related="company_id.billing_estimate_dispute_days",
        readonly=False,
    )
    billing_plan_offer_from = fields.Monetary(
        related="company_id.billing_plan_offer_from",
        readonly=False,
    )
    billing_good_faith_short_notice = fields.Integer(
        related="company_id.billing_good_faith_short_notice",
        readonly=False,
    )
    billing_good_faith_short_days = fields.Integer(
        related="company_id.billing_good_faith_short_days",
        readonly=False,
    )
    billing_good_faith_long_notice = fields.Integer(
        related="company_id.billing_good_faith_long_notice",
        readonly=False,
    )
    billing_good_faith_long_days = fields.Integer(
        related="company_id.billing_good_faith_long_days",
        readonly=False,
    )
    billing_good_faith_request_days = fields.Integer(
        related="company_id.billing_good_faith_request_days",
        readonly=False,
    )
    billing_dispute_lift_days = fields.Integer(
        related="company_id.billing_dispute_lift_days",
        readonly=False,
    )
    billing_dispute_insurance_days = fields.Integer(
        related="company_id.billing_dispute_insurance_days",
        readonly=False,
    )
    billing_dispute_confirm = fields.Boolean(
        related="company_id.billing_dispute_confirm",
        readonly=False,
    )
    billing_state = fields.Selection(
        selection=[
            ("no_chart", "No chart of accounts"),
            ("incomplete", "Something is missing"),
            ("ready", "Ready"),
        ],
        compute="_compute_billing_state",
        help="Whether the company can bill, and if not, what stands in the way.",
    )

    @api.depends("company_id")
    def _compute_billing_state(self):
        for settings in self:
            company = settings.company_id.sudo()
            if not company.root_id.chart_template:
                settings.billing_state = "no_chart"
            else:
                settings.billing_state = "incomplete" if company._billing_missing() else "ready"

    def action_billing_setup(self):
        """Create the accounts and journals that the company lacks, and show the page anew.

        :raises UserError: when the company has no chart of accounts to create them in
        """
        self.ensure_one()
        self.company_id._billing_setup()
        self.company_id._billing_check_setup()
        return {"type": "ir.actions.client", "tag": "reload"}
