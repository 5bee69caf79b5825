"""A virtual environment with pinned packages, one for each list of pins and Python version."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import apt
from .console import SetupError, elapsed, note, run, step
from .paths import CACHE, DEV, digest

REQUIREMENTS = DEV / "requirements.txt"
# The pinned packages have no wheels for Python 3.13 yet.
SUPPORTED = ("python3.11", "python3.12", "python3.10")


def environment_folder():
    """The virtual environment's folder; a change of the pins makes a new one."""
    return CACHE / "python" / digest(interpreter(), REQUIREMENTS.read_text())


def executable():
    """Python inside the virtual environment."""
    return environment_folder() / "bin" / "python"


def interpreter():
    """The Python to build with: `BILLING_PYTHON`, the running one, or another supported one on the PATH."""
    if chosen := os.environ.get("BILLING_PYTHON"):
        return chosen
    if (3, 10) <= sys.version_info[:2] <= (3, 12):
        return getattr(sys, "_base_executable", sys.executable)
    found = next(filter(None, map(shutil.which, SUPPORTED)), None)
    if not found:
        raise SetupError("Odoo 19 with the pinned packages needs Python 3.10 to 3.12; set BILLING_PYTHON to one.")
    return found


def ensure():
    """Create the virtual environment unless a complete one is there."""
    folder = environment_folder()
    complete = folder / "complete"
    if complete.exists():
        return
    started = time.monotonic()
    step("Python packages for Odoo and the tests, pinned in dev/requirements.txt")
    shutil.rmtree(folder, ignore_errors=True)
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    run([*create(folder), "install", "--quiet", "--requirement", REQUIREMENTS], env=environ)
    complete.touch()
    note(f"done in {elapsed(started)}")


def create(folder):
    """Make a virtual environment; returns its pip command. Debian keeps pip in packages of its own."""
    try:
        subprocess.run([interpreter(), "-c", "import ensurepip, venv"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        run([interpreter(), "-m", "venv", "--without-pip", folder])
        return [executable(), debian_pip()]
    run([interpreter(), "-m", "venv", folder])
    return [executable(), "-m", "pip"]


def debian_pip():
    """pip out of Debian's wheel, the machine's own or unpacked into the cache."""
    wheels = "usr/share/python-wheels/pip-*.whl"
    if not any(Path("/").glob(wheels)) and not any((CACHE / "pip").glob(wheels)):
        note("without python3-venv: pip comes from Debian's package python3-pip-whl")
        apt.SystemApt("system").unpack_missing(["python3-pip-whl"], CACHE / "pip")
    return next(file for root in (Path("/"), CACHE / "pip") for file in root.glob(wheels)) / "pip"
