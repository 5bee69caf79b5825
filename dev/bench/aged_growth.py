"""How much longer today's aged receivables take with ten times the items, and with ten times the debtors."""

from shared.ageing import Ageing


def measure(env):
    """A line at 100,000 items and one at a million."""
    books = Ageing(env)
    books.grow(2_000)
    few = books.time_ours()
    yield {"what": "aged_growth", **books.size, **few}
    books.grow(18_000)
    many = books.time_ours()
    yield {
        "what": "aged_growth", **books.size, **many,
        "times_as_long": round(many["ours_s"] / few["ours_s"], 2),
    }
