"""Addons of others that our measures are compared with: fetched for the benchmark only, never part of the project."""

import ast

from . import python
from .console import run, step
from .paths import CACHE, DEV, digest


def wanted(measure):
    """What a measure names in ``PEER_PACKAGES`` and ``PEER_MODULES``: (packages with versions, modules to install)."""
    found = {"PEER_PACKAGES": (), "PEER_MODULES": ()}
    for node in ast.parse((DEV / "bench" / f"{measure}.py").read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in found:
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found["PEER_PACKAGES"], found["PEER_MODULES"]


def addons_path(packages):
    """The folder with the addons out of these packages, fetched when it is missing."""
    folder = CACHE / "peers" / digest(*packages)
    if not (folder / "complete").exists():
        step(f"Peers for the benchmark: {', '.join(packages)}")
        # They name the host as a package, which comes from Debian here.
        run([python.executable(), "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, *packages])
        (folder / "complete").touch()
    return folder / "odoo" / "addons"
