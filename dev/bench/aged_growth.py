"""How much longer today's aged receivables take with ten times the items, and what they take in memory."""

from shared.ageing import Ageing


def measure(env):
    """A line at 100,000 items and one at a million, of about as many debtors."""
    books = Ageing(env)
    books.grow(2_000)
    few, few_memory = books.time_ours(), books.measure_memory()
    yield {"what": "aged_growth", **books.size, **few, **few_memory}
    books.grow(200, bills=4_500)
    many, memory = books.time_ours(), books.measure_memory()
    yield {
        "what": "aged_growth", **books.size, **many, **memory,
        "times_as_long": round(many["ours_s"] / few["ours_s"], 2),
    }
