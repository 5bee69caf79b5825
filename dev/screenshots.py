#!/usr/bin/env python3
"""Pictures of the main screens of the demo database, at a desk's and a phone's width.

`--out FOLDER` says where (default: a folder in the cache). Names choose screens of screenshots.json; `--width desk` or
`--width phone` one of the widths; `--prefix screenshot_` begins the files' names; `--url PATH` takes any address.
Below static/description, which the README and the Apps page show, the pictures are named screenshot_<screen>.png.
"""

import sys
from pathlib import Path

from host import python, session
from host.console import step
from host.paths import CHECKOUT, DEMO_DB, DEV, WORK
from run import prepare

SHOWN = CHECKOUT / "static" / "description"


def with_defaults(arguments):
    """The photographer's arguments: where to, and how pictures of the addon's own description are named."""
    if "--out" not in arguments:
        return ["--out", str(WORK / "screenshots"), *arguments]
    if Path(arguments[arguments.index("--out") + 1]).resolve() == SHOWN:
        return ["--prefix", "screenshot_", "--width", "desk", *arguments]
    return arguments


def command():
    """Serve the demo database on a port of its own and let the photographer in."""
    arguments = with_defaults(sys.argv[1:])
    with session.session(alone="screenshots") as inside:
        prepare(inside)
        port = session.free_port()
        server = inside.start([
            python.executable(), "-m", "odoo", "-d", DEMO_DB, "--db-filter", f"^{DEMO_DB}$", f"--http-port={port}",
            "--max-cron-threads=0", "--log-level=error",
        ])
        code = inside.call([python.executable(), DEV / "photographer.py", f"http://127.0.0.1:{port}", *arguments])
        session.end(server, session.TERMINATE)
    if not code:
        step(f"Pictures: {arguments[arguments.index('--out') + 1]}")
    return code


if __name__ == "__main__":
    session.main(command)
