"""Run one measure in a database: `runner.py DATABASE MEASURE [OPTION OF ODOO ...]`. Nothing is committed."""

import importlib
import json
import resource
import sys

import odoo.http  # noqa: F401  the ORM expects the web layer to be loaded
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main():
    """Give the measure an environment and print what it yields."""
    database, measure, *options = sys.argv[1:]
    config.parse_config(["-d", database, "--log-level=error", "--no-http", *options])
    module = importlib.import_module(measure)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for facts in module.measure(env):
            memory = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            print(json.dumps({"measure": measure, **facts, "max_rss_mb": memory}), flush=True)
        cr.rollback()


if __name__ == "__main__":
    main()
