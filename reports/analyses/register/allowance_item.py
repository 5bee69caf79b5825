from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.billing_coordinator.models.groups import HEALTH_GROUP


class BillingAllowanceItem(models.Model):
    """Allowances and returns: what was given away, why, and who decided; what was credited; what was paid back.

    | rows | read from |
    |---|---|
    | allowances, discounts, charity, write-offs, bad debt | items of entries with a reason |
    | credit notes, fees and interest waived | the items of the credit note that are not the debtor's, taxes included |
    | paid back | payments and bank lines to debtors, as the billing register has them |

    What is given away is above zero, what was taken back of it below. What a reason passes on to the next debtor is
    given to nobody and stands in the register alone. For each account the rows with a reason are the balance of these
    items; what else the account holds was posted past billing.
    """

    _name = "billing.allowance.item"
    _description = "Allowances and returns"
    _inherit = ["billing.journal.analysis"]
    _auto = False
    _depends = {
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id",
        ],
        "billing.adjustment": ["approver_id", "requested_by_id"],
        "res.company": ["billing_transfer_account_id", "currency_exchange_journal_id"],
    }

    # === FIELDS === #

    kind = fields.Selection(
        selection=[
            ("allowance", "Allowances"),
            ("discount", "Discounts"),
            ("charity", "Charity"),
            ("writeoff", "Write-offs"),
            ("bad_debt", "Bad debt"),
            ("unnamed", "Other reasons"),
            ("credit_note", "Credit notes"),
            ("waived", "Fees and interest waived"),
            ("refund", "Paid back"),
        ],
        string="Kind",
        readonly=True,
    )
    reason_id = fields.Many2one(comodel_name="billing.adjustment.reason", string="Reason", readonly=True)
    reason_group = fields.Selection(
        selection=lambda self: self.env["billing.adjustment.reason"]._fields["group"]._description_selection(self.env),
        string="Who bears it",
        readonly=True,
    )
    reason_code = fields.Char(string="Code", readonly=True)
    account_id = fields.Many2one(comodel_name="account.account", string="Account", readonly=True)
    billing_code_id = fields.Many2one(
        comodel_name="billing.code",
        string="Procedure",
        readonly=True,
        groups=HEALTH_GROUP,
    )
    adjustment_id = fields.Many2one(
        comodel_name="billing.adjustment",
        string="Write-off or discount",
        readonly=True,
        groups=HEALTH_GROUP,
    )
    requested_by_id = fields.Many2one(comodel_name="res.users", string="Asked for by", readonly=True)
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        help="Who has approved a write-off or discount of the office. Payers' answers need nobody's approval.",
    )
    amount = fields.Monetary(readonly=True, aggregator=None)
    amount_adjusted = fields.Monetary(
        string="Given up",
        readonly=True,
        help="Allowances, discounts, charity, write-offs and bad debt.",
    )
    amount_credited = fields.Monetary(string="Credited", readonly=True, help="Credit notes, taxes included.")
    amount_refunded = fields.Monetary(string="Paid back", readonly=True)

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        rows = SQL(" UNION ALL ").join([self._select_reasons(), self._select_credit_notes(), self._select_refunds()])
        return self._with_bill(
            SQL(
                """
                SELECT found.*, reason."group" AS reason_group, reason.code AS reason_code,
                       decision.requested_by_id, decision.approver_id
                  FROM (%s) found
             LEFT JOIN billing_adjustment_reason reason ON reason.id = found.reason_id
             LEFT JOIN billing_adjustment decision ON decision.id = found.adjustment_id
                """, rows,
            ),
            SQL(
                """
                told.reason_id, told.reason_group, told.reason_code, told.account_id, told.billing_code_id,
                told.adjustment_id, told.requested_by_id, told.approver_id,
                %s AS amount_adjusted, %s AS amount_credited, %s AS amount_refunded
                """,
                self._sum_of("allowance", "discount", "charity", "writeoff", "bad_debt", "unnamed"),
                self._sum_of("credit_note", "waived"), self._sum_of("refund"),
            ),
        )

    def _select(self, number, kind, invoice, condition):
        """Items of posted documents; see the class for which."""
        return SQL(
            """
            SELECT item.id::bigint * 12 + %(number)s AS id,
                   (%(kind)s)::varchar AS kind,
                   item.balance AS amount,
                   item.amount_currency AS amount_foreign,
                   item.currency_id AS foreign_currency_id,
                   item.date, item.move_id, item.journal_id, item.company_id,
                   %(invoice)s AS invoice_id,
                   item.partner_id AS debtor_id,
                   item.account_id,
                   item.adjustment_reason_id AS reason_id,
                   item.billing_code_id,
                   move.billing_adjustment_id AS adjustment_id,
                   move.create_uid AS user_id,
                   (origin.id IS NOT NULL AND move.move_type = 'entry') AS is_reversal
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id AND move.state = 'posted'
              JOIN account_account account ON account.id = item.account_id
              JOIN res_company company ON company.id = item.company_id
         LEFT JOIN account_move origin ON origin.id = move.reversed_entry_id
         LEFT JOIN billing_adjustment_reason reason ON reason.id = item.adjustment_reason_id
             WHERE %(condition)s
            """,
            number=number, kind=kind, invoice=invoice, condition=condition,
        )

    def _select_reasons(self):
        return self._select(
            0, SQL("COALESCE(reason.account_kind, 'unnamed')"), SQL("item.billing_invoice_id"),
            SQL("""
                item.adjustment_reason_id IS NOT NULL AND move.move_type = 'entry'
                AND item.account_id IS DISTINCT FROM company.billing_transfer_account_id
            """),
        )

    def _select_credit_notes(self):
        return self._select(
            1, SQL("CASE WHEN move.billing_kind = 'charge' THEN 'credit_note' ELSE 'waived' END"),
            SQL("COALESCE(origin.id, move.id)"),
            SQL(
                """
                move.move_type = 'out_refund' AND account.account_type != 'asset_receivable'
                AND (move.billing_kind = 'charge' OR (move.billing_kind IS NULL AND %s))
                """, self._is_fee(),
            ),
        )

    def _select_refunds(self):
        """Money that went back, each bill or payment for itself."""
        return SQL(
            """
            SELECT money.id * 3 + 2, 'refund', money.amount, money.amount_foreign, money.foreign_currency_id,
                   money.date, money.move_id, money.journal_id, money.company_id, money.invoice_id, money.debtor_id,
                   money.account_id, NULL::int, NULL::int, NULL::int, money.user_id, money.is_reversal
              FROM (%s) money
            """,
            self.env["billing.register.entry"]._get_refund_query(),
        )

    def _get_source(self):
        return self.adjustment_id or self.move_id
