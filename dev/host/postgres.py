"""A private PostgreSQL cluster in the cache: own socket, no TCP port, started and stopped by the commands.

Every command holds a shared lock while it uses the server; the last one to let go stops it. The kernel drops the
lock of a command that dies, so nothing has to be counted or cleaned up. With `PGHOST` (or `PGPORT`, `PGSERVICE`)
in the environment an existing server is used instead, and nothing here starts.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from . import apt
from .console import SetupError, elapsed, lock, note, run, step
from .paths import CACHE

HOME = CACHE / "postgres"
PROGRAMS = CACHE / "postgres-programs"
CLUSTER = HOME / "cluster"
SOCKETS = HOME / "socket"
PORT = "5432"
ROLE = "odoo"
OLDEST = 15
CLIENTS = ("psql", "createdb", "dropdb", "pg_dump")

# A test server: nothing in it is worth an fsync. Tests work in one long transaction; autovacuum, which does not see
# what is in it, would tell the planner that the tables are empty, and queries would take minutes.
SETTINGS = f"""
listen_addresses = ''
unix_socket_directories = '{SOCKETS}'
port = {PORT}
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_wal_size = 2GB
jit = off
log_min_messages = fatal
timezone = 'UTC'
"""


def is_external():
    """Whether the environment names a server to use."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE"))


def binaries():
    """The folder with PostgreSQL's programs: the cluster's own version, else the newest; None without any."""
    found = [
        folder
        for root in (Path("/"), PROGRAMS)
        for folder in root.glob("usr/lib/postgresql/*/bin")
        if (folder / "initdb").exists() and int(folder.parent.name) >= OLDEST
    ]
    found.sort(key=lambda folder: int(folder.parent.name), reverse=True)
    if own := shutil.which("initdb"):
        found.append(Path(own).resolve().parent)
    if (CLUSTER / "complete").exists():
        found.sort(key=lambda folder: folder.parent.name != cluster_version())
    return found[0] if found else None


def environment():
    """What a client needs in order to find the server."""
    if is_external():
        return {}
    return {"PGHOST": str(SOCKETS), "PGPORT": PORT, "PGUSER": ROLE}


def clients():
    """The folder with psql and its kin: scripts, where the programs are unpacked ones."""
    return PROGRAMS / "scripts" if is_unpacked() else binaries()


def is_unpacked():
    """Whether the programs are the cache's own, not the system's."""
    return bool(binaries()) and PROGRAMS in binaries().parents


def library_path(root=PROGRAMS):
    """Where the unpacked programs find their libraries."""
    folders = {file.parent for pattern in ("usr/lib", "lib") for file in root.glob(f"{pattern}/*-linux-gnu/*.so*")}
    return ":".join(sorted(str(PROGRAMS / folder.relative_to(root)) for folder in folders))


def ensure():
    """Find or unpack the programs and create the cluster, unless that is done."""
    if is_external():
        if not (shutil.which("psql") or binaries()):
            unpack_programs()
        return
    if not binaries():
        unpack_programs()
    if not (CLUSTER / "complete").exists():
        create_cluster()
    elif binaries().parent.name != cluster_version():
        note(f"version {cluster_version()} of PostgreSQL, which made the databases, is gone; they are made anew")
        create_cluster()


def cluster_version():
    """The major version that the cluster belongs to."""
    return (CLUSTER / "PG_VERSION").read_text().strip()


def unpack_programs():
    """Debian's server, unpacked into the cache: installing it would start a server of the system's own."""
    started = time.monotonic()
    step("PostgreSQL: Debian's package, unpacked into the cache")
    partial = PROGRAMS.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    apt.SystemApt("system").unpack_missing(["postgresql"], partial)
    write_client_scripts(partial)
    shutil.rmtree(PROGRAMS, ignore_errors=True)
    partial.rename(PROGRAMS)
    if not binaries():
        raise SetupError(f"Debian's PostgreSQL is older than {OLDEST}; name a server with PGHOST.")
    note(f"version {binaries().parent.name} in {elapsed(started)}")


def write_client_scripts(root):
    """A small script for each client program, so that it finds its libraries."""
    scripts = root / "scripts"
    scripts.mkdir(exist_ok=True)
    for folder in root.glob("usr/lib/postgresql/*/bin"):
        for name in CLIENTS:
            script = scripts / name
            program = PROGRAMS / folder.relative_to(root) / name
            script.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{library_path(root)}" exec "{program}" "$@"\n')
            script.chmod(0o755)


def owner():
    """The user that runs the server: the caller, or for root the user postgres or nobody."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError("PostgreSQL refuses root, and there is neither a user postgres nor nobody.")


def server_program(name, *arguments, quiet=True, **kwargs):
    """Run one of the server's programs as the cluster's owner."""
    user = owner()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [binaries() / name, *arguments]
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(HOME)}
    if is_unpacked():
        environ["LD_LIBRARY_PATH"] = library_path()
    if quiet:
        return run(command, cwd=HOME, env=environ, **identity, **kwargs)
    command = [str(part) for part in command]
    return subprocess.run(command, cwd=HOME, env=environ, capture_output=True, check=False, **identity)


def create_cluster():
    """Make the cluster. `complete` is written last, so an interrupted attempt starts over."""
    step("PostgreSQL: a private cluster in the cache")
    if (CLUSTER / "postmaster.pid").exists() and is_running():
        stop_server()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True, mode=0o700)
    user = owner()
    os.chown(HOME, user.pw_uid, user.pw_gid)
    try:
        server_program("initdb", "-D", CLUSTER, "-U", "cluster", "-A", "trust", "-E", "UTF8", "--no-sync")
    except (SetupError, PermissionError) as error:
        raise SetupError(f"The user {user.pw_name} must be able to reach {HOME}; choose BILLING_CACHE.") from error
    SOCKETS.mkdir(mode=0o700)
    os.chown(SOCKETS, user.pw_uid, user.pw_gid)
    with (CLUSTER / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    start_server()
    sql = f"CREATE ROLE {ROLE} LOGIN CREATEDB"
    server_program("psql", "-h", SOCKETS, "-p", PORT, "-U", "cluster", "-d", "postgres", "-qc", sql)
    (CLUSTER / "complete").touch()
    stop_server()


def is_running():
    """Whether the private server answers."""
    return server_program("pg_ctl", "status", "-D", CLUSTER, quiet=False).returncode == 0


def start_server():
    """Start the private server and wait until it answers."""
    log = HOME / "server.log"
    server_program("pg_ctl", "start", "-w", "-D", CLUSTER, "-l", log, "-o", "-F", leaves_a_server=True)


def stop_server():
    """Stop the private server and wait until it is gone."""
    server_program("pg_ctl", "stop", "-w", "-m", "fast", "-D", CLUSTER)


@contextlib.contextmanager
def in_use():
    """Run the server for as long as this context lasts, together with any other command."""
    if is_external():
        yield None
        return
    gate = CACHE / "postgres.gate"
    with (CACHE / "postgres.users").open("w") as users:
        with lock(gate, "PostgreSQL to start"):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not is_running():
                start_server()
        try:
            yield users
        finally:
            with lock(gate, "PostgreSQL to stop"), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop_server()
