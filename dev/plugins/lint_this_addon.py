"""pytest plugin: Odoo's `test_lint` looks at this addon only.

Its tests walk every addon that Odoo can see, or every model of the registry; the former are shown this addon alone.
"""

import odoo.modules
from odoo.modules import Manifest

ADDON = "billing_coordinator"


def pytest_configure():
    """Show the walkers this addon alone."""
    everything = Manifest.all_addon_manifests
    Manifest.all_addon_manifests = staticmethod(lambda: [m for m in everything() if m.name == ADDON])
    odoo.modules.get_modules = lambda: [ADDON]
