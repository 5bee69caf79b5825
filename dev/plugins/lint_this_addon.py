"""pytest plugin: Odoo's `test_lint` judges this addon only.

Its tests walk every addon that Odoo can see, or every model of the registry. The walkers are shown this addon alone.
Of a test in many parts (one for each method of the registry) all parts run, and those that this addon causes count.
What a rule only writes to the log as a warning counts as well.
"""

import contextlib
import logging
import sys
from types import SimpleNamespace
from unittest.mock import patch

import pytest

import odoo.modules
from odoo.modules import Manifest
from odoo.tests import BaseCase
from odoo.tools import config

import odoo.addons

ADDON = "billing_coordinator"
# Tests of the checkers themselves; and eslint, whose configuration needs packages that Odoo keeps for its own CI.
LEFT_OUT = ("test_checkers.py", "test_eslint.py", "test_regular_expression", "test_matches_underscore")


class Complaints(logging.Handler):
    """Collects what the rules have to say about this addon."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.words = []

    def emit(self, record):
        """A warning in the log."""
        self.words.append(record.getMessage())

    @contextlib.contextmanager
    def part(self, test, *message, **about):
        """One part of a test in many parts: `subTest`."""
        test._subtest = SimpleNamespace(params=about)  # the docstring rule reads it
        try:
            yield
        except (AssertionError, TypeError) as error:
            if ADDON in f"{message} {about} {error}":
                self.words.append(str(error))


def pytest_configure():
    """Show the walkers this addon alone."""
    everything = Manifest.all_addon_manifests
    Manifest.all_addon_manifests = staticmethod(lambda: [m for m in everything() if m.name == ADDON])
    odoo.modules.get_modules = lambda: [ADDON]


def pytest_collection_modifyitems(config, items):
    """Leave out what says nothing about this addon."""
    config.hook.pytest_deselected(items=[item for item in items if any(name in item.nodeid for name in LEFT_OUT)])
    items[:] = [item for item in items if not any(name in item.nodeid for name in LEFT_OUT)]


@contextlib.contextmanager
def folders_of_odoo(test):
    """Two rules look at all of Odoo's own folders: give them the addon's in their place."""
    # pytest puts Odoo's addons folder on the path, where pylint would take `calendar` for Python's own.
    path = [folder for folder in sys.path if not folder.endswith("addons")]
    addon = Manifest.for_addon(ADDON).path
    with contextlib.ExitStack() as stack:
        if "test_conflict_markers" in test:
            stack.enter_context(patch.object(odoo, "__path__", []))
            stack.enter_context(patch.object(odoo.addons, "__path__", [addon]))
        if "test_pylint" in test:
            stack.enter_context(patch.dict(config.__dict__, root_path=addon))
            stack.enter_context(patch.object(sys, "path", path))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Run a rule on this addon and fail with everything it said."""
    complaints = Complaints()
    loggers = [logging.getLogger(name) for name in ("odoo.addons.test_lint", "odoo.http")]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
        logger.addHandler(complaints)
    try:
        part = patch.object(BaseCase, "subTest", lambda *args, **about: complaints.part(*args, **about))
        with part, folders_of_odoo(item.nodeid):
            result = yield
    finally:
        for logger in loggers:
            logger.removeHandler(complaints)
    if complaints.words:
        pytest.fail("\n\n".join(complaints.words), pytrace=False)
    return result
