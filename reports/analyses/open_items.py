"""Which receivable items were open at the end of a day, and how much of each: the one rule for every ageing."""

from odoo.tools import SQL


def open_items(env, day):
    """What a statement over the receivable items open at the end of a day is made of; the journal item is ``line``.

    What is open now, and what was matched only later: cheaper than to add up all that was ever matched, and the same,
    because a match counts from the later one of its two days (``max_date``) on. So is what is matched with an entry
    that is not posted: Odoo keeps a payment that was reset to draft on its bill, but the books do not know it. Items
    dated later are left out, so that the sum is the balance of the receivable accounts on that day.

    :param datetime.date day: at the end of which day
    :return: (FROM with its joins, amount open in the currency of the company, the same in that of the item, WHERE)
    """
    counts = SQL(
        """line.parent_state = 'posted' AND line.date <= %s AND line.account_id IN (
            SELECT id FROM account_account WHERE account_type = 'asset_receivable')""",
        day,
    )
    apart = _get_apart(day)
    if not env.execute_query(SQL("SELECT FROM (%s) apart LIMIT 1", apart)):
        # The usual case of today: what is open is written on the items.
        return SQL("account_move_line line"), SQL("line.amount_residual"), SQL("line.amount_residual_currency"), SQL(
            "line.reconciled IS NOT TRUE AND %s", counts,
        )
    # Materialized: added up once, not once by each process that reads a part of the items.
    items = SQL(
        """
        account_move_line line
        LEFT JOIN (
            WITH added_up AS MATERIALIZED (
                SELECT id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency FROM (%s) apart GROUP BY id
            )
            SELECT id, amount, amount_currency FROM added_up
        ) later ON later.id = line.id
        """,
        apart,
    )
    amount = SQL("(line.amount_residual + COALESCE(later.amount, 0))")
    foreign = SQL("(line.amount_residual_currency + COALESCE(later.amount_currency, 0))")
    return items, amount, foreign, SQL("(line.reconciled IS NOT TRUE OR later.id IS NOT NULL) AND %s", counts)


def _get_apart(day):
    """What matches took off items that does not count on this day (SQL): id of the item, amounts to add again."""
    return SQL(
        """
        SELECT debit_move_id AS id, amount, debit_amount_currency AS amount_currency
          FROM account_partial_reconcile WHERE max_date > %(day)s
         UNION ALL
        SELECT credit_move_id, -amount, -credit_amount_currency
          FROM account_partial_reconcile WHERE max_date > %(day)s
         UNION ALL
        SELECT match.debit_move_id, match.amount, match.debit_amount_currency
          FROM account_move_line draft
          JOIN account_partial_reconcile match ON match.credit_move_id = draft.id AND match.max_date <= %(day)s
         WHERE draft.parent_state != 'posted' AND draft.matching_number IS NOT NULL
         UNION ALL
        SELECT match.credit_move_id, -match.amount, -match.credit_amount_currency
          FROM account_move_line draft
          JOIN account_partial_reconcile match ON match.debit_move_id = draft.id AND match.max_date <= %(day)s
         WHERE draft.parent_state != 'posted' AND draft.matching_number IS NOT NULL
        """,
        day=day,
    )
