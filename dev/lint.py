#!/usr/bin/env python3
"""ruff, pylint-odoo, and the rules of Odoo's own `test_lint` on this addon."""

from host import databases, odoo, python, session
from host.console import step
from host.paths import ADDON, CHECKOUT, DEV, TEST_DB

LINT_DB = f"{TEST_DB}_lint"


def test_lint(inside):
    """Odoo's own rules, on a database where the addon is installed."""
    databases.clone(inside, databases.template(inside), LINT_DB)
    try:
        databases.install(inside, LINT_DB, [ADDON])
        rules = odoo.source() / "odoo" / "addons" / "test_lint" / "tests"
        return inside.pytest("-q", "-rs", "--tb=short", f"--odoo-database={LINT_DB}", rules, plugin="lint_this_addon")
    finally:
        databases.drop(inside, LINT_DB)


def command():
    """Run all of them; fail if one does."""
    with session.session(alone="lint") as inside:
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
