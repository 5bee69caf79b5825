from odoo import fields, models
from odoo.tools import SQL

# Receivable items that make up the debt of one billing invoice ``inv``: its own, those of its credit notes, and
# those of entries and payments that speak of it. Each begins at ``inv`` so that a filter on it uses the indexes.
_OWN = SQL("""
    FROM account_move inv
    JOIN account_move_line item ON item.move_id = inv.id
    JOIN account_account account ON account.id = item.account_id
    WHERE inv.billing_kind IS NOT NULL AND inv.move_type = 'out_invoice' AND inv.state = 'posted'
""")
_REFUND = SQL("""
    FROM account_move inv
    JOIN account_move refund
      ON refund.reversed_entry_id = inv.id AND refund.move_type = 'out_refund' AND refund.state = 'posted'
    JOIN account_move_line item ON item.move_id = refund.id
    JOIN account_account account ON account.id = item.account_id
    WHERE inv.billing_kind IS NOT NULL AND inv.move_type = 'out_invoice' AND inv.state = 'posted'
""")
_TAGGED = SQL("""
    FROM account_move inv
    JOIN res_company company ON company.id = inv.company_id
    JOIN account_move_line item ON item.billing_invoice_id = inv.id AND item.parent_state = 'posted'
    JOIN account_account account ON account.id = item.account_id
    WHERE inv.billing_kind IS NOT NULL AND inv.move_type = 'out_invoice' AND inv.state = 'posted'
""")
_RECEIVABLE = SQL("account.account_type = 'asset_receivable'")


class BillingChargeFlow(models.Model):
    """What happened to each billing invoice, read from the journal items and nowhere else.

    One row per event and invoice: *charge* or *received by transfer* (it came to be), *paid*, *adjusted*,
    *transferred* (it went), *open* (it is still there). For every invoice

        charge + received = paid + adjusted + transferred + open

    unless somebody reconciled it by hand with something that billing does not know; that is *unexplained*.
    Amounts are in the currency of the invoice.
    """

    _name = "billing.charge.flow"
    _description = "Flow of a charge"
    _auto = False
    # What has to be in the database before the flow is read.
    _depends = {
        "account.move": [
            "billing_kind", "billing_charge_id", "move_type", "state", "reversed_entry_id", "company_id", "currency_id",
            "origin_payment_id", "statement_line_id", "remittance_id",
        ],
        "account.move.line": [
            "move_id", "account_id", "parent_state", "amount_currency", "amount_residual_currency",
            "billing_invoice_id",
        ],
        "account.partial.reconcile": [
            "debit_move_id", "credit_move_id", "debit_amount_currency", "credit_amount_currency",
        ],
        "account.account": ["account_type"],
        "res.company": ["billing_transfer_account_id"],
    }

    invoice_id = fields.Many2one(comodel_name="account.move", readonly=True)
    charge_id = fields.Many2one(comodel_name="account.move", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    kind = fields.Selection(
        selection=[
            ("charge", "Charged"),
            ("received", "Received by transfer"),
            ("paid", "Paid"),
            ("adjusted", "Adjusted"),
            ("transferred", "Passed on"),
            ("open", "Open"),
            ("unexplained", "Unexplained"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(self._get_flow_queries())

    def _get_flow_queries(self):
        """One SELECT per kind of event; see the class for what they add up to."""
        own_kind = SQL("CASE inv.billing_kind WHEN 'charge' THEN 'charge' ELSE 'received' END")
        refund_kind = SQL("CASE inv.billing_kind WHEN 'charge' THEN 'adjusted' ELSE 'received' END")
        refund_amount = SQL(
            "CASE inv.billing_kind WHEN 'charge' THEN -item.amount_currency ELSE item.amount_currency END"
        )
        tagged_kind = SQL(
            "CASE WHEN item.account_id = company.billing_transfer_account_id THEN 'transferred' ELSE 'adjusted' END"
        )
        queries = [
            self._select(1, own_kind, SQL("item.amount_currency"), _OWN, _RECEIVABLE),
            self._select(2, refund_kind, refund_amount, _REFUND, _RECEIVABLE),
            # An entry that speaks of the invoice: its receivable item less what its other items explain is money.
            self._select(3, SQL("'paid'"), SQL("-item.amount_currency"), _TAGGED, SQL("TRUE")),
            self._select(4, tagged_kind, SQL("item.amount_currency"), _TAGGED, SQL("NOT %s", _RECEIVABLE)),
        ]
        for number, source in enumerate((_OWN, _REFUND, _TAGGED)):
            queries += [
                self._select(
                    10 + number, SQL("'open'"), SQL("item.amount_residual_currency"), source, _RECEIVABLE,
                ),
                self._select_partials(20 + number, source, "debit", "credit", SQL("")),
                self._select_partials(30 + number, source, "credit", "debit", SQL("-")),
            ]
        return queries

    def _select(self, number, kind, amount, source, condition):
        return SQL(
            """
            SELECT item.id::bigint * 40 + %(number)s AS id,
                   inv.id AS invoice_id,
                   COALESCE(inv.billing_charge_id, inv.id) AS charge_id,
                   inv.company_id AS company_id,
                   inv.currency_id AS currency_id,
                   %(kind)s::varchar AS kind,
                   %(amount)s AS amount
              %(source)s AND %(condition)s
            """,
            number=number, kind=kind, amount=amount, source=source, condition=condition,
        )

    def _select_partials(self, number, source, side, other, sign):
        """What items of the invoice were matched with from outside: money, another invoice, or the unknown.

        Money is also what an entry of a remittance has set free: the credit that a payer kept when it was reversed.
        """
        return SQL(
            """
            SELECT partial.id::bigint * 40 + %(number)s AS id,
                   debt.invoice_id,
                   debt.charge_id,
                   debt.company_id,
                   debt.currency_id,
                   (CASE WHEN %(is_money)s
                           OR partner_item.invoice_id IS NOT NULL
                         THEN 'paid' ELSE 'unexplained' END)::varchar AS kind,
                   %(sign)spartial.%(amount)s AS amount
              FROM (
                    SELECT inv.id AS invoice_id,
                           COALESCE(inv.billing_charge_id, inv.id) AS charge_id,
                           inv.company_id AS company_id,
                           inv.currency_id AS currency_id,
                           item.id AS item_id
                      %(source)s AND %(receivable)s
                   ) debt
              JOIN account_partial_reconcile partial ON partial.%(side)s = debt.item_id
              JOIN account_move_line counterpart ON counterpart.id = partial.%(other)s
              JOIN account_move outside ON outside.id = counterpart.move_id
              JOIN LATERAL (
                    SELECT COALESCE(
                        counterpart.billing_invoice_id,
                        CASE WHEN outside.billing_kind IS NULL THEN NULL
                             WHEN outside.move_type = 'out_refund' THEN outside.reversed_entry_id
                             ELSE outside.id END
                    ) AS invoice_id
                   ) partner_item ON TRUE
             WHERE partner_item.invoice_id IS DISTINCT FROM debt.invoice_id
            """,
            number=number,
            sign=sign,
            is_money=self._get_money_condition(),
            amount=SQL.identifier(f"{side}_amount_currency"),
            side=SQL.identifier(f"{side}_move_id"),
            other=SQL.identifier(f"{other}_move_id"),
            source=source,
            receivable=_RECEIVABLE,
        )

    def _get_money_condition(self):
        """Whether the entry ``outside`` is money. Hook: rooms whose entries stand for money add them."""
        return SQL("""
            (outside.origin_payment_id IS NOT NULL
             OR outside.statement_line_id IS NOT NULL
             OR outside.remittance_id IS NOT NULL)
        """)

    def _get_flows(self, invoices):
        """What became of each of these invoices.

        :param invoices: ``account.move`` records of billing
        :return: {invoice: {kind: amount in the invoice's currency}}
        """
        flows = {invoice: dict.fromkeys(dict(self._fields["kind"].selection), 0.0) for invoice in invoices}
        if not invoices:
            return flows
        groups = self.sudo()._read_group([("invoice_id", "in", invoices.ids)], ["invoice_id", "kind"], ["amount:sum"])
        for invoice, kind, amount in groups:
            flows[invoices.browse(invoice.id)][kind] += amount
        return flows
