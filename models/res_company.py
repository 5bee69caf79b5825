from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

# Created with the chart of accounts (account_chart_template.py) where a company lacks them.
ACCOUNTS = (
    "billing_transfer_account_id",
    "billing_allowance_account_id",
    "billing_charity_account_id",
    "billing_writeoff_account_id",
    "billing_bad_debt_account_id",
    "billing_discount_account_id",
    "billing_fee_account_id",
    "billing_interest_account_id",
    "billing_commission_account_id",
)
JOURNALS = (
    "billing_transfer_journal_id",
    "billing_adjustment_journal_id",
)
# Found among the company's own journals, never created.
FOUND_JOURNALS = {
    "billing_charge_journal_id": "sale",
    "billing_payment_journal_id": "bank",
}
POSTING_FIELDS = (*ACCOUNTS, *JOURNALS, *FOUND_JOURNALS)
# Visits are billed without them: whoever needs one asks for it.
NOT_FOR_BILLING = frozenset({
    "billing_payment_journal_id", "billing_fee_account_id", "billing_interest_account_id",
    "billing_commission_account_id",
})


class ResCompany(models.Model):
    """A company the office bills for: where billing posts, and the policies unless a plan differs."""

    _inherit = "res.company"

    billing_transfer_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Responsibility transfer account",
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', 'in', ('asset_current', 'liability_current'))]",
        help="What an insurer leaves to somebody else passes through here on its way to the next payer or "
        "the patient. It nets to zero claim by claim, so it must allow reconciliation.",
    )
    billing_allowance_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Allowances account",
        check_company=True,
        domain="[('internal_group', 'in', ('income', 'expense'))]",
        help="The part of a charge that a contract with the insurer gives up.",
    )
    billing_charity_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Charity account",
        check_company=True,
        domain="[('internal_group', 'in', ('income', 'expense'))]",
        help="Charges forgiven to patients who cannot pay.",
    )
    billing_writeoff_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Write-offs account",
        check_company=True,
        domain="[('internal_group', 'in', ('income', 'expense'))]",
        help="Small balances, and denied claims that the office gives up.",
    )
    billing_bad_debt_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Bad debt account",
        check_company=True,
        domain="[('internal_group', 'in', ('income', 'expense'))]",
        help="What was owed, asked for, and will not be paid.",
    )
    billing_discount_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Discounts account",
        check_company=True,
        domain="[('internal_group', 'in', ('income', 'expense'))]",
        help="Discounts for prompt payment and as a courtesy.",
    )
    billing_fee_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Fees account",
        check_company=True,
        domain="[('internal_group', '=', 'income')]",
        help="Set-up fees of payment plans, and fees for what is late.",
    )
    billing_interest_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Interest account",
        check_company=True,
        domain="[('internal_group', '=', 'income')]",
        help="Interest that patients and clients pay.",
    )
    billing_commission_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Collection commissions account",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
        help="What collection agencies keep or bill for what they collect.",
    )
    billing_charge_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Charges journal",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="The journal of the invoices that bill a visit.",
    )
    billing_transfer_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Patient responsibility journal",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="The journal of the invoices that ask the next payer or the patient for what an insurer left "
        "open. They are not new sales and are numbered apart.",
    )
    billing_adjustment_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Adjustments journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="The journal of the entries that record insurers' answers, write-offs and discounts.",
    )
    billing_payment_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Payments journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Where insurers' money arrives, unless a remittance says otherwise.",
    )
    billing_adjustment_limit = fields.Monetary(
        string="Coordinators adjust up to",
        default=50.0,
        help="The largest write-off or discount that a coordinator posts alone; a larger one waits for a "
        "manager.",
    )
    billing_manager_adjustment_limit = fields.Monetary(
        string="Managers approve up to",
        help="The largest write-off or discount that a manager may approve. Zero: no limit.",
    )
    billing_patient_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Patients pay within",
        check_company=True,
        help="The payment term of bills to patients and guarantors who have none of their own.",
    )
    billing_pay_text = fields.Text(
        string="How to pay",
        translate=True,
        help="Printed on patients' bills and statements: the ways to pay, and whom to ask.",
    )
    billing_default_mode = fields.Selection(
        selection=[
            ("adjudicate", "The insurer decides first"),
            ("split", "Split at once"),
        ],
        string="New plans are billed",
        default="adjudicate",
        required=True,
        help="The insurer decides first: the insurer is billed for the whole charge, and its answer says "
        "what the patient owes. Split at once: insurer and patient each get their share when the visit is "
        "billed.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains(*POSTING_FIELDS, "billing_patient_term_id")
    def _check_billing_companies(self):
        """Billing of a company never posts to another company's accounts or journals."""
        self._check_company([*POSTING_FIELDS, "billing_patient_term_id"])

    @api.constrains("billing_transfer_account_id")
    def _check_billing_transfer_account(self):
        """Transfers are matched claim by claim, which only a reconcilable account allows."""
        for company in self.sudo():
            account = company.billing_transfer_account_id
            if account and not account.reconcile:
                raise ValidationError(company._billing_transfer_account_sentence())

    @api.constrains("billing_adjustment_limit", "billing_manager_adjustment_limit")
    def _check_billing_limits(self):
        """Limits are amounts of money given up, so they are not negative."""
        for company in self:
            if min(company.billing_adjustment_limit, company.billing_manager_adjustment_limit) < 0:
                raise ValidationError(
                    self.env._(
                        "The limits for write-offs and discounts of %(company)s must not be negative.",
                        company=company.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_billing_manager(self):
        """Who is asked about what only a billing manager may decide in this company; nobody where it has none."""
        self.ensure_one()
        managers = self.env.ref("billing_coordinator.group_manager").sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        )
        # The administrator is asked only where nobody else can decide.
        return (managers - self.env.ref("base.user_root") - self.env.ref("base.user_admin"))[:1] or managers[:1]

    def _billing_setup(self):
        """Give these companies the accounts, journals and payment term of billing that they lack.

        Companies without a chart of accounts are left alone; branches share the accounts and journals of
        their root company. What is already chosen stays, so that running it again changes nothing.
        """
        companies = self.sudo().filtered(lambda company: company.root_id.chart_template)
        roots = companies.root_id
        for company in roots | companies:
            if missing := company._billing_missing():
                company.write(company._billing_setup_values(missing))

    def _billing_missing(self):
        """The accounts and journals that are not chosen yet, as field names."""
        return {fname for fname in POSTING_FIELDS if not self[fname]}

    def _billing_setup_values(self, missing):
        """What to write on a company that lacks these accounts and journals."""
        root = self.root_id
        values = {fname: self._billing_find_journal(fname) for fname in missing & FOUND_JOURNALS.keys()}
        first_time = "billing_transfer_account_id" in missing
        if first_time and not self.billing_patient_term_id:
            standard = self.env.ref("account.account_payment_term_30days", raise_if_not_found=False)
            term = root.billing_patient_term_id or standard
            values["billing_patient_term_id"] = term and term.id
        to_load = missing - values.keys()
        if self != root:
            return values | {fname: root[fname].id for fname in to_load}
        cash_discount_account = self.account_journal_early_pay_discount_loss_account_id
        if "billing_discount_account_id" in to_load and cash_discount_account:
            values["billing_discount_account_id"] = cash_discount_account.id
        chart = self.env["account.chart.template"].with_company(self)
        return values | chart._billing_load(self, to_load - values.keys())

    def _billing_find_journal(self, fname):
        """The company's own first journal of the kind, as Odoo would offer it; else the root company's."""
        root = self.root_id
        journal = self.env["account.journal"].search(
            [
                ("company_id", "=", self.id),
                ("type", "=", FOUND_JOURNALS[fname]),
                ("id", "!=", root.billing_transfer_journal_id.id),
            ],
            limit=1,
        )
        return (journal or root[fname]).id

    def _billing_check_setup(self, *also):
        """Make sure that these companies can bill.

        :param also: names of settings that are needed on top of what billing needs
        :raises UserError: a sentence that says what is missing and where to mend it; those who may change the
            settings get it with a button that leads there (RedirectWarning)
        """
        for company in self.sudo():
            if not company.root_id.chart_template:
                company._billing_refuse(
                    self.env._(
                        "Company %(company)s has no chart of accounts yet. Install one in Settings > "
                        "Invoicing > Fiscal Localization; billing then prepares its accounts and journals by "
                        "itself.",
                        company=company.name,
                    ),
                    "account.action_account_config",
                )
            missing = company._billing_missing() - NOT_FOR_BILLING.difference(also)
            if missing:
                labels = [
                    self._fields[fname].get_description(self.env, ["string"])["string"]
                    for fname in POSTING_FIELDS
                    if fname in missing
                ]
                company._billing_refuse(
                    self.env._(
                        "Company %(company)s cannot bill yet, because nothing is chosen for: %(fields)s. "
                        "Choose it, or press Create What Is Missing, in Settings > Billing.",
                        company=company.name,
                        fields=", ".join(labels),
                    )
                )
            if not company.billing_transfer_account_id.reconcile:
                company._billing_refuse(company._billing_transfer_account_sentence())

    def _billing_refuse(self, sentence, action="billing_coordinator.res_config_settings_action"):
        """Stop with this sentence, and lead those who may change the settings to them."""
        if self.env.user.has_group("base.group_system"):
            raise RedirectWarning(sentence, self.env.ref(action).id, self.env._("Open the settings"))
        raise UserError(sentence)

    def _billing_transfer_account_sentence(self):
        """Why the transfer account cannot be used, and the way out."""
        account = self.with_company(self).billing_transfer_account_id
        return self.env._(
            "The responsibility transfer account of %(company)s, %(account)s, does not allow reconciliation. "
            "Tick Allow Reconciliation on that account, or choose another one.",
            company=self.name,
            account=account.display_name,
        )
