from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import CollectionCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionPreview(CollectionCase):
    """A dry run says what would happen and why, and does nothing."""

    def _look(self):
        action = self.env["billing.collection.preview"].action_look()
        return self.env["billing.collection.preview"].search(action["domain"])

    def test_it_says_what_the_night_then_does(self):
        bankrupt = self._create_patient("Bert Bank", billing_bankrupt_on="2026-03-01")
        self._bill(self._create_encounter(bankrupt, [(self.service, 80.0)], date="2026-01-10"), date="2026-01-10")
        told = self._look()
        self.assertFalse(self._case(), "nothing of it stays")
        self.assertEqual([
            (line.partner_id.name, line.stage_id.name, line.channel, line.amount, line.amount_overdue, line.reason)
            for line in told.sorted("amount")
        ], [
            ("Bert Bank", False, False, 0.0, 80.0,
             "Bankrupt since 03/01/2026: nobody asks for what was owed before."),
            ("Nora Neu", "Reminder", "email", 600.0, 600.0, False),
        ])
        self._night()
        self.assertEqual(self._steps(), [("2026-03-16", "Reminder", 600.0)])

    def test_it_says_when_the_next_step_comes(self):
        self._night()
        line = self._look()
        self.assertEqual((line.has_step, str(line.date_next), line.reason), (
            False, "2026-03-19", "It is too soon after the step before.",
        ))
        self.assertEqual(self._case().step_ids.mapped("state"), ["done"])
