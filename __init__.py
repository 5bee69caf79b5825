from . import models
from . import reports
from . import wizards


def _post_init_hook(env):
    """Give every company that has a chart of accounts what billing needs."""
    env["res.company"].search([])._billing_setup()
