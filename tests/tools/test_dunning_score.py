import unittest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...tools.dunning_score import History, get_score


class TestDunningScore(unittest.TestCase):
    """Whom to turn to first, and why."""

    def test_amount_age_and_history_add_up(self):
        score = get_score(Decimal(600), 45, History(broken_promises=1, broken_plans=1))
        self.assertEqual((score.amount, score.age, score.history, score.points, score.priority), (20, 15, 15, 50, "2"))

    def test_nothing_due_is_nothing_urgent(self):
        score = get_score(Decimal(0), 0)
        self.assertEqual((score.points, score.priority), (0, "0"))

    def test_history_never_counts_for_more_than_a_quarter(self):
        self.assertEqual(get_score(Decimal(1), 1, History(broken_promises=100, usual_delay=500)).history, 25)

    def test_whoever_usually_pays_late_is_asked_a_little_sooner(self):
        self.assertEqual(get_score(Decimal(1), 1, History(usual_delay=70)).history, 8)

    @given(st.integers(0, 10**7), st.integers(-50, 2000), st.integers(0, 30), st.integers(0, 30))
    def test_more_owed_for_longer_is_never_less_urgent(self, amount, days, promises, plans):
        history = History(broken_promises=promises, broken_plans=plans)
        score = get_score(Decimal(amount), days, history)
        self.assertTrue(0 <= score.points <= 100)
        self.assertGreaterEqual(get_score(Decimal(amount + 100), days + 10, history).points, score.points)
