"""pytest plugin: what takes long comes first; true durations; each worker has its own files, and a company with a chart
of accounts; in CI a test skipped for want of a program is no pass."""

import os
import shutil
import tempfile
from pathlib import Path
from unittest import mock

import freezegun
import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from odoo import api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import config

LONG = ("test_conservation_property", "test_register_histories")
MISSING = ("chrome", "wkhtmltopdf")
skipped = []


# The name under which tests look for it.
PREPARED = "Prepared practice"


def pytest_configure():
    """Tests that freeze the date do not stop pytest's own clock."""
    freezegun.configure(extend_ignore_list=["_pytest.runner"])


# A machine that is busy with something else makes no test wrong. A suite that passed passes again: examples are drawn
# anew by `make test-long` alone, whose finds become tests of their own.
settings.register_profile("patient", deadline=None, derandomize=True)
settings.register_profile("curious", deadline=None)
settings.load_profile("curious" if os.environ.get("BILLING_LONG_TESTS") else "patient")


class LongestFirst(LoadScopeScheduling):
    """Histories take minutes: started last, one worker would play them while the other has nothing to do."""

    def _assign_work_unit(self, node):
        for scope in [scope for scope in self.workqueue if any(name in scope for name in LONG)]:
            self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config, log):
    """What takes long comes first; otherwise classes with many tests do, as ever."""
    return LongestFirst(config, log)


@pytest.fixture(scope="session", autouse=True)
def prepared_company(load_registry):
    """A company as Odoo's own tests make one for each class, which takes a second of a chart of accounts: made once."""
    with Registry(get_db_name()).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
        if not env["res.company"].search_count([("name", "=", PREPARED)]):
            company = env["res.company"].create({"name": PREPARED})
            charts = env["account.chart.template"]
            charts.try_loading(charts._guess_chart_template(company.country_id), company=company, install_demo=False)
            company.account_fiscal_country_id = company.account_fiscal_country_id or env.ref("base.us")


@pytest.fixture(scope="session", autouse=True)
def own_files(load_registry):
    """Workers have a database each, and share the files beside it: one that is just being written looks damaged to the
    others, and Odoo refuses it. So each begins with links to the files that are there, and writes to its own folder."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    folder = tempfile.mkdtemp(prefix="files-", dir=config["data_dir"])
    files = Path(folder) / "filestore"
    shutil.copytree(config.filestore(""), files, copy_function=os.link)
    with mock.patch.object(config, "filestore", return_value=str(files)):
        yield
    shutil.rmtree(folder)


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
