#!/usr/bin/env python3
"""Run the measures under dev/bench/, or the ones named; each prints one JSON object a line."""

import sys

from host import databases, odoo, paths, peers, python, session
from host.paths import ADDON, DEV, TEST_DB

BENCH_DB = f"{TEST_DB}_bench"


def command():
    """A fresh database for each measure, so that none finds the traces of another."""
    wanted = sys.argv[1:]
    measures = sorted(file.stem for file in (DEV / "bench").glob("*.py") if file.stem != "runner")
    unknown = set(wanted) - set(measures)
    if unknown:
        sys.exit(f"error: no such measure: {', '.join(sorted(unknown))}. There are: {', '.join(measures)}")
    failed = False
    with session.session(alone="bench") as inside:
        template = databases.template(inside)
        base = f"{BENCH_DB}_base"
        databases.clone(inside, template, base)
        databases.install(inside, base, [ADDON])
        try:
            for measure in wanted or measures:
                databases.clone(inside, base, BENCH_DB)
                failed |= bool(inside.call([
                    python.executable(), DEV / "bench" / "runner.py", BENCH_DB, measure, *options(inside, measure),
                ]))
        finally:
            databases.drop(inside, BENCH_DB)
            databases.drop(inside, base)
    return int(failed)


def options(inside, measure):
    """Put the peers of a measure into its database; returns what Odoo has to be told to find them."""
    packages, modules = peers.wanted(measure)
    if not packages:
        return []
    folders = [paths.ADDONS, *odoo.addons_folders(), peers.addons_path(packages)]
    path = f"--addons-path={','.join(map(str, folders))}"
    databases.install(inside, BENCH_DB, modules, path)
    return [path]


if __name__ == "__main__":
    session.main(command)
