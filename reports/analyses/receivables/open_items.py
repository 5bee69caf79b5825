"""Which receivable items were open at the end of a day, and how much of each: the one rule for every ageing."""

from odoo.tools import SQL


def receivable_accounts(env):
    """The ids of the receivable accounts of all companies; never empty.

    PostgreSQL knows how many items stand on an account that it is told, and nothing of those that it has to look up:
    with them it reads the items of a large office account by account, bill by bill.
    """
    env["account.account"].flush_model(["account_type"])
    rows = env.execute_query(SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'"))
    return tuple(account for account, in rows) or (0,)


def open_items(env, day):
    """``FROM`` of a statement over the receivable items open at the end of a day: the journal item ``line``, and
    ``open`` with ``amount`` (company currency) and ``amount_currency`` (of the item).

    What is open now, and what was matched only later: cheaper than to add up all that was ever matched, and the same,
    because a match counts from the later one of its two days (``max_date``) on. Items dated later are left out, so
    that the sum is the balance of the receivable accounts on that day.

    :param datetime.date day: at the end of which day
    :return: (FROM with its joins, WHERE condition)
    """
    counts = SQL(
        "line.parent_state = 'posted' AND line.date <= %s AND line.account_id IN %s", day, receivable_accounts(env),
    )
    # The day of a match is computed: without this, those of this moment would not be seen.
    env["account.partial.reconcile"].flush_model(["max_date"])
    if not env.execute_query(SQL("SELECT FROM account_partial_reconcile WHERE max_date > %s LIMIT 1", day)):
        # The usual case of today: nothing was matched later, and what is open is written on the items.
        return SQL("account_move_line line"), SQL("line.amount_residual"), SQL("line.amount_residual_currency"), SQL(
            "line.reconciled IS NOT TRUE AND %s", counts,
        )
    # Materialized: added up once, not once by each process that reads a part of the items.
    later = SQL(
        """
        account_move_line line
        LEFT JOIN (
            WITH added_up AS MATERIALIZED (
                SELECT id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
                  FROM (SELECT debit_move_id AS id, amount, debit_amount_currency AS amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s
                         UNION ALL
                        SELECT credit_move_id, -amount, -credit_amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s) matched
              GROUP BY id
            )
            SELECT id, amount, amount_currency FROM added_up
        ) later ON later.id = line.id
        """,
        day=day,
    )
    amount = SQL("(line.amount_residual + COALESCE(later.amount, 0))")
    foreign = SQL("(line.amount_residual_currency + COALESCE(later.amount_currency, 0))")
    return later, amount, foreign, SQL("(line.reconciled IS NOT TRUE OR later.id IS NOT NULL) AND %s", counts)
