#!/usr/bin/env python3
"""Run the suite with pytest-odoo in a fresh test database without demo data.

`--quick` keeps the last test database and only updates the addon in it; `--long` runs the long random histories;
everything else goes to pytest.
"""

import sys

from host import databases, session
from host.console import step
from host.paths import ADDON, ADDONS, TEST_DB


def prepare(inside, quick):
    """The test database: a clone of the template with the addon installed."""
    if quick and databases.exists(inside, TEST_DB):
        step("Updating the last test database")
        databases.update(inside, TEST_DB)
        return
    template = databases.template(inside)
    step(f"Test database: {ADDON} without demo data")
    databases.clone(inside, template, TEST_DB)
    databases.install(inside, TEST_DB, [ADDON])


def for_pytest(arguments):
    """What goes to pytest, with paths below `tests` in the addons folder, where the addon has its name."""
    addon = ADDONS / ADDON
    arguments = [argument for argument in arguments if argument not in ("--quick", "--long")]
    paths = [argument for argument in arguments if argument == "tests" or argument.startswith("tests/")]
    return [str(addon / word) if word in paths else word for word in arguments] + ([] if paths else [addon / "tests"])


def command():
    """Prepare the database and hand over to pytest."""
    arguments = sys.argv[1:]
    environ = {"BILLING_LONG_TESTS": "1"} if "--long" in arguments else {}
    with session.session(alone="test") as inside:
        prepare(inside, "--quick" in arguments)
        step("Tests")
        return inside.pytest(
            f"--rootdir={ADDONS / ADDON}", f"--odoo-database={TEST_DB}", "--odoo-http", "-q", "-rs", "-n", "2",
            "--dist", "loadscope", *for_pytest(arguments), plugin="reporting", env=environ,
        )


if __name__ == "__main__":
    session.main(command)
