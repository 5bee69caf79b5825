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


def find_unposted_matches(env):
    """Ids of matches with an entry that is not posted: Odoo keeps a payment that was set back to draft on its bill, but
    to the books it does not exist. A small index has them.

    :rtype: list
    """
    env["account.move.line"].flush_model(["parent_state", "matching_number"])
    env["account.partial.reconcile"].flush_model(["debit_move_id", "credit_move_id", "max_date"])
    return [match for match, in env.execute_query(SQL(
        """
        SELECT match.id
          FROM account_move_line draft
          JOIN account_partial_reconcile match ON match.debit_move_id = draft.id OR match.credit_move_id = draft.id
         WHERE draft.parent_state != 'posted' AND draft.matching_number IS NOT NULL
        """,
    ))]


def open_items(env, day):
    """What a statement over the receivable items open at the end of a day is made of; the journal item is ``line``.

    What is open now, and what was matched only later: cheaper than to add up all that was ever matched, and the same,
    because a match counts from the later one of its two days (``max_date``) on, and not while either side is a draft.
    Items dated later are left out, so that the sum is the balance of the receivable accounts on that day.

    :param datetime.date day: at the end of which day
    :return: (FROM with its joins, amount open in the currency of the company, the same in that of the item, WHERE)
    """
    counts = SQL(
        "line.parent_state = 'posted' AND line.date <= %s AND line.account_id IN %s", day, receivable_accounts(env),
    )
    unposted = find_unposted_matches(env)
    if not unposted and not env.execute_query(
        SQL("SELECT FROM account_partial_reconcile WHERE max_date > %s LIMIT 1", day),
    ):
        # The usual case of today: nothing was matched later, and what is open is written on the items.
        return SQL("account_move_line line"), SQL("line.amount_residual"), SQL("line.amount_residual_currency"), SQL(
            "line.reconciled IS NOT TRUE AND %s", counts,
        )
    # Materialized: added up once, not once by each process that reads a part of the items. An item stands on one side
    # of all its matches: that of its sign.
    items = SQL(
        """
        account_move_line line
        LEFT JOIN (
            WITH added_up AS MATERIALIZED (
                SELECT debit_move_id AS id, SUM(amount) AS amount, SUM(debit_amount_currency) AS amount_currency
                  FROM account_partial_reconcile WHERE %(is_later)s GROUP BY debit_move_id
                 UNION ALL
                SELECT credit_move_id, -SUM(amount), -SUM(credit_amount_currency)
                  FROM account_partial_reconcile WHERE %(is_later)s GROUP BY credit_move_id
            )
            SELECT id, amount, amount_currency FROM added_up
        ) later ON later.id = line.id
        """,
        is_later=SQL("(max_date > %s OR id = ANY(%s))", day, unposted) if unposted else SQL("max_date > %s", day),
    )
    amount = SQL("(line.amount_residual + COALESCE(later.amount, 0))")
    foreign = SQL("(line.amount_residual_currency + COALESCE(later.amount_currency, 0))")
    return items, amount, foreign, SQL("(line.reconciled IS NOT TRUE OR later.id IS NOT NULL) AND %s", counts)
