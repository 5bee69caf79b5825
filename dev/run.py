#!/usr/bin/env python3
"""Start Odoo with the demo database on http://127.0.0.1:8069.

`--reset` forgets that database; `--demo` only makes it, anew, and so proves that the demo data can be loaded.
"""

import shutil
import socket
import sys
import time

from host import databases, session
from host.console import SetupError, elapsed, lock, note, step
from host.paths import ADDON, DATA, DEMO_DB, WORK

PORT = 8069
STAMP = WORK / "demo.json"


def prepare(inside):
    """The demo database: made once, updated when the sources have changed."""
    with lock(WORK / "demo.lock", "another command to make the demo database"):
        key = databases.sources_key()
        if not databases.exists(inside, DEMO_DB) or not STAMP.exists():
            started = time.monotonic()
            step("Demo database (a few minutes, once)")
            STAMP.unlink(missing_ok=True)
            databases.clone(inside, "template0", DEMO_DB)
            databases.install(inside, DEMO_DB, [ADDON], "--with-demo")
            # Odoo goes on without demo data that it cannot load, and calls that a warning.
            if not databases.sql(inside, f"SELECT 1 FROM ir_module_module WHERE name = '{ADDON}' AND demo", DEMO_DB):
                raise SetupError(f"The demo data of {ADDON} could not be loaded; see above.")
            databases.remember(STAMP, sources=key)
            note(f"in {elapsed(started)}")
        elif databases.recall(STAMP).get("sources") != key:
            step("The sources have changed: updating the demo database")
            databases.update(inside, DEMO_DB)
            databases.remember(STAMP, sources=key)


def reset(inside):
    """Forget the demo database and its files."""
    step("Forgetting the demo database; a new one is made when it is needed")
    databases.drop(inside, DEMO_DB)
    shutil.rmtree(DATA / "filestore" / DEMO_DB, ignore_errors=True)
    STAMP.unlink(missing_ok=True)


def check_port():
    """Say at once, not after minutes of preparation, that the address is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError as error:
            raise SetupError(
                f"Port {PORT} is in use, perhaps by another `make run`. Stop that program and start again.",
            ) from error


def serve(inside):
    """Odoo until Ctrl-C; its exit code."""
    step(f"Odoo: http://127.0.0.1:{PORT}/odoo   login admin, password admin   (Ctrl-C stops it)")
    note("clerk/clerk and manager/manager show what a coordinator and a manager see")
    try:
        return inside.odoo("-d", DEMO_DB, "--db-filter", f"^{DEMO_DB}$", "--http-port", PORT, "--log-level=warn")
    except KeyboardInterrupt:
        step("Stopped.")
        return 0


def command():
    """Prepare, say where to look, serve."""
    if "--reset" in sys.argv or "--demo" in sys.argv:
        with session.session() as inside:
            reset(inside)
            if "--demo" in sys.argv:
                prepare(inside)
        return 0
    check_port()
    with session.session() as inside:
        prepare(inside)
        return serve(inside)


if __name__ == "__main__":
    session.main(command)
