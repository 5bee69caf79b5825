"""Say what happens, run commands, take locks."""

import contextlib
import fcntl
import subprocess
import sys
import time

# Locks that this process holds. The commands of `run` hold them too: when this process is killed while one of them
# works on, nobody starts over under its feet.
held = set()


class SetupError(Exception):
    """Something the user has to know and can act on; printed without a traceback."""


def step(message):
    """Announce a step of the set-up."""
    print(f"==> {message}", flush=True)


def note(message):
    """A remark that belongs to the step before."""
    print(f"    {message}", flush=True)


def run(command, *, leaves_a_server=False, **kwargs):
    """Run a command quietly and return its output; when it fails, show what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        pass_fds=() if leaves_a_server else tuple(held),
        **kwargs,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:])
        raise SetupError(f"{command[0]} failed with exit code {done.returncode}")
    return done.stdout


@contextlib.contextmanager
def lock(path, waiting_for="another command"):
    """Hold an exclusive lock on a file; say so when it takes a while to get it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(f"waiting for {waiting_for}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        held.add(handle.fileno())
        try:
            yield handle
        finally:
            held.discard(handle.fileno())


def elapsed(since):
    """Seconds since `since`, for messages."""
    return f"{time.monotonic() - since:.0f} s"
