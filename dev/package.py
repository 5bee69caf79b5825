#!/usr/bin/env python3
"""A zip that unpacks to `billing_coordinator/`: what is committed, without what only developers need."""

import ast
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def command():
    """Write the zip beside the caller, or where the first argument says."""
    manifest = ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())
    target = Path(sys.argv[1] if sys.argv[1:] else f"billing_coordinator-{manifest['version']}.zip").resolve()
    subprocess.run(
        ["git", "archive", "--format=zip", "--prefix=billing_coordinator/", f"--output={target}", "HEAD"],
        cwd=CHECKOUT, check=True,
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=CHECKOUT, capture_output=True, text=True, check=True,
    ).stdout
    if changed:
        print("note: changes that are not committed are not in the package")
    print(f"==> {target}")


if __name__ == "__main__":
    command()
