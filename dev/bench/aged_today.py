"""Today's aged receivables of 2,000 debtors with 100,000 open items, against one plain SQL statement."""

from shared.ageing import Ageing


def measure(env):
    """One line: ours by debtor, as the screen and the paper ask for it, and the statement."""
    books = Ageing(env)
    books.grow(2_000)
    sql, ours = books.time_sql(), books.time_ours()
    ratio = round(ours["ours_s"] / sql, 2)
    yield {"what": "aged_today", **books.size, **ours, "peer": "sql", "peer_s": sql, "ratio": ratio}
