"""Whatever happens in whatever order, no cent is lost: 120 random histories, or longer ones in the long run.

The long run takes about an hour; `BILLING_HISTORIES` asks for as many as there is time for.

In several classes, so that they are played side by side.
"""

import os

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .common import TODAY
from .histories import LONG, HistoryCase

EACH = int(os.environ.get("BILLING_HISTORIES", 600 if LONG else 120)) // 2


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSomeHistories(HistoryCase):
    def test_no_history_loses_a_cent(self):
        self._play_histories(1, EACH)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMoreHistories(HistoryCase):
    def test_no_history_loses_a_cent(self):
        self._play_histories(2, EACH)
