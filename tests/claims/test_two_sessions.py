from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase

BUSY = "Somebody else is working on .* right now. Wait a moment, reload the page and look whether it is still to be done"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTwoSessions(BillingCase):
    """Two people at once: the second one is told so, and nothing is billed or posted twice."""

    @contextmanager
    def _somebody_works_on(self, record):
        """A second session that holds the record: rows committed before the test, so that it can see them."""
        with self.registry.cursor() as cr:
            other = api.Environment(cr, SUPERUSER_ID, {})[record._name].browse(record.id)
            other.lock_for_update(allow_referencing=True)
            yield
            cr.rollback()
