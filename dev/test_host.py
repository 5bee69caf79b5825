#!/usr/bin/env python3
"""Odoo's own `account` tests without and with this addon: the list of tests that pass must be the same.

Both runs go side by side. The run without the addon is remembered for this Odoo and these pins.
"""

import re
import sys

from host import databases, odoo, python, session
from host.console import note, step
from host.paths import ADDON, CACHE, TEST_DB, WORK, digest

STARTED = re.compile(r"odoo\.addons\.account\.(?P<where>tests\.\S+): Starting (?P<test>\w+\.\w+)")
FAILED = re.compile(r"(?:FAIL|ERROR): (?:Subtest )?(?P<test>\w+\.\w+)")


def start(inside, name, modules, port):
    """Begin a run in a database with these modules; returns the process and its log."""
    template = databases.template(inside)
    databases.clone(inside, template, name)
    if modules:
        databases.install(inside, name, modules)
    log = WORK / f"{name}.log"
    arguments = [
        "-d", name, "--db-filter", f"^{name}$", "-u", "account", "--test-tags", "/account", "--stop-after-init",
        "--http-port", str(port), "--max-cron-threads=0", f"--logfile={log}",
    ]
    log.unlink(missing_ok=True)
    return inside.start([python.executable(), "-m", "odoo", *arguments]), log


def read(log):
    """(tests that passed, tests that failed) as a log tells them."""
    text = log.read_text(errors="replace")
    started = {match["test"] for match in STARTED.finditer(text)}
    failed = {match["test"] for match in FAILED.finditer(text)} & started
    return started - failed, failed


def command():
    """Run both, compare, say the numbers."""
    baseline = CACHE / f"host_tests_{digest(odoo.version(), python.REQUIREMENTS.read_text())}.json"
    with session.session() as inside:
        known = databases.recall(baseline)
        runs = {}
        step("Odoo's account tests with this addon" + ("" if known else ", and without it beside them"))
        runs["with"] = start(inside, f"{TEST_DB}_host_with", [ADDON], 8171)
        if not known:
            runs["without"] = start(inside, f"{TEST_DB}_host_without", [], 8172)
        for process, _log in runs.values():
            session.wait(process)
        if not known:
            passed, failed = read(runs["without"][1])
            if not passed:
                sys.exit(f"error: no test ran without the addon; see {runs['without'][1]}")
            known = {"passed": sorted(passed), "failed": sorted(failed)}
            databases.remember(baseline, **known)
        passed, failed = read(runs["with"][1])
        note(f"without: {len(known['passed'])} passed, {len(known['failed'])} failed")
        note(f"with:    {len(passed)} passed, {len(failed)} failed")
        lost = sorted(set(known["passed"]) - passed)
        for test in lost:
            note(f"passes without this addon only: {test}")
        for test in sorted(passed - set(known["passed"])):
            note(f"passes with this addon only: {test}")
        for name in ("with", "without"):
            databases.drop(inside, f"{TEST_DB}_host_{name}")
        step("The same tests pass." if not lost else f"{len(lost)} tests pass no more.")
        return int(bool(lost) or not passed)


if __name__ == "__main__":
    session.main(command)
