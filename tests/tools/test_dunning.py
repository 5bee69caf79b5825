import unittest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ...tools.dunning import Item, Stage, Standing, decide

REMINDER = Stage(order=1, days=-3)
FIRST = Stage(order=2, days=1, wait=3)
SECOND = Stage(order=3, days=15, wait=14)
FINAL = Stage(order=4, days=30, wait=14, amount_min=Decimal(50))
AGENCY = Stage(order=5, days=60, wait=30, amount_min=Decimal(100), places=True)
STAGES = (REMINDER, FIRST, SECOND, FINAL, AGENCY)
TODAY = date(2026, 3, 16)


def late(days, amount=200, order=0, **values):
    """A bill that has been due for so many days."""
    return Item(
        key=f"{days}/{order}", due=TODAY - timedelta(days=days), open=Decimal(amount), order=order, **values,
    )


class TestDunning(unittest.TestCase):
    """Days in the life of a debtor: which step comes, with which bills, and why not."""

    def _order(self, *items, last=None, **standing):
        decision = decide(items, STAGES, TODAY, last, Standing(**standing))
        return decision.step and decision.step.stage.order

    def test_a_friendly_reminder_comes_before_the_due_date(self):
        self.assertIsNone(self._order(late(-4)))
        self.assertEqual(self._order(late(-3)), 1)
        self.assertEqual(self._order(late(0)), 1)

    def test_nobody_begins_with_the_harshest_text(self):
        for days in (1, 29, 30, 31, 60, 61, 400):
            self.assertEqual(self._order(late(days)), 2, days)

    def test_what_is_late_is_not_told_that_it_is_due_soon(self):
        self.assertEqual(self._order(late(0), late(1, order=0)), 2)

    def test_each_step_comes_after_the_one_before_when_the_bill_is_late_enough(self):
        for days, order, expected in (
            (0, 1, None), (1, 1, 2), (14, 2, None), (15, 2, 3), (29, 3, None), (30, 3, 4), (31, 3, 4), (59, 4, None),
            (60, 4, 5), (61, 4, 5), (61, 5, None),
        ):
            self.assertEqual(self._order(late(days, order=order)), expected, (days, order))

    def test_between_two_steps_there_is_time_to_pay(self):
        item = late(40, order=2)
        self.assertIsNone(self._order(item, last=TODAY - timedelta(days=13)))
        self.assertEqual(self._order(item, last=TODAY - timedelta(days=14)), 3)

    def test_there_is_one_step_a_day(self):
        self.assertIsNone(decide([late(40, order=1)], [REMINDER, Stage(order=2, days=1)], TODAY, TODAY).step)

    def test_one_message_covers_all_bills_each_at_its_own_step(self):
        old, new, coming = late(40, order=3), late(2), late(-10)
        step = decide([coming, new, old], STAGES, TODAY).step
        self.assertEqual((step.stage, step.amount), (FINAL, Decimal(400)))
        self.assertEqual(list(step.items), [(old, 4), (new, 2)], "what is not due yet is not asked for")

    def test_who_pays_the_oldest_of_three_goes_on_with_the_step_of_the_others(self):
        others = [late(20, order=2), late(5, order=1)]
        self.assertEqual(self._order(late(50, order=3), *others), 4)
        # The oldest is paid: the second letter comes next, not the final one.
        self.assertEqual(self._order(*others), 3)

    def test_a_part_payment_skips_no_step_and_repeats_none(self):
        before, after = late(35, amount=500, order=3), late(35, amount=120, order=3)
        self.assertEqual(self._order(before), self._order(after))
        self.assertEqual(self._order(after), 4)

    def test_small_sums_do_not_come_to_the_hard_steps(self):
        self.assertIsNone(self._order(late(35, amount=49, order=3)))
        self.assertEqual(self._order(late(35, amount=30, order=3), late(33, amount=20, order=3)), 4)

    def test_only_the_disputed_amount_is_left_alone(self):
        step = decide([late(20, amount=300, held=Decimal(100), order=1)], STAGES, TODAY).step
        self.assertEqual(step.amount, Decimal(200))
        self.assertIsNone(self._order(late(20, amount=300, held=Decimal(300), order=1)))

    def test_nobody_is_asked_who_has_promised_paid_or_cannot_be_asked(self):
        for standing in (
            {"promise_until": TODAY}, {"is_bankrupt": True}, {"is_deceased": True}, {"assistance_pending": True},
            {"contact_stopped": True}, {"is_minor": True}, {"credit": Decimal(200)},
        ):
            self.assertIsNone(self._order(late(20, order=1), **standing), standing)

    def test_somebody_looks_first_at_a_concern_an_address_and_a_part_that_is_paid(self):
        for standing in ({"has_concern": True}, {"address_unverified": True}, {"credit": Decimal(50)}):
            decision = decide([late(20, order=1)], STAGES, TODAY, None, Standing(**standing))
            self.assertTrue(decision.needs_review, standing)
            self.assertEqual(decision.step.stage, FIRST)

    def test_a_promise_pauses_until_its_day_is_over(self):
        promise = Standing(promise_until=TODAY + timedelta(days=4))
        decision = decide([late(20, order=1)], STAGES, TODAY, None, promise)
        self.assertEqual((decision.step, decision.coming), (None, TODAY + timedelta(days=5)))
        self.assertEqual(self._order(late(20, order=1), promise_until=TODAY - timedelta(days=1)), 2)

    def test_after_a_broken_promise_the_next_step_comes_at_once_and_none_is_skipped(self):
        item, last = late(20, order=2), TODAY - timedelta(days=5)
        self.assertIsNone(self._order(item, last=last))
        broken = TODAY - timedelta(days=1)
        self.assertEqual(self._order(item, last=last, resumes_on=broken), 3)
        # The step after that one has its usual time again.
        self.assertIsNone(self._order(late(40, order=3), last=TODAY - timedelta(days=1), resumes_on=broken))
        # A bill is not late enough sooner than usual.
        self.assertIsNone(self._order(late(14, order=2), last=last, resumes_on=broken))
        self.assertIsNone(self._order(late(40, order=2), last=TODAY, resumes_on=TODAY))

    def test_a_debt_of_which_a_part_is_disputed_is_not_handed_over(self):
        self.assertEqual(self._order(late(70, amount=500, order=4)), 5)
        self.assertIsNone(self._order(late(70, amount=500, order=4, held=Decimal(10))))
        self.assertIsNone(self._order(late(70, amount=500, order=4), credit=Decimal(10)))

    def test_the_next_day_is_said(self):
        self.assertEqual(decide([late(-10)], STAGES, TODAY).coming, TODAY + timedelta(days=7))
        self.assertEqual(decide([late(5, order=2)], STAGES, TODAY).coming, TODAY + timedelta(days=10))
        self.assertIsNone(decide([], STAGES, TODAY).coming)
        self.assertIsNone(decide([late(20)], STAGES, TODAY, None, Standing(is_bankrupt=True)).coming)

    @given(
        st.lists(st.tuples(st.integers(-20, 200), st.integers(1, 1000), st.integers(0, 3)), min_size=1, max_size=6),
        st.integers(1, 300),
    )
    def test_over_many_days_every_bill_has_every_step_once_in_order(self, bills, length):
        items = {
            number: Item(key=number, due=TODAY + timedelta(days=days), open=Decimal(amount))
            for number, (days, amount, _paid) in enumerate(bills)
        }
        history = {number: [] for number in items}
        last = None
        for offset in range(length):
            today = TODAY + timedelta(days=offset)
            decision = decide(list(items.values()), STAGES, today, last)
            if decision.step:
                last = today
                for item, order in decision.step.items:
                    if order != item.order:
                        history[item.key].append(order)
                        self.assertGreaterEqual((today - item.due).days, STAGES[order - 1].days)
                    # Half of it is paid now and then.
                    left = item.open if offset % 3 else max(item.open / 2, Decimal(1))
                    items[item.key] = Item(key=item.key, due=item.due, open=left, order=order)
        for orders in history.values():
            # Who was late from the beginning is not reminded of what would be due soon.
            begin = orders[0] if orders else 1
            self.assertLessEqual(begin, 2)
            self.assertEqual(orders, list(range(begin, begin + len(orders))))
