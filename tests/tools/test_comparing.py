import unittest

from odoo.addons.billing_coordinator.tools.comparing import change, is_met, mood, share


class TestComparing(unittest.TestCase):
    """How far a figure has moved, whether that is good, and whether it has reached its target."""

    def test_changes_moods_targets_and_shares(self):
        self.assertEqual(change(110.0, 100.0, relative=True), 10.0)
        self.assertEqual(change(-50.0, -100.0, relative=True), 50.0)
        self.assertIsNone(change(10.0, 0.0, relative=True))
        self.assertEqual(change(40.0, 45.0, relative=False), -5.0)
        self.assertEqual([mood(moved, "down") for moved in (-5.0, 5.0, 0.001, None)], ["good", "bad", "same", "same"])
        self.assertEqual([mood(5.0, "up"), mood(5.0, "none")], ["good", "same"])
        self.assertTrue(is_met(95.0, 95.0, "up") and is_met(45.0, 45.0, "down"))
        self.assertFalse(is_met(94.9, 95.0, "up") or is_met(45.1, 45.0, "down"))
        self.assertEqual((share(1.0, 4.0), share(1.0, 0.0)), (25.0, 0.0))
