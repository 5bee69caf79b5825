"""One command's use of the set-up: everything in place, PostgreSQL running, children ended with it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys

from . import environment, postgres, python
from .console import SetupError, lock
from .paths import DEV, WORK

# What a child is told when its command has to stop, and how long it may take before it is told the next.
# Ctrl-C at a terminal has reached the child already, so first it is given time to finish its own way.
FAREWELL = ((None, 5), (signal.SIGINT, 15), (signal.SIGTERM, 10), (signal.SIGKILL, None))
TERMINATE = FAREWELL[2:]


class Session:
    """Runs programs in Odoo's environment."""

    def __init__(self, environ, held):
        self.environ = environ
        self.held = (held.fileno(),) if held else ()
        self.children = []

    def start(self, command, **kwargs):
        """Start a program. It shares this command's hold on PostgreSQL."""
        environ = {**self.environ, **kwargs.pop("env", {})}
        child = subprocess.Popen([str(part) for part in command], env=environ, pass_fds=self.held, **kwargs)
        self.children.append(child)
        return child

    def call(self, command, **kwargs):
        """Run a program to its end and return its exit code. When this command is told to stop, so is the program."""
        return wait(self.start(command, **kwargs))

    def odoo(self, *arguments, **kwargs):
        """Run Odoo's command line to its end and return its exit code."""
        return self.call([python.executable(), "-m", "odoo", *arguments], **kwargs)

    def pytest(self, *arguments, plugin, **kwargs):
        """Run pytest with one of the plug-ins of dev/plugins and return its exit code."""
        environ = {"PYTHONPATH": os.pathsep.join([str(DEV / "plugins"), self.environ["PYTHONPATH"]])}
        environ.update(kwargs.pop("env", {}))
        command = [python.executable(), "-m", "pytest", "-p", "no:cacheprovider", "-p", plugin, *arguments]
        return self.call(command, env=environ, **kwargs)


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(child):
    """The exit code of a child; it is ended when this command is interrupted or terminated."""
    try:
        return child.wait()
    except KeyboardInterrupt:
        end(child)
        raise
    except SystemExit:
        end(child, TERMINATE)
        raise


def end(child, farewell=FAREWELL):
    """Let a child end, with growing insistence. Another Ctrl-C is the child's business."""
    impatient = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for word, seconds in farewell:
            if word and child.poll() is None:
                child.send_signal(word)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(seconds)
    finally:
        signal.signal(signal.SIGINT, impatient)


@contextlib.contextmanager
def session(alone=None):
    """Set up what is missing and hold PostgreSQL running. Commands with the same `alone` take turns in a checkout."""
    environment.ensure()
    turn = lock(WORK / f"{alone}.lock", "the same command in another window") if alone else contextlib.nullcontext()
    with turn, postgres.in_use() as held:
        inside = Session(environment.variables(), held)
        try:
            yield inside
        finally:
            for child in inside.children:
                end(child, TERMINATE)


def main(command):
    """Run a command's function; print what the user can act on without a traceback."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    try:
        sys.exit(command())
    except SetupError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
