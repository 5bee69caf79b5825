import unittest

from odoo.addons.billing_coordinator.tools.follow_up import HIGH, NORMAL, URGENT, FollowUp, rate


class TestFollowUp(unittest.TestCase):
    """Which unanswered claim is asked about first, and why."""

    def test_a_few_days_late_is_nothing_special(self):
        self.assertEqual(rate(FollowUp(100.0, 100.0, 13, 200)), (NORMAL, ("late",)))

    def test_not_late_and_nothing_else_gives_no_reason(self):
        self.assertEqual(rate(FollowUp(100.0, 100.0, -3)), (NORMAL, ()))

    def test_each_fortnight_counts_up_to_two(self):
        self.assertEqual(rate(FollowUp(100.0, 100.0, 14)), (NORMAL, ("late",)))
        self.assertEqual(rate(FollowUp(100.0, 100.0, 28)), (HIGH, ("late",)))
        self.assertEqual(rate(FollowUp(100.0, 100.0, 280)), (HIGH, ("late",)))

    def test_twice_the_usual_amount_is_large(self):
        self.assertEqual(rate(FollowUp(200.0, 100.0, 28)), (URGENT, ("late", "large")))
        self.assertEqual(rate(FollowUp(199.99, 100.0, 28)), (HIGH, ("late",)))
        self.assertEqual(rate(FollowUp(200.0, 0.0, 28)), (HIGH, ("late",)), "nothing is usual yet")

    def test_a_deadline_within_thirty_days_is_high(self):
        self.assertEqual(rate(FollowUp(100.0, 100.0, 1, 30)), (HIGH, ("deadline", "late")))
        self.assertEqual(rate(FollowUp(100.0, 100.0, 1, 31)), (NORMAL, ("late",)))

    def test_not_on_file_near_the_deadline_is_urgent(self):
        self.assertEqual(rate(FollowUp(100.0, 100.0, 0, 10, True)), (URGENT, ("not_on_file", "deadline")))
