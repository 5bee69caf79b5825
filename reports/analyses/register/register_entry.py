from odoo import fields, models
from odoo.tools import SQL

# What is asked for by a document of its own; everything else on a receivable account is an entry.
_ASKING = SQL("('out_invoice', 'out_refund', 'out_receipt')")
# Receivable items that are posted, with their document and what it takes back.
_ITEMS = SQL("""
    account_move_line item
    JOIN account_account account ON account.id = item.account_id
    JOIN account_move move ON move.id = item.move_id AND move.state = 'posted'
    JOIN res_company company ON company.id = item.company_id
    LEFT JOIN account_move origin ON origin.id = move.reversed_entry_id
""")
_ALL = SQL("TRUE")
_RECEIVABLE = SQL("account.account_type = 'asset_receivable'")
# What an item was matched with: the bills that it pays, reopens or credits, with the amount of each.
_PARTS = SQL(" UNION ALL ").join(
    SQL(
        """
        SELECT partial.id,
               COALESCE(other.billing_invoice_id,
                        CASE WHEN document.move_type = 'out_refund' THEN document.reversed_entry_id END,
                        document.id) AS invoice_id,
               %(sign)spartial.amount AS amount,
               %(sign)spartial.%(foreign)s AS amount_foreign
          FROM account_partial_reconcile partial
          JOIN account_move_line other ON other.id = partial.%(theirs)s
          JOIN account_move document ON document.id = other.move_id
         WHERE partial.%(ours)s = item.id
           AND (other.billing_invoice_id IS NOT NULL OR document.move_type IN %(asking)s)
        """,
        sign=SQL(sign), asking=_ASKING,
        foreign=SQL.identifier(f"{ours}_amount_currency"),
        ours=SQL.identifier(f"{ours}_move_id"),
        theirs=SQL.identifier(f"{theirs}_move_id"),
    )
    for ours, theirs, sign in (("debit", "credit", ""), ("credit", "debit", "-"))
)


class BillingRegisterEntry(models.Model):
    """The billing register, or day sheet: what was billed, paid, adjusted and passed on, day by day.

    Each row is a change of what is owed, as the journal has it: what asks for more is above zero, what takes off is
    below. For every day the rows of a company add up to the movement of its receivable accounts. What billing does not
    know (an entry made by hand, ordinary sales and the money for them) is there as well, as *other*.

    | on the receivable account | kinds |
    |---|---|
    | invoices and credit notes | billed, fee, credited, received |
    | entries with a reason | adjusted, passed on: a row for each reason, less what is left of the item |
    | payments, bank lines, and their reversals | paid, refunded: a row for each bill that they pay |
    | the rest | what agencies keep, credit moved between claims, exchange differences, other |
    """

    _name = "billing.register.entry"
    _description = "Billing register"
    _inherit = ["billing.journal.analysis"]
    _auto = False
    _depends = {
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id",
        ],
        "account.journal": ["default_account_id"],
        "account.payment": ["journal_id", "outstanding_account_id", "partner_type"],
        "res.company": ["billing_transfer_account_id", "currency_exchange_journal_id"],
    }

    # === FIELDS === #

    kind = fields.Selection(
        selection=[
            ("billed", "Billed"),
            ("fee", "Fees and interest"),
            ("credited", "Credit notes"),
            ("paid", "Paid"),
            ("refunded", "Paid back"),
            ("kept", "Agency's share"),
            ("adjusted", "Adjusted"),
            ("passed_on", "Passed on"),
            ("received", "Taken over"),
            ("credit", "Credit moved"),
            ("exchange", "Exchange differences"),
            ("other", "Other"),
        ],
        string="Kind",
        readonly=True,
        help="Passed on and taken over: what one debtor does not owe any more, and the next one now does. Agency's "
             "share: what it kept of what it collected. Credit moved: money of a payer used for another claim. Other: "
             "what billing does not know.",
    )
    reason_id = fields.Many2one(comodel_name="billing.adjustment.reason", string="Reason", readonly=True)
    account_id = fields.Many2one(comodel_name="account.account", string="Receivable account", readonly=True)
    amount = fields.Monetary(
        string="Change",
        readonly=True,
        help="By how much the receivables rose or fell.",
    )
    amount_charged = fields.Monetary(string="Billed", readonly=True, help="Services, fees and interest.")
    amount_credited = fields.Monetary(string="Credit notes", readonly=True)
    amount_paid = fields.Monetary(
        string="Paid",
        readonly=True,
        help="Payments and lines of bank statements, less those that bounced or were taken back.",
    )
    amount_refunded = fields.Monetary(string="Paid back", readonly=True)
    amount_kept = fields.Monetary(
        string="Agency's share",
        readonly=True,
        help="What collection agencies kept of what they collected: it pays the debt, and their bill.",
    )
    amount_adjusted = fields.Monetary(
        string="Adjusted",
        readonly=True,
        help="Allowances, discounts, charity, write-offs and bad debt, less what was taken back of them.",
    )
    amount_moved = fields.Monetary(
        string="Passed on",
        readonly=True,
        help="What one debtor does not owe any more and the next one now does, and credit used for another claim: zero "
             "over all debtors.",
    )
    amount_other = fields.Monetary(
        string="Other",
        readonly=True,
        help="Exchange differences, and what billing does not know: entries made by hand, ordinary sales.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        rows = SQL(" UNION ALL ").join([
            self._select_documents(), self._select_reasons(), *self._get_money_queries(), self._select_differences(),
        ])
        return self._with_bill(rows, SQL(
            """
            told.reason_id, told.account_id,
            %s AS amount_charged, %s AS amount_credited, %s AS amount_paid, %s AS amount_refunded, %s AS amount_kept,
            %s AS amount_adjusted, %s AS amount_moved, %s AS amount_other
            """,
            self._sum_of("billed", "fee"), self._sum_of("credited"), self._sum_of("paid"), self._sum_of("refunded"),
            self._sum_of("kept"), self._sum_of("adjusted"), self._sum_of("passed_on", "received", "credit"),
            self._sum_of("exchange", "other"),
        ))

    def _get_money_queries(self, only=_ALL):
        """Entries less what their reasons explain: money, above all.

        :param SQL only: a condition on ``item`` and ``origin``, what its entry takes back
        """
        return [self._select_untagged(only), self._select_tagged(only)]

    def _get_refund_query(self):
        """Money that was paid back to debtors: rows as those of the register."""
        money = self._get_money_queries(SQL("(item.balance > 0) = (origin.id IS NULL)"))
        return SQL("SELECT * FROM (%s) money WHERE money.kind = 'refunded'", SQL(" UNION ALL ").join(money))

    def _select(self, source, **columns):
        """A SELECT in the shape that all of them share."""
        usual = {
            "amount": SQL("item.balance"),
            "amount_foreign": SQL("item.amount_currency"),
            "foreign_currency_id": SQL("item.currency_id"),
            "invoice_id": SQL("item.billing_invoice_id"),
            "reason_id": SQL("NULL::int"),
            "account_id": SQL("item.account_id"),
            "debtor_id": SQL("item.partner_id"),
        }
        given = {name: columns.get(name, default) for name, default in usual.items()}
        return SQL(
            """
            SELECT %(id)s AS id,
                   (%(kind)s)::varchar AS kind,
                   %(given)s,
                   item.date, item.move_id, item.journal_id, item.company_id,
                   move.create_uid AS user_id,
                   (origin.id IS NOT NULL AND move.move_type = 'entry') AS is_reversal
              FROM %(source)s
            """,
            id=columns["id"], kind=columns["kind"], source=source,
            given=SQL(", ").join(SQL("%s AS %s", value, SQL.identifier(name)) for name, value in given.items()),
        )

    def _select_documents(self):
        """Invoices and credit notes."""
        kind = SQL(
            """
            CASE WHEN move.billing_kind = 'transfer' THEN 'received'
                 WHEN move.billing_kind IS NULL AND NOT %(is_fee)s THEN 'other'
                 WHEN move.move_type = 'out_refund' THEN 'credited'
                 WHEN move.billing_kind = 'charge' THEN 'billed'
                 ELSE 'fee' END
            """,
            is_fee=self._is_fee(),
        )
        invoice = SQL("COALESCE(CASE WHEN move.move_type = 'out_refund' THEN origin.id END, move.id)")
        return self._select(
            SQL("%s WHERE %s AND move.move_type IN %s", _ITEMS, _RECEIVABLE, _ASKING),
            id=SQL("item.id::bigint * 4"), kind=kind, invoice_id=invoice,
        )

    def _select_reasons(self):
        """What an entry takes off a debt, for each reason."""
        return self._select(
            SQL(
                """
                %s WHERE item.adjustment_reason_id IS NOT NULL AND item.billing_invoice_id IS NOT NULL
                     AND NOT %s AND move.move_type NOT IN %s
                """,
                _ITEMS, _RECEIVABLE, _ASKING,
            ),
            id=SQL("item.id::bigint * 4 + 1"),
            kind=SQL(
                "CASE WHEN item.account_id = company.billing_transfer_account_id THEN 'passed_on' ELSE 'adjusted' END"
            ),
            amount=SQL("-item.balance"), amount_foreign=SQL("-item.amount_currency"),
            reason_id=SQL("item.adjustment_reason_id"), account_id=SQL("NULL::int"),
        )

    def _select_tagged(self, only):
        """What an entry does to the debt of a bill that it speaks of, once its reasons are taken away."""
        first = SQL("MIN(item.id) FILTER (WHERE %s)", _RECEIVABLE)
        grouped = SQL(
            """
            (SELECT MIN(item.id) AS id, item.move_id, item.billing_invoice_id, item.date, item.journal_id,
                    item.company_id, item.currency_id, %(first)s AS item_id, SUM(item.balance) AS balance,
                    SUM(item.amount_currency) AS amount_currency
               FROM account_move_line item
               JOIN account_account account ON account.id = item.account_id
               JOIN account_move entry ON entry.id = item.move_id AND entry.move_type NOT IN %(asking)s
              WHERE item.billing_invoice_id IS NOT NULL AND item.parent_state = 'posted'
                AND (%(receivable)s OR item.adjustment_reason_id IS NOT NULL)
           GROUP BY item.move_id, item.billing_invoice_id, item.date, item.journal_id, item.company_id, item.currency_id
             HAVING SUM(item.balance) != 0
            ) item
            JOIN account_move move ON move.id = item.move_id
            JOIN res_company company ON company.id = item.company_id
            LEFT JOIN account_move origin ON origin.id = move.reversed_entry_id
            LEFT JOIN account_move_line first ON first.id = item.item_id
            WHERE %(only)s
            """,
            first=first, asking=_ASKING, receivable=_RECEIVABLE, only=only,
        )
        return self._select(
            grouped, id=SQL("item.id::bigint * 4 + 2"), kind=self._get_money_kind(),
            account_id=SQL("first.account_id"), debtor_id=SQL("first.partner_id"),
        )

    def _select_untagged(self, only):
        """Money and hand-made entries, bill by bill as they are matched now, and what of them pays no bill yet."""
        shares = SQL(
            """
            %(items)s
            LEFT JOIN res_partner partner ON partner.id = item.partner_id
            CROSS JOIN LATERAL (
                WITH part AS (%(parts)s)
                SELECT part.id::bigint * 4 + 3 AS id, part.invoice_id, part.amount, part.amount_foreign,
                       (invoice.billing_kind IS NOT NULL OR invoice.billing_payment_plan_id IS NOT NULL
                        OR invoice.billing_collection_step_id IS NOT NULL) AS is_ours
                  FROM part
                  JOIN account_move invoice ON invoice.id = part.invoice_id
                 UNION ALL
                SELECT item.id::bigint * 4 + 2, NULL, item.balance - COALESCE(SUM(part.amount), 0),
                       item.amount_currency - COALESCE(SUM(part.amount_foreign), 0), %(is_account)s
                  FROM part
            ) share
            """,
            items=_ITEMS, parts=_PARTS, is_account=self._is_account(SQL("partner")),
        )
        return self._select(
            SQL(
                """
                %s WHERE %s AND item.billing_invoice_id IS NULL AND move.move_type NOT IN %s
                     AND share.amount != 0 AND %s
                """,
                shares, _RECEIVABLE, _ASKING, only,
            ),
            id=SQL("share.id"), kind=SQL("CASE WHEN share.is_ours THEN %s ELSE 'other' END", self._get_money_kind()),
            amount=SQL("share.amount"), amount_foreign=SQL("share.amount_foreign"), invoice_id=SQL("share.invoice_id"),
        )

    def _get_money_kind(self):
        """What an entry stands for that is left over when its reasons are taken away."""
        return SQL("""
            CASE WHEN COALESCE(move.origin_payment_id, origin.origin_payment_id,
                               move.statement_line_id, origin.statement_line_id) IS NOT NULL
                 THEN CASE WHEN (item.balance < 0) = (origin.id IS NULL) THEN 'paid' ELSE 'refunded' END
                 WHEN move.billing_recovery_id IS NOT NULL THEN 'kept'
                 WHEN move.remittance_id IS NOT NULL THEN 'credit'
                 WHEN move.journal_id = company.currency_exchange_journal_id THEN 'exchange'
                 ELSE 'other' END
        """)

    def _select_differences(self):
        """What Odoo's payment window wrote off: no money came for it, and billing knows no reason."""
        return self._select(
            SQL(
                """
                %s JOIN account_payment payment ON payment.id = move.origin_payment_id
                                               AND payment.partner_type = 'customer'
                   JOIN account_journal journal ON journal.id = payment.journal_id
                   JOIN res_partner partner ON partner.id = item.partner_id AND %s
                   CROSS JOIN (VALUES ('other', -1, 1), ('paid', 1, 2)) half (kind, sign, number)
                  WHERE NOT %s AND item.adjustment_reason_id IS NULL
                    AND item.account_id IS DISTINCT FROM payment.outstanding_account_id
                    AND item.account_id IS DISTINCT FROM journal.default_account_id
                """,
                _ITEMS, self._is_account(SQL("partner")), _RECEIVABLE,
            ),
            id=SQL("item.id::bigint * 4 + half.number"), kind=SQL("half.kind"),
            amount=SQL("half.sign * item.balance"), amount_foreign=SQL("half.sign * item.amount_currency"),
            account_id=SQL("NULL::int"),
        )
