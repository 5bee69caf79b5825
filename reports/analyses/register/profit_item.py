from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.models.groups import HEALTH_GROUP

# What a reason takes off the charges; bad debt is a loss of its own.
REDUCTIONS = ("allowance", "discount", "charity", "writeoff")
# Where a company posts what billing does to profit and loss.
OWN_ACCOUNTS = (
    "billing_allowance_account_id", "billing_discount_account_id", "billing_charity_account_id",
    "billing_writeoff_account_id", "billing_bad_debt_account_id", "billing_fee_account_id",
    "billing_interest_account_id", "billing_commission_account_id",
)


class BillingProfitItem(models.Model):
    """Profit for accounting: what was charged, given up, lost and earned, as profit and loss have it.

    A row is a posted journal item on an account of income or expense that billing has caused, with its sign turned
    round: income is above zero, expenses are below. What one debtor passes on to the next touches neither, so that a
    charge is counted once.

    | kind | items |
    |---|---|
    | gross charges, credit notes | lines of invoices and credit notes of visits |
    | allowances, discounts, charity, write-offs, bad debt | items of entries with a reason |
    | fees and interest | invoices of plans and reminders, what was waived of them |
    | commissions | bills of collection agencies over what they have collected |
    | exchange and payment differences | of debtors of billing |
    | past billing | what else stands on the accounts of billing: entries made by hand |

    Accountants read it without anything about health.
    """

    _name = "billing.profit.item"
    _description = "Profit of billing"
    _inherit = ["billing.journal.analysis"]
    _auto = False
    _depends = {
        "billing.encounter.line": ["product_id"],
        "res.company": ["currency_exchange_journal_id", *OWN_ACCOUNTS],
    }

    # === FIELDS === #

    kind = fields.Selection(
        selection=[
            ("gross", "Gross charges"),
            ("credit_note", "Credit notes"),
            ("allowance", "Allowances"),
            ("discount", "Discounts"),
            ("charity", "Charity"),
            ("writeoff", "Write-offs"),
            ("unnamed", "Other reasons"),
            ("bad_debt", "Bad debt"),
            ("commission", "Commissions of agencies"),
            ("fee", "Fees and interest"),
            ("exchange", "Exchange differences"),
            ("payment", "Payment differences"),
            ("other", "Posted past billing"),
        ],
        string="Kind",
        readonly=True,
    )
    account_id = fields.Many2one(comodel_name="account.account", string="Account", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", string="Service", readonly=True)
    reason_id = fields.Many2one(comodel_name="billing.adjustment.reason", string="Reason", readonly=True)
    billing_code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure",
        readonly=True,
        groups=HEALTH_GROUP,
    )
    debtor_id = fields.Many2one(string="Partner")
    amount = fields.Monetary(string="Result", readonly=True)
    amount_gross = fields.Monetary(string="Gross charges", readonly=True)
    amount_credited = fields.Monetary(string="Credit notes", readonly=True)
    amount_reduced = fields.Monetary(
        string="Allowances",
        readonly=True,
        help="Allowances, discounts, charity and write-offs.",
    )
    amount_net = fields.Monetary(
        string="Net revenue",
        readonly=True,
        help="Gross charges less credit notes and allowances.",
    )
    amount_bad_debt = fields.Monetary(
        string="Bad debt",
        readonly=True,
        help="What was given up as uncollectable, less what came later all the same.",
    )
    amount_commission = fields.Monetary(string="Commissions", readonly=True)
    amount_other = fields.Monetary(
        string="Other",
        readonly=True,
        help="Fees and interest earned, exchange and payment differences, and what was posted past billing.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return self._with_bill(self._select(), SQL(
            """
            told.account_id, told.product_id, told.reason_id, told.billing_code_id,
            %s AS amount_gross, %s AS amount_credited, %s AS amount_reduced, %s AS amount_net, %s AS amount_bad_debt,
            %s AS amount_commission, %s AS amount_other
            """,
            self._sum_of("gross"), self._sum_of("credit_note"), self._sum_of(*REDUCTIONS, "unnamed"),
            self._sum_of("gross", "credit_note", *REDUCTIONS, "unnamed"), self._sum_of("bad_debt"),
            self._sum_of("commission"), self._sum_of("fee", "exchange", "payment", "other"),
        ))

    def _select(self):
        return SQL(
            """
            SELECT item.id,
                   what.kind,
                   -item.balance AS amount,
                   -item.amount_currency AS amount_foreign,
                   item.currency_id AS foreign_currency_id,
                   item.date, item.move_id, item.journal_id, item.company_id,
                   CASE WHEN move.move_type = 'out_refund' THEN COALESCE(origin.id, move.id)
                        WHEN move.move_type = 'out_invoice' THEN move.id
                        ELSE item.billing_invoice_id END AS invoice_id,
                   item.partner_id AS debtor_id,
                   item.account_id,
                   COALESCE(item.product_id, service.product_id) AS product_id,
                   item.adjustment_reason_id AS reason_id,
                   item.billing_code_id,
                   move.create_uid AS user_id,
                   (origin.id IS NOT NULL AND move.move_type = 'entry') AS is_reversal
              FROM account_move_line item
              JOIN account_account account ON account.id = item.account_id AND account.account_type IN %(types)s
              JOIN account_move move ON move.id = item.move_id AND move.state = 'posted'
              JOIN res_company company ON company.id = item.company_id
         LEFT JOIN account_move origin ON origin.id = move.reversed_entry_id
         LEFT JOIN res_partner partner ON partner.id = item.partner_id
         LEFT JOIN billing_adjustment_reason reason ON reason.id = item.adjustment_reason_id
         LEFT JOIN billing_encounter_line service ON service.id = item.encounter_line_id
        CROSS JOIN LATERAL (SELECT (%(kind)s)::varchar AS kind) what
             WHERE what.kind IS NOT NULL
            """,
            types=self._get_types(), kind=self._get_kind(),
        )

    def _get_types(self):
        """The types of account that make up profit and loss."""
        types = dict(self.env["account.account"]._fields["account_type"].selection)
        return tuple(name for name in types if name.startswith(("income", "expense")))

    def _get_kind(self):
        """What an item of profit and loss is to billing; nothing when it is none of billing's."""
        return SQL(
            """
            CASE WHEN move.billing_kind IS NOT NULL
                 THEN CASE WHEN move.move_type = 'out_refund' THEN 'credit_note' ELSE 'gross' END
                 WHEN item.adjustment_reason_id IS NOT NULL AND move.move_type = 'entry'
                 THEN COALESCE(reason.account_kind, 'unnamed')
                 WHEN %(is_fee)s THEN 'fee'
                 WHEN move.billing_recovery_id IS NOT NULL THEN 'commission'
                 WHEN item.account_id IN (%(own)s) THEN 'other'
                 WHEN %(is_account)s AND move.journal_id = company.currency_exchange_journal_id THEN 'exchange'
                 WHEN %(is_account)s AND move.origin_payment_id IS NOT NULL THEN 'payment'
            END
            """,
            is_fee=self._is_fee(),
            is_account=self._is_account(SQL("partner")),
            own=SQL(", ").join(SQL("company.%s", SQL.identifier(name)) for name in OWN_ACCOUNTS),
        )
