#!/usr/bin/env python3
"""Run the suite with pytest-odoo in a fresh test database without demo data.

`--quick` keeps the last test database and only updates the addon in it; `--long` runs the long random histories;
everything else goes to pytest.
"""

import os
import sys

from host import databases, python, session
from host.console import step
from host.paths import ADDON, ADDONS, DEV, TEST_DB


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


def command():
    """Prepare the database and hand over to pytest."""
    arguments = sys.argv[1:]
    quick = "--quick" in arguments
    long = "--long" in arguments
    arguments = [argument for argument in arguments if argument not in ("--quick", "--long")]
    tests = ADDONS / ADDON
    if not any(argument.startswith("tests") for argument in arguments):
        arguments.append("tests")
    arguments = [str(tests / argument) if argument.startswith("tests") else argument for argument in arguments]
    with session.session() as inside:
        prepare(inside, quick)
        step("Tests")
        environ = {"PYTHONPATH": os.pathsep.join([str(DEV / "plugins"), inside.environ["PYTHONPATH"]])}
        if long:
            environ["BILLING_LONG_TESTS"] = "1"
        return inside.call(
            [
                python.executable(), "-m", "pytest", "-p", "no:cacheprovider", "-p", "browser_skips",
                f"--rootdir={tests}", f"--odoo-database={TEST_DB}", "--odoo-http", "-q", "-rs",
                "-n", "2", "--dist", "loadscope", *arguments,
            ],
            env=environ,
        )


if __name__ == "__main__":
    session.main(command)
