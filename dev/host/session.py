"""One command's use of the set-up: everything in place, PostgreSQL running, children ended with it."""

import contextlib
import signal
import subprocess
import sys

from . import environment, postgres, python
from .console import SetupError


class Session:
    """Runs programs in Odoo's environment."""

    def __init__(self, environ, held):
        self.environ = environ
        self.held = (held.fileno(),) if held else ()

    def start(self, command, **kwargs):
        """Start a program. It shares this command's hold on PostgreSQL."""
        environ = {**self.environ, **kwargs.pop("env", {})}
        return subprocess.Popen([str(part) for part in command], env=environ, pass_fds=self.held, **kwargs)

    def call(self, command, **kwargs):
        """Run a program to its end, passing on a request to stop, and return its exit code."""
        child = self.start(command, **kwargs)
        before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        try:
            return wait(child)
        finally:
            signal.signal(signal.SIGTERM, before)

    def odoo(self, *arguments, **kwargs):
        """Run Odoo's command line to its end and return its exit code."""
        return self.call([python.executable(), "-m", "odoo", *arguments], **kwargs)


def wait(child):
    """Wait for a child. Ctrl-C reaches the child too: let it finish its own way."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


@contextlib.contextmanager
def session():
    """Set up what is missing and hold PostgreSQL running."""
    environment.ensure()
    with postgres.in_use() as held:
        yield Session(environment.variables(), held)


def main(command):
    """Run a command's function; print what the user can act on without a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(command())
    except SetupError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
