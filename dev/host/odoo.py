"""The Odoo 19 source: Debian's package unpacked into the cache, or the tree that ODOO_HOME names."""

import os
import shutil
import time
from pathlib import Path

from . import apt
from .console import SetupError, elapsed, note, step
from .paths import CACHE, digest

# The package, and what its symbolic links point to. Odoo expects Font Awesome 4 and Inconsolata's .otf,
# which newer packages no longer contain: these two come from the stable suite.
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome/stable",
    "fonts-inconsolata/stable",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
HOME = CACHE / "odoo"
CURRENT = HOME / "current"
PACKAGE_PATH = "usr/lib/python3/dist-packages"
# Debian leaves this non-free file out. Without it the web client's bundle logs an error and every tour fails.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def source():
    """The folder that holds the `odoo` package."""
    if own := os.environ.get("ODOO_HOME"):
        return Path(own).expanduser().resolve()
    return CURRENT.resolve() / PACKAGE_PATH


def addons_folders():
    """Odoo's own addons folders."""
    folders = [source() / "odoo" / "addons"]
    if os.environ.get("ODOO_HOME"):
        folders.append(source() / "addons")
    return [folder for folder in folders if folder.is_dir()]


def version():
    """A name for exactly this Odoo, for databases made with it."""
    if own := os.environ.get("ODOO_HOME"):
        release = source() / "odoo" / "release.py"
        return digest(own, release.read_text() if release.exists() else "")
    return CURRENT.resolve().name


def ensure():
    """Unpack Odoo unless it is there."""
    if os.environ.get("ODOO_HOME"):
        if not (source() / "odoo" / "release.py").is_file():
            raise SetupError(f"ODOO_HOME={source()} is not an Odoo source tree (no odoo/release.py).")
        return
    if not CURRENT.exists():
        download()


def download():
    """Fetch Debian's package and unpack it; the folder gets its name only when complete."""
    started = time.monotonic()
    step("Odoo 19.0 Community: Debian's package odoo-19 (about 130 MB)")
    suites = apt.SuiteApt("odoo", ["unstable", "stable"])
    suites.update()
    partial = HOME / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    files = suites.unpack(PACKAGES, partial)
    left_out = partial / PACKAGE_PATH / LEFT_OUT
    left_out.parent.mkdir(exist_ok=True)
    left_out.touch()
    final = HOME / next(name.split("_")[1] for name in files if name.startswith("odoo-19_"))
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    link = HOME / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(final.name)
    link.replace(CURRENT)
    note(f"{final.name} in {elapsed(started)}")

