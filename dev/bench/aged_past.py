"""Aged receivables as of the end of last month, after which a third of the items was paid, against one SQL statement
that reads today's."""

from shared.ageing import Ageing


def measure(env):
    """One line; the statement knows only today."""
    books = Ageing(env)
    books.grow(2_000)
    books.pay(books.items[:: 3])
    books.analyze()
    sql, ours = books.time_sql(), books.time_ours(billing_as_of="last_month")
    ratio = round(ours["ours_s"] / sql, 2)
    yield {"what": "aged_past", **books.size, **ours, "peer": "sql", "peer_s": sql, "ratio": ratio}
