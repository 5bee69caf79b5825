#!/usr/bin/env python3
"""Odoo's own `account` tests without and with this addon: the list of tests that pass must be the same.

Both runs go side by side, each in a database of its own. The run without the addon is remembered for this Odoo and
these pins; `--again` repeats it.
"""

import re
import sys

from host import databases, odoo, python, session
from host.console import SetupError, note, step
from host.paths import ADDON, CACHE, TEST_DB, WORK, digest

# A test is named by its file, class and method. What Odoo's log says of it, at level info, under its file's name:
SAID = re.compile(
    r"^\S+ \S+ \d+ [A-Z]+ \S+ odoo\.addons\.account\.tests\.(?P<file>\w+): "
    r"(?:(?P<what>Starting|skipped|FAIL:|ERROR:) (?:Subtest )?(?P<test>\w+\.\w+))",
    re.MULTILINE,
)
# The last word of a run that was not interrupted.
ENDED = re.compile(r"\d+ failed, \d+ error\(s\) of \d+ tests when loading database")
# A class that cannot be prepared runs none of its tests; they are missed in the comparison.
UNPREPARED = re.compile(r"ERROR: (?P<where>(?:setUp|tearDown)(?:Class|Module) \(\S+\))")


def start(inside, name, modules):
    """Begin a run in a database with these modules; returns the process and its log."""
    template = databases.template(inside)
    databases.clone(inside, template, name)
    if modules:
        databases.install(inside, name, modules)
    log = WORK / f"{name}.log"
    log.unlink(missing_ok=True)
    return inside.start([
        python.executable(), "-m", "odoo", "-d", name, "--db-filter", f"^{name}$", "-u", "account",
        "--test-tags", "/account", "--stop-after-init", "--http-port", session.free_port(), "--max-cron-threads=0",
        "--log-level=info", f"--logfile={log}",
    ]), log


def read(log):
    """The names of the tests by outcome, as a log tells them; a subtest counts for its test."""
    text = log.read_text(errors="replace")
    if not ENDED.search(text):
        raise SetupError(f"a run ended before its time; see {log}")
    said = {"Starting": set(), "skipped": set(), "FAIL:": set(), "ERROR:": set()}
    for match in SAID.finditer(text):
        said[match["what"]].add(f"{match['file']}.{match['test']}")
    failed = said["FAIL:"] | said["ERROR:"]
    return {
        "passed": sorted(said["Starting"] - said["skipped"] - failed),
        "skipped": sorted(said["skipped"] - failed),
        "failed": sorted(failed),
        "unprepared": sorted(match["where"] for match in UNPREPARED.finditer(text)),
    }


def run(inside, names):
    """Run the tests in these databases ("with", "without"), at the same time; the outcomes by name."""
    found = {}
    processes = {
        name: start(inside, f"{TEST_DB}_host_{name}", [ADDON] if name == "with" else []) for name in names
    }
    for name, (process, log) in processes.items():
        session.wait(process)
        found[name] = read(log)
        note(f"{name + ':':8} " + ", ".join(f"{len(tests)} {outcome}" for outcome, tests in found[name].items()))
        databases.drop(inside, f"{TEST_DB}_host_{name}")
    return found


def compare(without, with_addon):
    """Print what differs; the tests that pass without the addon only."""
    lost = sorted(set(without["passed"]) - set(with_addon["passed"]))
    for test in lost:
        note(f"passes without this addon only: {test}")
    for test in sorted(set(with_addon["passed"]) - set(without["passed"])):
        note(f"passes with this addon only: {test}")
    for test in without["failed"]:
        note(f"fails without this addon: {test}")
    return lost


def command():
    """Run, compare, say the numbers."""
    baseline = CACHE / f"host_tests_{digest(odoo.version(), python.REQUIREMENTS.read_text())}.json"
    if "--again" in sys.argv:
        baseline.unlink(missing_ok=True)
    with session.session(alone="test_host") as inside:
        without = databases.recall(baseline)
        step("Odoo's account tests with this addon" + ("" if without else ", and without it beside them"))
        found = run(inside, ["with"] if without else ["without", "with"])
        if not without:
            without = found["without"]
            databases.remember(baseline, **without)
    lost = compare(without, found["with"])
    step(
        f"The same {len(without['passed'])} tests pass with and without this addon." if not lost
        else f"{len(lost)} tests pass no more.",
    )
    return int(bool(lost))


if __name__ == "__main__":
    session.main(command)
