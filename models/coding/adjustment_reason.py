from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingAdjustmentReason(models.Model):
    """Why less is paid than was charged, and what happens to the difference.

    Payers give a group (who bears it) and a number; the office has reasons of its own. Numbers are those
    of the X12 claim adjustment reason codes; the labels are the office's own words.
    """

    _name = "billing.adjustment.reason"
    _description = "Adjustment reason"
    _order = "sequence, group, code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    group = fields.Selection(
        selection=[
            ("CO", "CO: agreed with the payer"),
            ("PR", "PR: the patient's share"),
            ("OA", "OA: other"),
            ("PI", "PI: the payer's own decision"),
            ("OFFICE", "Our office"),
        ],
        required=True,
        default="CO",
        help="Who bears the difference, as payers write it in front of the code.",
    )
    code = fields.Char(
        required=True,
    )
    name = fields.Char(
        string="Label",
        required=True,
        translate=True,
        help="A short label in our own words.",
    )
    patient_text = fields.Char(
        string="In plain words",
        translate=True,
        help="What the patient reads on bills and statements.",
    )
    effect = fields.Selection(
        selection=[
            ("reduce", "Reduces what is owed"),
            ("transfer", "Passes to the next payer or the patient"),
            ("hold", "Denied: stays open until someone decides"),
        ],
        required=True,
        default="hold",
    )
    account_kind = fields.Selection(
        selection=[
            ("allowance", "Allowances"),
            ("writeoff", "Write-offs"),
            ("bad_debt", "Bad debt"),
            ("charity", "Charity"),
            ("discount", "Discounts"),
        ],
        string="Posts to",
        help="Which of the accounts chosen in Settings the reduction is posted to.",
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Own account",
        company_dependent=True,
        check_company=True,
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable', 'off_balance'))]",
        help="Only where this reason has an account of its own, apart from the one in Settings.",
    )
    needs_approval = fields.Boolean(
        help="A manager approves every adjustment with this reason, however small.",
    )
    sequence = fields.Integer(
        default=50,
    )
    active = fields.Boolean(
        default=True,
    )

    _group_code_unique = models.Constraint(
        'UNIQUE("group", code)',
        "This group already has a reason with that code. Change the existing one instead.",
    )
    _reduce_has_account_kind = models.Constraint(
        "CHECK(effect != 'reduce' OR account_kind IS NOT NULL)",
        "A reason that reduces what is owed needs to say what it posts to: allowances, write-offs, bad debt, "
        "charity or discounts.",
    )

    @api.depends("group", "code", "name")
    def _compute_display_name(self):
        for reason in self:
            label = reason.name or ""
            reason.display_name = (
                label if reason.group == "OFFICE" else f"{reason.group}-{reason.code} {label}"
            )

    def _get_account(self, company):
        """The account that this reason posts to in ``company``.

        A transfer always passes through the company's transfer account, which has to net to zero.

        :raise UserError: the reason posts nothing, or the company has not chosen the account
        """
        self.ensure_one()
        if self.effect == "hold":
            raise UserError(
                self.env._(
                    "“%(reason)s” is a denial and posts nothing. Decide first whether the amount is passed "
                    "on or given up.",
                    reason=self.display_name,
                )
            )
        if self.effect == "transfer":
            account = company.billing_transfer_account_id
        else:
            account = (
                self.with_company(company).account_id or company[f"billing_{self.account_kind}_account_id"]
            )
        if not account:
            labels = dict(self._fields["account_kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(reason)s” cannot be posted: %(company)s has no account for %(kind)s. Choose one in "
                    "Settings > Billing > Accounts.",
                    reason=self.display_name,
                    company=company.display_name,
                    kind=labels.get(self.account_kind) or self.env._("Responsibility transfers"),
                )
            )
        return account
