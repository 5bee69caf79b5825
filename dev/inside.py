#!/usr/bin/env python3
"""Run a command with Odoo, Python, PostgreSQL and the browser in place: `dev/inside.py odoo shell -d …`.

Without a command, set up what is missing and stop.
"""

import sys

from host import session


def command():
    """Run what the command line says."""
    with session.session() as inside:
        return inside.call(sys.argv[1:]) if sys.argv[1:] else 0


if __name__ == "__main__":
    session.main(command)
