"""Today's aged receivables against OCA's `account_financial_report`: its aged partner balance of the same items."""

from shared.ageing import Ageing

PEER_PACKAGES = (
    "odoo-addon-account-financial-report==19.0.0.0.26.3",
    "odoo-addon-report-xlsx==19.0.1.0.2.2",
    "odoo-addon-date-range==19.0.1.0.0.6",
)
PEER_MODULES = ("account_financial_report",)


def measure(env):
    """One line: the peer makes the values of its paper, ours the figures of its table."""
    books = Ageing(env)
    books.grow(2_000)
    ours, peer = books.time_ours(), books.time_peer()
    yield {"what": "aged_today_oca", **books.size, **ours, **peer, "ratio": round(peer["peer_s"] / ours["named_s"], 1)}
