"""What tests of two people, or two processes, at one record share: real sessions of the database."""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase


class SessionCase(TransactionCase):
    """Sessions are real database cursors; what they share is committed before the test and deleted after it."""

    @contextmanager
    def _session(self, user=SUPERUSER_ID):
        """An environment of its own; what is not committed when it ends is lost."""
        with self.registry.cursor() as cr:
            # Who would wait for the other one waits for ever: the test holds both.
            cr.execute("SET LOCAL lock_timeout = '20s'")
            yield api.Environment(cr, user, {})
