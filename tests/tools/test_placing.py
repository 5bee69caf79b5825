import unittest
from datetime import date, timedelta
from decimal import Decimal

from ...tools.dunning import Guard
from ...tools.placing import Bill, Reason, Terms, look

TODAY = date(2026, 3, 16)
LAW = Terms(since_demand=30, since_bill=120)


def ago(days):
    return TODAY - timedelta(days=days)


def bill(key="A", open_=100, due=60, billed=150, demanded=40, **values):
    return Bill(
        key=key, open=Decimal(open_), due=ago(due), billed=ago(billed), demanded=demanded and ago(demanded), **values,
    )


class TestPlacing(unittest.TestCase):
    """What may go to an agency, and when."""

    def _reasons(self, *bills, terms=LAW, guards=()):
        return [reason for _bill, reason in look(bills, guards, terms, TODAY).stays]

    def test_a_late_bill_whose_debtor_was_told_goes(self):
        seen = look([bill()], [], LAW, TODAY)
        self.assertTrue(seen.is_placeable)
        self.assertEqual((seen.amount, seen.stays, seen.against), (100, (), ()))

    def test_the_day_on_which_the_first_bill_is_old_enough(self):
        self.assertEqual(self._reasons(bill(billed=119)), [Reason("billed", TODAY + timedelta(days=1))])
        self.assertEqual(self._reasons(bill(billed=120)), [])

    def test_the_day_on_which_the_final_demand_is_old_enough(self):
        self.assertEqual(self._reasons(bill(demanded=29)), [Reason("demanded", TODAY + timedelta(days=1))])
        self.assertEqual(self._reasons(bill(demanded=30)), [])
        self.assertEqual(self._reasons(bill(demanded=None)), [Reason("demand")])
        self.assertEqual(self._reasons(bill(demanded=None), terms=Terms()), [])

    def test_what_is_due_today_is_not_late(self):
        self.assertEqual(self._reasons(bill(due=0)), [Reason("not_due", TODAY + timedelta(days=1))])
        self.assertEqual(self._reasons(bill(due=1)), [])

    def test_a_leap_day_counts(self):
        told = Bill(key=1, open=Decimal(5), due=date(2028, 1, 1), billed=date(2028, 1, 1), demanded=date(2028, 1, 31))
        terms = Terms(since_demand=30)
        self.assertFalse(look([told], [], terms, date(2028, 2, 29)).is_placeable)
        self.assertTrue(look([told], [], terms, date(2028, 3, 1)).is_placeable)

    def test_what_is_left_alone_stays_and_the_rest_goes(self):
        seen = look([bill("A", held=("waiting",)), bill("B")], [], LAW, TODAY)
        self.assertEqual([one.key for one in seen.goes], ["B"])
        self.assertTrue(seen.is_placeable)
        alone = look([bill("A", held=("plan",))], [], LAW, TODAY)
        self.assertEqual(alone.against, (Reason("plan"),))

    def test_a_bill_of_which_a_part_is_disputed_stops_everything(self):
        seen = look([bill("A", held=("disputed",), is_partly_held=True), bill("B")], [], LAW, TODAY)
        self.assertEqual(seen.against, (Reason("partly"),))

    def test_guards_stop_and_so_does_any_money_that_waits(self):
        self.assertEqual(look([bill()], [Guard("bankrupt")], LAW, TODAY).against, (Reason("bankrupt"),))
        self.assertEqual(look([bill()], [Guard("credit", stops=False)], LAW, TODAY).against, (Reason("credit"),))
        self.assertTrue(look([bill()], [Guard("concern", stops=False)], LAW, TODAY).is_placeable)
        promise = Guard("promise", until=TODAY + timedelta(days=3))
        self.assertEqual(look([bill()], [promise], LAW, TODAY).against, (Reason("promise", promise.until),))

    def test_the_agreement_has_its_days_its_paper_and_its_smallest_sum(self):
        for terms, reason in (
            (Terms(on_file=False), Reason("no_document")),
            (Terms(begins=TODAY + timedelta(days=1)), Reason("not_yet", TODAY + timedelta(days=1))),
            (Terms(ends=ago(1)), Reason("ended")),
            (Terms(amount_min=Decimal("100.01")), Reason("too_little")),
        ):
            self.assertEqual(look([bill()], [], terms, TODAY).against, (reason,))
        terms = Terms(begins=TODAY, ends=TODAY, amount_min=Decimal(100))
        self.assertTrue(look([bill()], [], terms, TODAY).is_placeable)

    def test_what_ends_first_is_said_where_nothing_goes(self):
        seen = look([bill("A", billed=100), bill("B", billed=119), bill("C", held=("plan",))], [], LAW, TODAY)
        self.assertEqual(seen.against, (Reason("billed", TODAY + timedelta(days=1)),))
        self.assertEqual(look([], [], LAW, TODAY).against, (Reason("nothing"),))
