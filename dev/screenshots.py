#!/usr/bin/env python3
"""Pictures of the main screens of the demo database, at a desk's and a phone's width.

`--out FOLDER` says where (default: a folder in the cache); names choose screens of screenshots.json; `--url PATH`
takes one picture of any address.
"""

import sys

from host import python, session
from host.console import step
from host.paths import DEMO_DB, DEV, WORK
from run import prepare


def command():
    """Serve the demo database on a port of its own and let the photographer in."""
    arguments = sys.argv[1:]
    if "--out" not in arguments:
        arguments = ["--out", str(WORK / "screenshots"), *arguments]
    with session.session() as inside:
        prepare(inside)
        server = inside.start([
            python.executable(), "-m", "odoo", "-d", DEMO_DB, "--db-filter", f"^{DEMO_DB}$", "--http-port=8178",
            "--max-cron-threads=0", "--log-level=error",
        ])
        try:
            code = inside.call([python.executable(), DEV / "photographer.py", "http://127.0.0.1:8178", *arguments])
        finally:
            server.terminate()
            session.wait(server)
    step(f"Pictures: {arguments[arguments.index('--out') + 1]}")
    return code


if __name__ == "__main__":
    session.main(command)
