"""Where things are: the checkout, the cache folder, and the names derived from them."""

import hashlib
import os
from pathlib import Path

ADDON = "billing_coordinator"
DEV = Path(__file__).resolve().parent.parent
CHECKOUT = DEV.parent


def digest(*parts, size=8):
    """A short stable name for any number of strings."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:size]


def cache():
    """The cache folder.

    `BILLING_CACHE` names it. Otherwise it is the user's own cache folder, and for root a folder under
    /var/cache: PostgreSQL refuses to run as root, and its user cannot look below /root.
    """
    if chosen := os.environ.get("BILLING_CACHE"):
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/cache") / ADDON
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / ADDON


CACHE = cache()

# Each checkout (a clone, a work tree) has its own databases, link and filestore.
CHECKOUT_KEY = digest(CHECKOUT, size=6)
WORK = CACHE / "checkouts" / f"{CHECKOUT.name}-{CHECKOUT_KEY}"
ADDONS = WORK / "addons"
DATA = WORK / "data"
CONFIG = WORK / "odoo.conf"
DEMO_DB = f"billing_demo_{CHECKOUT_KEY}"
TEST_DB = f"billing_test_{CHECKOUT_KEY}"
