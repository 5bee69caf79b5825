from . import models
from . import reports
from . import wizards


def _post_init_hook(env):
    """Give every company that has a chart of accounts what billing needs, and each its stages of collection."""
    companies = env["res.company"].search([])
    companies._billing_setup()
    env["billing.collection.stage"]._create_usual_stages(companies)
