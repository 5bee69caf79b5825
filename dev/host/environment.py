"""Put everything in place, and the environment in which Odoo runs."""

import os

from . import odoo, postgres, python, tools
from .console import lock
from .paths import ADDON, ADDONS, CACHE, CHECKOUT, CONFIG, DATA

SETTINGS = """\
[options]
addons_path = {addons}
data_dir = {data}
http_interface = 127.0.0.1
list_db = False
"""


def ensure():
    """Set up whatever is missing. Two commands at once take turns; an interrupted step starts over."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with lock(CACHE / "setup.lock", "another command to finish the set-up"):
        odoo.ensure()
        python.ensure()
        postgres.ensure()
        tools.ensure()
        link_checkout()


def link_checkout():
    """An addons folder whose one entry, `billing_coordinator`, is this checkout; and Odoo's settings for it."""
    for folder in (ADDONS, DATA):
        folder.mkdir(parents=True, exist_ok=True)
    link = ADDONS / ADDON
    if not link.is_symlink() or os.readlink(link) != str(CHECKOUT):
        link.unlink(missing_ok=True)
        link.symlink_to(CHECKOUT)
    folders = ",".join(map(str, [ADDONS, *odoo.addons_folders()]))
    CONFIG.write_text(SETTINGS.format(addons=folders, data=DATA))


def variables():
    """The environment for Odoo, PostgreSQL's clients and the browser."""
    environ = dict(os.environ)
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    path = [tools.BIN, python.executable().parent]
    if programs := postgres.clients():
        path.append(programs)
    environ.update(postgres.environment())
    environ["PATH"] = ":".join([*map(str, path), environ["PATH"]])
    environ["PYTHONPATH"] = str(odoo.source())
    environ["PYTHONPYCACHEPREFIX"] = str(CACHE / "pycache")
    environ["ODOO_RC"] = str(CONFIG)
    return environ
