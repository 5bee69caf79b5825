#!/usr/bin/env python3
"""ruff, pylint-odoo, and the rules of Odoo's own `test_lint` on this addon."""

import os

from host import databases, odoo, python, session
from host.console import step
from host.paths import ADDON, CHECKOUT, DEV, TEST_DB

LINT_DB = f"{TEST_DB}_lint"
# eslint's configuration needs packages that Odoo keeps for its own CI; the rest of test_lint runs.
NOT_HERE = "not test_eslint and not test_pylint and not TestESLint"


def test_lint(inside):
    """Odoo's own rules, on a database where the addon is installed."""
    databases.clone(inside, databases.template(inside), LINT_DB)
    databases.install(inside, LINT_DB, [ADDON])
    try:
        environ = {"PYTHONPATH": os.pathsep.join([str(DEV / "plugins"), inside.environ["PYTHONPATH"]])}
        return inside.call(
            [
                python.executable(), "-m", "pytest", "-p", "no:cacheprovider", "-p", "lint_this_addon", "-q", "-k",
                NOT_HERE, f"--odoo-database={LINT_DB}", odoo.source() / "odoo" / "addons" / "test_lint" / "tests",
            ],
            env=environ,
        )
    finally:
        databases.drop(inside, LINT_DB)


def command():
    """Run all of them; fail if one does."""
    with session.session() as inside:
        run = [python.executable(), "-m"]
        step("ruff")
        failed = bool(inside.call([*run, "ruff", "check", "--no-cache", CHECKOUT]))
        step("pylint-odoo")
        packages = ["models", "reports", "wizards", "tools", "tests", "__init__.py", "__manifest__.py"]
        failed |= bool(inside.call(
            [*run, "pylint", f"--rcfile={DEV / 'pylintrc'}", *packages], cwd=CHECKOUT,
        ))
        step("Odoo's test_lint")
        failed |= bool(test_lint(inside))
        return int(failed)


if __name__ == "__main__":
    session.main(command)
