"""Databases of the commands: templates that are made once, and clones of them."""

import ast
import json
import subprocess
import time

from . import odoo
from .console import SetupError, elapsed, lock, note, step
from .paths import ADDON, CACHE, CHECKOUT, digest


def depends():
    """The modules that the addon builds on, from its manifest."""
    manifest = ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())
    return sorted(manifest["depends"])


def sources_key():
    """A name for exactly the files that an installed database stands on: what Git knows of, changes included."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=CHECKOUT, capture_output=True, text=True, check=False,
    ).stdout.split()
    files = [CHECKOUT / name for name in sorted(listed) if not name.startswith(("tests/", "dev/", "README", "."))]
    return digest(*((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.is_file()))


def sql(inside, statement, database="postgres"):
    """Run one statement and return its rows as lists of strings."""
    done = subprocess.run(
        ["psql", "-XqtA", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement],
        env=inside.environ, capture_output=True, text=True, check=False,
    )
    if done.returncode:
        raise SetupError(done.stderr.strip() or f"psql failed on: {statement}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def exists(inside, name):
    """Whether there is a database of that name."""
    return bool(sql(inside, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def drop(inside, name):
    """Remove a database and whoever is connected to it."""
    sql(inside, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def clone(inside, source, name):
    """A fresh copy of a database; of `template0`, an empty one."""
    drop(inside, name)
    sql(inside, f"CREATE DATABASE \"{name}\" TEMPLATE \"{source}\" ENCODING 'UTF8'")


def template(inside, modules=None):
    """The name of a database with these modules installed without demo data; made when it is missing."""
    modules = sorted(modules or depends())
    name = f"billing_template_{digest(odoo.version(), *modules)}"
    with lock(CACHE / f"{name}.lock", "another command to make the template database"):
        if exists(inside, name):
            return name
        started = time.monotonic()
        step(f"Template database with {', '.join(modules)}, without demo data")
        partial = f"{name}_partial"
        clone(inside, "template0", partial)
        install(inside, partial, modules)
        sql(inside, f'ALTER DATABASE "{partial}" RENAME TO "{name}"')
        note(f"in {elapsed(started)}")
    return name


def install(inside, name, modules, *options):
    """Install modules into a database; stops with Odoo's own words when that fails."""
    # As Odoo does in databases that it makes: searching among very many codes needs it.
    sql(inside, "CREATE EXTENSION IF NOT EXISTS pg_trgm", name)
    failed = inside.odoo(
        "-d", name, "-i", ",".join(modules), "--stop-after-init", "--log-level=warn", "--no-http", *options,
    )
    if failed:
        raise SetupError(f"Odoo could not install {', '.join(modules)} (exit code {failed}).")


def update(inside, name):
    """Bring the addon in a database up to date with the sources."""
    failed = inside.odoo("-d", name, "-u", ADDON, "--stop-after-init", "--log-level=warn", "--no-http")
    if failed:
        raise SetupError(f"Odoo could not update {ADDON} (exit code {failed}).")


def remember(path, **facts):
    """Keep what is known about a database beside its filestore."""
    path.write_text(json.dumps(facts))


def recall(path):
    """What :func:`remember` kept; empty when there is nothing."""
    return json.loads(path.read_text()) if path.exists() else {}
