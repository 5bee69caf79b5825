#!/usr/bin/env python3
"""Start Odoo with the demo database on http://127.0.0.1:8069; `--reset` forgets that database first."""

import shutil
import sys
import time

from host import databases, session
from host.console import elapsed, note, step
from host.paths import ADDON, DATA, DEMO_DB, WORK

PORT = "8069"
STAMP = WORK / "demo.json"


def prepare(inside):
    """The demo database: made once, updated when the sources have changed."""
    key = databases.sources_key()
    if not databases.exists(inside, DEMO_DB) or not STAMP.exists():
        started = time.monotonic()
        step("Demo database (a few minutes, once)")
        databases.drop(inside, DEMO_DB)
        databases.sql(inside, f'CREATE DATABASE "{DEMO_DB}" TEMPLATE template0 ENCODING \'UTF8\'')
        databases.install(inside, DEMO_DB, [ADDON], "--with-demo")
        databases.remember(STAMP, sources=key)
        note(f"in {elapsed(started)}")
    elif databases.recall(STAMP).get("sources") != key:
        step("The sources have changed: updating the demo database")
        databases.update(inside, DEMO_DB)
        databases.remember(STAMP, sources=key)


def reset(inside):
    """Forget the demo database and its files."""
    step("Forgetting the demo database")
    databases.drop(inside, DEMO_DB)
    shutil.rmtree(DATA / "filestore" / DEMO_DB, ignore_errors=True)
    STAMP.unlink(missing_ok=True)


def command():
    """Prepare, say where to look, serve until Ctrl-C."""
    with session.session() as inside:
        if "--reset" in sys.argv:
            reset(inside)
            return 0
        prepare(inside)
        step(f"Odoo: http://127.0.0.1:{PORT}/odoo   login admin, password admin   (Ctrl-C stops it)")
        note("clerk/clerk and manager/manager show what a coordinator and a manager see")
        code = inside.odoo("-d", DEMO_DB, "--db-filter", f"^{DEMO_DB}$", "--http-port", PORT, "--log-level=warn")
        step("Stopped.")
        return 0 if code in (0, -2, 130) else code


if __name__ == "__main__":
    session.main(command)
