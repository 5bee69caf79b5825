"""pytest plugin: true durations; and in CI (`BILLING_CI=1`) a test skipped for want of a program fails the run."""

import os

import freezegun

MISSING = ("chrome", "wkhtmltopdf")
skipped = []


def pytest_configure():
    """Tests that freeze the date do not stop pytest's own clock."""
    freezegun.configure(extend_ignore_list=["_pytest.runner"])


def pytest_runtest_logreport(report):
    """Remember the tests that were skipped because a program is missing."""
    if report.skipped and any(name in str(report.longrepr).lower() for name in MISSING):
        skipped.append(report.nodeid)


def pytest_sessionfinish(session):
    """A green run with such skips is not green in CI."""
    if skipped and os.environ.get("BILLING_CI") and not session.exitstatus:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    """Say what was skipped and whether it counts."""
    if skipped:
        verdict = "this fails the run" if os.environ.get("BILLING_CI") else "install the program to run them"
        terminalreporter.write_line(f"{len(skipped)} skipped for want of Chromium or wkhtmltopdf; {verdict}.")
