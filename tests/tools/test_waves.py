import unittest

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.billing_coordinator.tools.waves import divide_in_waves

ITEMS = st.lists(st.lists(st.sampled_from("abcd"), max_size=3, unique=True), max_size=12)


class TestWaves(unittest.TestCase):
    """What shares something waits for one another; the rest goes together."""

    def test_those_with_a_key_in_common_wait_the_others_go_together(self):
        self.assertEqual(divide_in_waves(["a", "ab", "b", "", "a"], list), [["a", ""], ["ab"], ["b", "a"]])
        self.assertEqual(divide_in_waves([], list), [])

    @given(ITEMS)
    def test_each_is_done_once_after_all_earlier_ones_that_share_a_key(self, keys):
        items = list(enumerate(keys))
        place = {
            item[0]: number for number, wave in enumerate(divide_in_waves(items, lambda item: item[1])) for item in wave
        }
        self.assertEqual(sorted(place), list(range(len(items))))
        for first, first_keys in items:
            for second, second_keys in items[first + 1 :]:
                if set(first_keys) & set(second_keys):
                    self.assertLess(place[first], place[second])
