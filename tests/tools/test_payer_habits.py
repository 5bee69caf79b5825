"""Which of a payer's habits count for a service, and what they make of its modifiers."""

from datetime import date
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from ...tools.coverage_rules import Scope, Service
from ...tools.payer_habits import MAX_MODIFIERS, Habit, change_modifiers, choose_habits

MARCH = date(2026, 3, 5)
VIDEO = Service(product=7, categories=(1, 2), code="V213", day=MARCH)
modifiers = st.lists(st.sampled_from(["25", "26", "59", "GT", "TC"]), unique=True, max_size=MAX_MODIFIERS)
codes = st.sampled_from(["25", "26", "59", "GT", "TC"])


def winner(*habits, place=None):
    chosen = choose_habits(habits, VIDEO, place)
    return chosen["code"].key if chosen else None


class TestChoice(TestCase):
    LADDER = (
        Habit("plan, code", "code", Scope("", code_from="V213"), has_plan=True),
        Habit("plan, all", "code", Scope(""), has_plan=True),
        Habit("service", "code", Scope("", product=7)),
        Habit("code, place", "code", Scope("", code_from="V213"), place=2),
        Habit("code, company", "code", Scope("", code_from="V213"), has_company=True),
        Habit("code since March", "code", Scope("", code_from="V213", date_from=date(2026, 3, 1))),
        Habit("code", "code", Scope("", code_from="V213")),
        Habit("range", "code", Scope("", code_from="V200", code_to="V299")),
        Habit("category", "code", Scope("", category=2, category_depth=2)),
        Habit("all", "code", Scope("")),
    )

    @given(order=st.permutations(LADDER), first=st.integers(0, len(LADDER) - 1))
    def test_the_most_specific_counts_in_whatever_order_they_come(self, order, first):
        rest = [habit for habit in order if habit in self.LADDER[first:]]
        self.assertEqual(winner(*rest, place=2), self.LADDER[first].key)

    def test_one_of_each_topic_counts(self):
        everything, this = Scope(""), Scope("", product=7)
        habits = [Habit("a", "code", everything), Habit("b", "value", everything), Habit("c", "value", this)]
        chosen = choose_habits(habits, VIDEO)
        self.assertEqual({topic: habit.key for topic, habit in chosen.items()}, {"code": "a", "value": "c"})

    def test_days_and_places_include_and_exclude(self):
        march = Scope("", date_from=date(2026, 3, 5), date_to=date(2026, 3, 5))
        april = Scope("", date_from=date(2026, 3, 6))
        self.assertEqual(winner(Habit("march", "code", march), Habit("april", "code", april)), "march")
        at_home = Habit("at home", "code", Scope(""), place=10)
        self.assertIsNone(winner(at_home, place=2))
        self.assertIsNone(winner(at_home))


class TestModifiers(TestCase):
    def test_they_are_added_replaced_and_removed_in_their_order(self):
        for before, change, after in (
            (("25",), ("add", "", "GT"), ("25", "GT")),
            (("25",), ("first", "", "26"), ("26", "25")),
            (("25", "26"), ("first", "", "26"), ("26", "25")),
            (("25", "95"), ("replace", "95", "GT"), ("25", "GT")),
            (("GT", "95"), ("replace", "95", "GT"), ("GT",)),
            (("25", "95"), ("remove", "95"), ("25",)),
            (("GT",), ("add", "", "GT"), None),
            (("25",), ("replace", "95", "GT"), None),
            (("1A", "1B", "1C", "1D"), ("add", "", "GT"), ("1A", "1B", "1C", "1D", "GT")),
        ):
            with self.subTest(before=before, change=change):
                self.assertEqual(change_modifiers(before, *change), after)

    def test_another_action_is_refused(self):
        with self.assertRaisesRegex(ValueError, "Not an action"):
            change_modifiers((), "double")

    @given(before=modifiers, action=st.sampled_from(["add", "first", "replace", "remove"]), old=codes, new=codes)
    def test_never_twice_at_most_one_more_and_a_second_time_changes_nothing(self, before, action, old, new):
        after = change_modifiers(before, action, old, new)
        if after is not None:
            self.assertEqual(len(after), len(set(after)))
            self.assertLessEqual(len(after), len(before) + 1)
            if not (action == "replace" and old == new):
                self.assertIsNone(change_modifiers(after, action, old, new))
